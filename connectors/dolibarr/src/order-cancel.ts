import { Problem } from '@linchpin/connector'
import type { Row } from './client.ts'
import { orderNow, pathOf, startedOn, warehouseOf } from './order-state.ts'
import type { OrderWrite } from './order-write-row.ts'
import { textIn } from './rows.ts'
import type { Session } from './session.ts'

/**
 * The API has no cancelling; what it has is setting back to draft, which also gives back stock that validating took,
 * and writing the status of a draft. Null when the order is cancelled; what was sent or billed is for a person.
 */
export async function cancelOrder(session: Session, order: Row, row: OrderWrite): Promise<Problem | null> {
  const ref = textIn(order['ref'])
  if (textIn(order['statut']) === '-1') return null
  const started = await startedOn(session, order)
  if (started !== null)
    return new Problem(
      'refused',
      `Order ${ref} (${row.ref_client}) was cancelled in the shop, but in Dolibarr ${started}. Take it back there.`,
    )
  if (textIn(order['statut']) !== '0')
    await session.client.send('POST', `${pathOf(order)}/settodraft`, warehouseOf(session))
  await session.client.send('PUT', pathOf(order), { statut: -1 })
  const after = await orderNow(session, order)
  if (textIn(after['statut']) === '-1') return null
  return new Problem('refused', `Dolibarr did not cancel order ${ref} (${row.ref_client}). Cancel it there.`)
}
