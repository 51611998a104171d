import type { Books, Order } from './books.ts'
import { missing } from './failure.ts'

export function orderOf({ orders }: Books, id: string): Order {
  return orders.get(id) ?? missing('Order', id)
}

/** An event does not move `updatedAt`: the trap that the connector's three turns are about. */
export function withEvent(
  books: Books,
  order: Order,
  type: string,
  data: Readonly<Record<string, unknown>>,
  isPublic = true,
): Order {
  const entry = { id: books.next('history'), createdAt: books.stamp(), type, isPublic, data }
  return { ...order, history: [...order.history, entry] }
}

export function withState(books: Books, order: Order, state: string): Order {
  if (order.state === state) return order
  const data = { from: order.state, to: state }
  return withEvent(books, { ...order, state }, 'ORDER_STATE_TRANSITION', data)
}
