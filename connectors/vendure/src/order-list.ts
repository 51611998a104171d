import { z } from 'zod'
import type { Operation } from './client.ts'
import { decodeOrder } from './order-decode.ts'
import { orderSelection, type OrderRow } from './order-row.ts'
import type { Session } from './session.ts'

/** Those of these orders that exist and were placed. */
export async function readOrders(session: Session, ids: readonly string[]): Promise<readonly OrderRow[]> {
  return ids.length === 0 ? [] : listOrders(session, { filter: { id: { in: ids } }, take: ids.length })
}

export async function listOrders(
  session: Session,
  options: { readonly filter: object; readonly sort?: object; readonly take: number },
): Promise<readonly OrderRow[]> {
  const facts = await session.facts()
  const operation: Operation<z.infer<typeof orderList>> = {
    text: `query Orders($options: OrderListOptions) { orders(options: $options) { items { ${orderSelection(facts)} } } }`,
    data: orderList,
  }
  const filter = { ...placed, ...options.filter }
  const { orders } = await session.client.ask(operation, { options: { ...options, filter } })
  return orders.items.map(item => decodeOrder(session, facts, item))
}

/** A stamp that is asked for takes the place of the bare "was placed". */
export const placed = { orderPlacedAt: { isNull: false }, type: { notEq: 'Seller' } }

const orderList = z.object({ orders: z.object({ items: z.array(z.unknown()) }) })
