import {
  findEach,
  Problem,
  quoted,
  restOf,
  writeEach,
  type Outcome,
  type Write,
  type Writer,
} from '@linchpin/connector'
import type { Fields, Mapping } from '@linchpin/mapping'
import { sameEmail } from '@linchpin/model'
import { z } from 'zod'
import { haveAddresses } from './account-addresses.ts'
import { readCustomers, type AccountRow } from './account-row.ts'
import { customerOfEmail } from './account-search.ts'
import { localeOf, phoneOf } from './account-values.ts'
import type { Operation } from './client.ts'
import { locationOfAccount } from './company-row.ts'
import { companyOfKey, writeCompany } from './company-writer.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import { versionOf } from './listing.ts'
import { setOwn } from './metafields.ts'
import type { Session } from './session.ts'

const text = z.string()

export const addressWrite = z.object({
  firstName: text.optional(),
  lastName: text.optional(),
  company: text.optional(),
  address1: text.optional(),
  address2: text.optional(),
  city: text.optional(),
  provinceCode: text.optional(),
  zip: text.optional(),
  countryCode: text.optional(),
  phone: text.optional(),
})
export type AddressWrite = z.infer<typeof addressWrite>

export const accountWrite = z.object({
  email: text.optional(),
  firstName: text.optional(),
  lastName: text.optional(),
  phone: text.optional(),
  taxExempt: z.boolean().optional(),
  locale: text.optional(),
  vatId: text.optional(),
  billingAddress: addressWrite.optional(),
  deliveryAddresses: z.array(addressWrite).optional(),
  tags: z.array(text).optional(),
  /** Of a company, where companies are accounts. */
  company: z.object({ name: text.min(1) }).optional(),
  contacts: z
    .array(
      z.object({
        email: text.optional(),
        firstName: text.optional(),
        lastName: text.optional(),
        phone: text.optional(),
        title: text.optional(),
      }),
    )
    .optional(),
})
export type AccountWrite = z.infer<typeof accountWrite>

const address = (at: string): Fields => ({
  firstName: { format: 'givenName', of: `${at}name` },
  lastName: { format: 'familyName', of: `${at}name` },
  company: `${at}company`,
  address1: `${at}streetName`,
  address2: `${at}additionalStreetName`,
  city: `${at}cityName`,
  provinceCode: `${at}countrySubentity`,
  zip: `${at}postalZone`,
  countryCode: `${at}country`,
  phone: `${at}phone`,
})

const accountWriteMapping: Mapping = {
  from: 'Account',
  to: 'shopify.Account',
  fields: {
    email: 'email',
    firstName: { first: ['givenName', { format: 'givenName', of: 'name' }] },
    lastName: { first: ['familyName', { format: 'familyName', of: 'name' }] },
    phone: 'phone',
    taxExempt: 'taxExempt',
    locale: 'language',
    vatId: 'vatId',
    billingAddress: { when: { has: 'billingAddress' }, then: { object: address('billingAddress.') } },
    deliveryAddresses: { each: 'deliveryAddresses', as: address('') },
    tags: 'groups',
    company: {
      when: { is: ['kind', { constant: 'company' }] },
      then: { object: { name: { first: ['company', 'name'] } } },
    },
    contacts: {
      each: 'contacts',
      as: {
        email: 'email',
        firstName: { first: ['givenName', { format: 'givenName', of: 'name' }] },
        lastName: { first: ['familyName', { format: 'familyName', of: 'name' }] },
        phone: 'phone',
        title: 'role',
      },
    },
  },
}

export const accountWriter: Writer<Session, AccountWrite> = {
  schema: accountWrite,
  mapping: accountWriteMapping,
  batch: 1,
  repeat: 'find',
  write: (session, writes) => writeEach(writes, session.io.signal, write => writeAccount(session, write)),
  find: (session, writes) =>
    findEach(writes, async (row, key) => {
      if (isForCompany(session, null, row)) return companyOfKey(session, key)
      return row.email === undefined ? null : customerOfEmail(session, row.email)
    }),
  // Longer than Shopify works on one request; customers are looked up in its tables.
  settleMs: 120_000,
}

/** A company that was a customer before companies were switched on stays one. */
const isForCompany = ({ settings }: Session, id: string | null, { company }: AccountWrite): boolean =>
  id === null ? settings.companies && company !== undefined : locationOfAccount(id) !== null

async function writeAccount(session: Session, write: Write<AccountWrite>): Promise<Outcome> {
  const { key, id, row } = write
  if (isForCompany(session, id, row)) return writeCompany(session, write)
  const there = id === null ? null : await customerOfId(session, id)
  const customer = there?.id ?? (await create(session, row))
  // What comes after the customer is there must not look as if it were not.
  const work = async () => {
    if (there) await update(session, there, row)
    const now = there ?? (await customerOfId(session, customer))
    await haveAddresses(session, now, row)
    if (row.vatId !== undefined && row.vatId !== (now.own?.value ?? ''))
      await setOwn(
        session,
        gid('Customer', customer),
        'vat_id',
        row.vatId,
        `Customer ${quoted(now.displayName)}`,
      )
  }
  const rest = there ? (await work(), {}) : await restOf(work)
  const [now] = await readCustomers(session, [customer]).catch(() => [])
  return { key, is: 'applied', id: customer, version: now ? versionOf(now) : null, ...rest }
}

async function create(session: Session, row: AccountWrite): Promise<string> {
  if (!row.email)
    throw new Problem(
      'refused',
      'A customer without an e-mail address cannot be made in Shopify. Add one in the ERP.',
    )
  const { customerCreate } = await session.client.ask(creating, {
    input: { email: row.email, ...inputOf(row) },
  })
  accept(customerCreate.userErrors, `Customer ${quoted(row.email)} cannot be made in Shopify`)
  if (customerCreate.customer) return customerCreate.customer.id
  throw new Problem('surprise', `Shopify made customer ${quoted(row.email)} and does not show it to us.`)
}

async function update(session: Session, now: AccountRow, row: AccountWrite): Promise<void> {
  const shown: Readonly<Record<string, unknown>> = {
    ...now,
    phone: now.defaultPhoneNumber?.phoneNumber,
    tags: undefined,
  }
  const changed = Object.entries(inputOf(row)).filter(
    ([name, value]) => name !== 'tags' && value !== (shown[name] ?? ''),
  )
  const tags = (row.tags ?? []).filter(tag => !now.tags.includes(tag))
  const theirs = now.defaultEmailAddress?.emailAddress ?? ''
  const input = {
    ...Object.fromEntries(changed),
    ...(tags.length > 0 && { tags: [...now.tags, ...tags] }),
    ...(row.email !== undefined && !sameEmail(row.email, theirs) && { email: row.email }),
  }
  if (Object.keys(input).length === 0) return
  const { customerUpdate } = await session.client.ask(updating, {
    input: { id: gid('Customer', now.id), ...input },
  })
  const who = quoted(theirs || now.displayName)
  accept(customerUpdate.userErrors, `Customer ${who} cannot be changed in Shopify`)
}

/** A phone number that Shopify would refuse stays with the address. */
function inputOf({ firstName, lastName, taxExempt, tags, ...row }: AccountWrite) {
  const [phone, locale] = [phoneOf(row.phone), localeOf(row.locale)]
  return {
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(phone !== undefined && { phone }),
    ...(taxExempt !== undefined && { taxExempt }),
    ...(locale !== undefined && { locale }),
    ...(tags !== undefined && { tags }),
  }
}

async function customerOfId(session: Session, id: string): Promise<AccountRow> {
  const [customer] = await readCustomers(session, [id])
  if (customer) return customer
  throw new Problem('refused', `Customer ${id} is no longer in Shopify. Someone deleted it there.`)
}

const createdData = z.object({
  customerCreate: z.object({ customer: z.object({ id: text }).nullable(), userErrors }),
})
export const creating: Operation<z.infer<typeof createdData>> = {
  text: `mutation CreateCustomer($input: CustomerInput!) {
    customerCreate(input: $input) { customer { id } userErrors { field message } } }`,
  data: createdData,
}

const updatedData = z.object({ customerUpdate: z.object({ userErrors }) })
export const updating: Operation<z.infer<typeof updatedData>> = {
  text: `mutation UpdateCustomer($input: CustomerInput!) {
    customerUpdate(input: $input) { userErrors { field message } } }`,
  data: updatedData,
}
