import type { Fields, Mapping } from '@linchpin/mapping'

const postal = (at: string): Fields => ({
  id: `${at}id`,
  name: `${at}name`,
  company: `${at}company`,
  streetName: `${at}address1`,
  additionalStreetName: `${at}address2`,
  cityName: `${at}city`,
  postalZone: `${at}zip`,
  countrySubentity: `${at}provinceCode`,
  country: `${at}countryCodeV2`,
  phone: `${at}phone`,
})

export const accountMapping: Mapping = {
  from: 'shopify.Account',
  to: 'Account',
  fields: {
    id: 'id',
    number: 'company.locationExternalId',
    kind: {
      when: { any: [{ has: 'company.id' }, { has: 'defaultAddress.company' }] },
      then: { constant: 'company' },
      else: { constant: 'person' },
    },
    name: { first: ['company.name', 'defaultAddress.company', 'displayName'] },
    givenName: 'firstName',
    familyName: 'lastName',
    company: { first: ['company.name', 'defaultAddress.company'] },
    email: 'defaultEmailAddress.emailAddress',
    phone: { first: ['defaultPhoneNumber.phoneNumber', 'defaultAddress.phone'] },
    vatId: 'own.value',
    taxExempt: 'taxExempt',
    language: 'locale',
    billingAddress: {
      when: { has: 'defaultAddress.countryCodeV2' },
      then: { object: postal('defaultAddress.') },
    },
    deliveryAddresses: { each: 'addressesV2.nodes', as: postal('') },
    contacts: {
      when: { has: 'company.id' },
      then: {
        each: 'company.contacts.nodes',
        as: {
          id: 'id',
          name: 'customer.displayName',
          givenName: 'customer.firstName',
          familyName: 'customer.lastName',
          role: 'title',
          email: 'customer.defaultEmailAddress.emailAddress',
          phone: 'customer.defaultPhoneNumber.phoneNumber',
        },
      },
    },
    groups: 'tags',
    modifiedAt: { format: 'instant', of: 'updatedAt' },
    'extra.location': 'company.location',
    'extra.state': 'state',
    'extra.note': 'note',
    'extra.metafields': 'metafields.nodes',
  },
}
