import { expect, test } from 'vitest'
import { roundingProblem } from './rounding.ts'
import type { BillingDocument } from './totals.ts'

const amounts = { net: '10.00', tax: '1.90', gross: '11.90' }
const document = (rounding: string, currency = 'EUR', count = 1): BillingDocument => ({
  currency,
  taxInclusive: false,
  lines: Array.from({ length: count }, (_, index) => ({
    id: String(index),
    kind: 'item',
    name: 'Mug',
    quantity: '1',
    unitPrice: '10.00',
    ...amounts,
  })),
  charges: [],
  totals: { net: '10.00', tax: '1.90', rounding, payable: '11.90' },
})

test('cents that taxes per line and per document differ by are rounding, as many as there are parts', () => {
  expect(roundingProblem(document('0.02'))).toBeNull()
  expect(roundingProblem(document('-0.05'))).toBeNull()
  expect(roundingProblem(document('0.06'))).not.toBeNull()
  expect(roundingProblem(document('0.06', 'EUR', 2))).toBeNull()
  expect(roundingProblem(document('0.03', 'USD'))).not.toBeNull()
})

test('a total rounded to whole kronor is no mistake, and neither is one without any rounding', () => {
  expect(roundingProblem(document('-0.5', 'SEK'))).toBeNull()
  expect(
    roundingProblem({ ...document('0'), totals: { net: '10', tax: '1.90', payable: '11.90' } }),
  ).toBeNull()
})

test('money that nobody explained is named with both figures', () => {
  expect(roundingProblem(document('979.28'))).toBe(
    'Payable is 11.90 EUR, which is 979.28 off the sum of lines, charges and taxes; rounding explains 0.05 at most.',
  )
})
