import { z } from 'zod'
import { coupon, type Books, type Order } from './books.ts'
import { orderOf, withEvent, withState } from './events.ts'
import { errorResult, missing } from './failure.ts'
import { fulfil, moveFulfillment } from './fulfilment.ts'
import { list } from './lists.ts'
import { customerView } from './people.ts'
import { lineView, shippingView } from './prices.ts'

const text = z.string()

type Operation = (variables: Readonly<Record<string, unknown>>) => object

export function orderOperations(books: Books): Readonly<Record<string, Operation>> {
  const listOrders: Operation = ({ options }) => ({
    orders: list(
      books.orders.all().map(order => orderView(books, order)),
      options,
    ),
  })
  return {
    Orders: listOrders,
    NewestOrder: listOrders,
    OrderPulses: listOrders,
    SetOrderFields: ({ input }) => {
      const { id, customFields } = z
        .object({ id: text, customFields: z.record(text, z.unknown()) })
        .parse(input)
      const there = orderOf(books, id)
      const fields = { ...there.customFields, ...customFields }
      books.orders.put(id, { ...there, customFields: fields, updatedAt: books.stamp() })
      return { setOrderCustomFields: { id } }
    },
    AddNote: ({ input }) => {
      const { id, note, isPublic } = z.object({ id: text, note: text, isPublic: z.boolean() }).parse(input)
      books.orders.put(id, withEvent(books, orderOf(books, id), 'ORDER_NOTE', { note }, isPublic))
      return { addNoteToOrder: { id } }
    },
    UpdateNote: ({ input }) => {
      const { noteId, note } = z.object({ noteId: text, note: text }).parse(input)
      const there = books.orders.find(order => order.history.some(({ id }) => id === noteId))
      if (!there) return missing('HistoryEntry', noteId)
      const history = there.history.map(each => (each.id === noteId ? { ...each, data: { note } } : each))
      books.orders.put(there.id, { ...there, history })
      return { updateOrderNote: { id: noteId } }
    },
    CancelOrder: ({ input }) => {
      const { orderId } = z.object({ orderId: text }).parse(input)
      return { cancelOrder: cancel(books, orderOf(books, orderId)) }
    },
    AddFulfillment: ({ input }) => ({ addFulfillmentToOrder: fulfil(books, input) }),
    MoveFulfillment: ({ id, state }) => ({
      transitionFulfillmentToState: moveFulfillment(books, String(id), String(state)),
    }),
  }
}

/** The whole order with its shipping. What was allocated is released; what was shipped comes back on hand. */
function cancel(books: Books, order: Order): object {
  if (order.state === 'Cancelled')
    return errorResult(
      'ORDER_STATE_TRANSITION_ERROR',
      'Cannot transition Order from "Cancelled" to "Cancelled"',
    )
  for (const { id, variant, quantity } of order.lines) {
    const there = books.variants.get(variant)
    if (!there) continue
    const shipped = order.fulfillments
      .filter(({ state }) => state !== 'Cancelled')
      .flatMap(({ lines }) => lines)
      .reduce((sum, line) => (line.orderLineId === id ? sum + line.quantity : sum), 0)
    books.variants.put(variant, {
      ...there,
      stockOnHand: there.stockOnHand + shipped,
      stockAllocated: there.stockAllocated - (quantity - shipped),
    })
  }
  const emptied: Order = {
    ...order,
    lines: order.lines.map(line => ({ ...line, quantity: 0 })),
    shipping: { ...order.shipping, cancelled: true },
    updatedAt: books.stamp(),
  }
  const told = withEvent(books, emptied, 'ORDER_CANCELLATION', { shippingCancelled: true })
  return { id: books.orders.put(order.id, withState(books, told, 'Cancelled')).id }
}

export function orderView(books: Books, order: Order) {
  const lines = order.lines.map(line => lineView(books, line))
  const shipping = shippingView(books, order.shipping)
  const notes = order.history.filter(({ type }) => type === 'ORDER_NOTE')
  const customer = books.customers.get(order.customer)
  const net = lines.reduce((sum, line) => sum + line.proratedLinePrice, 0) + shipping.discountedPrice
  const gross = lines.reduce((sum, line) => sum + line.proratedLinePriceWithTax, 0)
  return {
    ...order,
    type: 'Regular',
    currencyCode: books.channel.currency,
    customer: customer ? customerView(books, customer) : null,
    billingAddress: { countryCode: null },
    lines,
    surcharges: [],
    promotions: order.couponCodes.includes(coupon.couponCode) ? [coupon] : [],
    shippingLines: [shipping],
    taxSummary: [...new Set(order.lines.map(({ taxRate }) => taxRate))]
      .map(taxRate => ({ description: `${taxRate} %`, taxRate }))
      .concat({ description: 'shipping tax', taxRate: 19 }),
    total: net,
    totalWithTax: gross + shipping.discountedPriceWithTax,
    notes: { items: notes },
    events: { totalItems: order.history.length },
  }
}
