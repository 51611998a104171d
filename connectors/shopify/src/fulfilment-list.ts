import { inTurn } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid, isId } from './ids.ts'
import { allOf, beginningOf, pageOf, type InnerList } from './inner-list.ts'
import { seenOwn, seenSelection } from './metafields.ts'
import type { Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()

const sentLine = z.looseObject({
  id: text,
  quantity: z.int().nullish(),
  lineItem: z.looseObject({
    id: text,
    sku: maybe,
    name: text,
    variant: z.looseObject({ id: text }).nullish(),
  }),
})

export const sentLines: InnerList<z.infer<typeof sentLine>> = {
  name: 'FulfillmentLines',
  type: 'Fulfillment',
  field: 'fulfillmentLineItems',
  selection: 'id quantity lineItem { id sku name variant { id } }',
  schema: sentLine,
  first: 100,
  more: 100,
}

const wireFulfilment = z.looseObject({
  id: text,
  name: text,
  createdAt: text,
  updatedAt: text,
  status: text,
  displayStatus: maybe,
  trackingInfo: z.array(z.looseObject({ company: maybe, number: maybe, url: maybe })),
  fulfillmentLineItems: pageOf(sentLine),
})
export type Fulfilment = z.infer<typeof wireFulfilment> & {
  readonly lines: readonly z.infer<typeof sentLine>[]
}

/** An order as what of it left, and where its marks are. */
const orderFulfilments = z.object({
  id: text,
  name: text,
  cancelledAt: maybe,
  own: seenOwn,
  fulfillments: z.array(wireFulfilment),
})
export type OrderFulfilments = Omit<z.infer<typeof orderFulfilments>, 'fulfillments'> & {
  readonly fulfillments: readonly Fulfilment[]
}

/** Those of these orders that exist. */
export async function readFulfilments(
  session: Session,
  orders: readonly string[],
): Promise<readonly OrderFulfilments[]> {
  const { namespace } = session.settings
  const answers = await inTurn([...new Set(orders)].filter(isId), id =>
    session.client.ask(fulfilmentsOfOrder, { id: gid('Order', id), namespace }),
  )
  const found = answers.flatMap(({ order }) => order ?? [])
  return inTurn(found, async order => ({
    ...order,
    fulfillments: await inTurn(order.fulfillments, async each => ({
      ...each,
      lines: await allOf(session, sentLines, each.id, each.fulfillmentLineItems),
    })),
  }))
}

const data = z.object({ order: orderFulfilments.nullable() })
export const fulfilmentsOfOrder: Operation<z.infer<typeof data>> = {
  text: `query Fulfillments($id: ID!, $namespace: String!) { order(id: $id) { id name cancelledAt
    own: metafield(namespace: $namespace, key: "shipments") { ${seenSelection} }
    fulfillments { id name createdAt updatedAt status displayStatus trackingInfo { company number url }
      ${beginningOf(sentLines)} } } }`,
  data,
}
