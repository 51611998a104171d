import type { Row } from './client.ts'
import { idOf, rowsIn, textIn } from './rows.ts'
import type { Session } from './session.ts'

/**
 * The orders of shipments, by the shipments' ids. A shipment made over the API names no order (`origin_id` is null, seen
 * on 16.0.3), only the lines that it sends; so the order that has such a line is looked for among its third party's.
 */
export async function ordersOfShipments(
  session: Session,
  shipments: readonly Row[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  for (const shipment of shipments) await learnOrders(session, shipment)
  return new Map(
    shipments.map(shipment => {
      const orders = linesOf(shipment).flatMap(line => session.orderOfLine.get(line) ?? [])
      return [idOf(shipment), [...new Set(orders)]]
    }),
  )
}

async function learnOrders(session: Session, shipment: Row): Promise<void> {
  const unknown = () => linesOf(shipment).some(line => !session.orderOfLine.has(line))
  for (let page = 0; unknown(); page += 1) {
    const orders = await session.client.list('/orders', {
      sortfield: 't.rowid',
      sortorder: 'DESC',
      limit: 50,
      page,
      thirdparty_ids: textIn(shipment['socid']),
    })
    for (const order of orders)
      for (const line of rowsIn(order['lines'])) session.orderOfLine.set(idOf(line), idOf(order))
    if (orders.length < 50) return
  }
}

const linesOf = (shipment: Row) =>
  rowsIn(shipment['lines']).flatMap(line => textIn(line['fk_origin_line']) || [])
