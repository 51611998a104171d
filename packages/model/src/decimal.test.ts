import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as calculate from './decimal.ts'
import { decimals } from './testing.ts'
import { decimal } from './values.ts'

const { absolute, add, compare, decimalsIn, divide, equal, floorDivide, isZero, multiply, negate } = calculate
const { plain, round, subtract, sum } = calculate

test('sums, differences and products are exact', () => {
  expect(add('0.1', '0.2')).toBe('0.3')
  expect(sum(['9007199254740993', '0.00000000000000000001'])).toBe('9007199254740993.00000000000000000001')
  expect(multiply('0.00000001', '0.00000001')).toBe('0.0000000000000001')
  fc.assert(
    fc.property(decimals, decimals, decimals, (a, b, c) => {
      expect(subtract(add(a, b), b)).toBe(plain(a))
      expect(multiply(a, add(b, c))).toBe(add(multiply(a, b), multiply(a, c)))
      expect(sum([a, b, c])).toBe(sum([c, a, b]))
    }),
  )
})

test('an answer is always a plain decimal: no exponent, no minus before zero, no zeros at the end', () => {
  expect(plain('-0.00')).toBe('0')
  expect(plain('007.10')).toBe('7.1')
  expect(negate('0')).toBe('0')
  expect(multiply('100000000000000000000', '10000000000')).toBe('1000000000000000000000000000000')
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      const answers = [
        add(a, b),
        subtract(a, b),
        multiply(a, b),
        negate(a),
        absolute(a),
        round(a, 2),
        plain(b),
      ]
      for (const answer of answers) {
        expect(decimal.safeParse(answer).success).toBe(true)
        expect(answer).not.toMatch(/^-0(\.0*)?$/)
      }
      expect(add(a, b)).not.toMatch(/\.\d*0$/)
    }),
  )
})

test('numbers are compared by value, not by how they are written', () => {
  expect(equal('1.50', '1.5')).toBe(true)
  expect(compare('9', '10')).toBe(-1)
  expect(compare('-9', '-10')).toBe(1)
  expect(isZero('-0.00')).toBe(true)
  expect(decimalsIn('1.50')).toBe(1)
})

test('rounding is half up, away from zero, to exactly so many decimals', () => {
  expect(round('1.005', 2)).toBe('1.01')
  expect(round('-1.005', 2)).toBe('-1.01')
  expect(round('2.5', 0)).toBe('3')
  expect(round('-0.004', 2)).toBe('0.00')
  fc.assert(
    fc.property(decimals, fc.nat({ max: 5 }), (value, places) => {
      const rounded = round(value, places)
      expect(rounded.split('.')[1]?.length ?? 0).toBe(places)
      expect(compare(absolute(subtract(rounded, value)), `0.${'0'.repeat(places)}5`)).toBeLessThanOrEqual(0)
    }),
  )
})

test('a quotient keeps at most the decimals asked for; dividing by zero is refused', () => {
  expect(divide('1', '3')).toBe('0.3333333333')
  expect(divide('2', '3', 2)).toBe('0.67')
  expect(divide('10', '4')).toBe('2.5')
  expect(() => divide('1', '0.00')).toThrow('1 cannot be divided by zero.')
  expect(() => floorDivide('1', '0')).toThrow(RangeError)
})

test.each(['', '1e5', '0x10', 'NaN', 'Infinity', '1,5', ' 1', '+1', '.5', '5.'])('"%s" is refused', text => {
  expect(() => add(text, '1')).toThrow(`"${text}" is not a decimal number`)
})
