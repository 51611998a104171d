import { compileMapping, overlayMapping } from '@linchpin/mapping'
import type { Canonical } from '@linchpin/model'
import { describe, expect, test } from 'vitest'
import { fieldsThatDiffer, isAlike, sameId, statesThatDiffer, totalsThatDiffer } from './compare.ts'

const write = compileMapping({
  from: 'StockLevel',
  to: 'shop.StockLevel',
  fields: { product: { link: 'Product', of: 'product' }, quantity: 'available', shelf: 'location' },
})
const read = compileMapping({
  from: 'shop.StockLevel',
  to: 'StockLevel',
  fields: { id: 'id', product: 'id', available: 'quantity', onHand: 'quantity' },
})
const level = (product: string, available: string, location?: string) =>
  ({ id: product, product, onHand: available, available, ...(location && { location }) }) as Canonical

const compared = (ours: Canonical, theirs: Canonical) =>
  fieldsThatDiffer({
    ours,
    theirs,
    write,
    read,
    link: ({ id }) => ({ 'erp-1': 'shop-9' })[id] ?? null,
    owner: 'erp',
  })

describe('the fields that a flow carries', () => {
  test('are the same when links and figures lead to the same', () => {
    expect(compared(level('erp-1', '4.00'), level('shop-9', '4'))).toEqual([])
  })

  test("differ in the target's own words", () => {
    expect(compared(level('erp-1', '4'), level('shop-9', '7'))).toEqual([
      { field: 'quantity', ours: '4', theirs: '7', owner: 'erp' },
    ])
  })

  test('are the same when a mapping has added something to them already', () => {
    const adding = compileMapping(
      overlayMapping(
        { from: 'StockLevel', to: 'shop.StockLevel', fields: { shelf: 'location' } },
        { fields: { shelf: { template: '{location} ({product})' } } },
      ),
    )
    const told = compileMapping({
      from: 'shop.StockLevel',
      to: 'StockLevel',
      fields: { id: 'id', product: 'id', available: 'quantity', location: 'shelf' },
    })
    const differ = (theirs: Canonical) =>
      fieldsThatDiffer({
        ours: level('1', '4', 'A1'),
        theirs,
        write: adding,
        read: told,
        link: sameId,
        owner: 'erp',
      })
    expect(differ(level('1', '4', 'A1 (1)'))).toEqual([])
    expect(differ(level('1', '4', 'A1'))).toMatchObject([{ field: 'shelf', theirs: 'A1' }])
    expect(differ(level('1', '4', 'B2'))).toMatchObject([{ field: 'shelf', ours: 'A1 (1)' }])
  })

  test('differ when they are linked to something else', () => {
    expect(compared(level('erp-1', '4'), level('shop-8', '4'))).toEqual([
      { field: 'product', ours: 'shop-9', theirs: 'shop-8', owner: 'erp' },
    ])
  })

  test('cannot differ where the target does not tell them', () => {
    expect(compared(level('erp-1', '4', 'A1'), level('shop-9', '4'))).toEqual([])
  })
})

describe('values are alike', () => {
  test.each([
    ['12.00', 12],
    [' mug ', 'mug'],
    ['', undefined],
    [[], null],
    [
      { id: '1', name: 'Mug' },
      { id: '2', name: 'Mug' },
    ],
    [{ a: undefined }, {}],
  ])('%j and %j', (left, right) => expect(isAlike(left, right)).toBe(true))

  test.each([
    ['12.00', '12.01'],
    ['0012', '12'],
    ['mug', 'Mug'],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [false, undefined],
  ])('but not %j and %j', (left, right) => expect(isAlike(left, right)).toBe(false))
})

describe('documents', () => {
  const order = (payable: string, status = 'open', currency = 'EUR') =>
    ({ status, currency, totals: { net: payable, tax: '0', payable } }) as Canonical

  test('a cent is a difference, another currency too, another writing is none', () => {
    expect(totalsThatDiffer(order('10.00'), order('10'))).toBeNull()
    expect(totalsThatDiffer(order('10.00'), order('10.01'))).toMatchObject({ theirs: '10.01 EUR' })
    expect(totalsThatDiffer(order('10'), order('10', 'open', 'CHF'))).toMatchObject({ theirs: '10 CHF' })
  })

  test('what both called off has no total to compare; what one called off is told', () => {
    expect(totalsThatDiffer(order('10', 'cancelled'), order('0', 'cancelled'))).toBeNull()
    expect(statesThatDiffer('SalesOrder', order('10'), order('10', 'cancelled'), 'shop')).toEqual([
      { field: 'cancelled', ours: false, theirs: true, owner: null },
    ])
  })

  test('a payment is compared by its amount', () => {
    const payment = (amount: string) => ({ status: 'captured', amount, currency: 'EUR' }) as Canonical
    expect(totalsThatDiffer(payment('5.00'), payment('5'))).toBeNull()
    expect(totalsThatDiffer(payment('5'), payment('6'))).toMatchObject({ field: 'total', owner: null })
  })

  test('parcels are compared by their numbers in any order', () => {
    const parcels = (...numbers: string[]) =>
      ({ status: 'shipped', tracking: numbers.map(number => ({ number })) }) as Canonical
    expect(statesThatDiffer('Shipment', parcels('A', 'B'), parcels('B', 'A'), 'erp')).toEqual([])
    expect(statesThatDiffer('Shipment', parcels('A', 'B'), parcels('A'), 'erp')).toMatchObject([
      { field: 'tracking', owner: 'erp' },
    ])
  })
})
