import { isPositive, negate, round, subtract, sum } from '@linchpin/model'
import { WpError } from './answers.ts'
import {
  stampOf,
  type Books,
  type MetaEntry,
  type OrderDoc,
  type OrderLine,
  type RefundDoc,
  type ShippingLine,
} from './books.ts'
import { amountOf } from './money.ts'
import { listOf } from './order-lines.ts'
import { enter, orderOrThrow, refundsOf } from './orders.ts'
import { moveStock, text, type Fields } from './products.ts'

export function createRefund(books: Books, orderId: number, fields: Fields): RefundDoc {
  const order = orderOrThrow(books, orderId)
  const lines = (Array.isArray(fields['line_items']) ? fields['line_items'] : []) as Fields[]
  const refunded = lines.flatMap(line => refundedLine(books, order, line))
  const shipping = lines.flatMap(line => refundedShipping(books, order, line))
  const stated = fields['amount'] === undefined ? null : amountOf(fields['amount'])
  const parts = [...refunded, ...shipping].flatMap(part => [part.total, part.total_tax])
  const amount = stated ?? round(negate(sum(parts)), 2)
  const before = sum(refundsOf(books, orderId).map(refund => refund.amount))
  if (!isPositive(amount) || isPositive(subtract(sum([before, amount]), order.total)))
    throw new WpError('woocommerce_rest_cannot_create_order_refund', 'Invalid refund amount.', 500)
  const now = stampOf(books.now())
  const id = books.nextId()
  const refund: RefundDoc = {
    id,
    parent_id: orderId,
    date_created_gmt: now,
    date_modified_gmt: now,
    amount,
    reason: text(fields['reason']),
    line_items: refunded,
    shipping_lines: shipping,
    fee_lines: [],
  }
  books.refunds.put(id, refund)
  if (fields['api_restock'] !== false)
    for (const line of refunded) moveStock(books, line.variation_id || line.product_id, -line.quantity)
  books.orders.put(orderId, { ...orderOrThrow(books, orderId), date_modified_gmt: now })
  books.tell('order', 'updated', orderId)
  if (!isPositive(subtract(order.total, sum([before, amount])))) enter(books, orderId, 'refunded')
  return refund
}

function refundedLine(books: Books, order: OrderDoc, fields: Fields): OrderLine[] {
  const line = order.line_items.find(each => each.id === Number(fields['id']))
  if (!line) return []
  const net = amountOf(fields['refund_total'])
  const taxes = listOf(fields['refund_tax'])
  const tax = round(sum(taxes.map(each => amountOf(each['refund_total']))), 2)
  return [
    {
      ...line,
      id: books.nextId('items'),
      quantity: -Number(fields['quantity'] ?? 0),
      total: minus(net),
      total_tax: minus(tax),
      subtotal: minus(net),
      subtotal_tax: minus(tax),
      taxes: line.taxes.map(each => ({ id: each.id, total: minus(tax), subtotal: minus(tax) })),
      meta_data: refundedMeta(books, line.id),
    },
  ]
}

function refundedShipping(books: Books, order: OrderDoc, fields: Fields): ShippingLine[] {
  const line = order.shipping_lines.find(each => each.id === Number(fields['id']))
  if (!line) return []
  const tax = round(sum(listOf(fields['refund_tax']).map(each => amountOf(each['refund_total']))), 2)
  return [
    {
      ...line,
      id: books.nextId('items'),
      total: minus(amountOf(fields['refund_total'])),
      total_tax: minus(tax),
      meta_data: refundedMeta(books, line.id),
    },
  ]
}

function refundedMeta(books: Books, line: number): readonly MetaEntry[] {
  return [{ id: books.nextId('meta'), key: '_refunded_item_id', value: String(line) }]
}

function minus(amount: string): string {
  return round(negate(amount), 2)
}
