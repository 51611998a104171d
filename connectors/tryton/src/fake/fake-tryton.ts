import { escape, Faults, page, pdfOf, type Handler, type Shelf } from '@linchpin/lookalike'
import { Books, type Row, type Values } from './books.ts'
import { catalogueBehaviours } from './catalogue.ts'
import { TrytonError } from './errors.ts'
import { decodeParams, perform, type Call } from './methods.ts'
import { People } from './people.ts'
import { saleBehaviours } from './sales.ts'
import { seedBasics } from './seed.ts'

export interface FakeTrytonOptions {
  readonly shelf: Shelf
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What the demo signs in with. Nobody else can: the look-alike listens on this machine only. */
export const demoAccess = { database: 'tryton', username: 'linchpin', password: 'demo-tryton-password' }

/**
 * A look-alike of Tryton 6.0's JSON-RPC for tests, the demonstration and the simulator. It is not Tryton and shares no
 * line of code with it; it answers as the real 6.0.29 was seen to answer, traps included, over the models that the
 * connector uses. Accounting, units other than pieces and kilograms, and companies beside the one are not there.
 */
export interface FakeTryton {
  readonly handler: Handler
  readonly faults: Faults
  readonly books: Books
  /** What the people in front of it do: products, stock, shipping, invoices, paying. */
  readonly people: People
  /** All sessions end: the next call is answered by 401. */
  readonly expireSessions: () => void
  /** Takes a right of our user away: `deny('sale.sale', 'create')`. */
  readonly deny: (model: string, right: 'read' | 'write' | 'create') => void
  /** The next call of this method is answered by a warning until it is acknowledged. */
  readonly warn: (method: string, name: string, message: string) => void
  /** Changes a row with the stamp of now; the change is seen only when the answered function is called. */
  readonly writeLate: (model: string, id: number, values: Values) => () => void
  /** Whether invoices are printed as 'pdf' or, as Tryton comes, as 'odt'. */
  readonly printAs: (extension: 'pdf' | 'odt') => void
}

export function fakeTryton({ shelf, now }: FakeTrytonOptions): FakeTryton {
  const books = new Books(shelf, now, { ...saleBehaviours, ...catalogueBehaviours })
  books.transaction(() => seedBasics(books))
  const faults = new Faults()
  const sessions = new Set<string>()
  const denied = new Set<string>()
  const warnings: Call['warnings'] = new Map()
  const printed = shelf.table<{ extension: string }>('$printed')
  let extension = 'pdf'
  let logins = 0

  /** A posted invoice keeps its first rendering, whatever the report's format is later. */
  function print(invoice: Row): readonly [string, Uint8Array] {
    const kept = printed.get(invoice.id)?.extension ?? extension
    if (invoice['state'] !== 'draft') printed.put(invoice.id, { extension: kept })
    const number = String(invoice['number'])
    const total = String(books.value('account.invoice', invoice, 'total_amount'))
    const text = [
      'This is no invoice: a look-alike of Tryton printed it.',
      `Invoice ${number}`,
      `Total ${total} EUR`,
    ]
    return kept === 'pdf'
      ? ['pdf', pdfOf(text)]
      : ['odt', new TextEncoder().encode(`PK\u0003\u0004${text.join('\n')}`)]
  }

  function login(params: readonly unknown[]): Response {
    const [username, parameters] = params as [string, { password?: string }]
    if (username !== demoAccess.username || parameters.password !== demoAccess.password)
      return html(401, 'Unauthorized')
    const session = `${String((logins += 1)).padStart(4, '0')}${'5e551011'.repeat(7)}`
    sessions.add(session)
    return json([1, session])
  }

  function signedIn(request: Request): boolean {
    const [scheme, credentials = ''] = (request.headers.get('authorization') ?? '').split(' ')
    const [username, , session = ''] = Buffer.from(credentials, 'base64').toString().split(':')
    return scheme === 'Session' && username === demoAccess.username && sessions.has(session)
  }

  function dispatch(id: unknown, method: string, given: readonly unknown[]): Response {
    const params = decodeParams(given.slice(0, -1))
    const context = (decodeParams(given.slice(-1))[0] ?? {}) as Record<string, unknown>
    try {
      const done = books.transaction(() =>
        perform(method, { books, params, context, print, denied, warnings }),
      )
      return done === null ? html(403, 'Forbidden') : json({ id, result: done.result })
    } catch (error) {
      if (error instanceof TrytonError) return json({ id, error: error.args })
      throw error
    }
  }

  const handler: Handler = async request => {
    const url = new URL(request.url)
    if (request.method === 'GET' && url.pathname === '/') return overview(books)
    if (request.method !== 'POST') return html(405, 'Method Not Allowed')
    const body = rpcOf(await request.text())
    if (body === null) return html(400, 'Bad Request')
    const { id, method, params } = body
    if (url.pathname === '/')
      return method === 'common.server.version'
        ? json({ id, result: '6.0.29' }, now())
        : html(500, 'Internal Server Error')
    if (url.pathname !== `/${demoAccess.database}/`) return html(404, 'Not Found')
    if (method === 'common.db.login') return login(params)
    return signedIn(request) ? dispatch(id, method, params) : html(401, 'Unauthorized')
  }

  return {
    handler: faults.wrap(handler),
    faults,
    books,
    people: new People(books),
    expireSessions: () => sessions.clear(),
    deny: (model, right) => void denied.add(`${model}:${right}`),
    warn: (method, name, message) => void warnings.set(method, { name, message }),
    writeLate: (model, id, values) => {
      const stamp = books.stampOf(now())
      return () => books.transaction(() => books.write(model, id, values), stamp)
    },
    printAs: wanted => void (extension = wanted),
  }
}

interface RpcBody {
  readonly id: unknown
  readonly method: string
  readonly params: readonly unknown[]
}

function rpcOf(text: string): RpcBody | null {
  try {
    const body = JSON.parse(text) as Partial<RpcBody> | null
    return typeof body?.method === 'string' && Array.isArray(body.params)
      ? { id: body.id, method: body.method, params: body.params }
      : null
  } catch {
    return null
  }
}

const json = (value: unknown, now?: number) =>
  new Response(JSON.stringify(value), {
    headers: {
      'content-type': 'application/json',
      ...(now === undefined ? {} : { date: new Date(now).toUTCString() }),
    },
  })
const html = (status: number, title: string) =>
  new Response(`<!doctype html>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })

/** The orders as a page for people who look. */
function overview(books: Books): Response {
  const row = (sale: Row) =>
    `<tr><td>${escape(sale['number'] ?? `(${sale.id})`)}<td>${escape(sale['reference'])}<td>${escape(sale['state'])}<td>${escape(sale['shipment_state'])}<td>${escape(sale['invoice_state'])}<td class="n">${escape(books.value('sale.sale', sale, 'total_amount'))}</tr>`
  const head = '<tr><th>Order<th>Reference<th>State<th>Shipment<th>Invoice<th class="n">Total</tr>'
  const notice = 'A look-alike for tests and demonstration. It is not Tryton.'
  return page(
    'ERP look-alike (Tryton 6.0)',
    notice,
    `<h1>Orders</h1><table>${head}${books.all('sale.sale').map(row).join('')}</table>`,
  )
}
