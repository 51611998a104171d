import fc from 'fast-check'
import { expect, test } from 'vitest'
import { availableToPromise } from './availability.ts'
import { add, compare, isNegative, multiply, plain } from './decimal.ts'
import { fromStockUnit, isWhole, quantityLeft, toStockUnit, wholeUnits } from './quantity.ts'
import { decimals, positives } from './testing.ts'

test('what is cancelled is left no more', () => {
  expect(quantityLeft({ quantity: '3', cancelled: '1' })).toBe('2')
  expect(quantityLeft({ quantity: '2.50' })).toBe('2.5')
})

test('whole units are never more than there is', () => {
  expect(wholeUnits('2.9')).toBe('2')
  expect(wholeUnits('-0.5')).toBe('-1')
  expect(wholeUnits('35.9', '12')).toBe('2')
  fc.assert(
    fc.property(decimals, positives, (quantity, factor) => {
      const units = wholeUnits(quantity, factor)
      expect(isWhole(units)).toBe(true)
      expect(compare(multiply(units, factor), quantity)).toBeLessThanOrEqual(0)
      expect(compare(multiply(add(units, '1'), factor), quantity)).toBe(1)
    }),
  )
})

test('quantities go to the stock unit and back', () => {
  expect(toStockUnit('3', '12')).toBe('36')
  expect(fromStockUnit('30', '12')).toBe('2.5')
  expect(isWhole('0.5')).toBe(false)
  fc.assert(
    fc.property(decimals, positives, (quantity, factor) => {
      expect(fromStockUnit(toStockUnit(quantity, factor), factor)).toBe(plain(quantity))
    }),
  )
})

test('available to promise is the stock less open demand and buffer, in whole units, never negative', () => {
  expect(availableToPromise({ available: '10' })).toBe('10')
  expect(availableToPromise({ available: '10.9', openDemand: '3', buffer: '2' })).toBe('5')
  expect(availableToPromise({ available: '1', openDemand: '3' })).toBe('0')
  expect(availableToPromise({ available: '-4' })).toBe('0')
  expect(availableToPromise({ available: '35.999999999999', unitFactor: '12' })).toBe('2')
})

test('what is promised, what is open and the buffer never exceed what is there', () => {
  fc.assert(
    fc.property(decimals, positives, positives, positives, (available, openDemand, buffer, unitFactor) => {
      const units = availableToPromise({ available, openDemand, buffer, unitFactor })
      expect(isWhole(units) && !isNegative(units)).toBe(true)
      const taken = add(add(multiply(units, unitFactor), openDemand), buffer)
      if (units !== '0') expect(compare(taken, available)).toBeLessThanOrEqual(0)
    }),
  )
})
