import type { Books } from './books.ts'
import { createCustomer } from './customers.ts'

/** What a shop needs before it can sell. Products are left to the ERP. */
export function seedShop(books: Books): void {
  if (books.taxes.count() > 0) return
  for (const [rate, name, taxClass] of [
    ['19.0000', 'MwSt. 19 %', 'standard'],
    ['7.0000', 'MwSt. 7 %', 'reduced-rate'],
  ] as const) {
    const id = books.nextId('taxes')
    books.taxes.put(id, { id, country: 'DE', rate, name, class: taxClass })
  }
  books.coupons.put('welcome10', { code: 'welcome10', percent: '10' })
  books.shipping.put('flat_rate', { id: 'flat_rate', title: 'DHL parcel', cost: '4.90' })
  const ada = { first_name: 'Ada', last_name: 'Lindqvist' }
  createCustomer(books, {
    email: 'ada@example.com',
    ...ada,
    billing: { ...ada, ...berlin, email: 'ada@example.com', phone: '+49 30 1234567' },
    shipping: { ...ada, ...berlin },
  })
  const grace = { first_name: 'Grace', last_name: 'Okafor', company: 'Nordwind Kaffee GmbH' }
  createCustomer(books, {
    email: 'einkauf@nordwind-kaffee.example',
    ...grace,
    billing: { ...grace, ...hamburg, email: 'einkauf@nordwind-kaffee.example', phone: '+49 40 7654321' },
    shipping: { ...grace, ...hamburg, address_1: 'Speicherstadt 12' },
    meta_data: [{ key: 'billing_vat_number', value: 'DE136695976' }],
  })
}

const berlin = {
  address_1: 'Oranienstraße 25',
  address_2: '',
  city: 'Berlin',
  postcode: '10999',
  country: 'DE',
  state: 'DE-BE',
}
const hamburg = {
  address_1: 'Am Sandtorkai 5',
  address_2: '2. OG',
  city: 'Hamburg',
  postcode: '20457',
  country: 'DE',
  state: 'DE-HH',
}
