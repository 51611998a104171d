import { inTurn, type Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { allOf, beginningOf, pageOf, type InnerList } from './inner-list.ts'
import { snapshotOf } from './listing.ts'
import { readNodes, type Nodes } from './nodes.ts'
import { changesOfParts } from './order-parts.ts'
import { readReturns, returnRow, type ReturnRow } from './return-row.ts'
import type { Session } from './session.ts'

const returnMapping: Mapping = {
  from: 'shopify.ReturnAuthorization',
  to: 'ReturnAuthorization',
  fields: {
    id: 'id',
    number: 'name',
    order: 'order.id',
    status: { lookup: 'status', of: 'status', else: { constant: 'requested' } },
    resolution: { when: { has: 'exchangeLineItems.nodes[0]' }, then: { constant: 'exchange' } },
    lines: {
      each: 'returnLineItems.nodes',
      as: {
        id: 'id',
        orderLine: 'fulfillmentLineItem.lineItem.id',
        product: 'fulfillmentLineItem.lineItem.variant.id',
        sku: 'fulfillmentLineItem.lineItem.sku',
        quantity: { format: 'decimal', of: 'quantity' },
        received: { format: 'decimal', of: 'processedQuantity' },
        reason: { first: ['returnReasonDefinition.name', 'returnReasonNote', 'customerNote'] },
      },
    },
    at: { format: 'instant', of: 'createdAt' },
    'extra.exchange': 'exchangeLineItems.nodes',
  },
  tables: {
    status: {
      REQUESTED: 'requested',
      OPEN: 'approved',
      DECLINED: 'declined',
      CLOSED: 'closed',
      CANCELED: 'cancelled',
    },
  },
}

/** Shopify lists returns at their orders only. */
export const returnAuthorization: Entity<Session, 'ReturnAuthorization', ReturnRow> = {
  schema: returnRow,
  mapping: returnMapping,
  changes: (session, after, limit) => changesOfParts(session, after, limit, returnsOf),
  get: async (session, ids) => (await readReturns(session, ids)).map(snapshotOf),
}

async function returnsOf(session: Session, orders: readonly string[]): Promise<readonly ReturnRow[]> {
  const found = await readNodes(session, returnedOrders, orders)
  const all = await inTurn(found, ({ id, returns }) => allOf(session, orderReturns, id, returns))
  return readReturns(
    session,
    all.flat().map(({ id }) => id),
  )
}

const withId = z.object({ id: z.string() })
export const orderReturns: InnerList<z.infer<typeof withId>> = {
  name: 'OrderReturns',
  type: 'Order',
  field: 'returns',
  selection: 'id',
  schema: withId,
  first: 10,
  more: 100,
}

const returnedOrder = z.object({ id: z.string(), returns: pageOf(withId) })
export const returnedOrders: Nodes<z.infer<typeof returnedOrder>> = {
  name: 'ReturnsOfOrders',
  type: 'Order',
  selection: `id ${beginningOf(orderReturns)}`,
  schema: returnedOrder,
  atOnce: 40,
}
