import { expect, test } from 'vitest'
import { shownAt } from '../mapping/shown.ts'
import { masked, withoutSecrets } from './mask.ts'

const order = {
  number: '1042',
  buyer: { id: '7', name: 'Noor de Vries', email: 'noor@example.com', country: 'NL' },
  billing: { first_name: 'Noor', address_1: 'Lindwurmstraße 80', country: 'DE' },
  lines: [{ sku: 'MUG', name: 'Mug', gross: '12.50' }],
  remark: 'Write to noor.devries@example.com please',
  meta: { access_token: 'hunter2' },
}

test('who somebody is, is masked; what they bought is not', () => {
  expect(masked(order)).toEqual({
    number: '1042',
    buyer: { id: '7', name: 'N•••', email: 'n•••@•••.com', country: 'NL' },
    billing: { first_name: 'N•••', address_1: 'L•••', country: 'DE' },
    lines: [{ sku: 'MUG', name: 'Mug', gross: '12.50' }],
    remark: 'Write to n•••@•••.com please',
    meta: { access_token: '(hidden)' },
  })
})

test('a secret is shown to nobody', () => {
  expect(withoutSecrets(order)).toEqual({ ...order, meta: { access_token: '(hidden)' } })
})

test('an account tells nothing of who it is, with an address or without', () => {
  const account = {
    id: '7',
    number: 'C-7',
    kind: 'person',
    name: 'Noor de Vries',
    givenName: 'Noor',
    phone: '+49 89 1234',
    currency: 'EUR',
    contacts: [{ id: '8', name: 'Jan Smit', role: 'buyer', phone: '+49 89 5678' }],
    extra: { note: 'The one with the red door.' },
  }
  expect(masked(account, 'Account')).toEqual({
    id: '7',
    number: 'C-7',
    kind: 'person',
    name: 'N•••',
    givenName: 'N•••',
    phone: '+•••',
    currency: 'EUR',
    contacts: [{ id: '8', name: 'J•••', role: 'buyer', phone: '+•••' }],
    extra: { note: 'T•••' },
  })
  expect(masked({ id: '7', name: 'Acme GmbH', kind: 'company' }, 'Account')).toMatchObject({ name: 'A•••' })
  expect(masked({ id: '1', sku: 'MUG', name: 'Mug' }, 'Product')).toMatchObject({ name: 'Mug' })
})

test('rows of Shopify tell nothing of who it is', () => {
  const somebody = {
    displayName: 'Noor de Vries',
    firstName: 'Noor',
    lastName: 'de Vries',
    note: 'Calls Noor on Mondays',
    defaultEmailAddress: { emailAddress: 'noor@example.com' },
    defaultPhoneNumber: { phoneNumber: '+49891234' },
    defaultAddress: {
      name: 'Noor de Vries',
      address1: 'Lindwurmstraße 80',
      zip: '80337',
      phone: '+49891234',
    },
  }
  const order = {
    id: 'gid://shopify/Order/1',
    name: '#1001',
    email: 'noor@example.com',
    phone: '+49891234',
    note: 'Leave it with Noor',
    customer: somebody,
    shippingAddress: somebody.defaultAddress,
    lineItems: [{ sku: 'MUG', name: 'Mug' }],
  }
  for (const text of [masked(somebody, 'Account'), masked(order, 'SalesOrder')].map(each =>
    JSON.stringify(each),
  ))
    for (const personal of ['Noor', 'Vries', '4989', 'noor@', 'Lindwurm', '80337'])
      expect(text).not.toContain(personal)
  expect(masked(order, 'SalesOrder')).toMatchObject({ name: '#1001', lineItems: order.lineItems })
})

test('VAT numbers and notes are masked, whatever a vendor calls them', () => {
  const dolibarr = {
    id: '7',
    name: 'Acme',
    tva_intra: 'DE123456789',
    note_public: 'Ask Noor',
    note_private: 'Noor',
  }
  const shopify = {
    displayName: 'Acme',
    own: { value: 'DE123456789' },
    taxSettings: { taxRegistrationId: 'DE123456789', taxExempt: true },
  }
  const others = { vat_number: 'DE123456789', vatNumber: 'DE123456789', tax_registration_id: 'DE123456789' }
  for (const row of [dolibarr, shopify, others]) {
    const text = JSON.stringify(masked(row, 'Account'))
    for (const personal of ['DE123456789', 'Noor', 'Acme']) expect(text).not.toContain(personal)
  }
  expect(JSON.stringify(masked({ ref: 'SO1', note_public: 'Ask Noor' }, 'SalesOrder'))).not.toContain('Noor')
  expect(shownAt('own.value', 'DE123456789', 'Account')).toBe('D•••')
  // Of an order it is a list of bills, or whatever a shop keeps there.
  expect(masked({ own: { value: 'INV-1' } }, 'SalesOrder')).toEqual({ own: { value: 'INV-1' } })
})

test('a field alone is judged by the way to it, and by whose it is', () => {
  expect(shownAt('name', 'Noor de Vries', 'Account')).toBe('N•••')
  expect(shownAt('contacts[0].name', 'Noor de Vries', 'Account')).toBe('N•••')
  expect(shownAt('defaultPhoneNumber.phoneNumber', '+4989', 'Account')).toBe('+•••')
  expect(shownAt('name', 'Mug', 'Product')).toBe('Mug')
})
