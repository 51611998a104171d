import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocateDiscount, buildCharge, buildDocument, buildLine } from './build.ts'
import { compare, isNegative, isZero, sum } from './decimal.ts'
import { sumMoney } from './money.ts'
import { charge, documentDiscount, documentLine, totals } from './order.ts'
import { taxSummary } from './tax-summary.ts'
import { drafts, mug } from './testing.ts'
import { documentProblems } from './totals.ts'

const net = { currency: 'EUR', taxInclusive: false }
const gross = { currency: 'EUR', taxInclusive: true }

test('whatever is built adds up, in net and gross prices and any currency', () => {
  fc.assert(
    fc.property(affordable, draft => {
      expect(documentProblems(buildDocument(draft))).toEqual([])
    }),
  )
})

test('whatever is built is valid by the schemas', () => {
  fc.assert(
    fc.property(affordable, draft => {
      const built = buildDocument(draft)
      documentLine.array().parse(built.lines)
      charge.array().parse(built.charges)
      documentDiscount.array().parse(built.discounts)
      totals.parse(built.totals)
    }),
  )
})

test('taxes by rate add up to the tax of the document', () => {
  fc.assert(
    fc.property(affordable, draft => {
      const built = buildDocument(draft)
      const amounts = taxSummary(built).map(({ amount }) => amount)
      expect(sumMoney(amounts, draft.currency)).toBe(built.totals.tax)
    }),
  )
})

test('a net line has its tax on top, a gross line has it within', () => {
  const line = mug({ quantity: '3', unitPrice: '9.99' })
  expect(buildLine(line, net)).toMatchObject({ net: '29.97', tax: '5.69', gross: '35.66' })
  expect(buildLine(line, gross)).toMatchObject({ net: '25.18', tax: '4.79', gross: '29.97' })
})

test('two taxes within one gross price are rounded once and shared out', () => {
  const rates = [
    { rate: '5', name: 'GST' },
    { rate: '9.975', name: 'QST' },
  ]
  const line = buildLine(mug({ unitPrice: '9.99', rates }), gross)
  expect(line).toMatchObject({ net: '8.69', tax: '1.30', gross: '9.99' })
  expect(line.taxes?.map(({ amount }) => amount)).toEqual(['0.43', '0.87'])
})

test('amounts are those of what is left after cancelling', () => {
  expect(buildLine(mug({ quantity: '5', cancelled: '2' }), net)).toMatchObject({
    net: '30.00',
    cancelled: '2',
  })
  expect(buildLine(mug({ quantity: '5', cancelled: '5' }), net)).toMatchObject({ net: '0.00', gross: '0.00' })
})

test('a charge has discounts and a tax of its own', () => {
  const shipping = { id: 's', kind: 'shipping', name: 'DHL', price: '4.90', rates: [{ rate: '7' }] } as const
  const discounts = [{ amount: '0.90', of: 'line' as const }]
  expect(buildCharge({ ...shipping, discounts }, net)).toMatchObject({
    net: '4.00',
    tax: '0.28',
    gross: '4.28',
  })
})

test('a document discount is shared by what goods cost after their own discounts; gift cards and tips get none', () => {
  const lines = [
    mug({ id: '1', unitPrice: '30.00', discounts: [{ amount: '10.00', of: 'line' }] }),
    mug({ id: '2', unitPrice: '10.00', rates: [{ rate: '7' }] }),
    mug({ id: '3', kind: 'giftCard', unitPrice: '50.00', rates: [] }),
    mug({ id: '4', kind: 'tip', unitPrice: '5.00', rates: [] }),
  ]
  const { discount, lines: discounted } = allocateDiscount(
    { id: 'd', code: 'TEN', amount: '10' },
    lines,
    'EUR',
  )
  expect(discount).toEqual({ id: 'd', code: 'TEN', amount: '10.00', base: '30.00' })
  expect(discounted.map(line => line.discounts?.at(-1))).toMatchObject(
    [
      { of: 'document', discount: 'd', code: 'TEN', amount: '6.67', base: '20.00' },
      { of: 'document', discount: 'd', code: 'TEN', amount: '3.33', base: '10.00' },
      {},
      {},
    ].map((share, index) => (index < 2 ? share : undefined)),
  )
})

test('a discount of more than the goods is refused', () => {
  expect(() => allocateDiscount({ id: 'd', amount: '10.01' }, [mug()], 'EUR')).toThrow(
    'Discount d of 10.01 EUR is more than the 10.00 it is taken from.',
  )
})

test('no share of a discount is more than its line', () => {
  fc.assert(
    fc.property(affordable, draft => {
      for (const line of buildDocument(draft).lines) expect(isNegative(line.gross)).toBe(false)
    }),
  )
})

test('a rounding line reaches the payable amount that the customer was shown', () => {
  const { totals: sums } = buildDocument({ ...net, lines: [mug()], rounding: '0.05' })
  expect(sums).toEqual({ net: '10.00', tax: '1.90', rounding: '0.05', payable: '11.95' })
  expect(buildDocument({ ...net, lines: [mug()] }).totals).toEqual({
    net: '10.00',
    tax: '1.90',
    payable: '11.90',
  })
})

/** Drafts whose discounts are not more than their goods. */
const affordable = drafts.filter(draft => {
  const goods = buildDocument({ ...draft, discounts: [] }).lines.filter(line =>
    ['item', 'bundle', 'service'].includes(line.kind),
  )
  const basis = draft.taxInclusive ? 'gross' : 'net'
  const discounts = (draft.discounts ?? []).map(({ amount }) => amount)
  return isZero(sum(discounts)) || compare(sum(goods.map(line => line[basis])), sum(discounts)) >= 0
})
