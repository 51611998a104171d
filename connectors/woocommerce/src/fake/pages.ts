import { escape, page } from '@linchpin/lookalike'
import { round, sum } from '@linchpin/model'
import { TRACKING } from '../order-row.ts'
import type { Books, CustomerDoc, OrderDoc, ProductDoc, Visit } from './books.ts'
import { isOnSale, priceNow } from './money.ts'
import { childrenOf, isInStock, nameOfVariation } from './products.ts'

const NOTICE = 'A look-alike of WooCommerce for demonstration: nothing here is sold.'

export function shopPage(books: Books, visit: Visit): Response {
  const products = books.products
    .filter(each => each.parent_id === 0 && each.status === 'publish')
    .toSorted((left, right) => left.name.localeCompare(right.name))
  const cards = products.map(product => card(books, product)).join('')
  const empty = '<p>No products yet. They come from the ERP: give Linchpin a moment, then reload.</p>'
  const isTaxIncluded = books.options.get('woocommerce_prices_include_tax')?.value === 'yes'
  const prices = `<p class="muted">Prices ${withTax(isTaxIncluded)} tax.</p>`
  return framed('Shop', visit, products.length === 0 ? empty : `${prices}<div class="grid">${cards}</div>`)
}

function card(books: Books, product: ProductDoc): string {
  const choices = (product.type === 'variable' ? childrenOf(books, product.id) : [product]).filter(
    each => each.status === 'publish' && each.regular_price !== '',
  )
  const buyable = choices.filter(isInStock)
  const head = `<h2 class="name">${escape(product.name)}</h2>`
  const text = product.description
    ? `<p class="muted">${escape(plain(product.description)).slice(0, 160)}</p>`
    : ''
  if (buyable.length === 0)
    return `<section class="card">${head}${text}<p><span class="tag">${choices.length > 0 ? 'Sold out' : 'Not for sale yet'}</span></p></section>`
  const [first] = buyable
  const what =
    product.type === 'variable'
      ? `<label>Choose <select name="product">${buyable.map(each => option(books, each)).join('')}</select></label>`
      : `<p>${priceText(books, product)} <span class="muted">${stockText(product)}</span></p><input type="hidden" name="product" value="${first?.id ?? ''}">`
  return `<section class="card">${head}${text}<form method="post" action="/cart/add">${what}
<label>Quantity <input name="quantity" type="number" value="1" min="1" max="9999" style="width:6rem"></label><button>Add to cart</button></form></section>`
}

function option(books: Books, variation: ProductDoc): string {
  const words = `${nameOfVariation(variation)} — ${money(books, priceNow(variation, books.now()))}, ${stockText(variation)}`
  return `<option value="${variation.id}">${escape(words)}</option>`
}

export function cartPage(books: Books, visit: Visit, order: OrderDoc | null): Response {
  if (!order)
    return framed(
      'Cart',
      visit,
      '<p>Your cart is empty.</p><p><a class="button" href="/">To the shop</a></p>',
    )
  const ids = order.line_items.map(line => line.variation_id || line.product_id)
  const removal = (at: number) =>
    `<form class="inline" method="post" action="/cart/remove"><input type="hidden" name="product" value="${ids[at]}"><button class="quiet">Remove</button></form>`
  const coupon = `<form method="post" action="/cart/coupon"><label>Coupon <input name="coupon" value="${escape(visit.coupon.toUpperCase())}" placeholder="WELCOME10"></label><button class="quiet">Apply</button></form>`
  return framed(
    'Cart',
    visit,
    `${lines(books, order, removal)}${sums(books, order)}${coupon}<p><a class="button" href="/checkout">Go to checkout</a></p>`,
  )
}

export function checkoutPage(books: Books, visit: Visit, order: OrderDoc | null): Response {
  const customer = books.customers.get(visit.customer ?? 0)
  const value = (name: string) =>
    escape(customer?.billing[name] ?? (name === 'country' ? 'DE' : name === 'email' ? customer?.email : ''))
  const fields = FORM.map(
    ([name, label, isNeeded]) =>
      `<label>${label}<br><input name="${name}" value="${value(name)}"${isNeeded ? ' required' : ''}${name === 'email' ? ' type="email"' : ''} style="width:22rem"></label>`,
  ).join('')
  const who = customer
    ? `<p>Ordering as <strong>${escape(nameOf(customer))}</strong>.</p>`
    : '<p>Ordering as a guest. <a href="/account">Sign in</a> to keep the order in an account.</p>'
  return framed(
    'Checkout',
    visit,
    `${order ? lines(books, order) + sums(books, order) : ''}${who}<form method="post" action="/checkout">${fields}
<label>A note to us<br><input name="note" style="width:22rem"></label><p><button>Place the order and pay</button></p></form>`,
  )
}

const FORM = [
  ['first_name', 'First name', true],
  ['last_name', 'Last name', true],
  ['company', 'Company', false],
  ['email', 'E-mail', true],
  ['phone', 'Phone', false],
  ['address_1', 'Street and number', true],
  ['address_2', 'Floor, c/o', false],
  ['postcode', 'Postcode', true],
  ['city', 'City', true],
  ['country', 'Country (two letters)', true],
] as const

export function accountPage(books: Books, visit: Visit, orders: readonly OrderDoc[]): Response {
  const customer = books.customers.get(visit.customer ?? 0)
  const rows = orders.map(
    order =>
      `<tr><td><a href="/orders/${order.id}">#${escape(order.number)}</a></td><td>${stampText(order.date_created_gmt)}</td><td><span class="tag">${STATUS[order.status] ?? escape(order.status)}</span></td><td class="n">${money(books, order.total)}</td></tr>`,
  )
  const list =
    rows.length === 0
      ? '<p>No orders yet.</p>'
      : `<div class="scroll"><table><thead><tr><th>Order</th><th>Placed</th><th>Status</th><th class="n">Total</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
  return framed(
    'Account',
    visit,
    `${customer ? signedIn(customer) : signInForms(books)}<h2>Your orders</h2>${list}`,
  )
}

function signedIn(customer: CustomerDoc): string {
  return `<p>Signed in as <strong>${escape(nameOf(customer))}</strong>, ${escape(customer.email)}.</p><form method="post" action="/account/sign-out"><button class="quiet">Sign out</button></form>`
}

function signInForms(books: Books): string {
  const options = books.customers
    .all()
    .map(each => `<option value="${each.id}">${escape(nameOf(each))}, ${escape(each.email)}</option>`)
  return `<div class="grid"><section class="card"><h2>Sign in</h2><p class="muted">Without a password: this is a demonstration.</p>
<form method="post" action="/account/sign-in"><label>Customer<br><select name="customer" style="width:100%">${options.join('')}</select></label><button>Sign in</button></form></section>
<section class="card"><h2>Register</h2><form method="post" action="/account/register"><label>Name<br><input name="name" required></label><label>E-mail<br><input name="email" type="email" required></label><label>Company<br><input name="company"></label><button>Register</button></form></section></div>`
}

export function orderPage(books: Books, visit: Visit, order: OrderDoc): Response {
  const facts = `<p><span class="tag">${STATUS[order.status] ?? escape(order.status)}</span> <span class="muted">placed ${stampText(order.date_created_gmt)}${order.date_paid_gmt ? ', paid' : ', not paid yet'}</span></p>`
  return framed(
    `Order #${order.number}`,
    visit,
    `${facts}${parcels(order)}${bills(books, order)}${lines(books, order)}${sums(books, order)}${addresses(order)}${notes(books, order)}`,
  )
}

interface Parcel {
  readonly tracking_number?: string
  readonly tracking_provider?: string
  readonly custom_tracking_provider?: string
  readonly custom_tracking_link?: string
  readonly date_shipped?: string
}

function parcels(order: OrderDoc): string {
  const value = order.meta_data.find(meta => meta.key === TRACKING)?.value
  const items = (Array.isArray(value) ? value : []) as Parcel[]
  if (items.length === 0) return ''
  const rows = items.map(item => {
    const number = escape(item.tracking_number || 'without a number')
    const shown = link(item.custom_tracking_link, number)
    const shipped = stampText(new Date(Number(item.date_shipped ?? 0) * 1000).toISOString().slice(0, 19))
    return `<li>${escape(item.custom_tracking_provider || item.tracking_provider)} ${shown} <span class="muted">${shipped}</span></li>`
  })
  return `<section class="card"><h2>Parcels</h2><ul>${rows.join('')}</ul></section>`
}

function bills(books: Books, order: OrderDoc): string {
  const rows = order.meta_data.flatMap(({ key, value }) => {
    const isInvoice = key.startsWith('_linchpin_invoice_')
    if (!isInvoice && !key.startsWith('_linchpin_credit_note_')) return []
    const bill = value as { number: string; url: string; total: string; issued_on: string }
    const name = `${isInvoice ? 'Invoice' : 'Credit note'} ${escape(bill.number)}`
    return [
      `<li>${link(bill.url, name)} <span class="muted">${escape(bill.issued_on)} ${bill.total === '' ? '' : money(books, bill.total)}</span></li>`,
    ]
  })
  return rows.length === 0 ? '' : `<section class="card"><h2>Invoices</h2><ul>${rows.join('')}</ul></section>`
}

function notes(books: Books, order: OrderDoc): string {
  const rows = books.notes
    .filter(note => note.order === order.id && note.customer_note)
    .map(
      note => `<li>${escape(note.note)} <span class="muted">${stampText(note.date_created_gmt)}</span></li>`,
    )
  return rows.length === 0 ? '' : `<h2>Messages to you</h2><ul class="notes">${rows.join('')}</ul>`
}

function addresses(order: OrderDoc): string {
  const one = (title: string, fields: Readonly<Record<string, string>>) => {
    const parts = [
      fields['company'],
      `${fields['first_name'] ?? ''} ${fields['last_name'] ?? ''}`,
      fields['address_1'],
      fields['address_2'],
      `${fields['postcode'] ?? ''} ${fields['city'] ?? ''}`,
      fields['country'],
    ]
    const shown = parts.filter(part => part !== undefined && part.trim() !== '').map(escape)
    return `<section class="card"><h2>${title}</h2><p>${shown.join('<br>')}</p></section>`
  }
  return `<div class="grid">${one('Billing address', order.billing)}${one('Delivery address', order.shipping)}</div>`
}

function lines(books: Books, order: OrderDoc, action?: (at: number) => string): string {
  const rows = order.line_items.map((line, at) => {
    const before = shown(order, line.subtotal, line.subtotal_tax)
    const now = shown(order, line.total, line.total_tax)
    const price =
      before === now ? money(books, now) : `<s class="muted">${money(books, before)}</s> ${money(books, now)}`
    const sku = line.sku === '' ? '' : `<br><span class="muted">${escape(line.sku)}</span>`
    return `<tr><td>${escape(line.name)}${sku}${action ? `<br>${action(at)}` : ''}</td><td class="n">${line.quantity}</td><td class="n">${price}</td></tr>`
  })
  return `<div class="scroll"><table><thead><tr><th>Article</th><th class="n">Quantity</th><th class="n">Price ${withTax(order.prices_include_tax)} tax</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function sums(books: Books, order: OrderDoc): string {
  const before = sum(order.line_items.map(line => shown(order, line.subtotal, line.subtotal_tax)))
  const rows: [string, string][] = [
    // The lines tell what is paid for each; whoever adds up with the coupon begins before it.
    ...(order.coupon_lines.length === 0
      ? []
      : [['Articles before the coupon', money(books, before)] as [string, string]]),
    ...order.coupon_lines.map((coupon): [string, string] => [
      `Coupon ${escape(coupon.code.toUpperCase())}`,
      `−${money(books, shown(order, coupon.discount, coupon.discount_tax))}`,
    ]),
    ...order.fee_lines.map((fee): [string, string] => [
      escape(fee.name),
      money(books, shown(order, fee.total, fee.total_tax)),
    ]),
    ...order.shipping_lines.map((line): [string, string] => [
      escape(line.method_title),
      money(books, shown(order, line.total, line.total_tax)),
    ]),
    ...order.tax_lines.map((tax): [string, string] => [
      `${order.prices_include_tax ? 'including ' : ''}${escape(tax.label)}`,
      money(books, sum([tax.tax_total, tax.shipping_tax_total])),
    ]),
    ['<strong>Total</strong>', `<strong>${money(books, order.total)}</strong>`],
  ]
  const body = rows.map(([name, amount]) => `<tr><td>${name}</td><td class="n">${amount}</td></tr>`).join('')
  return `<table class="sums"><tbody>${body}</tbody></table>`
}

const withTax = (isIncluded: boolean) => (isIncluded ? 'with' : 'without')

function shown(order: OrderDoc, net: string, tax: string): string {
  return order.prices_include_tax ? sum([net, tax]) : net
}

function priceText(books: Books, product: ProductDoc): string {
  const now = books.now()
  const price = money(books, priceNow(product, now))
  return isOnSale(product, now)
    ? `<s class="muted">${money(books, product.regular_price)}</s> <strong>${price}</strong> <span class="tag">Sale</span>`
    : `<strong>${price}</strong>`
}

function stockText(product: ProductDoc): string {
  return product.manage_stock ? `${product.stock_quantity ?? 0} in stock` : 'in stock'
}

function money(books: Books, amount: string): string {
  const currency = books.options.get('woocommerce_currency')?.value ?? 'EUR'
  const figure = /^-?\d+(\.\d+)?$/.test(amount) ? round(amount, 2) : '0.00'
  return `${figure} ${escape(currency)}`
}

/** A text of the customer's own shop, so only what leads to a web page becomes a link. */
function link(url: string | undefined, html: string): string {
  return url && /^https?:\/\//.test(url) ? `<a href="${escape(url)}">${html}</a>` : html
}

function nameOf(customer: CustomerDoc): string {
  const person = `${customer.first_name} ${customer.last_name}`.trim()
  const company = customer.billing['company']
  return company ? `${company} (${person})` : person || customer.email
}

function stampText(gmt: string): string {
  return `${escape(gmt.slice(0, 16).replace('T', ' '))} UTC`
}

function plain(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').trim()
}

const STATUS: Readonly<Record<string, string>> = {
  pending: 'Waiting for payment',
  'on-hold': 'On hold',
  processing: 'In progress',
  completed: 'Completed',
  cancelled: 'Cancelled',
  refunded: 'Refunded',
  failed: 'Payment failed',
}

export function trouble(visit: Visit, message: string, status: number): Response {
  const body = framed(
    'Sorry',
    visit,
    `<p>${escape(message)}</p><p><a class="button" href="/">To the shop</a></p>`,
  )
  return new Response(body.body, { status, headers: body.headers })
}

function framed(title: string, visit: Visit, body: string): Response {
  const count = Object.values(visit.cart).reduce((left, quantity) => left + quantity, 0)
  const links = `<p><a href="/">Shop</a> · <a href="/cart">Cart (${count})</a> · <a href="/account">${visit.customer === null ? 'Sign in' : 'Account'}</a></p>`
  return page('Demo shop', NOTICE, `${LOCAL_STYLE}${links}<h1>${escape(title)}</h1>${body}`)
}

const LOCAL_STYLE =
  '<style>h1{font-size:1.5rem;margin:.4rem 0 1rem}h2{font-size:1.1rem;margin:.2rem 0 .4rem}.card{margin:0 0 1rem}.grid .card{margin:0}.grid{margin-bottom:1rem}td.n{white-space:nowrap}td s{display:block}.sums{max-width:26rem;margin-left:auto}.sums td{border:0;padding:.15rem .6rem}label input,label select{width:100%!important;max-width:26rem}main ul{padding-left:1.2rem}.notes li,.card li{overflow-wrap:anywhere}</style>'
