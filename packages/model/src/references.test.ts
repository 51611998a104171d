import { expect, test } from 'vitest'
import { parentsOf, referencesOf } from './references.ts'
import { orderWith } from './testing.ts'

const shipment = {
  id: 's1',
  number: 'OUT/7',
  order: '1042',
  status: 'shipped' as const,
  tracking: [{ number: ' 00340434 ' }, { number: '00340435' }, { number: '' }],
  lines: [],
}
const billing = (({ currency, taxInclusive, lines, charges, totals }) => ({
  id: 'i1',
  number: 'INV/1',
  orders: ['1042', '1043', '1042'],
  status: 'posted' as const,
  currency,
  taxInclusive,
  lines,
  charges,
  totals,
  account: '7',
}))(orderWith())

test('an order is found by its number, the customer’s own, e-mail, VAT number and payment references', () => {
  const order = orderWith({
    buyerReference: 'PO-9 ',
    buyer: {
      id: '7',
      kind: 'company',
      name: 'Byron',
      number: 'C-7',
      email: 'ADA@example.com',
      vatId: 'de 12',
    },
    payments: [
      { id: '1', method: 'card', reference: 'ch_1', kind: 'payment', status: 'captured', amount: '11.90' },
    ],
  })
  expect(referencesOf('SalesOrder', order)).toEqual([
    { kind: 'number', value: 'W-1042' },
    { kind: 'buyerReference', value: 'PO-9' },
    { kind: 'paymentReference', value: 'ch_1' },
    { kind: 'email', value: 'ada@example.com' },
    { kind: 'vatId', value: 'DE12' },
  ])
})

test('a shipment is found by its tracking numbers, an invoice by its number, a product by SKU and GTIN', () => {
  expect(referencesOf('Shipment', shipment).map(({ value }) => value)).toEqual([
    'OUT/7',
    '00340434',
    '00340435',
  ])
  expect(referencesOf('Invoice', billing)).toEqual([{ kind: 'number', value: 'INV/1' }])
  const product = {
    id: '1',
    name: 'Mug',
    kind: 'goods' as const,
    active: true,
    sku: 'MUG-1',
    gtin: '4006381333931',
  }
  expect(referencesOf('Product', product)).toEqual([
    { kind: 'sku', value: 'MUG-1' },
    { kind: 'gtin', value: '4006381333931' },
  ])
})

test('an order belongs to its buyer, a draft to nobody yet', () => {
  expect(parentsOf('SalesOrder', orderWith())).toEqual([{ entity: 'Account', id: '7' }])
  expect(parentsOf('SalesOrder', orderWith({ status: 'draft' }))).toEqual([])
})

test('shipments, invoices, credit notes, refunds and prices belong to what they are about, each once', () => {
  expect(parentsOf('Shipment', shipment)).toEqual([{ entity: 'SalesOrder', id: '1042' }])
  const orders = ['1042', '1043'].map(id => ({ entity: 'SalesOrder', id }))
  expect(parentsOf('Invoice', billing)).toEqual([...orders, { entity: 'Account', id: '7' }])
  expect(parentsOf('CreditNote', { ...billing, id: 'c1', invoice: 'i1' })).toContainEqual({
    entity: 'Invoice',
    id: 'i1',
  })
  const refund = {
    id: 'r',
    order: '1042',
    payment: 'p',
    status: 'settled' as const,
    amount: '1',
    currency: 'EUR',
  }
  expect(parentsOf('Refund', refund)).toEqual([
    { entity: 'SalesOrder', id: '1042' },
    { entity: 'Payment', id: 'p' },
  ])
  const price = { id: 'p', product: 'p', currency: 'EUR', taxInclusive: false, list: '1' }
  expect(parentsOf('Price', price)).toEqual([{ entity: 'Product', id: 'p' }])
})

test('a document belongs to its record, and to nothing when that is no entity', () => {
  const document = { id: 'd', name: 'INV-1.pdf', mediaType: 'application/pdf' }
  expect(parentsOf('Document', { ...document, of: { entity: 'Invoice', id: 'i1' } })).toEqual([
    { entity: 'Invoice', id: 'i1' },
  ])
  expect(parentsOf('Document', { ...document, of: { entity: 'constructor', id: 'i1' } })).toEqual([])
})
