import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A catalogue of as many articles as asked for, a process of its own, with the API of the reference connector. Rows are
 * made when they are asked for; only what was changed is kept.
 */
export type CatalogOrder = { readonly change: readonly number[]; readonly title: string }

const count = Number(process.env['BENCH_RECORDS'])
const name = process.env['BENCH_NAME'] ?? ''
const FIRST = Date.UTC(2020, 0, 1)
const changed = new Map<number, { readonly title: string; readonly at: string; readonly revision: number }>()
let reads = 0

const server = createServer((request, response) => {
  reads += 1
  const query = new URL(request.url ?? '/', 'http://catalog').searchParams
  const ids = query.get('ids')
  const rows = ids === null ? listed(query) : ids.split(',').map(id => rowOf(Number(id.slice(1))))
  const body = JSON.stringify(rows)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
process.on('message', (order: CatalogOrder | 'reads') => {
  if (order === 'reads') process.send?.({ reads })
  else {
    const at = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString()
    for (const index of order.change) changed.set(index, { title: order.title, at, revision: 2 })
    process.send?.({ changed: changed.size })
  }
})

const idOf = (index: number) => `${name}${String(index).padStart(8, '0')}`

function rowOf(index: number) {
  const edit = changed.get(index)
  return {
    id: idOf(index),
    changed: edit?.at ?? new Date(FIRST + index * 1_000).toISOString(),
    revision: edit?.revision ?? 1,
    removed: false,
    sku: `SKU-${index}`,
    title: edit?.title ?? `Article ${index}`,
    text: `What article ${index} is good for, and how it is kept.`,
    on_sale: true,
    tax_rate: '19',
  }
}

/** In the order of their stamps: what was never changed, then what was. */
function listed(query: URLSearchParams) {
  const [from, after, limit] = [query.get('from') ?? '', query.get('after') ?? '', Number(query.get('limit'))]
  const rows: ReturnType<typeof rowOf>[] = []
  const place = from === '' ? 0 : Math.max(0, Math.floor((Date.parse(from) - FIRST) / 1_000))
  for (let index = place; index < count && rows.length < limit; index += 1) {
    if (changed.has(index)) continue
    const row = rowOf(index)
    if (row.changed > from || row.id > after) rows.push(row)
  }
  const later = [...changed.keys()]
    .map(rowOf)
    .filter(row => row.changed > from || (row.changed === from && row.id > after))
    .toSorted((left, right) => (left.changed + left.id < right.changed + right.id ? -1 : 1))
  return [...rows, ...later].slice(0, limit)
}
