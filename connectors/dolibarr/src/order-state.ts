import type { Row } from './client.ts'
import { needId, textIn } from './rows.ts'
import type { Session } from './session.ts'

export const readOrder = (session: Session, id: string): Promise<Row | null> =>
  session.client.one(`/orders/${needId(id, 'Order')}`, { contact_list: 0 })

/** The same order as it is now. */
export const orderNow = async (session: Session, order: Row) =>
  (await readOrder(session, textIn(order['id']))) ?? {}

/** What was done of it already, in words; null when nothing. */
export async function startedOn(session: Session, order: Row): Promise<string | null> {
  const shipments = await session.client.list(`${pathOf(order)}/shipment`)
  const sent = shipments.filter(each => textIn(each['statut']) !== '-1')
  if (sent.length > 0) return `shipment ${sent.map(each => textIn(each['ref'])).join(', ')} is made of it`
  const linked = (order['linkedObjectsIds'] as Row | undefined)?.['facture']
  if (linked !== undefined) return 'an invoice is made of it'
  const statut = textIn(order['statut'])
  return statut === '2' || statut === '3' ? 'it is being sent, or closed' : null
}

export const warehouseOf = ({ settings }: Session, none = -1) => ({ idwarehouse: settings.warehouse ?? none })
export const pathOf = (order: Row) => `/orders/${textIn(order['id'])}`
