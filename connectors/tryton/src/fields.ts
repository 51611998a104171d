import type { Expression } from '@linchpin/mapping'
import { z } from 'zod'

/** Pieces of mappings and schemas that several entities share. */

export const relation = z.looseObject({ id: z.int() })
export const named = z.looseObject({ id: z.int(), name: z.string() })
export const address = z.looseObject({
  id: z.int(),
  party_name: z.string().nullable(),
  street: z.string().nullable(),
  postal_code: z.string().nullable(),
  city: z.string().nullable(),
  subdivision: z.looseObject({ name: z.string() }).nullable(),
  country: z.looseObject({ code: z.string() }).nullable(),
})

/** A float of Tryton's (a quantity) as decimal text. */
export const decimalText = (path: string) => ({ format: 'decimal', of: path }) as const
export const idText = (path: string) => ({ format: 'text', of: path }) as const

/** Tryton's symbol of a unit as UN/ECE Recommendation 20 knows it; an unknown one stays as it is. */
export const unitName = (path: string) => ({ lookup: UNITS, of: path, else: path }) as const

export const UNITS = {
  u: 'C62',
  kg: 'KGM',
  g: 'GRM',
  mg: 'MGM',
  t: 'TNE',
  lb: 'LBR',
  oz: 'ONZ',
  m: 'MTR',
  cm: 'CMT',
  mm: 'MMT',
  km: 'KMT',
  in: 'INH',
  ft: 'FOT',
  l: 'LTR',
  'm²': 'MTK',
  'm³': 'MTQ',
  'cm³': 'CMQ',
  s: 'SEC',
  min: 'MIN',
  h: 'HUR',
  d: 'DAY',
} as const

/** The fields of an address behind a relation, to ask for. */
export const addressFields = (name: string) =>
  ['party_name', 'street', 'postal_code', 'city', 'subdivision.name', 'country.code'].map(
    field => `${name}.${field}`,
  )

/** An address at a path; '' for the item itself inside `each`. */
export const addressObject = (path: string) => {
  const at = path === '' ? '' : `${path}.`
  return {
    id: idText(`${at}id`),
    name: `${at}party_name`,
    streetName: `${at}street`,
    postalZone: `${at}postal_code`,
    cityName: `${at}city`,
    countrySubentity: `${at}subdivision.name`,
    country: `${at}country.code`,
  } as const satisfies Readonly<Record<string, Expression>>
}

export const addressIn = (path: string) =>
  ({ when: { has: path }, then: { object: addressObject(path) } }) as const satisfies Expression
