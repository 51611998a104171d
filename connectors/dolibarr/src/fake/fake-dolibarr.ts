import { Faults, type Handler, type Shelf } from '@linchpin/lookalike'
import { totalsOf } from './amounts.ts'
import { ACTIONS, type Answer } from './actions.ts'
import { Books, listOf, textOf, type TableName, type Values } from './books.ts'
import { bodyOf, RestError } from './errors.ts'
import { filtered } from './filters.ts'
import { actOnPage, overview } from './page.ts'
import { People } from './people.ts'
import { changeRecord, MAKERS } from './records.ts'
import { reservedOf, stockOf } from './stock-counts.ts'
import { noTraps, type Traps } from './traps.ts'
import { viewOf } from './views.ts'

export interface FakeDolibarrOptions {
  readonly shelf: Shelf
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What the demo signs in with. Nobody else can: the look-alike listens on this machine only. */
export const demoAccess = { apiKey: 'demo-dolibarr-api-key' }

/**
 * A look-alike of Dolibarr's REST API for tests, the demonstration and the simulator. It is not Dolibarr and shares no
 * line of code with it; it answers as a real 16.0.3 was seen to answer, over the lists that the connector uses. Bookkeeping,
 * several warehouses, batches, suppliers and currencies beside the one are not there.
 */
export interface FakeDolibarr {
  readonly handler: Handler
  readonly faults: Faults
  readonly books: Books
  readonly people: People
  readonly traps: Traps
  /** An order as its people see it. */
  readonly orderOf: (id: string) => {
    readonly id: string
    readonly number: string
    readonly total: string
    readonly status: string
  }
  /** How many pieces of a SKU may be sold. */
  readonly free: (sku: string) => number
  /** Changes a row with the stamp of now; the change is seen only when the answered function is called. */
  readonly writeLate: (table: TableName, id: string, values: Values) => () => void
}

const TABLES: readonly TableName[] = [
  'thirdparties',
  'contacts',
  'products',
  'orders',
  'shipments',
  'invoices',
]
const NOUNS: Readonly<Record<TableName, readonly [one: string, none: string]>> = {
  thirdparties: ['Thirdparty', 'Thirdparties'],
  contacts: ['Contact', 'Contacts'],
  products: ['Product', 'No product found'],
  orders: ['Order', 'No order found'],
  shipments: ['Shipment', 'No shipment found'],
  invoices: ['Invoice', 'No invoice found'],
}

export function fakeDolibarr({ shelf, now }: FakeDolibarrOptions): FakeDolibarr {
  const books = new Books(shelf, now)
  const faults = new Faults()
  const traps = noTraps()
  const people = new People(books)

  const show = (table: TableName, id: unknown, single: boolean, query = new URLSearchParams()) =>
    viewOf(table, books.need(table, id), { books, traps, single, query })

  function list(table: TableName, query: URLSearchParams): unknown[] {
    const number = (name: string, usual: number) => Number(query.get(name) ?? usual)
    const [limit, page] = [number('limit', 100), number('page', 0)]
    const parties = query.get('thirdparty_ids')
    const rows = filtered(books.all(table), query.get('sqlfilters') ?? '', traps.timeZone).filter(
      row => parties === null || parties.split(',').includes(textOf(row['socid'])),
    )
    if (query.get('sortorder')?.toUpperCase() === 'DESC') rows.reverse()
    const shown = limit > 0 ? rows.slice(page * limit, (page + 1) * limit) : rows
    // An empty list is an error, also on the page behind the last.
    if (shown.length === 0) throw new RestError(404, NOUNS[table][1])
    return shown.map(row => show(table, row.rowid, false, query))
  }

  function plain(request: Request, path: string, query: URLSearchParams, body: Values): unknown {
    const [, name = '', id] = /^\/(\w+)(?:\/(\d+))?$/.exec(path) ?? []
    const table = TABLES.find(each => each === name)
    if (!table) throw new RestError(404, '')
    const { method } = request
    if (id === undefined && method === 'GET') return list(table, query)
    if (id === undefined && method === 'POST') return (MAKERS[table] ?? noRoute)(books, body)
    const row = books.find(table, id)
    if (!row) throw new RestError(404, `${NOUNS[table][0]} not found`)
    if (method === 'PUT') changeRecord(books, table, row, body, traps)
    return show(table, id, true, query)
  }

  function shownOf(answer: Answer): unknown {
    if ('value' in answer) return answer.value
    if ('nothing' in answer) return undefined
    const rows = answer.ids.map(id => show(answer.show, id, answer.list !== true))
    return answer.list === true ? rows : rows[0]
  }

  function perform(request: Request, path: string, query: URLSearchParams, body: Values): unknown {
    const [, part = ''] = path.split('/')
    if (traps.off.has(part)) throw new RestError(404, '')
    if (traps.readOnly.has(part) && request.method !== 'GET') throw new RestError(401, 'Insuffisant rights')
    for (const [method, pattern, work] of ACTIONS) {
      const params = method === request.method ? pattern.exec(path) : null
      if (params) return shownOf(work({ books, body, query, params: params.slice(1) }))
    }
    return plain(request, path, query, body)
  }

  const handler: Handler = async request => {
    const url = new URL(request.url)
    const api = '/api/index.php'
    if (!url.pathname.startsWith(api)) return (await actOnPage(request, url, people)) ?? overview(books)
    if (request.headers.get('DOLAPIKEY') !== demoAccess.apiKey) return answerOf(new RestError(401, ''), now())
    try {
      const body = jsonIn(await request.text())
      return json(perform(request, url.pathname.slice(api.length), url.searchParams, body), now())
    } catch (error) {
      if (error instanceof RestError) return answerOf(error, now())
      throw error
    }
  }

  return {
    handler: faults.wrap(handler),
    faults,
    books,
    people,
    traps,
    orderOf: id => {
      const row = books.need('orders', id)
      const total = Number(totalsOf(listOf(row['lines'])).gross).toFixed(2)
      return { id, number: textOf(row['ref']), total, status: textOf(row['statut']) }
    },
    free: sku => {
      const row = people.productBySku(sku)
      return Number(stockOf(row)) - Number(reservedOf(books, row.rowid))
    },
    writeLate: (table, id, values) => {
      const stamp = books.seconds() * 1000
      return () => void books.update(table, id, values, stamp)
    },
  }
}

function noRoute(): never {
  throw new RestError(404, '')
}

function jsonIn(text: string): Values {
  if (text === '') return {}
  try {
    return JSON.parse(text) as Values
  } catch {
    throw new RestError(400, 'Error while parsing JSON')
  }
}

const headers = (now: number) => ({
  'content-type': 'application/json; charset=utf-8',
  date: new Date(now).toUTCString(),
})
const json = (value: unknown, now: number) =>
  value === undefined
    ? new Response(null, { status: 304, headers: headers(now) })
    : new Response(JSON.stringify(value), { headers: headers(now) })
const answerOf = (error: RestError, now: number) =>
  new Response(bodyOf(error), { status: error.code, headers: headers(now) })
