import { createHmac } from 'node:crypto'
import { Shelf, type Handler, type ShelfTable } from '@linchpin/lookalike'

export interface Row {
  readonly id: string
  readonly changed: string
  readonly revision: number
  readonly removed: boolean
  readonly [name: string]: unknown
}

export interface FakeMemory {
  readonly handler: Handler
  readonly orders: FakeTable
  readonly products: FakeTable
  /** The orders that it was told are safe. */
  readonly received: () => readonly string[]
  /** A webhook as Memory sends it. */
  readonly webhook: (
    about: string,
    id: string,
    by?: string,
  ) => { headers: Record<string, string>; body: Uint8Array }
}

/** What people do to records on Memory's own screens. `at` is when, in milliseconds since 1970. */
export interface FakeTable {
  readonly ids: () => string[]
  readonly get: (id: string) => Row | undefined
  readonly add: (fields: object, at?: number) => Row
  readonly change: (id: string, fields: object, at?: number) => Row
  readonly remove: (id: string) => void
}

/**
 * The look-alike of Memory, with habits of real systems: its clock has whole seconds, it keeps tombstones of what was
 * removed, and its search is loose.
 */
export function fakeMemory(options: {
  readonly now: () => number
  readonly token: string
  readonly webhookSecret?: string
  /** Whether a second create with the same Idempotency-Key answers the first record. */
  readonly honoursKeys?: boolean
  readonly shelf?: Shelf
}): FakeMemory {
  const { now, token, webhookSecret = '', honoursKeys = true, shelf = new Shelf(null) } = options
  const orders = tableOf(shelf, 'orders', now)
  const products = tableOf(shelf, 'products', now)
  const received = shelf.table<{ id: string }>('received')
  const hooks = shelf.table<{ url: string }>('hooks')
  const lists: Readonly<Record<string, Table>> = { orders, products }

  const receive = ({ ids }: { readonly ids: readonly string[] }) => {
    for (const id of ids) received.put(id, { id })
    return {}
  }

  const handler: Handler = async request => {
    const { pathname, searchParams } = new URL(request.url)
    const [, list = '', id, part] = pathname.split('/').map(decodeURIComponent)
    if (request.headers.get('authorization') !== `Bearer ${token}`)
      return answer({ message: 'Who are you?' }, 401)
    if (list === 'about') return answer({ version: '1.0', time: new Date(now()).toISOString() })
    if (list === 'hooks' && request.method === 'GET') return answer(hooks.all())
    if (list === 'hooks')
      return answer(hooks.put(shelf.next('hooks'), (await request.json()) as { url: string }))
    if (list === 'receipts') return answer(receive((await request.json()) as { ids: string[] }))
    const table = lists[list]
    if (!table) return answer({ message: 'There is nothing here.' }, 404)
    if (part === 'pdf') return pdf(table.get(id ?? ''))
    if (request.method === 'GET') return answer(found(table.all(), searchParams))
    const key = honoursKeys ? request.headers.get('idempotency-key') : null
    return store(table, list, id, (await request.json()) as Row, key)
  }
  return {
    handler,
    received: () => received.all().map(({ id }) => id),
    orders,
    products,
    webhook: (about, id, by = webhookSecret) => {
      const body = Buffer.from(JSON.stringify({ about, id }))
      const signature = createHmac('sha256', by).update(body).digest('base64')
      return { headers: { 'x-memory-signature': signature }, body }
    },
  }
}

type Table = FakeTable & { readonly all: () => Row[] }

function tableOf(shelf: Shelf, name: string, now: () => number): Table {
  const rows: ShelfTable<Row> = shelf.table(name)
  const stamp = (at = now()) => new Date(Math.floor(at / 1000) * 1000).toISOString()
  const change = (id: string, fields: object, at?: number): Row => {
    const row = rows.get(id)
    if (!row) throw new Error(`There is no ${id} in ${name}.`)
    return rows.put(id, { ...row, ...fields, changed: stamp(at), revision: row.revision + 1 })
  }
  return {
    all: () => rows.all(),
    get: id => rows.get(id),
    ids: () => rows.filter(row => !row.removed).map(row => row.id),
    change,
    remove: id => void change(id, { removed: true }),
    add: (fields, at) => {
      const id = String(shelf.next(name))
      const own = { id, changed: stamp(at), revision: 1, removed: false }
      return rows.put(id, {
        ...DEFAULTS[name],
        no: `M${id.padStart(5, '0')}`,
        placed: stamp(at),
        ...fields,
        ...own,
      })
    },
  }
}

const DEFAULTS: Readonly<Record<string, object>> = {
  orders: { state: 'open', reference: null, remark: '', freight: [] },
  products: { title: '', text: '', on_sale: true, tax_rate: '20' },
}

function store(
  table: Table,
  list: string,
  id: string | undefined,
  fields: Row,
  key: string | null,
): Response {
  const wrong = objection(list, fields, id === undefined)
  if (wrong !== null) return answer({ message: wrong }, 422)
  if (id !== undefined) {
    const row = table.get(id)
    if (!row || row.removed) return answer({ message: `There is no ${id}.` }, 404)
    return answer(changes(row, fields) ? table.change(id, stored(fields)) : row)
  }
  const known = key === null ? undefined : table.all().find(row => row['reference'] === key)
  return answer(known ?? table.add(stored(fields)))
}

/** What Memory does not like about a row. */
function objection(list: string, fields: Row, whole: boolean): string | null {
  if (list === 'orders' && (whole || 'currency' in fields) && !/^[A-Z]{3}$/.test(String(fields['currency'])))
    return `'${String(fields['currency'])}' is not a currency.`
  if (list === 'orders' && whole && !Array.isArray(fields['items'])) return 'An order has items.'
  if (list === 'products' && (whole || 'sku' in fields) && !fields['sku']) return 'A product has an SKU.'
  return null
}

function stored({ cancelled, ...fields }: Row): object {
  return cancelled === true ? { ...fields, state: 'cancelled' } : fields
}

function changes(row: Row, fields: Row): boolean {
  return Object.entries(stored(fields)).some(
    ([name, value]) => JSON.stringify(row[name]) !== JSON.stringify(value),
  )
}

function found(rows: Row[], query: URLSearchParams): Row[] {
  const ids = query.get('ids')?.split(',')
  if (ids) return rows.filter(row => ids.includes(row.id))
  const search = query.get('search')?.toLowerCase()
  if (search !== undefined) return rows.filter(row => String(row['sku']).toLowerCase().includes(search))
  const reference = query.get('reference')
  if (reference !== null) return rows.filter(row => row['reference'] === reference)
  const [from, after] = [query.get('from') ?? '', query.get('after') ?? '']
  return rows
    .filter(row => row.changed > from || (row.changed === from && row.id > after))
    .toSorted((a, b) => (a.changed === b.changed ? (a.id < b.id ? -1 : 1) : a.changed < b.changed ? -1 : 1))
    .slice(0, Number(query.get('limit') ?? 100))
}

function pdf(row: Row | undefined): Response {
  if (!row || row.removed) return answer({ message: 'There is no such order.' }, 404)
  return new Response(`%PDF-1.4\n% Order ${row.id} of a look-alike\n%%EOF\n`, {
    headers: { 'content-type': 'application/pdf' },
  })
}

function answer(value: unknown, status = 200): Response {
  return Response.json(value, { status })
}
