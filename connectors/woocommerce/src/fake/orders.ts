import { subtract } from '@linchpin/model'
import { WpError, invalidParam } from './answers.ts'
import { stampOf, type Books, type OrderDoc, type OrderLine, type RefundDoc } from './books.ts'
import { postalOf } from './customers.ts'
import { written } from './order-lines.ts'
import { moveStock, text, type Fields } from './products.ts'

const STATUSES = [
  'pending',
  'processing',
  'on-hold',
  'completed',
  'cancelled',
  'refunded',
  'failed',
  'checkout-draft',
]
/** Entering one of these takes from stock, once. */
const TAKES_STOCK = ['processing', 'completed', 'on-hold']

export function ordersIn(books: Books, url: URL): OrderDoc[] {
  const wanted = (url.searchParams.get('status') ?? 'any').split(',')
  for (const each of wanted)
    if (!['any', 'trash', ...STATUSES].includes(each))
      throw invalidParam('status', `status[0] is not one of any, trash, ${STATUSES.join(', ')}.`)
  return books.orders.filter(each =>
    wanted.includes('any') ? each.status !== 'trash' : wanted.includes(each.status),
  )
}

export function orderOrThrow(books: Books, id: number, status = 404): OrderDoc {
  const order = books.orders.get(id)
  if (!order) throw new WpError('woocommerce_rest_shop_order_invalid_id', 'Invalid ID.', status)
  return order
}

/** Two posts of one order are two orders: nothing in it is unique. */
export function createOrder(books: Books, fields: Fields): OrderDoc {
  const now = stampOf(books.now())
  const id = books.nextId()
  const wanted = text(fields['status'], fields['set_paid'] === true ? 'processing' : 'pending')
  const draft = draftOrder(books, id, fields)
  books.orders.put(id, { ...draft, ...(fields['set_paid'] === true && { date_paid_gmt: now }) })
  books.tell('order', 'created', id)
  return enter(books, id, wanted)
}

/** The order with all its figures, before it is kept. */
export function draftOrder(books: Books, id: number, fields: Fields): OrderDoc {
  const now = stampOf(books.now())
  const blank: OrderDoc = {
    id,
    number: String(id),
    status: 'pending',
    currency: books.options.get('woocommerce_currency')?.value ?? 'EUR',
    prices_include_tax: books.options.get('woocommerce_prices_include_tax')?.value === 'yes',
    customer_id: Number(fields['customer_id'] ?? 0),
    customer_note: '',
    created_via: text(fields['created_via'], 'rest-api'),
    payment_method: text(fields['payment_method']),
    payment_method_title: text(fields['payment_method_title']),
    transaction_id: text(fields['transaction_id']),
    billing: postalOf({}, {}, true),
    shipping: postalOf({}, {}, false),
    line_items: [],
    fee_lines: [],
    shipping_lines: [],
    coupon_lines: [],
    tax_lines: [],
    discount_total: '0.00',
    discount_tax: '0.00',
    shipping_total: '0.00',
    shipping_tax: '0.00',
    total: '0.00',
    total_tax: '0.00',
    meta_data: [],
    stockReduced: false,
    date_created_gmt: now,
    date_modified_gmt: now,
    date_paid_gmt: null,
    date_completed_gmt: null,
  }
  return written(books, blank, fields)
}

export function updateOrder(books: Books, id: number, fields: Fields): OrderDoc {
  const before = orderOrThrow(books, id, 400)
  const after = written(books, before, fields)
  const now = stampOf(books.now())
  const isPaid = fields['set_paid'] === true && before.date_paid_gmt === null
  books.orders.put(id, { ...after, date_modified_gmt: now, ...(isPaid && { date_paid_gmt: now }) })
  books.tell('order', 'updated', id)
  const wanted = text(fields['status'], isPaid && before.status === 'pending' ? 'processing' : before.status)
  return wanted === before.status ? orderOrThrow(books, id) : enter(books, id, wanted)
}

/** Changes the status with what hangs on it: stock, stamps, a note. */
export function enter(books: Books, id: number, status: string): OrderDoc {
  if (status !== 'trash' && !STATUSES.includes(status))
    throw invalidParam('status', `status is not one of ${STATUSES.join(', ')}.`)
  const order = orderOrThrow(books, id)
  const now = stampOf(books.now())
  const takes = TAKES_STOCK.includes(status) && !order.stockReduced
  const gives = status === 'cancelled' && order.stockReduced
  if (takes || gives)
    for (const line of order.line_items)
      moveStock(books, line.variation_id || line.product_id, takes ? -line.quantity : line.quantity)
  books.orders.put(id, {
    ...order,
    status,
    stockReduced: takes || (order.stockReduced && !gives),
    date_modified_gmt: now,
    date_paid_gmt: order.date_paid_gmt ?? (status === 'completed' ? now : null),
    date_completed_gmt: status === 'completed' ? now : order.date_completed_gmt,
  })
  if (order.status !== status)
    addNote(books, id, `Order status changed from ${order.status} to ${status}.`, false)
  books.tell('order', 'updated', id)
  return orderOrThrow(books, id)
}

/** Notes leave the order's stamp as it is. */
export function addNote(books: Books, order: number, note: string, isForCustomer: boolean) {
  const id = books.nextId('comments')
  return books.notes.put(id, {
    id,
    order,
    note,
    customer_note: isForCustomer,
    date_created_gmt: stampOf(books.now()),
  })
}

export function removeOrder(books: Books, id: number, force: boolean): void {
  orderOrThrow(books, id)
  if (force) books.orders.remove(id)
  else enter(books, id, 'trash')
  books.tell('order', 'deleted', id)
}

export function refundsOf(books: Books, order: number): RefundDoc[] {
  return books.refunds.filter(refund => refund.parent_id === order)
}

export function presentOrder(books: Books, order: OrderDoc): object {
  const { stockReduced: _, ...shown } = order
  return {
    ...shown,
    parent_id: 0,
    version: '11.0.1',
    order_key: `wc_order_${order.id}`,
    cart_tax: subtract(order.total_tax, order.shipping_tax),
    date_created: order.date_created_gmt,
    date_modified: order.date_modified_gmt,
    date_paid: order.date_paid_gmt,
    date_completed: order.date_completed_gmt,
    line_items: order.line_items.map(line => ({ ...line, price: priceOf(line) })),
    refunds: refundsOf(books, order.id).map(({ id, reason, amount }) => ({
      id,
      reason,
      total: `-${amount}`,
    })),
    currency_symbol: '€',
    _links: { self: [{ href: `/wp-json/wc/v3/orders/${order.id}` }] },
  }
}

export function presentRefund(refund: RefundDoc): object {
  const { date_modified_gmt: _, ...shown } = refund
  return {
    ...shown,
    date_created: refund.date_created_gmt,
    refunded_by: 1,
    refunded_payment: false,
    meta_data: [],
    tax_lines: [],
    _links: { up: [{ href: `/wp-json/wc/v3/orders/${refund.parent_id}` }] },
  }
}

/** A float, as there: the one figure of an order that is none to count on. */
function priceOf({ total, quantity }: OrderLine): number {
  return quantity === 0 ? 0 : Number(total) / quantity
}
