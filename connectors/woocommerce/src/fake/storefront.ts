import type { Handler } from '@linchpin/lookalike'
import { WpError } from './answers.ts'
import type { Books, OrderDoc, Visit } from './books.ts'
import { createCustomer } from './customers.ts'
import { accountPage, cartPage, checkoutPage, orderPage, shopPage, trouble } from './pages.ts'
import { placeOrder, quote, type Purchase } from './purchase.ts'

const COOKIE = 'lookalike_shop'
const NOBODY: Visit = { customer: null, cart: {}, coupon: '', orders: [] }

/** The pages that a shopper sees. A visit is known by a cookie; who signs in is believed, for this is a demonstration. */
export function storefront(books: Books, nonce: () => string): Handler {
  return async request => {
    const url = new URL(request.url)
    const id = cookieOf(request) ?? nonce()
    const visit = books.visits.get(id) ?? NOBODY
    try {
      const response =
        request.method === 'POST'
          ? act(books, id, visit, url.pathname, new URLSearchParams(await request.text()))
          : show(books, visit, url.pathname)
      response.headers.append('set-cookie', `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Lax`)
      return response
    } catch (error) {
      if (error instanceof WpError) return trouble(visit, error.message, error.status)
      throw error
    }
  }
}

function show(books: Books, visit: Visit, path: string): Response {
  if (path === '/' || path === '/shop') return shopPage(books, visit)
  if (path === '/cart') return cartPage(books, visit, quoteOf(books, visit))
  if (path === '/checkout')
    return isEmpty(visit) ? leadTo('/cart') : checkoutPage(books, visit, quoteOf(books, visit))
  if (path === '/account') return accountPage(books, visit, ordersOf(books, visit))
  const order = ordersOf(books, visit).find(each => path === `/orders/${each.id}`)
  if (order) return orderPage(books, visit, order)
  throw new WpError(
    'not_found',
    'There is no such page, or it belongs to another customer. Sign in under "Account".',
    404,
  )
}

function act(books: Books, id: string, visit: Visit, path: string, form: URLSearchParams): Response {
  const keep = (change: Partial<Visit>) => void books.visits.put(id, { ...visit, ...change })
  switch (path) {
    case '/cart/add':
      keep({ cart: added(visit.cart, form.get('product') ?? '', quantityOf(form)) })
      return leadTo('/cart')
    case '/cart/remove':
      keep({ cart: added(visit.cart, form.get('product') ?? '', -Infinity) })
      return leadTo('/cart')
    case '/cart/coupon':
      keep({ coupon: knownCoupon(books, form.get('coupon') ?? '') })
      return leadTo('/cart')
    case '/account/sign-in':
      keep({ customer: books.customers.get(form.get('customer') ?? '')?.id ?? null })
      return leadTo('/account')
    case '/account/sign-out':
      keep({ customer: null })
      return leadTo('/account')
    case '/account/register':
      keep({ customer: register(books, form) })
      return leadTo('/account')
    case '/checkout': {
      if (isEmpty(visit)) return leadTo('/cart')
      const order = placeOrder(books, purchaseOf(books, visit, form))
      const orders = visit.customer === null ? [...visit.orders, order.id] : visit.orders
      keep({ cart: {}, coupon: '', orders })
      return leadTo(`/orders/${order.id}`)
    }
    default:
      throw new WpError('not_found', 'There is no such page.', 404)
  }
}

function purchaseOf(books: Books, visit: Visit, form: URLSearchParams): Purchase {
  const billing = Object.fromEntries(
    [...form].filter(([name]) => name !== 'note').map(([name, value]) => [name, value.trim()]),
  )
  return {
    lines: linesOf(books, visit),
    ...(visit.customer !== null && { customer: visit.customer }),
    billing,
    ...(visit.coupon !== '' && { coupon: visit.coupon }),
    note: form.get('note') ?? '',
  }
}

function quoteOf(books: Books, visit: Visit): OrderDoc | null {
  if (isEmpty(visit)) return null
  const country = books.customers.get(visit.customer ?? 0)?.billing['country']
  return quote(books, {
    lines: linesOf(books, visit),
    billing: { country: country || 'DE' },
    ...(visit.coupon !== '' && { coupon: visit.coupon }),
  })
}

function linesOf(books: Books, visit: Visit): Purchase['lines'] {
  return Object.entries(visit.cart).flatMap(([id, quantity]) => {
    const product = books.products.get(id)
    if (!product) return []
    return product.parent_id > 0
      ? [{ product: product.parent_id, variation: product.id, quantity }]
      : [{ product: product.id, quantity }]
  })
}

function isEmpty({ cart }: Visit): boolean {
  return Object.keys(cart).length === 0
}

function ordersOf(books: Books, visit: Visit): OrderDoc[] {
  return books.orders
    .filter(order => order.status !== 'trash')
    .filter(order =>
      order.customer_id === 0 ? visit.orders.includes(order.id) : order.customer_id === visit.customer,
    )
    .toReversed()
}

function register(books: Books, form: URLSearchParams): number {
  const [first = '', ...rest] = (form.get('name') ?? '').trim().split(/\s+/)
  const name = { first_name: first, last_name: rest.join(' ') }
  const email = form.get('email') ?? ''
  const company = form.get('company') ?? ''
  const billing = { ...name, company, email, country: 'DE' }
  return createCustomer(books, { email, ...name, billing }).id
}

function knownCoupon(books: Books, written: string): string {
  const code = written.trim().toLowerCase()
  if (code !== '' && !books.coupons.get(code))
    throw new WpError('invalid_coupon', `There is no coupon "${written}". Try WELCOME10.`, 404)
  return code
}

function added(cart: Visit['cart'], product: string, quantity: number): Visit['cart'] {
  const { [product]: before = 0, ...others } = cart
  return before + quantity > 0 ? { ...others, [product]: before + quantity } : others
}

function quantityOf(form: URLSearchParams): number {
  const quantity = Math.floor(Number(form.get('quantity') ?? 1))
  return quantity > 0 && quantity <= 9999 ? quantity : 1
}

function cookieOf(request: Request): string | null {
  const found = /(?:^|;\s*)lookalike_shop=([\w-]+)/.exec(request.headers.get('cookie') ?? '')
  return found?.[1] ?? null
}

function leadTo(location: string): Response {
  return new Response(null, { status: 303, headers: { location } })
}
