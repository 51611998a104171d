import { Faults, pdfOf, type Handler, type Shelf } from '@linchpin/lookalike'
import { answer, errorOf, isObject, Refused, type Json } from './answers.ts'
import { Books } from './books.ts'
import { confirmExport, exportCandidates, payOrder, receive } from './logistics.ts'
import { changedPartners, partnerOf, upsertLocations, upsertPartners } from './partners.ts'
import { peopleOf, type People } from './people.ts'
import { createCandidates, processCandidates, revertOrder } from './sales.ts'
import { seedServices } from './seed.ts'
import { invokeProcess, paymentStatus } from './views.ts'
import { answerWeb } from './web.ts'
import type { Installation, Traps, World } from './world.ts'

export interface FakeMetasfreshOptions {
  readonly shelf: Shelf
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly token?: string
  /** What this installation has otherwise than most. */
  readonly installation?: Partial<Installation>
  /** The service products that it sells: search key to tax category. */
  readonly services?: Readonly<Record<string, string>>
}

/** What the demo signs in with. Nobody else can: the look-alike listens on this machine only. */
export const demoToken = 'demo-metasfresh-token-4f2a9c'

/**
 * A look-alike of metasfresh's REST API v2 for tests and the demonstration. It is not metasfresh and shares no line of
 * code with it; it was made from what its public source says, and never compared with a running one.
 */
export interface FakeMetasfresh {
  readonly handler: Handler
  readonly faults: Faults
  readonly books: Books
  /** What the people in front of it do: products, stock, shipping, invoices, paying. */
  readonly people: People
  /** The habits that hurt, to be switched on and off. */
  readonly traps: Traps
  readonly world: World
}

export function fakeMetasfresh(options: FakeMetasfreshOptions): FakeMetasfresh {
  const { shelf, now, token = demoToken, installation = {}, services = SERVICES } = options
  const books = new Books(shelf, now)
  const traps: Traps = {
    wrap: false,
    async: false,
    slowClearing: false,
    paidName: 'paid',
    oldestFirst: false,
    pageSize: 4,
  }
  const world: World = { books, options: { ...USUAL, ...installation }, traps }
  const people = peopleOf(world)
  const faults = new Faults()
  seedServices(people, services)

  const handler: Handler = async request => {
    const page = await answerWeb({ world, people }, request)
    if (page) return page
    const { pathname, searchParams } = new URL(request.url)
    if (!pathname.startsWith('/api/v2/')) return answer({ status: 404, error: 'Not Found' }, 404)
    if (!isKnown(request, token)) return answer({ errors: [errorOf('Invalid token')] }, 401)
    const body: unknown = request.method === 'GET' ? {} : parsed(await request.text())
    if (!isObject(body)) return answer({ errors: [errorOf('The body cannot be read')] }, 400)
    const asked = {
      method: request.method,
      path: pathname.slice('/api/v2'.length),
      query: searchParams,
      body,
    }
    return delivered(traps, asked, () => dispatch(world, asked))
  }
  return { handler: faults.wrap(handler), faults, books, people, traps, world }
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Json
}

/** API_Audit_Config can wrap every answer, and put requests that change something by. */
function delivered(traps: Traps, { method, path }: Asked, work: () => Response): Response {
  const response = failing(work)
  const changes = method !== 'GET' && !path.startsWith('/processes/')
  if (traps.async && changes) return answer({ requestId: 4711 }, 202, { 'x-api-request-audit-id': '4711' })
  if (!traps.wrap || response.headers.get('content-type')?.includes('json') !== true) return response
  const whole = new ReadableStream({
    async start(controller) {
      const endpointResponse: unknown = await response.json()
      controller.enqueue(new TextEncoder().encode(JSON.stringify({ requestId: 4711, endpointResponse })))
      controller.close()
    },
  })
  return new Response(whole, { status: response.status, headers: response.headers })
}

function failing(work: () => Response): Response {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refused) return answer({ errors: [errorOf(error.message)] }, error.status)
    throw error
  }
}

function dispatch(world: World, { method, path, query, body }: Asked): Response {
  const { books, options, traps } = world
  const [first = '', second = '', third = '', fourth = ''] = path.slice(1).split('/').map(decodeURIComponent)
  const date = { date: new Date(books.now()).toUTCString() }
  switch (`${method} ${first}`) {
    case 'PUT bpartner':
      if (second !== options.org) throw new Refused(404, `There is no organisation ${second}`)
      return third === ''
        ? answer(upsertPartners(books, body), 201)
        : answer(upsertLocations(books, third, body), 201)
    case 'GET bpartner':
      return answer(third === '' ? changedPartners(books, query, traps.pageSize) : partnerOf(books, third))
    case 'POST processes':
      return answer(invokeProcess(world, second, body))
    case 'GET shipments':
      return answer(exportCandidates(world, Number(query.get('limit') ?? '500')))
    case 'POST shipments':
      confirmExport(world, body)
      return answer({}, 200)
    case 'POST receipts':
      return answer(receive(world, body))
    case 'GET invoices':
      if (second === 'sales')
        return fourth === options.org ? answer(paymentStatus(world, query), 200, date) : answer({}, 404)
      return third === 'pdf' ? invoicePdf(books, second) : answer({}, 404)
    case 'POST orders': {
      if (third === 'payment') {
        payOrder(world, body)
        return new Response(null, { status: 200 })
      }
      const made = createCandidates(world, body)
      return answer(made.body, made.status)
    }
    case 'PUT orders':
      return answer(third === 'candidates' ? processCandidates(world, body) : revertOrder(world, third))
    default:
      return answer({ status: 404, error: 'Not Found', path }, 404)
  }
}

function invoicePdf(books: Books, id: string): Response {
  const invoice = books.invoices.get(id)
  if (!invoice) return new Response(null, { status: 404 })
  const text = ['This is no invoice: a look-alike of metasfresh printed it.', `Invoice ${invoice.documentNo}`]
  return new Response(Buffer.from(pdfOf([...text, `Total ${invoice.total}`])), {
    headers: { 'content-type': 'application/pdf' },
  })
}

/** As the bare token, after "Token", or as the password of Basic. */
function isKnown(request: Request, token: string): boolean {
  const shown = request.headers.get('authorization') ?? ''
  const [scheme = '', given = ''] = shown.split(' ')
  if (scheme === 'Basic') return Buffer.from(given, 'base64').toString().split(':')[1] === token
  return shown === token || (scheme === 'Token' && given === token)
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

const SERVICES = { FREIGHT: 'NORMAL', FEE: 'NORMAL', ROUNDING: 'NO' }
const USUAL: Installation = {
  org: '001',
  system: 'Linchpin',
  currency: 'EUR',
  taxCategories: { NORMAL: '19', REDUCED: '7', NO: '0' },
  priceDecimals: 4,
  docTypes: ['SalesOrder', 'PrepayOrder'],
  orderPrefix: 'A',
  processes: {
    orders: 'Linchpin_Sales_Orders_JSON',
    products: 'Linchpin_Products_JSON',
    stock: 'Available_For_Sales_JSON',
    shipments: 'Historical_Shipments_JSON',
    invoices: 'Historical_Invoices_JSON',
  },
  own: {},
}
