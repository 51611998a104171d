import { z } from 'zod'
import { fresh, merged, type Books, type Fulfillment, type Order } from './books.ts'
import { list } from './lists.ts'
import { orderView } from './order-view.ts'
import { missing, Refusal, wrong } from './refusal.ts'
import type { Routes } from './routes.ts'
import { moveStock } from './stock.ts'

const text = z.string()
const metadata = z.record(text, z.unknown()).nullish()
const items = z.array(z.object({ id: text, quantity: z.number() }))
const fulfilmentInput = z.object({ items: items.min(1), location_id: text.nullish(), metadata })
const url = text.refine(value => value === '#' || value === '' || /^https?:\/\//.test(value))
const shipmentInput = z.object({
  items,
  labels: z.array(z.object({ tracking_number: text, tracking_url: url, label_url: url })).default([]),
})

export function orderRoutes(books: Books): Routes {
  const { orders, returns, payments } = books
  const orderOf = (id = '') => orders.get(id) ?? missing('Order', id)
  const view = (order: Order) => ({ order: orderView(books, order) })
  const moved = (order: Order) => view(orders.put(order.id, { ...order, updated_at: books.stamp() }))
  return {
    // A filter that Medusa does not know is left aside here without a word: all orders come.
    'GET /orders': ({ query }) =>
      list(
        'orders',
        orders.all().map(row => orderView(books, row)),
        query,
        { fields: ['id', 'updated_at', 'sales_channel_id'], lenient: true },
      ),
    'POST /orders/:': ({ body, ids }) => {
      const there = orderOf(ids[0])
      return moved({
        ...there,
        metadata: merged(there.metadata, z.object({ metadata }).parse(body).metadata),
      })
    },
    'POST /orders/:/cancel': ({ ids }) => moved(cancelled(books, orderOf(ids[0]))),
    'POST /orders/:/complete': ({ ids }) => moved({ ...orderOf(ids[0]), status: 'completed' }),
    'POST /orders/:/fulfillments': ({ body, ids }) =>
      moved(fulfilled(books, orderOf(ids[0]), fulfilmentInput.parse(body))),
    'POST /orders/:/fulfillments/:/shipments': ({ body, ids }) => {
      const { labels } = shipmentInput.parse(body)
      const given = labels.map(each => ({ ...each, id: books.next('fulla') }))
      return moved(shipped(books, orderOf(ids[0]), ids[1] ?? '', given))
    },
    'POST /orders/:/fulfillments/:/mark-as-delivered': ({ ids }) =>
      moved(delivered(books, orderOf(ids[0]), ids[1] ?? '')),
    'POST /orders/:/fulfillments/:/cancel': ({ ids }) =>
      moved(withdrawn(books, orderOf(ids[0]), ids[1] ?? '')),
    'GET /returns': ({ query }) =>
      list(
        'returns',
        returns.all().map(row => ({
          ...row,
          items: row.items.map(each => {
            const line = orders.get(row.order_id)?.items.find(({ id }) => id === each.item_id)
            return {
              ...each,
              damaged_quantity: 0,
              item: { variant_id: line?.variant, variant_sku: line?.sku },
            }
          }),
        })),
        query,
        { fields: ['id', 'order_id', 'status', 'updated_at'] },
      ),
    'GET /payments': ({ query }) =>
      list(
        'payments',
        payments.all().map(({ collectionUpdatedAt, order, ...row }) => ({
          ...row,
          currency_code: 'eur',
          payment_collection: {
            id: `pay_col-${row.id}`,
            updated_at: collectionUpdatedAt,
            order: { id: order },
          },
        })),
        query,
        { fields: ['id', 'updated_at'] },
      ),
  }
}

/** Goods leave the stock, and what was reserved of them, with the fulfilment. */
function fulfilled(books: Books, order: Order, input: z.infer<typeof fulfilmentInput>): Order {
  if (order.status === 'canceled') wrong(`Order with id ${order.id} has been canceled.`)
  for (const { id, quantity } of input.items) {
    const line =
      order.items.find(each => each.id === id) ?? wrong(`Items with ids ${id} does not exist in order`)
    if (quantity > line.quantity - line.fulfilled)
      wrong(`Quantity to fulfill exceeds the reserved quantity for the item: ${id}`)
  }
  const quantityOf = (id: string) => input.items.find(each => each.id === id)?.quantity ?? 0
  for (const { id, variant } of order.items)
    moveStock(books, variant, { stocked: -quantityOf(id), reserved: -quantityOf(id) })
  const made: Fulfillment = {
    ...fresh(books),
    id: books.next('ful'),
    packed_at: books.stamp(),
    shipped_at: null,
    delivered_at: null,
    canceled_at: null,
    items: input.items.map(each => ({ line_item_id: each.id, quantity: each.quantity })),
    labels: [],
    metadata: merged(null, input.metadata),
  }
  const lines = order.items.map(each => ({ ...each, fulfilled: each.fulfilled + quantityOf(each.id) }))
  return { ...order, items: lines, fulfillments: [...order.fulfillments, made] }
}

/** Labels can be given in this moment and in no other. */
function shipped(books: Books, order: Order, id: string, labels: Fulfillment['labels']): Order {
  const there = fulfilmentOf(order, id)
  if (there.shipped_at !== null) throw new Refusal(400, 'not_allowed', 'Shipment has already been created')
  if (there.canceled_at !== null)
    throw new Refusal(400, 'not_allowed', 'Cannot create a shipment for a canceled fulfillment')
  const now = { ...there, shipped_at: books.stamp(), updated_at: books.stamp(), labels }
  return counted({ ...order, fulfillments: order.fulfillments.map(each => (each.id === id ? now : each)) })
}

function delivered(books: Books, order: Order, id: string): Order {
  const now = { ...fulfilmentOf(order, id), delivered_at: books.stamp(), updated_at: books.stamp() }
  return counted({ ...order, fulfillments: order.fulfillments.map(each => (each.id === id ? now : each)) })
}

function withdrawn(books: Books, order: Order, id: string): Order {
  const there = fulfilmentOf(order, id)
  if (there.shipped_at !== null) throw new Refusal(400, 'not_allowed', 'Fulfillment has already been shipped')
  for (const { line_item_id, quantity } of there.items) {
    const line = order.items.find(each => each.id === line_item_id)
    if (line) moveStock(books, line.variant, { stocked: quantity, reserved: quantity })
  }
  const now = { ...there, canceled_at: books.stamp(), updated_at: books.stamp() }
  return counted({ ...order, fulfillments: order.fulfillments.map(each => (each.id === id ? now : each)) })
}

function counted(order: Order): Order {
  const sumOf = (line: string, which: (each: Fulfillment) => boolean) =>
    order.fulfillments
      .filter(which)
      .flatMap(each => each.items)
      .reduce((sum, each) => (each.line_item_id === line ? sum + each.quantity : sum), 0)
  const lines = order.items.map(each => ({
    ...each,
    fulfilled: sumOf(each.id, ({ canceled_at }) => canceled_at === null),
    shipped: sumOf(each.id, ({ shipped_at }) => shipped_at !== null),
    delivered: sumOf(each.id, ({ delivered_at }) => delivered_at !== null),
  }))
  return { ...order, items: lines }
}

/** What was reserved is released, and captured money goes back. */
function cancelled(books: Books, order: Order): Order {
  if (order.status === 'completed')
    throw new Refusal(400, 'not_allowed', 'Cannot cancel a completed order. Please use the return process.')
  if (order.fulfillments.some(({ canceled_at }) => canceled_at === null))
    throw new Refusal(400, 'not_allowed', 'All fulfillments must be canceled before canceling an order')
  for (const { variant, quantity } of order.items) moveStock(books, variant, { reserved: -quantity })
  refundPayment(books, order, null)
  return { ...order, status: 'canceled', canceled_at: books.stamp() }
}

/** Money goes back, all of it when `amount` is null. The order's own stamp stays. */
export function refundPayment(books: Books, order: Order, amount: number | null): void {
  const payment = books.payments.get(order.payment)
  if (!payment || payment.captured_at === null) return
  const made = {
    id: books.next('ref'),
    amount: amount ?? payment.amount,
    note: null,
    created_at: books.stamp(),
  }
  const now = { ...payment, refunds: [...payment.refunds, made], collectionUpdatedAt: books.stamp() }
  books.payments.put(payment.id, now)
}

function fulfilmentOf(order: Order, id: string): Fulfillment {
  return order.fulfillments.find(each => each.id === id) ?? missing('Fulfillment', id)
}
