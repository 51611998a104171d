import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A shop with as many closed orders of years ago as asked for, a process of its own, with the API of the reference
 * connector. Rows are made when they are asked for.
 */
const count = Number(process.env['BENCH_RECORDS'])
const FIRST = Date.UTC(2015, 0, 1)

const server = createServer((request, response) => {
  const query = new URL(request.url ?? '/', 'http://shop').searchParams
  const body = JSON.stringify(listed(query))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))

function listed(query: URLSearchParams) {
  const [from, after, limit] = [query.get('from') ?? '', query.get('after') ?? '', Number(query.get('limit'))]
  const rows: ReturnType<typeof orderOf>[] = []
  const place = from === '' ? 0 : Math.max(0, Math.floor((Date.parse(from) - FIRST) / 1_000))
  for (let index = place; index < count && rows.length < limit; index += 1) {
    const row = orderOf(index)
    if (row.changed > from || row.id > after) rows.push(row)
  }
  return rows
}

/** Two lines, 19 % tax, as the reference connector's system writes it. */
function orderOf(index: number) {
  const at = new Date(FIRST + index * 1_000).toISOString()
  const items = [line(1, index, '2', '10.00', '20.00'), line(2, index + 7, '1', '30.00', '30.00')]
  return {
    id: String(index).padStart(9, '0'),
    no: `H${index}`,
    placed: at,
    changed: at,
    revision: 3,
    removed: false,
    state: 'done',
    reference: null,
    remark: '',
    currency: 'EUR',
    customer: { id: String(index % 10_000), name: 'Ada Bell', email: `ada${index % 10_000}@example.com` },
    items,
    freight: [],
    sum_net: '50.00',
    sum_tax: '9.50',
    sum: '59.50',
  }
}

function line(pos: number, article: number, qty: string, price: string, net: string) {
  const tax = net === '20.00' ? '3.80' : '5.70'
  const gross = net === '20.00' ? '23.80' : '35.70'
  const number = article % 5_000
  const taxes = [{ rate: '19', amount: tax }]
  return {
    pos,
    article: `${number}`,
    sku: `SKU-${number}`,
    title: `Article ${number}`,
    qty,
    price,
    net,
    tax,
    gross,
    taxes,
  }
}
