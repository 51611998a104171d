import {
  findEach,
  Problem,
  restOf,
  writeEach,
  type Outcome,
  type Write,
  type Writer,
} from '@linchpin/connector'
import type { Fields, Mapping } from '@linchpin/mapping'
import { sameEmail, tidyEmail } from '@linchpin/model'
import { z } from 'zod'
import { converge } from './account-parts.ts'
import { listCustomers, type AccountRow } from './account-row.ts'
import type { Operation } from './client.ts'
import { customFieldsFor, customFieldsInput, customFieldsWrite } from './custom-fields.ts'
import { accepted, onErrorResult, resultOf } from './errors.ts'
import type { Session } from './session.ts'

const text = z.string()

export const addressWrite = z.object({
  fullName: text.optional(),
  company: text.optional(),
  streetLine1: text.optional(),
  streetLine2: text.optional(),
  city: text.optional(),
  province: text.optional(),
  postalCode: text.optional(),
  countryCode: text.optional(),
  phoneNumber: text.optional(),
})
export type AddressWrite = z.infer<typeof addressWrite>

export const accountWrite = z.object({
  emailAddress: text.optional(),
  firstName: text.optional(),
  lastName: text.optional(),
  phoneNumber: text.optional(),
  vatId: text.optional(),
  billingAddress: addressWrite.optional(),
  deliveryAddresses: z.array(addressWrite).optional(),
  groups: z.array(text).optional(),
  customFields: customFieldsWrite,
})
export type AccountWrite = z.infer<typeof accountWrite>

const address = (at: string): Fields => ({
  fullName: `${at}name`,
  company: `${at}company`,
  streetLine1: `${at}streetName`,
  streetLine2: `${at}additionalStreetName`,
  city: `${at}cityName`,
  province: `${at}countrySubentity`,
  postalCode: `${at}postalZone`,
  countryCode: `${at}country`,
  phoneNumber: `${at}phone`,
})

const accountWriteMapping: Mapping = {
  from: 'Account',
  to: 'vendure.Account',
  fields: {
    emailAddress: 'email',
    firstName: { first: ['givenName', { format: 'givenName', of: 'name' }] },
    lastName: { first: ['familyName', { format: 'familyName', of: 'name' }] },
    phoneNumber: 'phone',
    vatId: 'vatId',
    billingAddress: { when: { has: 'billingAddress' }, then: { object: address('billingAddress.') } },
    deliveryAddresses: { each: 'deliveryAddresses', as: address('') },
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
    findEach(writes, async ({ emailAddress }) =>
      emailAddress === undefined ? null : (await customerOf(session, emailAddress))?.id,
    ),
  // As long as a mutation can take until Vendure's database gives up on it.
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
  return { key, is: 'applied', id: customer, version: null, ...rest }
}

/** Vendure keeps e-mail addresses unique, and sends nothing to a customer whom an administrator makes. */
async function create(session: Session, row: AccountWrite): Promise<string> {
  const emailAddress = row.emailAddress
  if (!emailAddress)
    throw new Problem(
      'refused',
      'A customer without an e-mail address cannot be made in Vendure. Add one in the ERP.',
    )
  const { createCustomer } = await session.client.ask(creating, {
    input: {
      emailAddress,
      firstName: row.firstName ?? '',
      lastName: row.lastName ?? '',
      ...(row.phoneNumber !== undefined && { phoneNumber: row.phoneNumber }),
      ...customFieldsInput(null, await customFieldsOf(session, row)),
    },
  })
  return accepted(createCustomer, `Customer ${emailAddress} cannot be made in Vendure`).id
}

async function update(session: Session, now: AccountRow, row: AccountWrite): Promise<void> {
  const changed = (['firstName', 'lastName', 'phoneNumber'] as const).filter(
    name => row[name] !== undefined && row[name] !== (now[name] ?? ''),
  )
  const email = row.emailAddress
  const input = {
    ...Object.fromEntries(changed.map(name => [name, row[name]])),
    ...(email !== undefined && !sameEmail(email, now.emailAddress) && { emailAddress: email }),
    ...customFieldsInput(now.customFields, await customFieldsOf(session, row)),
  }
  if (Object.keys(input).length === 0) return
  const { updateCustomer } = await session.client.ask(updating, { input: { id: now.id, ...input } })
  accepted(updateCustomer, `Customer ${now.emailAddress} cannot be changed in Vendure`)
}

async function customFieldsOf(
  session: Session,
  { vatId, customFields }: AccountWrite,
): Promise<Readonly<Record<string, unknown>>> {
  const field = session.settings.customFields.vatId
  const { Customer } = await customFieldsFor(session, customFields, ['Customer'], [field])
  const has = (await session.facts()).customFields('Customer').includes(field)
  return { ...Customer, ...(has && vatId !== undefined && { [field]: vatId }) }
}

async function customerOfId(session: Session, id: string): Promise<AccountRow> {
  const [customer] = await listCustomers(session, { filter: { id: { eq: id } }, take: 1 })
  if (customer) return customer
  throw new Problem('refused', `Customer ${id} is no longer in Vendure. Someone deleted it there.`)
}

async function customerOf(session: Session, email: string): Promise<AccountRow | null> {
  const filter = { emailAddress: { eq: tidyEmail(email) } }
  const found = await listCustomers(session, { filter, take: 10 })
  return found.find(each => sameEmail(each.emailAddress, email)) ?? null
}

const customer = z.object({ id: text })

const created = z.object({ createCustomer: resultOf(customer) })
const creating: Operation<z.infer<typeof created>> = {
  text: `mutation CreateCustomer($input: CreateCustomerInput!) {
    createCustomer(input: $input) { ... on Customer { id } ${onErrorResult} } }`,
  data: created,
}

const updated = z.object({ updateCustomer: resultOf(customer) })
const updating: Operation<z.infer<typeof updated>> = {
  text: `mutation UpdateCustomer($input: UpdateCustomerInput!) {
    updateCustomer(input: $input) { ... on Customer { id } ${onErrorResult} } }`,
  data: updated,
}
