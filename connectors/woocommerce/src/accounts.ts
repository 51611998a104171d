import {
  inTurn,
  Problem,
  type Candidate,
  type Entity,
  type Outcome,
  type Snapshot,
  type Write,
} from '@linchpin/connector'
import type { Fields, Mapping, MatchKeys } from '@linchpin/mapping'
import { contentHash, sameEmail } from '@linchpin/model'
import { z } from 'zod'
import { list, record, Refusal, type Session } from './client.ts'
import { inChunks, numberOf } from './ids.ts'
import { metaOf, metaWrite } from './meta.ts'
import { addressOf, personName, present, VAT_KEYS } from './party-mapping.ts'
import { oneByOne, outcomeOf } from './settle.ts'
import { metaData, metaValue, postal, stamp } from './wire.ts'

export const customerRow = z.looseObject({
  id: z.number(),
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  role: z.string().optional(),
  username: z.string().optional(),
  date_modified_gmt: stamp,
  billing: postal,
  shipping: postal,
  meta_data: metaData,
})
export type CustomerRow = z.infer<typeof customerRow>

const customerWrite = z.object({
  email: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  billing: z.record(z.string(), z.string()).optional(),
  shipping: z.record(z.string(), z.string()).optional(),
  vat_number: z.string().optional(),
  meta_data: metaWrite,
})
export type CustomerWrite = z.infer<typeof customerWrite>

const mapping: Mapping = {
  from: 'woocommerce.Account',
  to: 'Account',
  fields: {
    id: { format: 'text', of: 'id' },
    kind: { when: { has: 'billing.company' }, then: { constant: 'company' }, else: { constant: 'person' } },
    name: {
      first: [
        'billing.company',
        { format: 'trim', of: { template: '{first_name} {last_name}' } },
        personName('billing'),
        'username',
        'email',
        { constant: '?' },
      ],
    },
    givenName: { first: ['first_name', 'billing.first_name'] },
    familyName: { first: ['last_name', 'billing.last_name'] },
    company: present('billing.company'),
    email: { first: ['email', 'billing.email'] },
    phone: present('billing.phone'),
    vatId: { first: VAT_KEYS.map(key => `meta_data[key=${key}].value`) },
    billingAddress: { when: hasAddress('billing'), then: addressOf('billing') },
    deliveryAddresses: {
      each: { constant: [{ id: 'shipping' }] },
      where: hasAddress('$.shipping'),
      as: { value: addressOf('$.shipping') },
    },
    modifiedAt: { format: 'instant', of: 'date_modified_gmt' },
  },
}

function hasAddress(path: string) {
  return { any: [{ has: `${path}.address_1` }, { has: `${path}.city` }] }
}

function postalFields(name: string, path: string): Fields {
  return {
    [`${name}.first_name`]: { first: ['givenName', { format: 'givenName', of: `${path}.name` }] },
    [`${name}.last_name`]: { first: ['familyName', { format: 'familyName', of: `${path}.name` }] },
    [`${name}.company`]: { first: [`${path}.company`, 'company'] },
    [`${name}.address_1`]: `${path}.streetName`,
    [`${name}.address_2`]: `${path}.additionalStreetName`,
    [`${name}.city`]: `${path}.cityName`,
    [`${name}.postcode`]: `${path}.postalZone`,
    [`${name}.state`]: `${path}.countrySubentity`,
    [`${name}.country`]: `${path}.country`,
    [`${name}.phone`]: { first: [`${path}.phone`, 'phone'] },
  }
}

/** Registered customers. Guests are no record of the shop: they stand in their orders only. */
export const accounts: Entity<Session, 'Account', CustomerRow, CustomerWrite> = {
  schema: customerRow,
  mapping,
  changes: allCustomers,
  get: async (session, ids) => {
    const found: Snapshot<CustomerRow>[] = []
    for (const chunk of inChunks(ids.flatMap(id => numberOf(id) ?? [])))
      found.push(
        ...(
          await list<CustomerRow>(session, '/customers', {
            include: chunk.join(','),
            role: 'all',
            per_page: 100,
          })
        ).map(snapshot),
      )
    return found
  },
  match: (session, keys) => inTurn(keys, ({ email }) => byEmail(session, email)),
  url: ({ settings }, id) =>
    `${settings.url.replace(/\/+$/, '')}/wp-admin/user-edit.php?user_id=${encodeURIComponent(id)}`,
  writer: {
    schema: customerWrite,
    mapping: {
      from: 'Account',
      to: 'woocommerce.Account',
      fields: {
        email: 'email',
        first_name: { first: ['givenName', { format: 'givenName', of: 'name' }] },
        last_name: { first: ['familyName', { format: 'familyName', of: 'name' }] },
        vat_number: 'vatId',
        ...postalFields('billing', 'billingAddress'),
        'billing.email': { first: ['billingAddress.email', 'email'] },
        ...postalFields('shipping', 'deliveryAddresses[0]'),
      },
    },
    batch: 25,
    // An e-mail address exists once in a shop, and the customer who has it carries our key.
    repeat: 'safe',
    write: (session, writes) => oneByOne(writes, write => outcomeOf(write, () => converge(session, write))),
  },
}

interface Place {
  readonly offset: number
}

// Who works in the shop is not a customer, and `role=all` (which wholesale plugins' own roles need) tells them too.
const STAFF = ['administrator', 'shop_manager', 'editor', 'author', 'contributor']

/** Customers have no `modified_after`, so each round reads them all; versions tell which of them changed. */
async function allCustomers(session: Session, after: string | null, limit: number) {
  const { offset } = after === null ? { offset: 0 } : (JSON.parse(after) as Place)
  const size = Math.min(limit, session.settings.pageSize)
  const rows = await list<CustomerRow>(session, '/customers', {
    role: 'all',
    orderby: 'id',
    order: 'asc',
    per_page: size,
    offset,
  })
  const more = rows.length === size
  const next: Place = { offset: more ? offset + size : 0 }
  const items = rows.filter(({ role }) => !STAFF.includes(role ?? '')).map(snapshot)
  return { items, next: JSON.stringify(next), more }
}

async function byEmail(session: Session, email: MatchKeys['email']): Promise<Candidate[]> {
  if (!email) return []
  const rows = await list<CustomerRow>(session, '/customers', { email, role: 'all' })
  return rows
    .filter(row => sameEmail(row.email, email))
    .map(row => ({ id: String(row.id), by: `e-mail ${row.email}` }))
}

const KEY = '_linchpin_key'
const VAT = 'billing_vat_number'

async function converge(session: Session, { id, key, row }: Write<CustomerWrite>) {
  const { vat_number: vat, meta_data: custom, ...fields } = row
  const meta = [
    ...(vat === undefined ? [] : [{ key: VAT, value: vat }]),
    ...(id === null ? [{ key: KEY, value: key }] : []),
    ...metaOf(custom, [VAT]),
  ]
  const body = { ...fields, ...(meta.length > 0 && { meta_data: meta }) }
  const known = id === null ? await idOfOurs(session, key, row.email) : needNumber(id)
  const after =
    known === null
      ? await record<CustomerRow>(session, 'POST', '/customers', body).catch(explain)
      : await record<CustomerRow>(session, 'PUT', `/customers/${known}`, body)
  const { version } = snapshot(after)
  return { id: String(after.id), version, number: after.email } satisfies Partial<Outcome>
}

/** The customer that an earlier try of this create made. */
async function idOfOurs(session: Session, key: string, email: string | undefined): Promise<number | null> {
  if (!email)
    throw new Problem('refused', 'The customer has no e-mail address. The shop needs one to sign in by.')
  const rows = await list<CustomerRow>(session, '/customers', { email, role: 'all' })
  const same = rows.find(row => sameEmail(row.email, email))
  if (!same) return null
  if (metaValue(same, KEY) === key) return same.id
  throw new Problem('refused', `${email} is a customer of the shop already (${same.id}). Link the two.`)
}

function explain(problem: unknown): never {
  if (problem instanceof Refusal && problem.code === 'registration-error-email-exists')
    throw new Problem('conflict', 'A customer with this e-mail address just came to be. We look again.')
  throw problem
}

function needNumber(id: string): number {
  const number = numberOf(id)
  if (number === null) throw new Problem('refused', `Customer ${id} is no registered customer of the shop.`)
  return number
}

function snapshot(row: CustomerRow): Snapshot<CustomerRow> {
  // Both follow from other records and change without anyone touching the customer.
  const { _links: _, is_paying_customer: __, ...kept } = row as CustomerRow & Record<string, unknown>
  return { id: String(row.id), version: contentHash(kept), row: kept as CustomerRow }
}
