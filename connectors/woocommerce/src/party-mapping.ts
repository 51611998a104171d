import type { Expression } from '@linchpin/mapping'

/** WooCommerce writes an empty text where there is nothing; ours leaves the field out. */
export function present(path: string): Expression {
  return { first: [path] }
}

/** WooCommerce has no field for it. These are the plugins' own: EU VAT Number, EU VAT Assistant, Germanized, and others. */
export const VAT_KEYS = [
  '_billing_vat_number',
  'billing_vat_number',
  '_billing_eu_vat_number',
  'billing_eu_vat_number',
  '_billing_vat_id',
  'billing_vat_id',
  '_vat_number',
  'vat_number',
]

export function personName(path: string): Expression {
  return { format: 'trim', of: { template: `{${path}.first_name} {${path}.last_name}` } }
}

export function addressOf(path: string): Expression {
  return {
    object: {
      name: { first: [personName(path)] },
      company: present(`${path}.company`),
      streetName: present(`${path}.address_1`),
      additionalStreetName: present(`${path}.address_2`),
      cityName: present(`${path}.city`),
      postalZone: present(`${path}.postcode`),
      countrySubentity: present(`${path}.state`),
      country: { format: 'upper', of: present(`${path}.country`) },
      email: present(`${path}.email`),
      phone: present(`${path}.phone`),
    },
  }
}
