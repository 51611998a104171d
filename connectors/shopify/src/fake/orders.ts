import type { Books, Order } from './books.ts'
import { answered, refuse } from './failure.ts'
import { byStamp, connection, countOf, idIn, search } from './lists.ts'
import { orderView } from './order-views.ts'
import { financialStatus, fulfilmentStatus, sumsOf } from './order-sums.ts'

type Args = Readonly<Record<string, unknown>> & { readonly first?: number; readonly query?: string | null }

export function orderFields(books: Books) {
  const { orders } = books
  return {
    orders: (args: Args) =>
      connection(
        byStamp(search(orders.all(), args.query, { updated_at: row => row.updatedAt })).map(row =>
          orderView(books, row),
        ),
        args,
      ),
    ordersCount: ({ limit }: { readonly limit: number }) => countOf(orders.count(), limit),
    order: ({ id }: { readonly id: string }) => {
      const found = orders.get(idIn('Order', id))
      return found ? orderView(books, found) : null
    },
    orderCancel: (args: {
      readonly orderId: string
      readonly restock: boolean
      readonly refundMethod?: { originalPaymentMethodsRefund?: boolean }
    }) =>
      answered(() => {
        const order =
          orders.get(idIn('Order', args.orderId)) ?? refuse(['orderId'], 'Order does not exist', 'NOT_FOUND')
        if (order.cancelledAt) refuse(['orderId'], 'Order has already been cancelled', 'INVALID')
        if (order.fulfilments.some(({ status }) => status === 'SUCCESS'))
          refuse(['orderId'], 'Cannot cancel an order with fulfilled line items', 'INVALID')
        cancel(books, order, args.restock, args.refundMethod?.originalPaymentMethodsRefund === true)
        return { job: { id: 'gid://shopify/Job/1', done: false } }
      }, 'orderCancelUserErrors'),
  }
}

/** At Shopify this is done a moment later; here at once. */
function cancel(books: Books, order: Order, restock: boolean, isRefunded: boolean): void {
  const now = books.stamp()
  if (restock)
    for (const { location, lines } of order.fulfilmentOrders)
      for (const { line, remaining } of lines) {
        const variant = books.variants.get(order.lines.find(({ id }) => id === line)?.variant ?? '')
        const level = variant?.levels[location]
        if (!variant || !level) continue
        const freed = { available: level.available + remaining, committed: level.committed - remaining }
        books.variants.put(variant.id, { ...variant, levels: { ...variant.levels, [location]: freed } })
      }
  const paid = order.transactions
    .filter(({ kind }) => kind === 'SALE')
    .reduce((all, { amount }) => all + amount, 0)
  const id = books.next('refund')
  const refund = {
    id: books.next('transaction'),
    kind: 'REFUND',
    status: 'SUCCESS',
    amount: paid,
    processedAt: now,
    refund: id,
  }
  books.orders.put(order.id, {
    ...order,
    updatedAt: now,
    cancelledAt: now,
    lines: order.lines.map(line => ({ ...line, currentQuantity: 0 })),
    refunds: [
      ...order.refunds,
      {
        id,
        createdAt: now,
        note: null,
        amount: isRefunded ? paid : 0,
        lines: order.lines.map(({ id, quantity }) => ({ line: id, quantity, restockType: 'CANCEL' })),
      },
    ],
    fulfilmentOrders: order.fulfilmentOrders.map(each => ({
      ...each,
      status: 'CLOSED',
      lines: each.lines.map(line => ({ ...line, remaining: 0 })),
    })),
    transactions: isRefunded ? [...order.transactions, refund] : order.transactions,
  })
}

/** Shopify archives what is paid and shipped. */
export function archived(books: Books, order: Order): Order {
  const isDone =
    fulfilmentStatus(order) === 'FULFILLED' &&
    financialStatus(order, sumsOf(order, books.shop).total) === 'PAID'
  return { ...order, closedAt: isDone ? (order.closedAt ?? books.stamp()) : null }
}
