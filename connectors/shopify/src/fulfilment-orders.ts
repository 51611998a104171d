import { inTurn, Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid } from './ids.ts'
import { allOf, beginningOf, pageOf, type InnerList } from './inner-list.ts'
import type { Session } from './session.ts'

const text = z.string()

const openLine = z.object({
  id: text,
  remainingQuantity: z.int(),
  sku: text.nullish(),
  variant: z.object({ id: text }).nullish(),
})
export type OpenLine = z.infer<typeof openLine>

export const openLines: InnerList<OpenLine> = {
  name: 'FulfillmentOrderLines',
  type: 'FulfillmentOrder',
  field: 'lineItems',
  selection: 'id remainingQuantity sku variant { id }',
  schema: openLine,
  first: 25,
  more: 100,
}

const wireFulfilmentOrder = z.object({
  id: text,
  status: text,
  assignedLocation: z.object({ name: text, location: z.object({ id: text }).nullish() }),
  lineItems: pageOf(openLine),
})
type WireFulfilmentOrder = z.infer<typeof wireFulfilmentOrder>

export const ordersToSend: InnerList<WireFulfilmentOrder> = {
  name: 'MoreFulfillmentOrders',
  type: 'Order',
  field: 'fulfillmentOrders',
  selection: `id status assignedLocation { name location { id } } ${beginningOf(openLines)}`,
  schema: wireFulfilmentOrder,
  first: 10,
  more: 10,
}

/** What one location has to send of an order. */
export type FulfilmentOrder = Omit<WireFulfilmentOrder, 'lineItems'> & { readonly lines: readonly OpenLine[] }

/** Those that may be sent now; the ones on hold may not. Those of our own location come first. */
export async function openFulfilmentOrders(
  session: Session,
  order: string,
): Promise<readonly FulfilmentOrder[]> {
  const answer = await session.client.ask(fulfilmentOrders, { id: gid('Order', order) })
  if (!answer.order) throw new Problem('refused', `Order ${order} is not in Shopify (any more).`)
  const wanted = session.settings.location
  const isOurs = ({ assignedLocation: { name, location } }: FulfilmentOrder) =>
    wanted !== undefined && (name === wanted || location?.id === wanted)
  const all = await allOf(session, ordersToSend, order, answer.order.fulfillmentOrders)
  const waiting = all.filter(({ status }) => status === 'OPEN' || status === 'IN_PROGRESS')
  const open = await inTurn(waiting, async ({ lineItems, ...each }) => ({
    ...each,
    lines: await allOf(session, openLines, each.id, lineItems),
  }))
  return open.toSorted((left, right) => Number(isOurs(right)) - Number(isOurs(left)))
}

/** Where goods are sent from: one fulfilment is of one place. */
export function placeOf({ assignedLocation }: FulfilmentOrder): string {
  return assignedLocation.location?.id ?? assignedLocation.name
}

const data = z.object({
  order: z.object({ fulfillmentOrders: pageOf(wireFulfilmentOrder) }).nullable(),
})
export const fulfilmentOrders: Operation<z.infer<typeof data>> = {
  text: `query FulfillmentOrders($id: ID!) { order(id: $id) { ${beginningOf(ordersToSend)} } }`,
  data,
}
