import {
  findEach,
  Problem,
  restOf,
  writeEach,
  type Outcome,
  type Write,
  type Writer,
} from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { sameEmail, tidyEmail } from '@linchpin/model'
import { z } from 'zod'
import { converge } from './account-parts.ts'
import { customersLike, readCustomers, type AccountRow } from './account-row.ts'
import { at } from './client.ts'
import { versionOf } from './listing.ts'
import { metadataInput, metadataWrite } from './metadata.ts'
import { addressWrite } from './party-mapping.ts'
import type { Session } from './session.ts'

const text = z.string()

export const customerAddress = z.object({
  first_name: text.optional(),
  last_name: text.optional(),
  company: text.optional(),
  address_1: text.optional(),
  address_2: text.optional(),
  city: text.optional(),
  postal_code: text.optional(),
  province: text.optional(),
  country_code: text.optional(),
  phone: text.optional(),
})
export type CustomerAddress = z.infer<typeof customerAddress>

export const accountWrite = z.object({
  email: text.optional(),
  first_name: text.optional(),
  last_name: text.optional(),
  company_name: text.optional(),
  phone: text.optional(),
  vatId: text.optional(),
  billingAddress: customerAddress.optional(),
  deliveryAddresses: z.array(customerAddress).optional(),
  groups: z.array(text).optional(),
  metadata: metadataWrite,
})
export type AccountWrite = z.infer<typeof accountWrite>

const accountWriteMapping: Mapping = {
  from: 'Account',
  to: 'medusa.Account',
  fields: {
    email: 'email',
    first_name: { first: ['givenName', { format: 'givenName', of: 'name' }] },
    last_name: { first: ['familyName', { format: 'familyName', of: 'name' }] },
    company_name: { first: ['company', { when: { is: ['kind', { constant: 'company' }] }, then: 'name' }] },
    phone: 'phone',
    vatId: 'vatId',
    billingAddress: { when: { has: 'billingAddress' }, then: { object: addressWrite('billingAddress.') } },
    deliveryAddresses: { each: 'deliveryAddresses', as: addressWrite('') },
    groups: 'groups',
  },
}

export const accountWriter: Writer<Session, AccountWrite> = {
  schema: accountWrite,
  mapping: accountWriteMapping,
  batch: 1,
  repeat: 'find',
  write: (session, writes) => writeEach(writes, session.io.signal, write => writeAccount(session, write)),
  find: (session, writes) =>
    findEach(writes, async ({ email }) =>
      email === undefined ? null : (await customerOf(session, email))?.id,
    ),
  // As long as a workflow can take until Medusa's database gives up on it.
  settleMs: 60_000,
}

async function writeAccount(session: Session, { key, id, row }: Write<AccountWrite>): Promise<Outcome> {
  const there = id === null ? null : await customerOfId(session, id)
  const customer = there?.id ?? (await create(session, row))
  // What comes after the customer is there must not look as if it were not.
  const work = async () => {
    if (there) await update(session, there, row)
    await converge(session, there ?? (await customerOfId(session, customer)), row)
  }
  const rest = there ? (await work(), {}) : await restOf(work)
  const [now] = await readCustomers(session, [customer]).catch(() => [])
  return { key, is: 'applied', id: customer, version: now ? versionOf(now) : null, ...rest }
}

/** Medusa sends nothing to a customer whom the admin makes. Whoever registers later gets a record beside this one. */
async function create({ client }: Session, row: AccountWrite): Promise<string> {
  const { email } = row
  if (!email)
    throw new Problem(
      'refused',
      'A customer without an e-mail address cannot be made in Medusa. Add one in the ERP.',
    )
  const { customer } = await client.post(
    '/customers',
    { email: tidyEmail(email), ...fieldsOf(row), ...metadataInput(null, row.metadata, ourMetadata(row)) },
    z.object({ customer: z.object({ id: text }) }),
  )
  return customer.id
}

async function update({ client }: Session, now: AccountRow, row: AccountWrite): Promise<void> {
  const changed = Object.entries(fieldsOf(row)).filter(([name, value]) => (now[name] ?? '') !== value)
  const body = {
    ...Object.fromEntries(changed),
    ...(row.email !== undefined && !sameEmail(row.email, now.email ?? '') && { email: tidyEmail(row.email) }),
    ...metadataInput(now.metadata, row.metadata, ourMetadata(row)),
  }
  if (Object.keys(body).length > 0)
    await client.post(`/customers/${at(now.id)}`, body, z.object({ customer: z.object({ id: text }) }))
}

function fieldsOf(row: AccountWrite): Readonly<Record<string, string>> {
  const names = ['first_name', 'last_name', 'company_name', 'phone'] as const
  return Object.fromEntries(
    names.flatMap(name => (row[name] === undefined ? [] : [[name, row[name]] as const])),
  )
}

/** Medusa has no field for it. */
const ourMetadata = ({ vatId }: AccountWrite) => (vatId === undefined ? {} : { vat_id: vatId })

async function customerOfId(session: Session, id: string): Promise<AccountRow> {
  const [customer] = await readCustomers(session, [id])
  if (customer) return customer
  throw new Problem('refused', `Customer ${id} is no longer in Medusa. Someone deleted it there.`)
}

/** Whom the admin made: a registered customer of this address may stand beside it, and a guest may not. */
async function customerOf(session: Session, email: string): Promise<AccountRow | null> {
  const all = (await customersLike(session, tidyEmail(email))).filter(each =>
    sameEmail(each.email ?? '', email),
  )
  return all.find(each => !each.has_account && each.created_by) ?? null
}
