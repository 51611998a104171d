import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonNumber } from './money.ts'

test('an amount of any real price list reaches Medusa as it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 14 }), fc.integer({ min: 0, max: 4 }), (digits, places) => {
      const text = String(digits).padStart(places + 1, '0')
      const decimal = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
      expect(jsonNumber(decimal).toFixed(places)).toBe(decimal)
    }),
  )
})

test('an amount that a JSON number would change is refused with words', () => {
  expect(() => jsonNumber('9007199254740993')).toThrow(/9007199254740993 exactly/)
  expect(() => jsonNumber('0.12345678901234567891')).toThrow(/too many digits/)
})
