import { z } from 'zod'
import type { Books, Fulfillment, Order } from './books.ts'
import { errorResult, missing } from './failure.ts'
import { orderOf, withEvent, withState } from './events.ts'

const text = z.string()
const input = z.object({
  lines: z.array(z.object({ orderLineId: text, quantity: z.int() })),
  handler: z.object({ code: text, arguments: z.array(z.object({ name: text, value: text })) }),
})

/** Goods leave the stock when the fulfilment is added, not when it becomes Shipped. */
export function fulfil(books: Books, given: unknown): object {
  const { lines, handler } = input.parse(given)
  const order = books.orders.find(each => each.lines.some(({ id }) => id === lines[0]?.orderLineId))
  if (!order)
    return errorResult('EMPTY_ORDER_LINE_SELECTION_ERROR', 'At least one OrderLine must be specified')
  const open = (id: string) => (order.lines.find(line => line.id === id)?.quantity ?? 0) - shipped(order, id)
  if (lines.some(({ orderLineId, quantity }) => quantity > open(orderLineId)))
    return errorResult(
      'ITEMS_ALREADY_FULFILLED_ERROR',
      'One or more OrderItems are already part of a Fulfillment',
    )
  const variantOf = (id: string) =>
    books.variants.get(order.lines.find(line => line.id === id)?.variant ?? '') ??
    missing('ProductVariant', id)
  const short = lines
    .map(line => ({ ...line, variant: variantOf(line.orderLineId) }))
    .find(({ quantity, variant }) => quantity > variant.stockOnHand)
  if (short)
    return errorResult(
      'INSUFFICIENT_STOCK_ON_HAND_ERROR',
      `Cannot create a Fulfillment as "${short.variant.name}" has insufficient stockOnHand (${short.variant.stockOnHand})`,
    )
  for (const { orderLineId, quantity } of lines) {
    const there = variantOf(orderLineId)
    const stockOnHand = there.stockOnHand - quantity
    books.variants.put(there.id, { ...there, stockOnHand, stockAllocated: there.stockAllocated - quantity })
  }
  const argument = (name: string) => handler.arguments.find(each => each.name === name)?.value ?? ''
  const now = books.stamp()
  const made: Fulfillment = {
    id: books.next('fulfillment'),
    createdAt: now,
    updatedAt: now,
    state: 'Pending',
    method: argument('method'),
    trackingCode: argument('trackingCode'),
    lines,
  }
  const told = withEvent(books, order, 'ORDER_FULFILLMENT', { fulfillmentId: made.id })
  books.orders.put(order.id, { ...told, fulfillments: [...order.fulfillments, made] })
  return made
}

const following: Readonly<Record<string, readonly string[]>> = {
  Pending: ['Shipped', 'Delivered', 'Cancelled'],
  Shipped: ['Delivered', 'Cancelled'],
  Delivered: ['Cancelled'],
}

export function moveFulfillment(books: Books, id: string, state: string): object {
  const order = books.orders.find(each => each.fulfillments.some(one => one.id === id))
  const there = order?.fulfillments.find(each => each.id === id)
  if (!order || !there) return missing('Fulfillment', id)
  if (!following[there.state]?.includes(state))
    return errorResult(
      'FULFILLMENT_STATE_TRANSITION_ERROR',
      'errorResult.FULFILLMENT_STATE_TRANSITION_ERROR',
      {
        transitionError: `Cannot transition Fulfillment from "${there.state}" to "${state}"`,
      },
    )
  const moved = { ...there, state, updatedAt: books.stamp() }
  const fulfillments = order.fulfillments.map(each => (each.id === id ? moved : each))
  const data = { fulfillmentId: id, from: there.state, to: state }
  const told = withEvent(
    books,
    { ...orderOf(books, order.id), fulfillments },
    'ORDER_FULFILLMENT_TRANSITION',
    data,
  )
  books.orders.put(order.id, withState(books, told, stateBy(told)))
  return moved
}

function stateBy(order: Order): string {
  const gone = (states: readonly string[]) =>
    order.lines.map(({ id, quantity }) => ({ quantity, gone: shipped(order, id, states) }))
  for (const [states, all, some] of [
    [['Delivered'], 'Delivered', 'PartiallyDelivered'],
    [['Shipped', 'Delivered'], 'Shipped', 'PartiallyShipped'],
  ] as const) {
    const lines = gone(states)
    if (lines.every(line => line.gone >= line.quantity)) return all
    if (lines.some(line => line.gone > 0)) return some
  }
  return order.state
}

function shipped(
  order: Order,
  line: string,
  states = ['Pending', 'Shipped', 'Delivered'] as readonly string[],
): number {
  return order.fulfillments
    .filter(({ state }) => states.includes(state))
    .flatMap(({ lines }) => lines)
    .reduce((sum, each) => (each.orderLineId === line ? sum + each.quantity : sum), 0)
}
