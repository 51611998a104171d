import { Faults, page, type Handler, type Shelf } from '@linchpin/lookalike'
import { z } from 'zod'
import { channel, fresh, location, openBooks, type Books } from './books.ts'
import { catalogueRoutes } from './catalogue.ts'
import { orderRoutes } from './orders.ts'
import { peopleRoutes } from './people.ts'
import { pricingRoutes } from './price-lists.ts'
import { Refusal } from './refusal.ts'
import { routeOf, type Routes } from './routes.ts'
import { moveStock, stockRoutes } from './stock.ts'
import { placeOrder, totalOfOrder, type Basket } from './till.ts'

export interface FakeMedusa {
  readonly handler: Handler
  readonly faults: Faults
  readonly books: Books
  /** Someone makes a product with one variant in the admin; answers the variant's id. */
  readonly addProduct: (article: Article) => string
  /** A shopper goes to the till and pays. */
  readonly placeOrder: (basket: Basket) => {
    readonly id: string
    readonly number: string
    readonly total: number
  }
}

export interface Article {
  readonly sku: string
  readonly name: string
  readonly price?: number
  readonly stock?: number
}

export interface FakeOptions {
  readonly shelf: Shelf
  readonly now: () => number
  readonly apiKey: string
  /** Whether its prices in euros are with tax. */
  readonly pricesIncludeTax?: boolean
}

const notice = 'This is a look-alike of Medusa for trying Linchpin. It is not Medusa.'

/**
 * A look-alike of Medusa 2.21.2's Admin API, in this process. It knows the requests that our connector sends and
 * answers all fields of a record, whichever were asked for. What it does was seen at a real one.
 */
export function fakeMedusa({ shelf, now, apiKey, pricesIncludeTax = true }: FakeOptions): FakeMedusa {
  const books = openBooks(shelf, now, pricesIncludeTax)
  const routes: Routes = {
    ...storeRoutes(books),
    ...catalogueRoutes(books),
    ...stockRoutes(books),
    ...peopleRoutes(books),
    ...pricingRoutes(books),
    ...orderRoutes(books),
  }
  const right = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`
  const answer: Handler = async request => {
    const { pathname, searchParams: query } = new URL(request.url)
    if (!pathname.startsWith('/admin/')) return page('Look-alike of Medusa', notice, '')
    if (request.headers.get('authorization') !== right) return json(now, 401, { message: 'Unauthorized' })
    const route = routeOf(routes, request.method, pathname.slice('/admin'.length))
    if (!route) return new Response(`<pre>Cannot ${request.method} ${pathname}</pre>`, { status: 404 })
    try {
      const body = z
        .record(z.string(), z.unknown())
        .catch({})
        .parse(await request.json().catch(() => ({})))
      return json(now, 200, route.run({ query, body, ids: route.ids }))
    } catch (error) {
      return failed(now, error)
    }
  }
  const faults = new Faults()
  return {
    handler: faults.wrap(answer),
    faults,
    books,
    addProduct: article => addProduct(books, article),
    placeOrder: basket => {
      const order = placeOrder(books, basket)
      return { id: order.id, number: String(order.display_id), total: totalOfOrder(books, order) }
    },
  }
}

function storeRoutes({ inclusive }: Books): Routes {
  return {
    'GET /stores': () => ({
      stores: [
        {
          default_sales_channel_id: channel.id,
          supported_currencies: [{ currency_code: 'eur' }, { currency_code: 'usd' }],
        },
      ],
    }),
    'GET /sales-channels': () => ({ sales_channels: [channel] }),
    'GET /stock-locations': () => ({ stock_locations: [location] }),
    'GET /price-preferences': () => ({
      price_preferences: [{ attribute: 'currency_code', value: 'eur', is_tax_inclusive: inclusive }],
    }),
    'GET /shipping-profiles': () => ({ shipping_profiles: [{ id: 'sp_1', type: 'default' }] }),
  }
}

function addProduct(books: Books, { sku, name, price, stock }: Article): string {
  const product = books.next('prod')
  const option = {
    id: books.next('opt'),
    title: 'Default option',
    values: [{ id: books.next('optval'), value: 'Default option value' }],
  }
  books.products.put(product, {
    ...fresh(books),
    id: product,
    title: name,
    handle: sku.toLowerCase(),
    description: null,
    status: 'published',
    external_id: null,
    options: [option],
  })
  const id = books.next('variant')
  const amount = {
    id: books.next('price'),
    currency_code: 'eur',
    min_quantity: null,
    max_quantity: null,
    rules: {},
  }
  books.variants.put(id, {
    ...fresh(books),
    id,
    product_id: product,
    title: name,
    sku,
    ean: null,
    upc: null,
    barcode: null,
    manage_inventory: true,
    options: { 'Default option': 'Default option value' },
    prices: price === undefined ? [] : [{ ...amount, amount: price }],
  })
  if (stock !== undefined) moveStock(books, id, { stocked: stock })
  return id
}

function json(now: () => number, status: number, body: object): Response {
  return Response.json(body, { status, headers: { date: new Date(now()).toUTCString() } })
}

function failed(now: () => number, error: unknown): Response {
  if (error instanceof Refusal) return json(now, error.status, { type: error.type, message: error.message })
  if (!(error instanceof z.ZodError)) throw error
  const issue = error.issues[0]
  const message = `Invalid request: ${issue?.path.join(', ') ?? ''} ${issue?.message ?? ''}`
  return json(now, 400, { type: 'invalid_data', message })
}
