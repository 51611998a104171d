import { Faults, fetchFrom, type Handler, type Shelf } from '@linchpin/lookalike'
import { WpError, json } from './answers.ts'
import { signIn, type ApiKey } from './auth.ts'
import { booksOn, type Books, type CustomerDoc } from './books.ts'
import { createCustomer, presentCustomer, updateCustomer } from './customers.ts'
import { enter, presentOrder, removeOrder, updateOrder } from './orders.ts'
import { createProduct, presentProduct, removeProduct, updateProduct, type Fields } from './products.ts'
import { placeOrder, type Purchase } from './purchase.ts'
import { createRefund } from './refunds.ts'
import { answer } from './rest.ts'
import { seedShop } from './seed.ts'
import { storefront } from './storefront.ts'
import { runHooks, type Deliver } from './webhooks.ts'

export interface FakeOptions {
  readonly shelf: Shelf
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly keys?: readonly ApiKey[]
  readonly currency?: string
  readonly pricesIncludeTax?: boolean
  /** Where webhooks go; by default nobody hears them. */
  readonly deliver?: Deliver
  /** How old a signature may be. A shop whose clock leaps, as the demo's does, has to be more patient than a real one. */
  readonly signedWithinMs?: number
  /** Makes session ids of the storefront; a counter will do for tests. */
  readonly nonce?: () => string
}

/** As WooCommerce has it. */
const SIGNED_WITHIN_MS = 15 * 60_000

/** What the demo signs in with. Nobody else can: the look-alike listens on this machine only. */
export const demoKey: ApiKey = {
  consumerKey: `ck_${'demo'.repeat(10)}`,
  consumerSecret: `cs_${'demo'.repeat(10)}`,
  permissions: 'read_write',
}

/**
 * A look-alike of WooCommerce 11: the REST API v3 as a real one was measured to answer, and a small storefront. It has
 * no price lists, no stock places, no e-mails; the scheduler that sends webhooks runs when `runWebhooks` is called.
 */
export function fakeWooCommerce(options: FakeOptions) {
  const { shelf, now, keys = [demoKey], deliver = async () => 0, signedWithinMs = SIGNED_WITHIN_MS } = options
  const books = booksOn(shelf, now)
  setOptions(books, options)
  const faults = new Faults()
  const nonces = new Set<string>()
  let sessions = 0
  const shop = storefront(books, options.nonce ?? (() => `session-${(sessions += 1)}`))
  const rest: Handler = async request => {
    const url = new URL(request.url)
    try {
      if (url.pathname === '/wp-json/' || url.pathname === '/wp-json')
        return json({ name: 'Demo shop', namespaces: ['wp/v2', 'wc/v1', 'wc/v2', 'wc/v3'] }, now())
      signIn(request, url, keys, { now: now(), withinMs: signedWithinMs }, nonces)
      const body = await bodyOf(request)
      return answer(books, {
        method: request.method,
        url,
        path: url.pathname.slice('/wp-json/wc/v3'.length),
        body,
      })
    } catch (error) {
      if (error instanceof WpError) return json(error.body(), now(), error.status)
      throw error
    }
  }
  const api = faults.wrap(rest)
  const handler: Handler = request =>
    new URL(request.url).pathname.startsWith('/wp-json') ? api(request) : shop(request)
  return {
    handler,
    fetch: fetchFrom(handler),
    /** Faults of the REST API; the storefront goes on. */
    faults,
    books,
    /** Tax rates, shipping, a coupon and two customers; no products, they come from the ERP. Does nothing twice. */
    seedDemo: () => seedShop(books),
    placeOrder: (purchase: Purchase) => placeOrder(books, purchase),
    updateOrder: (id: number, fields: Fields) => updateOrder(books, id, fields),
    setStatus: (id: number, status: string) => enter(books, id, status),
    trashOrder: (id: number) => removeOrder(books, id, false),
    refund: (order: number, fields: Fields) => createRefund(books, order, fields),
    createProduct: (fields: Fields, parent: number | null = null) => createProduct(books, fields, parent),
    updateProduct: (id: number, fields: Fields) => updateProduct(books, id, fields, null),
    trashProduct: (id: number) => removeProduct(books, id, false),
    createCustomer: (fields: Fields) => createCustomer(books, fields),
    updateCustomer: (id: number, fields: Fields) => updateCustomer(books, id, fields),
    order: (id: number) => books.orders.get(id),
    notes: (order: number) => books.notes.filter(note => note.order === order),
    customers: (): CustomerDoc[] => books.customers.all(),
    products: () => books.products.all(),
    orders: () => books.orders.filter(order => order.status !== 'trash'),
    /** One run of the scheduler that sends webhooks; a real shop has one a minute. Answers how many were due. */
    runWebhooks: () => runHooks(books, deliver, (resource, id) => payloadOf(books, resource, id)),
  }
}

export type FakeWooCommerce = ReturnType<typeof fakeWooCommerce>

async function bodyOf(request: Request): Promise<Fields> {
  if (request.method === 'GET' || request.method === 'DELETE') return {}
  const text = await request.text()
  if (text === '') return {}
  try {
    return JSON.parse(text) as Fields
  } catch {
    throw new WpError('rest_invalid_json', 'Invalid JSON body passed.', 400)
  }
}

function setOptions(books: Books, { currency = 'EUR', pricesIncludeTax = false }: FakeOptions): void {
  const options = {
    woocommerce_currency: currency,
    woocommerce_prices_include_tax: pricesIncludeTax ? 'yes' : 'no',
    woocommerce_weight_unit: 'kg',
    woocommerce_default_country: 'DE:DE-BE',
  }
  for (const [name, value] of Object.entries(options))
    if (books.options.get(name)?.value !== value) books.options.put(name, { value })
}

function payloadOf(books: Books, resource: string, id: number): object | null {
  const order = resource === 'order' ? books.orders.get(id) : undefined
  if (order) return presentOrder(books, order)
  const product = resource === 'product' ? books.products.get(id) : undefined
  if (product) return presentProduct(books, product)
  const customer = resource === 'customer' ? books.customers.get(id) : undefined
  return customer ? presentCustomer(customer) : null
}

export type { Purchase }
