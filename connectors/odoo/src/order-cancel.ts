import { Problem } from '@linchpin/connector'
import { call, type Session } from './client.ts'
import { readState, type OrderState } from './order-state.ts'
import type { OrderWrite } from './order-write-row.ts'

/** Null when the order is cancelled; what has left or was billed is a matter for a person. */
export async function cancelOrder(
  session: Session,
  order: OrderState,
  row: OrderWrite,
): Promise<Problem | null> {
  if (order.state === 'cancel') return null
  const gone = order.lines.some(line => line.delivered > 0 || line.invoiced > 0)
  if (gone)
    return refused(
      `Order ${order.name} (${row.origin}) was cancelled in the shop, but some of it is delivered or invoiced in Odoo. Take it back there: return and credit note.`,
    )
  if (order.locked)
    return refused(
      `Order ${order.name} (${row.origin}) was cancelled in the shop, but it is locked in Odoo. Unlock it there, then try again.`,
    )
  // Without this Odoo answers with a dialogue about an e-mail instead of cancelling.
  const context = { disable_cancel_warning: true }
  await call(session, 'sale.order', 'action_cancel', { ids: [order.id], context })
  const after = await readState(session, order.id)
  if (after?.state === 'cancel') return null
  return refused(`Odoo did not cancel order ${order.name} (${row.origin}). Cancel it there.`)
}

function refused(words: string): Problem {
  return new Problem('refused', words)
}
