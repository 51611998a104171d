import { z } from 'zod'
import { byIds } from './listing.ts'
import { orderAddress } from './order-row.ts'
import type { Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()

const address = orderAddress.extend({
  id: text,
  is_default_shipping: z.boolean(),
  is_default_billing: z.boolean(),
})

export const accountRow = z.looseObject({
  id: text,
  email: maybe,
  first_name: maybe,
  last_name: maybe,
  company_name: maybe,
  phone: maybe,
  /** Registered in the shop. */
  has_account: z.boolean(),
  /** The user or key that made it in the admin; nobody, when a cart did. */
  created_by: maybe,
  updated_at: text,
  metadata: z.record(text, z.unknown()).nullish(),
  groups: z.array(z.looseObject({ id: text, name: text })),
  addresses: z.array(address),
})
export type AccountRow = z.infer<typeof accountRow>

const fields = [
  'id,email,first_name,last_name,company_name,phone,has_account,created_by,updated_at,metadata',
  'groups.id,groups.name,*addresses',
].join(',')

/** Those of these customers that exist and are no guests: a guest is in their order only. */
export async function readCustomers(
  session: Session,
  ids: readonly string[],
): Promise<readonly AccountRow[]> {
  const rows = await byIds(session, { path: '/customers', name: 'customers', fields }, accountRow, ids)
  return rows.filter(isAccount)
}

/** All with about this e-mail: Medusa keeps its letters as they were typed, and its filter is strict about them. */
export async function customersLike(session: Session, email: string): Promise<readonly AccountRow[]> {
  const answer = z.object({ customers: z.array(accountRow) })
  const { customers } = await session.client.get('/customers', answer, { q: email, fields, limit: 100 })
  return customers
}

export const isAccount = (row: Pick<AccountRow, 'has_account' | 'created_by'>): boolean =>
  row.has_account || Boolean(row.created_by)
