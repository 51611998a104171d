import { Problem } from '@linchpin/connector'
import { list, record, type Session } from './client.ts'
import { orderRowOf } from './order-facts.ts'
import { type OrderRow, type RawOrder, type RefundRow } from './order-row.ts'

/** An order as it is. What lies in the trash does not count. */
export async function readOrder(session: Session, id: number): Promise<RawOrder> {
  const order = await record<RawOrder>(session, 'GET', `/orders/${id}`)
  if (order.status === 'trash')
    throw new Problem('refused', `Order ${order.number ?? id} lies in the trash of the shop.`)
  return order
}

/** The order's own list of refunds tells no lines. */
export async function withRefunds(session: Session, raw: RawOrder): Promise<OrderRow> {
  const refunds =
    raw.refunds.length === 0
      ? []
      : await list<RefundRow>(session, `/orders/${raw.id}/refunds`, { per_page: 100 })
  return orderRowOf(raw, refunds)
}
