import { Faults, page, type Handler, type Shelf } from '@linchpin/lookalike'
import { apiVersion } from '../version.ts'
import { openBooks, type Books } from './books.ts'
import { bulkFile } from './bulk.ts'
import { takeUpload } from './bulk-mutations.ts'
import { openCompany } from './companies.ts'
import { addProduct, type Article } from './shelves.ts'
import { executor, type Executed } from './execute.ts'
import { placeOrder, type Basket } from './till.ts'
import { Tokens } from './tokens.ts'
import { tell, type Deliver } from './webhooks.ts'

export interface FakeShopify {
  readonly handler: Handler
  readonly faults: Faults
  readonly books: Books
  /** Someone makes a product with one variant in the admin; answers the variant's id. */
  readonly addProduct: (article: Article) => string
  /** Someone makes a company with one location in the admin; answers the location's id. */
  readonly addCompany: (name: string, vatId: string) => string
  /** A shopper checks out; answers the order's id and name. */
  readonly placeOrder: (basket: Basket) => { readonly id: string; readonly name: string }
  /** Sends the webhooks of what changed since the last time. */
  readonly sendWebhooks: (deliver: Deliver) => Promise<void>
  /** Every token that was given out stops to be good, as when the app's secret is rotated. */
  readonly revokeTokens: () => void
  /** What has been asked, oldest first. */
  readonly asked: readonly Executed[]
}

export interface FakeOptions {
  readonly shelf: Shelf
  readonly now: () => number
  readonly clientId: string
  readonly clientSecret: string
  readonly taxesIncluded?: boolean
  /** Points a second: 100 on the smallest plan. */
  readonly restoreRate?: number
  readonly locations?: readonly { readonly id: string; readonly name: string }[]
  readonly scopes?: readonly string[]
  /** How long a bulk operation takes; no time at all, when left out. */
  readonly bulkMs?: number
  /** How long the search does not find a new variant; no time at all, when left out. */
  readonly searchLagMs?: number
}

const notice = 'This is a look-alike of Shopify for trying Linchpin. It is not Shopify.'

/**
 * A look-alike of one shop's Admin API, in this process. It executes GraphQL on Shopify's own schema, so a field that
 * is not there, an argument that is wrong or an answer that breaks the schema is an error here as there. What stands
 * behind the fields is ours, by Shopify's documentation; nobody has compared it with a real shop.
 */
export function fakeShopify(options: FakeOptions): FakeShopify {
  const { shelf, now, clientId, clientSecret, taxesIncluded = true, restoreRate = 100 } = options
  const locations = options.locations ?? [{ id: '1', name: 'Main warehouse' }]
  const shop = { domain: 'example.myshopify.com', currency: 'EUR', taxesIncluded, locations }
  const books = openBooks(shelf, now, shop)
  const tokens = new Tokens(now, clientId, clientSecret)
  const asked: Executed[] = []
  const { scopes = allScopes, bulkMs = 0, searchLagMs = 0 } = options
  const execute = executor(books, { now, restoreRate, scopes, bulkMs, searchLagMs })
  const answer: Handler = async request => {
    const { pathname } = new URL(request.url)
    if (pathname === '/admin/oauth/access_token') return dated(now, await tokens.exchange(request))
    const version = /^\/admin\/api\/([\w-]+)\/graphql\.json$/.exec(pathname)?.[1]
    if (pathname.startsWith('/bulk/')) return bulkFile(books, request)
    if (pathname === '/upload') return takeUpload(books, request)
    if (version === undefined) return page('Look-alike of Shopify', notice, '')
    if (!tokens.knows(request.headers.get('x-shopify-access-token') ?? ''))
      return dated(now, Response.json({ errors: '[API] Invalid API key or access token' }, { status: 401 }))
    const done = await execute(await request.json().catch(() => null))
    asked.push(done)
    // A version that is not there any more is answered by one that is.
    return dated(now, Response.json(done.answer, { headers: { 'x-shopify-api-version': apiVersion } }))
  }
  const faults = new Faults()
  let told = new Map<string, string>()
  return {
    handler: faults.wrap(answer),
    faults,
    books,
    asked,
    addProduct: article => addProduct(books, article),
    addCompany: (name, taxRegistrationId) =>
      openCompany(books, { company: { name }, companyLocation: { taxRegistrationId } }).location,
    placeOrder: basket => placeOrder(books, basket),
    revokeTokens: () => tokens.revoke(),
    sendWebhooks: async deliver => {
      const { changed, seen } = changesSince(books, told)
      told = seen
      for (const event of changed) await tell(books, clientSecret, deliver, event)
    },
  }
}

/** Orders, products and customers that are not as they were, and refunds that were not there. */
function changesSince(books: Books, told: ReadonlyMap<string, string>) {
  const kinds = {
    ORDERS: books.orders.all(),
    CUSTOMERS: books.customers.all(),
    PRODUCTS: books.products.all(),
  }
  const seen = new Map<string, string>()
  const refunds = books.orders.all().flatMap(order =>
    order.refunds.flatMap(({ id }) => {
      seen.set(`REFUNDS ${id}`, '')
      if (told.has(`REFUNDS ${id}`)) return []
      const payload = { id: Number(id), order_id: Number(order.id) }
      return [{ topic: 'REFUNDS_CREATE', id: `REFUNDS-${id}`, payload }]
    }),
  )
  const changed = Object.entries(kinds).flatMap(([kind, rows]) =>
    rows.flatMap(row => {
      const text = JSON.stringify(row)
      seen.set(`${kind} ${row.id}`, text)
      const before = told.get(`${kind} ${row.id}`)
      if (before === text) return []
      const update = kind === 'ORDERS' ? 'UPDATED' : 'UPDATE'
      const topic = `${kind}_${before === undefined ? 'CREATE' : update}`
      const variants = books.variants.having('product', row.id).map(({ id }) => ({ id: Number(id) }))
      const payload = { id: Number(row.id), ...(kind === 'PRODUCTS' && { variants }) }
      return [{ topic, id: `${kind}-${row.id}-${row.updatedAt}`, payload }]
    }),
  )
  return { changed: [...changed, ...refunds], seen }
}

function dated(now: () => number, response: Response): Response {
  response.headers.set('date', new Date(now()).toUTCString())
  response.headers.set('x-look-alike', 'Shopify')
  return response
}

const allScopes = [
  'write_orders',
  'read_all_orders',
  'read_returns',
  'write_customers',
  'write_companies',
  'write_products',
  'write_inventory',
  'read_locations',
  'write_merchant_managed_fulfillment_orders',
  'write_publications',
]
