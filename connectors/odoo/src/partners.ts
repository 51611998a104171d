import type { Fields } from '@linchpin/mapping'
import { z } from 'zod'
import { idOf } from './changes.ts'
import { readRows, type Row, type Session } from './client.ts'

/** `[7, 'Mug']`: how Odoo shows the record that a field names. */
export const many2one = z.tuple([z.number(), z.string()]).nullable()
export const text = z.string().nullable()
/** A decimal as text, made of Odoo's float. */
export const decimal = z.string()

const address = {
  name: text,
  company_name: text.optional(),
  street: text,
  street2: text,
  city: text,
  zip: text,
  country_code: text,
  /** The name of `state_id`, without the country that Odoo puts behind it. */
  state_name: text,
  email: text,
  phone: text,
  /** Gone in 19. */
  mobile: text.optional(),
}
export const partnerRow = z.looseObject({
  id: z.number(),
  parent_id: many2one,
  is_company: z.boolean(),
  type: text,
  ref: text,
  vat: text,
  lang: text,
  ...address,
})

export const partnerFields = [
  'name',
  'company_name',
  'parent_id',
  'is_company',
  'type',
  'ref',
  'vat',
  'lang',
  'active',
  'street',
  'street2',
  'city',
  'zip',
  'country_id',
  'country_code',
  'state_id',
  'email',
  'phone',
  'mobile',
  'write_date',
]

/** Partners by id, with the plain name of their state beside Odoo's own fields. */
export async function readPartners(session: Session, ids: readonly number[]): Promise<Map<number, Row>> {
  const rows = await readRows(session, 'res.partner', ids, partnerFields)
  return new Map(rows.map(row => [row.id, withState(row)]))
}

export function withState(row: Row): Row {
  const label = Array.isArray(row['state_id']) ? String(row['state_id'][1]) : null
  return { ...row, state_name: label?.replace(/ \([A-Z]{2}\)$/, '') ?? null }
}

/** The partners that these fields of the rows name. */
export function partnerIdsOf(rows: readonly Row[], ...fields: readonly string[]): number[] {
  return rows.flatMap(row => fields.flatMap(field => idOf(row[field]) ?? []))
}

/** Fields of a canonical address, read from the partner at `path` ('' for the row itself). */
export function addressFields(path: string): Fields {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  return {
    id: { format: 'text', of: at('id') },
    name: at('name'),
    company: at('company_name'),
    streetName: at('street'),
    additionalStreetName: at('street2'),
    cityName: at('city'),
    postalZone: at('zip'),
    countrySubentity: at('state_name'),
    country: at('country_code'),
    email: at('email'),
    phone: { first: [at('phone'), at('mobile')] },
  }
}

/** Fields of a canonical account, read from the partner at `path` ('' for the row itself). */
export function accountFields(path: string): Fields {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  return {
    id: { format: 'text', of: at('id') },
    number: at('ref'),
    kind: {
      when: { is: [at('is_company'), { constant: true }] },
      then: { constant: 'company' },
      else: { constant: 'person' },
    },
    name: { first: [at('name'), at('email'), { format: 'text', of: at('id') }] },
    company: {
      when: { is: [at('is_company'), { constant: true }] },
      then: at('name'),
      else: at('company_name'),
    },
    email: at('email'),
    phone: { first: [at('phone'), at('mobile')] },
    vatId: at('vat'),
    language: at('lang'),
    billingAddress: { object: addressFields(path) },
  }
}
