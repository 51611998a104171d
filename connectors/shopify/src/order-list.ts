import { inTurn } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid } from './ids.ts'
import { readNodes, type Nodes } from './nodes.ts'
import { decodeOrder, isReduced, wireOf } from './order-decode.ts'
import type { OrderRow } from './order-row.ts'
import { lineSelection, orderSelection } from './order-selection.ts'
import { linePage, type WireLine, type WireOrder } from './order-wire.ts'
import { readRefunds } from './refund-list.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** Those of these orders that exist. */
export async function readOrders(session: Session, ids: readonly string[]): Promise<readonly OrderRow[]> {
  const orders = await readNodes(session, orderNodes(session.settings), ids)
  return inTurn(orders, answered => orderOf(session, answered))
}

/** The row of an answer, with what has to be asked for apart. */
export async function orderOf(session: Session, answered: unknown): Promise<OrderRow> {
  const order = wireOf(answered)
  const lines = await allLines(session, order)
  const refunds = isReduced(order) ? await readRefunds(session, order.id) : []
  return decodeOrder(order, lines, refunds, session.settings.companies)
}

export function orderNodes(settings: Settings): Nodes<Record<string, unknown>> {
  return {
    name: 'Orders',
    type: 'Order',
    selection: orderSelection(settings),
    schema: z.looseObject({}),
    atOnce: 2,
  }
}

async function allLines(session: Session, { id, lineItems }: WireOrder): Promise<readonly WireLine[]> {
  const lines = [...lineItems.nodes]
  let { hasNextPage, endCursor } = lineItems.pageInfo
  while (hasNextPage) {
    const { order } = await session.client.ask(moreLines, { id: gid('Order', id), after: endCursor })
    if (!order) break
    lines.push(...order.lineItems.nodes)
    ;({ hasNextPage, endCursor } = order.lineItems.pageInfo)
  }
  return lines
}

const moreData = z.object({ order: z.object({ lineItems: linePage }).nullable() })
export const moreLines: Operation<z.infer<typeof moreData>> = {
  text: `query OrderLines($id: ID!, $after: String) {
    order(id: $id) { lineItems(first: 50, after: $after) { ${lineSelection} } } }`,
  data: moreData,
}
