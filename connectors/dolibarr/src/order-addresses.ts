import { addressContact } from './addresses.ts'
import type { Row } from './client.ts'
import { pathOf } from './order-state.ts'
import type { OrderWrite } from './order-write-row.ts'
import { textIn } from './rows.ts'
import type { Session } from './session.ts'

/** Other places than the customer's own become contacts of the customer, linked to the order by their use. */
export async function linkAddresses(
  session: Session,
  order: Row,
  socid: number,
  row: OrderWrite,
): Promise<void> {
  const places = [
    { place: row.deliveries?.[0], code: 'SHIPPING' },
    { place: row.billing, code: 'BILLING' },
  ]
  for (const { place, code } of places) {
    if (place === undefined || Object.keys(place).length === 0) continue
    const contact = await addressContact(session, socid, place)
    const linked = contactsIn(order).filter(each => each['code'] === code)
    if (linked.some(each => textIn(each['id']) === contact)) continue
    for (const old of linked)
      await session.client.send('DELETE', `${pathOf(order)}/contact/${textIn(old['id'])}/${code}`)
    await session.client.send('POST', `${pathOf(order)}/contact/${contact}/${code}`)
  }
}

const contactsIn = (order: Row) => (order['contacts_ids'] ?? []) as readonly Row[]
