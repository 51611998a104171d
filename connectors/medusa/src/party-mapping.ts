import type { Expression, Fields } from '@linchpin/mapping'

/** An address as Medusa keeps it, at orders and customers alike. */
export const address = (at: string): Fields => ({
  name: { format: 'trim', of: { template: `{${at}first_name} {${at}last_name}` } },
  company: `${at}company`,
  streetName: `${at}address_1`,
  additionalStreetName: `${at}address_2`,
  cityName: `${at}city`,
  postalZone: `${at}postal_code`,
  countrySubentity: `${at}province`,
  country: { format: 'upper', of: `${at}country_code` },
  phone: `${at}phone`,
})

export const fullName = (at: string): Expression => ({
  format: 'trim',
  of: { template: `{${at}first_name} {${at}last_name}` },
})

/** And the way back. */
export const addressWrite = (at: string): Fields => ({
  first_name: { format: 'givenName', of: `${at}name` },
  last_name: { first: [{ format: 'familyName', of: `${at}name` }, `${at}name`] },
  company: `${at}company`,
  address_1: `${at}streetName`,
  address_2: `${at}additionalStreetName`,
  city: `${at}cityName`,
  postal_code: `${at}postalZone`,
  province: `${at}countrySubentity`,
  country_code: { format: 'lower', of: `${at}country` },
  phone: `${at}phone`,
})
