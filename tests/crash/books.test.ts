import { expect, test } from 'vitest'
import { compareBooks, isRight, type Booked, type Books, type Taken } from './books.ts'

const taken = (number: string, more: Partial<Taken> = {}): Taken => ({
  shop: 'shop',
  number,
  total: '19.90',
  erpNumber: `S${number}`,
  ...more,
})
const booked = (shopNumber: string, more: Partial<Booked> = {}): Booked => ({
  shop: 'shop',
  shopNumber,
  number: `S${shopNumber}`,
  total: '19.90',
  isConfirmed: true,
  ...more,
})
const books = (of: Partial<Books>) => compareBooks({ taken: [], booked: [], customers: [], ...of })

test('books that agree are right', () => {
  const verdict = books({ taken: [taken('1'), taken('2')], booked: [booked('2'), booked('1')] })
  expect(isRight(verdict)).toBe(true)
  expect(verdict).toMatchObject({ taken: 2, booked: 2, cents: { taken: 3980, booked: 3980 } })
})

test.each([
  ['an order that no ERP has is lost', { taken: [taken('1')] }, { lost: ['shop 1'] }],
  [
    'an order that the ERP has twice is doubled',
    { taken: [taken('1')], booked: [booked('1'), booked('1', { number: 'S9' })] },
    { doubled: ['shop 1 as S1, S9'] },
  ],
  [
    'one cent is noticed',
    { taken: [taken('1')], booked: [booked('1', { total: '19.91' })] },
    { centsOff: ['shop 1: 19.90, and 19.91'] },
  ],
  [
    'an order that waits for a person in the ERP is not done',
    { taken: [taken('1')], booked: [booked('1', { isConfirmed: false })] },
    { unconfirmed: ['shop 1'] },
  ],
  [
    'a shop that was told no number is noticed',
    { taken: [taken('1', { erpNumber: null })], booked: [booked('1')] },
    { untold: ['shop 1: told nothing, it is S1'] },
  ],
  [
    'an order that no shop took is noticed, also when another shop has that number',
    { taken: [taken('1')], booked: [booked('1'), booked('1', { shop: 'outlet' })] },
    { invented: ['S1 for outlet 1'] },
  ],
  [
    'a customer who was made twice is noticed',
    {
      customers: [
        { shop: 'shop', email: 'ida@example.com' },
        { shop: 'shop', email: 'ida@example.com' },
        { shop: 'outlet', email: 'ida@example.com' },
      ],
    },
    { customersDoubled: ['shop ida@example.com: 2 times'] },
  ],
] as const)('%s', (_title, given, wrong) => {
  const verdict = books(given)
  expect(verdict).toMatchObject(wrong)
  expect(isRight(verdict)).toBe(false)
})
