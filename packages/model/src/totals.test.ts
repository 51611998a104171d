import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildDocument, type Priced } from './build.ts'
import { add } from './decimal.ts'
import { minorUnit } from './money.ts'
import type { DocumentLine } from './order.ts'
import { drafts, mug, orderWith } from './testing.ts'
import { documentProblems, totalsOf, type BillingDocument } from './totals.ts'

const built = (lines = [mug({ quantity: '2' })]) =>
  buildDocument({ currency: 'EUR', taxInclusive: false, lines })

/** The document with its first line changed and its totals added up anew, so that only the line is wrong. */
function withLine(different: Partial<DocumentLine>, document: Priced = built()): BillingDocument {
  const [first, ...others] = document.lines
  const lines = [{ ...first!, ...different }, ...others]
  return { ...document, lines, totals: totalsOf({ ...document, lines }) }
}

test('an order that adds up has no problems', () => {
  expect(documentProblems(orderWith())).toEqual([])
})

test('a line whose net and tax are not its gross is named with its figures', () => {
  expect(documentProblems(withLine({ gross: '23.81' }))).toEqual([
    'Line 1 (Mug): net 20.00 and tax 3.80 make 23.8, but its gross is 23.81 EUR.',
  ])
})

test('taxes by rate that are not the line’s tax are named; a source that tells no rates is not blamed', () => {
  expect(documentProblems(withLine({ taxes: [{ rate: '19', amount: '3.79' }] }))).toEqual([
    'Line 1 (Mug): its taxes by rate add up to 3.79, but its tax is 3.80 EUR.',
  ])
  const { taxes: _, ...untold } = built().lines[0]!
  expect(documentProblems({ ...built(), lines: [untold] })).toEqual([])
})

test('a line that is not quantity × price less discounts is named, in the basis of its document', () => {
  expect(documentProblems(withLine({ quantity: '3' }))).toEqual([
    'Line 1 (Mug): 3 × 10.00 is 30, but its net is 20.00 EUR.',
  ])
  expect(documentProblems(withLine({ discounts: [{ amount: '1.00', of: 'line' }] }))).toEqual([
    'Line 1 (Mug): 2 × 10.00 less discounts of 1 is 19, but its net is 20.00 EUR.',
  ])
  expect(documentProblems({ ...built(), taxInclusive: true })).toEqual([
    'Line 1 (Mug): 2 × 10.00 is 20, but its gross is 23.80 EUR.',
  ])
})

test('a line may be off by one minor unit, and by what rounding the unit price made of it', () => {
  expect(documentProblems(withLine({ net: '20.01', gross: '23.81' }))).toEqual([])
  expect(documentProblems(withLine({ net: '20.02', gross: '23.82' }))).toHaveLength(1)
  const many = { quantity: '10000', unitPrice: '0.3333', tax: '0.00', taxes: [] }
  expect(documentProblems(withLine({ ...many, net: '3333.33', gross: '3333.33' }))).toEqual([])
  expect(documentProblems(withLine({ ...many, net: '3334.00', gross: '3334.00' }))).toHaveLength(1)
})

test('amounts are those of what is left of a line', () => {
  expect(documentProblems(withLine({ quantity: '5', cancelled: '3' }))).toEqual([])
  expect(documentProblems(withLine({ quantity: '5' }))).toHaveLength(1)
  expect(documentProblems(withLine({ cancelled: '3' }))[0]).toBe(
    'Line 1 (Mug): 3 of 2 are cancelled, which is more than there are.',
  )
})

test('a document discount is the sum of the shares that name it', () => {
  const document = buildDocument({
    currency: 'EUR',
    taxInclusive: false,
    lines: [mug()],
    discounts: [{ id: 'd', code: 'TEN', amount: '1.00' }],
  })
  expect(documentProblems(document)).toEqual([])
  const discounts = [{ ...document.discounts[0]!, amount: '2.00' }]
  expect(documentProblems({ ...document, discounts })).toEqual([
    'Discount TEN is 2.00, but the shares of it on lines and charges add up to 1 EUR.',
  ])
  const [line] = document.lines
  const own = line!.discounts!.map(discount => ({ ...discount, of: 'line' as const }))
  expect(documentProblems({ ...document, lines: [{ ...line!, discounts: own }] })).toEqual([
    'Discount TEN is 1.00, but the shares of it on lines and charges add up to 0 EUR.',
  ])
})

test('totals that are not the sum of lines and charges are named', () => {
  const { totals } = built()
  expect(documentProblems({ ...built(), totals: { ...totals, net: '20.01', payable: '23.81' } })).toEqual([
    'Lines and charges have net 20 in sum, but the total net is 20.01 EUR.',
  ])
  expect(documentProblems({ ...built(), totals: { ...totals, payable: '23.81' } })).toEqual([
    'The total net 20.00, tax 3.80 make 23.8, but payable is 23.81 EUR.',
  ])
  expect(documentProblems({ ...built(), totals: { ...totals, rounding: '0.01', payable: '23.81' } })).toEqual(
    [],
  )
})

test('an amount finer than its currency is named; a unit price may be finer', () => {
  expect(documentProblems(withLine({ net: '20.001', tax: '3.799' }))).toContain(
    'Line 1 (Mug): its net is 20.001, but EUR has 2 decimals.',
  )
  expect(documentProblems({ ...built(), currency: 'JPY' })).toContain(
    'Line 1 (Mug): its tax is 3.80, but JPY has 0 decimals.',
  )
  expect(documentProblems(withLine({ unitPrice: '10.0000' }))).toEqual([])
})

test('the presentment currency is checked within itself', () => {
  const presentment = { currency: 'USD', net: '22.00', tax: '4.18', payable: '26.18', rate: '1.1' }
  expect(documentProblems({ ...built(), presentment })).toEqual([])
  expect(documentProblems({ ...built(), presentment: { ...presentment, payable: '26.20' } })).toEqual([
    'As shown to the customer, net 22.00, tax 4.18 make 26.18, but payable is 26.20 USD.',
  ])
  expect(documentProblems({ ...built(), presentment: { currency: 'EUR', payable: '1.00' } })).toEqual([
    'The customer was shown 1.00 EUR, but payable is 23.80 EUR.',
  ])
  const line = { presentment: { net: '1', tax: '1', gross: '3' } }
  expect(documentProblems({ ...withLine(line), presentment })).toEqual([
    'Line 1 (Mug) as shown: net 1 and tax 1 make 2, but its gross is 3 USD.',
  ])
})

test('gift cards, tips, bundles and charges count like any other amount', () => {
  const document = buildDocument({
    currency: 'EUR',
    taxInclusive: true,
    lines: [
      mug({ id: '1', kind: 'bundle', quantity: '2', parts: [{ product: 'p-mug', quantity: '2' }] }),
      mug({ id: '2', kind: 'giftCard', unitPrice: '50.00', rates: [] }),
      mug({ id: '3', kind: 'tip', unitPrice: '2.50', rates: [] }),
      mug({ id: '4', kind: 'note', quantity: '0', unitPrice: '0', rates: [] }),
    ],
    charges: [{ id: 's', kind: 'shipping', name: 'DHL', price: '4.90', rates: [{ rate: '7' }] }],
  })
  expect(document.totals.payable).toBe('77.40')
  expect(documentProblems(document)).toEqual([])
})

test('one cent more anywhere is noticed', () => {
  const places = fc.constantFrom('net', 'tax', 'gross', 'totals.net', 'totals.tax', 'totals.payable')
  fc.assert(
    fc.property(drafts, places, (draft, place) => {
      const document = buildDocument({ ...draft, discounts: [] })
      expect(documentProblems(oneCentMore(document, place))).not.toEqual([])
    }),
  )
})

function oneCentMore(document: Priced, place: string): BillingDocument {
  const [where, what] = place.split('.') as [keyof DocumentLine, 'net' | 'tax' | 'payable' | undefined]
  const more = (amount: string) => add(amount, minorUnit(document.currency))
  if (what) return { ...document, totals: { ...document.totals, [what]: more(document.totals[what]) } }
  const [first, ...others] = document.lines
  return { ...document, lines: [{ ...first!, [where]: more(first![where] as string) }, ...others] }
}
