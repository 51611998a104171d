import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalText } from './decode.ts'
import { closest } from './order-lines.ts'

const digits = { price: 2, discount: 2 }
const cents = (most: number) => fc.integer({ min: 0, max: most }).map(value => new Decimal(value).div(100))
const amountOf = ({ price, discount }: { price: Decimal; discount: Decimal }, quantity: Decimal) =>
  price.mul(new Decimal(100).sub(discount)).div(100).mul(quantity).toDecimalPlaces(2)

test('a price without a discount is told as it is', () => {
  const pieces = fc.integer({ min: 1, max: 10_000 }).map(value => new Decimal(value))
  fc.assert(
    fc.property(cents(1_000_000), pieces, (unit, quantity) => {
      const way = closest(unit, quantity, unit.mul(quantity), digits)
      expect([way.price.eq(unit), way.discount.isZero()]).toEqual([true, true])
    }),
  )
})

test('one piece can always be told to the cent, whatever its discount', () => {
  fc.assert(
    fc.property(cents(1_000_000), cents(1_000_000), (unit, target) => {
      const one = new Decimal(1)
      expect(amountOf(closest(unit, one, target, digits), one).eq(target)).toBe(true)
    }),
  )
})

test('no way is further off than half a cent a piece, and none asks for more decimals than there are', () => {
  const pieces = fc.integer({ min: 1, max: 500 }).map(value => new Decimal(value))
  fc.assert(
    fc.property(cents(100_000), pieces, cents(1_000_000), (unit, quantity, target) => {
      const way = closest(unit, quantity, target, digits)
      const miss = amountOf(way, quantity).sub(target).abs()
      expect(miss.lte(quantity.mul('0.005').add('0.005'))).toBe(true)
      expect(Math.max(way.price.decimalPlaces(), way.discount.decimalPlaces())).toBeLessThanOrEqual(2)
    }),
  )
})

test('a float of Odoo becomes the decimal that it stands for', () => {
  expect([45.190000000000005, 0.1 + 0.2, 1e-12, -0, 19, 1234567.89].map(decimalText)).toEqual([
    '45.19',
    '0.3',
    '0',
    '0',
    '19',
    '1234567.89',
  ])
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), value => {
      expect(new Decimal(decimalText(value / 100)).eq(new Decimal(value).div(100))).toBe(true)
    }),
  )
})
