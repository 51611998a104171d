import { inTurn } from '@linchpin/connector'
import { z } from 'zod'
import { allOf } from './inner-list.ts'
import { readNodes, type Nodes } from './nodes.ts'
import { decodeOrder, isReduced, wireOf } from './order-decode.ts'
import type { OrderRow } from './order-row.ts'
import { orderCharges, orderLines, orderMetafields, orderSelection } from './order-selection.ts'
import { readRefunds } from './refund-list.ts'
import type { Session } from './session.ts'

/** Those of these orders that exist. */
export async function readOrders(session: Session, ids: readonly string[]): Promise<readonly OrderRow[]> {
  const orders = await readNodes(session, orderNodes, ids)
  return inTurn(orders, answered => orderOf(session, answered))
}

/** The row of an answer, with what has to be asked for apart. */
export async function orderOf(session: Session, answered: unknown): Promise<OrderRow> {
  const order = wireOf(answered)
  const lines = await allOf(session, orderLines, order.id, order.lineItems)
  const charges = await allOf(session, orderCharges, order.id, order.shippingLines)
  const metafields = await allOf(session, orderMetafields, order.id, order.metafields)
  const refunds = isReduced(order) ? await readRefunds(session, order.id) : []
  return decodeOrder(order, { lines, charges, metafields }, refunds, session.settings)
}

export const orderNodes: Nodes<Record<string, unknown>> = {
  name: 'Orders',
  type: 'Order',
  selection: orderSelection,
  schema: z.looseObject({}),
  atOnce: 2,
}
