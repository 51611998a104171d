import fc from 'fast-check'
import { expect, test } from 'vitest'
import { absolute, compare, divide, isNegative, isZero, multiply, subtract, sum } from './decimal.ts'
import {
  allocate,
  decimalsOf,
  fitsCurrency,
  fromMinor,
  minorUnit,
  padMoney,
  roundMoney,
  sumMoney,
  toMinor,
} from './money.ts'
import { currencies, decimals } from './testing.ts'

test('a currency has the decimals of ISO 4217, whatever Node was built with', () => {
  const wanted = { EUR: 2, JPY: 0, KRW: 0, BHD: 3, KWD: 3, IQD: 3, HUF: 2, COP: 2, CLF: 4, XYZ: 2 }
  for (const [currency, digits] of Object.entries(wanted)) expect(decimalsOf(currency)).toBe(digits)
})

test('rounding to a currency pads to its decimals', () => {
  expect(roundMoney('10', 'EUR')).toBe('10.00')
  expect(roundMoney('1.005', 'EUR')).toBe('1.01')
  expect(roundMoney('10.4', 'JPY')).toBe('10')
  expect(roundMoney('0.0005', 'KWD')).toBe('0.001')
  expect(sumMoney(['0.004', '0.004', '0.004'], 'EUR')).toBe('0.01')
  expect(fitsCurrency('10.000', 'EUR')).toBe(true)
  expect(fitsCurrency('10.005', 'EUR')).toBe(false)
})

test('an amount is written with the decimals of its currency, and never rounded', () => {
  expect(padMoney('333.5', 'EUR')).toBe('333.50')
  expect(padMoney('10.005', 'EUR')).toBe('10.005')
  expect(padMoney('10', 'JPY')).toBe('10')
})

test('minor units go to an amount and back', () => {
  expect(fromMinor(1999, 'EUR')).toBe('19.99')
  expect(fromMinor(-5, 'EUR')).toBe('-0.05')
  expect(fromMinor('1999', 'JPY')).toBe('1999')
  expect(fromMinor(1999n, 'KWD')).toBe('1.999')
  expect(toMinor('19.9', 'EUR')).toBe(1990)
  expect(minorUnit('EUR')).toBe('0.01')
  fc.assert(
    fc.property(fc.maxSafeInteger(), currencies, (minor, currency) => {
      expect(toMinor(fromMinor(minor, currency), currency)).toBe(minor)
    }),
  )
})

test('minor units are never rounded: what does not fit is refused', () => {
  expect(() => toMinor('19.999', 'EUR')).toThrow('19.999 EUR is not a whole number of minor units')
  expect(() => toMinor('90071992547409930', 'EUR')).toThrow('too large')
  expect(() => fromMinor(19.5, 'EUR')).toThrow('19.5 is not a whole number of EUR minor units')
  expect(() => fromMinor(2 ** 60, 'EUR')).toThrow(RangeError)
})

test('an amount is shared out by the largest remainder', () => {
  expect(allocate('10', ['1', '1', '1'], 'EUR')).toEqual(['3.34', '3.33', '3.33'])
  expect(allocate('-10', ['1', '1', '1'], 'EUR')).toEqual(['-3.34', '-3.33', '-3.33'])
  expect(allocate('0.01', ['1', '9'], 'EUR')).toEqual(['0.00', '0.01'])
  expect(allocate('100', ['19.99', '0', '-5', '80.01'], 'EUR')).toEqual(['19.99', '0.00', '0.00', '80.01'])
  expect(allocate('5', ['0', '0'], 'JPY')).toEqual(['3', '2'])
  expect(allocate('0', [], 'EUR')).toEqual([])
  expect(() => allocate('1', [], 'EUR')).toThrow('1 EUR cannot be shared among nobody.')
})

test('shares add up exactly, none has the wrong sign, and each is within a minor unit of its part', () => {
  const weights = fc.array(decimals.map(absolute), { minLength: 1, maxLength: 12 })
  const minors = fc.integer({ min: -1_000_000, max: 1_000_000 })
  fc.assert(
    fc.property(minors, weights, currencies, (minor, shares, currency) => {
      const amount = fromMinor(minor, currency)
      const parts = allocate(amount, shares, currency)
      expect(roundMoney(sum(parts), currency)).toBe(amount)
      for (const part of parts) {
        expect(isZero(part) || isNegative(part) === minor < 0).toBe(true)
        expect(roundMoney(part, currency)).toBe(part)
      }
      const total = sum(shares)
      if (isZero(total)) return
      for (const [index, part] of parts.entries()) {
        const exact = divide(multiply(amount, shares[index]!), total, 20)
        expect(compare(absolute(subtract(part, exact)), minorUnit(currency))).toBeLessThan(1)
        if (isZero(shares[index]!)) expect(isZero(part)).toBe(true)
      }
    }),
  )
})

test('an amount finer than its currency is still shared out whole', () => {
  fc.assert(
    fc.property(decimals, fc.array(decimals, { minLength: 1, maxLength: 5 }), (amount, weights) => {
      expect(subtract(sum(allocate(amount, weights, 'EUR')), amount)).toBe('0')
    }),
  )
})
