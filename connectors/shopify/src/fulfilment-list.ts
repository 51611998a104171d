import { inTurn } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid, isId } from './ids.ts'
import { seenOwn, seenSelection } from './metafields.ts'
import type { Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()

const fulfilment = z.looseObject({
  id: text,
  name: text,
  createdAt: text,
  updatedAt: text,
  status: text,
  displayStatus: maybe,
  trackingInfo: z.array(z.looseObject({ company: maybe, number: maybe, url: maybe })),
  fulfillmentLineItems: z.object({
    nodes: z.array(
      z.looseObject({
        id: text,
        quantity: z.int().nullish(),
        lineItem: z.looseObject({
          id: text,
          sku: maybe,
          name: text,
          variant: z.looseObject({ id: text }).nullish(),
        }),
      }),
    ),
  }),
})
export type WireFulfilment = z.infer<typeof fulfilment>

/** An order as what of it left, and where its marks are. */
const orderFulfilments = z.looseObject({
  id: text,
  name: text,
  cancelledAt: maybe,
  own: seenOwn,
  fulfillments: z.array(fulfilment),
})
export type OrderFulfilments = z.infer<typeof orderFulfilments>

/** Those of these orders that exist. */
export async function readFulfilments(
  session: Session,
  orders: readonly string[],
): Promise<readonly OrderFulfilments[]> {
  const { namespace } = session.settings
  const answers = await inTurn([...new Set(orders)].filter(isId), id =>
    session.client.ask(fulfilmentsOfOrder, { id: gid('Order', id), namespace }),
  )
  return answers.flatMap(({ order }) => order ?? [])
}

const data = z.object({ order: orderFulfilments.nullable() })
export const fulfilmentsOfOrder: Operation<z.infer<typeof data>> = {
  text: `query Fulfillments($id: ID!, $namespace: String!) { order(id: $id) { id name cancelledAt
    own: metafield(namespace: $namespace, key: "shipments") { ${seenSelection} }
    fulfillments { id name createdAt updatedAt status displayStatus trackingInfo { company number url }
      fulfillmentLineItems(first: 100) { nodes { id quantity lineItem { id sku name variant { id } } } } } } }`,
  data,
}
