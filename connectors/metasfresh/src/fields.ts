import type { Expression } from '@linchpin/mapping'
import { z } from 'zod'

export const idText = (path: string): Expression => ({ format: 'text', of: path })
export const decimalOf = (path: string): Expression => ({ format: 'decimal', of: path })

/** Amounts and quantities come as JSON numbers with few digits, which a double holds exactly enough to write back. */
export const figure = z.number()

export const addressRow = z.looseObject({
  name: z.string().optional(),
  address1: z.string().optional(),
  address2: z.string().optional(),
  postal: z.string().optional(),
  city: z.string().optional(),
  region: z.string().optional(),
  countryCode: z.string().optional(),
  phone: z.string().optional(),
  email: z.string().optional(),
})
export type AddressRow = z.infer<typeof addressRow>

/** Ours to theirs, from an address at this path ('' for the item itself). */
export function addressWrite(path: string): Expression {
  const at = (field: string) => (path === '' ? field : `${path}.${field}`)
  return {
    object: {
      name: { first: [at('company'), at('name')] },
      address1: at('streetName'),
      address2: at('additionalStreetName'),
      postal: at('postalZone'),
      city: at('cityName'),
      region: at('countrySubentity'),
      countryCode: at('country'),
      phone: at('phone'),
      email: at('email'),
    },
  }
}
