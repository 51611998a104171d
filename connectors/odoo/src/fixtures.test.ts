import { readFileSync } from 'node:fs'
import { applyMapping, compileMapping } from '@linchpin/mapping'
import { documentProblems, entities, type Canonical, type EntityName } from '@linchpin/model'
import { expect, test } from 'vitest'
import { odoo } from './odoo.ts'

/** The fixtures are rows as this connector reads them, taken from the look-alike of Odoo 19. */
function canonical<Name extends EntityName>(name: Name, file: string): Canonical<Name> {
  const entity = odoo.entities[name]
  if (!entity) throw new Error(`no ${name}`)
  const row = JSON.parse(
    readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8'),
  ) as unknown
  const { value } = applyMapping(compileMapping(entity.mapping), entity.schema.parse(row), {
    link: () => null,
  })
  return entities[name].parse(value) as Canonical<Name>
}

test('an order: lines, the shipping as a charge, the rounding line as rounding, the note as neither', () => {
  const order = canonical('SalesOrder', 'order')
  expect(order).toMatchObject({
    number: 'S00001',
    status: 'open',
    fulfilment: 'partial',
    invoicing: 'partial',
    payment: 'unpaid',
    currency: 'EUR',
    taxInclusive: false,
    buyerReference: 'PO-7',
    buyer: { kind: 'company', company: 'Kontor Nord GmbH', vatId: 'DE136695976' },
    lines: [
      {
        sku: 'MUG-ENAMEL',
        quantity: '3',
        unitPrice: '12.5',
        net: '33.75',
        tax: '6.41',
        gross: '40.16',
        discounts: [{ amount: '3.75', base: '37.5' }],
      },
      {
        sku: 'TEA-HARBOUR',
        quantity: '2',
        net: '19.62',
        tax: '1.37',
        gross: '20.99',
        taxes: [{ rate: '7', amount: '1.37' }],
      },
    ],
    charges: [{ kind: 'shipping', name: 'DHL parcel', net: '4.9', tax: '0.93', gross: '5.83' }],
    totals: { net: '58.27', tax: '8.71', rounding: '0.01', payable: '66.99' },
  })
  expect(documentProblems(order)).toEqual([])
})

test('a shipment: what left, with its tracking number, and the order that it is for', () => {
  expect(canonical('Shipment', 'shipment')).toMatchObject({
    status: 'shipped',
    order: '1',
    carrier: 'DHL',
    tracking: [{ number: '00340434161', carrier: 'DHL' }],
    lines: [
      { sku: 'MUG-ENAMEL', quantity: '2' },
      { sku: 'TEA-HARBOUR', quantity: '2' },
    ],
    deliveryAddress: { cityName: 'Hamburg', country: 'DE' },
  })
})

test('an invoice: what it bills, what is open, and its paper', () => {
  const invoice = canonical('Invoice', 'invoice')
  expect(invoice).toMatchObject({
    number: 'INV/2030/00001',
    orders: ['1'],
    status: 'posted',
    issuedOn: '2030-01-01',
    lines: [
      { sku: 'MUG-ENAMEL', quantity: '2', order: '1' },
      { sku: 'TEA-HARBOUR', quantity: '2', order: '1' },
    ],
    charges: [{ kind: 'shipping' }],
    document: { name: 'INV_2030_00001.pdf', mediaType: 'application/pdf' },
  })
  expect(invoice.balance).toBe(invoice.totals.payable)
  expect(documentProblems(invoice)).toEqual([])
})

test('a variant, a price with a dated sale, a company, a stock level', () => {
  expect(canonical('Product', 'product')).toMatchObject({
    sku: 'OILSKIN-L',
    group: { options: [{ name: 'Size', value: 'L' }] },
  })
  expect(canonical('Price', 'price')).toMatchObject({
    list: '34.9',
    sale: { amount: '29.9', from: '2029-12-31T00:00:00Z' },
  })
  expect(canonical('Account', 'account')).toMatchObject({
    kind: 'company',
    number: 'C-1002',
    billingAddress: { streetName: 'Am Kai 7' },
  })
  expect(canonical('StockLevel', 'stock')).toMatchObject({ onHand: '118', available: '117', reserved: '1' })
})
