import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid } from './ids.ts'
import type { Session } from './session.ts'

const text = z.string()

/** What one location has to send of an order. */
const fulfilmentOrder = z.object({
  id: text,
  status: text,
  assignedLocation: z.object({ name: text, location: z.object({ id: text }).nullish() }),
  lineItems: z.object({
    nodes: z.array(
      z.object({
        id: text,
        remainingQuantity: z.int(),
        sku: text.nullish(),
        variant: z.object({ id: text }).nullish(),
      }),
    ),
  }),
})
export type FulfilmentOrder = z.infer<typeof fulfilmentOrder>

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
  const open = answer.order.fulfillmentOrders.nodes.filter(each =>
    ['OPEN', 'IN_PROGRESS'].includes(each.status),
  )
  return open.toSorted((left, right) => Number(isOurs(right)) - Number(isOurs(left)))
}

/** Where goods are sent from: one fulfilment is of one place. */
export function placeOf({ assignedLocation }: FulfilmentOrder): string {
  return assignedLocation.location?.id ?? assignedLocation.name
}

const data = z.object({
  order: z.object({ fulfillmentOrders: z.object({ nodes: z.array(fulfilmentOrder) }) }).nullable(),
})
export const fulfilmentOrders: Operation<z.infer<typeof data>> = {
  text: `query FulfillmentOrders($id: ID!) { order(id: $id) { fulfillmentOrders(first: 10) { nodes { id status
    assignedLocation { name location { id } }
    lineItems(first: 40) { nodes { id remainingQuantity sku variant { id } } } } } } }`,
  data,
}
