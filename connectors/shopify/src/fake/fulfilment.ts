import type { Books, Fulfilment, Order } from './books.ts'
import { answered, refuse } from './failure.ts'
import { gidOf, idIn } from './lists.ts'
import { archived } from './orders.ts'

interface FulfilmentInput {
  readonly lineItemsByFulfillmentOrder: readonly {
    readonly fulfillmentOrderId: string
    readonly fulfillmentOrderLineItems?: readonly { readonly id: string; readonly quantity: number }[]
  }[]
  readonly trackingInfo?: Tracking
}
interface Tracking {
  readonly company?: string
  readonly number?: string
  readonly numbers?: readonly string[]
  readonly urls?: readonly string[]
}

export function fulfilmentFields(books: Books) {
  const having = (id: string) => {
    const order = books.orders.find(({ fulfilments }) =>
      fulfilments.some(each => each.id === idIn('Fulfillment', id)),
    )
    return order ?? refuse(['id'], 'Fulfillment does not exist.')
  }
  return {
    fulfillmentCreate: ({ fulfillment }: { readonly fulfillment: FulfilmentInput }) =>
      answered(() => ({ fulfillment: { id: gidOf('Fulfillment', fulfil(books, fulfillment).id) } })),
    fulfillmentTrackingInfoUpdate: (args: { fulfillmentId: string; trackingInfoInput: Tracking }) =>
      answered(() => {
        change(
          books,
          having(args.fulfillmentId),
          idIn('Fulfillment', args.fulfillmentId),
          trackingOf(args.trackingInfoInput),
        )
        return {}
      }),
    fulfillmentEventCreate: ({
      fulfillmentEvent: { fulfillmentId, status },
    }: {
      fulfillmentEvent: { fulfillmentId: string; status: string }
    }) =>
      answered(() => {
        change(books, having(fulfillmentId), idIn('Fulfillment', fulfillmentId), { displayStatus: status })
        return {}
      }),
    fulfillmentCancel: ({ id }: { readonly id: string }) =>
      answered(() => {
        callBack(books, having(id), idIn('Fulfillment', id))
        return {}
      }),
  }
}

/** One fulfilment is of one order and one location; nothing leaves twice. */
export function fulfil(books: Books, input: FulfilmentInput): Fulfilment {
  const ids = input.lineItemsByFulfillmentOrder.map(each => idIn('FulfillmentOrder', each.fulfillmentOrderId))
  const order = books.orders.find(({ fulfilmentOrders }) => fulfilmentOrders.some(({ id }) => id === ids[0]))
  if (!order) return refuse(['fulfillment'], 'Fulfillment order does not exist.')
  const named = order.fulfilmentOrders.filter(({ id }) => ids.includes(id))
  if (named.length !== ids.length || new Set(named.map(({ location }) => location)).size > 1)
    refuse(['fulfillment'], 'All fulfillment orders must belong to the same order and location.')
  if (named.some(({ status }) => status !== 'OPEN' && status !== 'IN_PROGRESS'))
    refuse(['fulfillment'], 'Fulfillment order is not in a fulfillable state.')
  const lines = input.lineItemsByFulfillmentOrder.flatMap(each =>
    (each.fulfillmentOrderLineItems ?? []).map(({ id, quantity }) => {
      const open = named
        .flatMap(one => one.lines)
        .find(line => line.id === idIn('FulfillmentOrderLineItem', id))
      if (!open || quantity < 1 || quantity > open.remaining)
        return refuse(['fulfillment'], 'Invalid fulfillment order line item quantity requested.')
      return { id: books.next('fulfilmentLine'), line: open.line, fulfilmentOrderLine: open.id, quantity }
    }),
  )
  const now = books.stamp()
  const made: Fulfilment = {
    id: books.next('fulfilment'),
    name: `${order.name}-F${order.fulfilments.length + 1}`,
    createdAt: now,
    updatedAt: now,
    status: 'SUCCESS',
    displayStatus: 'FULFILLED',
    location: named[0]?.location ?? '',
    lines,
    ...trackingOf(input.trackingInfo ?? {}),
  }
  const fulfilmentOrders = order.fulfilmentOrders.map(each => withTaken(each, lines))
  for (const { line, quantity } of lines) leave(books, order, line, made.location, quantity)
  books.orders.put(
    order.id,
    archived(books, {
      ...order,
      updatedAt: now,
      fulfilmentOrders,
      fulfilments: [...order.fulfilments, made],
    }),
  )
  return made
}

function withTaken(
  each: Order['fulfilmentOrders'][number],
  taken: Fulfilment['lines'],
): Order['fulfilmentOrders'][number] {
  const lines = each.lines.map(line => {
    const gone = taken
      .filter(one => one.fulfilmentOrderLine === line.id)
      .reduce((all, one) => all + one.quantity, 0)
    return { ...line, remaining: line.remaining - gone }
  })
  const isDone = lines.every(({ remaining }) => remaining === 0)
  return { ...each, lines, status: isDone ? 'CLOSED' : each.status }
}

function leave(books: Books, order: Order, line: string, location: string, quantity: number): void {
  const variant = books.variants.get(order.lines.find(({ id }) => id === line)?.variant ?? '')
  const level = variant?.levels[location]
  if (!variant || !level) return
  const left = { ...level, committed: level.committed - quantity }
  books.variants.put(variant.id, { ...variant, levels: { ...variant.levels, [location]: left } })
}

function change(books: Books, order: Order, id: string, given: Partial<Fulfilment>): void {
  const updatedAt = books.stamp()
  const fulfilments = order.fulfilments.map(each =>
    each.id === id ? { ...each, ...given, updatedAt } : each,
  )
  books.orders.put(order.id, { ...order, updatedAt, fulfilments })
}

/** What was to leave waits again. */
function callBack(books: Books, order: Order, id: string): void {
  const there = order.fulfilments.find(each => each.id === id)
  if (!there || there.status === 'CANCELLED') return
  const fulfilmentOrders = order.fulfilmentOrders.map(each => ({
    ...each,
    status: 'OPEN',
    lines: each.lines.map(line => {
      const back = there.lines.filter(one => one.fulfilmentOrderLine === line.id)
      return { ...line, remaining: line.remaining + back.reduce((all, one) => all + one.quantity, 0) }
    }),
  }))
  for (const { line, quantity } of there.lines) leave(books, order, line, there.location, -quantity)
  change(books, { ...order, closedAt: null, fulfilmentOrders }, id, {
    status: 'CANCELLED',
    displayStatus: 'CANCELED',
  })
}

function trackingOf({
  company,
  number,
  numbers,
  urls,
}: Tracking): Pick<Fulfilment, 'company' | 'numbers' | 'urls'> {
  return { company: company ?? null, numbers: numbers ?? (number ? [number] : []), urls: urls ?? [] }
}
