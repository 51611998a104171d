import { describe, expect, test } from 'vitest'
import { formats } from './format.ts'
import type { FormatName } from './mapping.ts'

function format(name: FormatName, value: unknown, settings: Record<string, unknown> = {}): unknown {
  return formats[name].apply(value, settings)
}
const EUR = { currency: 'EUR' }

test.each<[FormatName, unknown, unknown, Record<string, unknown>?]>([
  ['text', 42, '42'],
  ['text', true, 'true'],
  ['text', { a: [1] }, '{"a":[1]}'],
  ['trim', ' a ', 'a'],
  ['lower', 'Ä', 'ä'],
  ['upper', 'de', 'DE'],
  ['join', ['a', '', null, 'b'], 'a b'],
  ['join', ['a', 1], 'a, 1', { separator: ', ' }],
  ['join', 'a', 'a'],
  ['decimal', '19.90', '19.9'],
  ['decimal', 19.989999999, '19.989999999'],
  ['decimal', 0.1 + 0.2, '0.30000000000000004'],
  ['decimal', 1e-7, '0.0000001'],
  ['decimal', 1e21, '1000000000000000000000'],
  ['decimal', ' +007.50 ', '7.5'],
  ['decimal', '.5', '0.5'],
  ['decimal', '5.', '5'],
  ['decimal', -0, '0'],
  ['decimal', '1.005', '1.01', { scale: 2 }],
  ['decimal', 2.675, '2.68', { scale: 2 }],
  ['decimal', '-1.005', '-1.01', { scale: '2' }],
  ['decimal', 5, '5.00', { scale: 2 }],
  ['decimal', '', undefined],
  ['fromMinor', 1999, '19.99', EUR],
  ['fromMinor', '1999', '1999', { currency: 'JPY' }],
  ['fromMinor', 1999, '1.999', { currency: 'kwd' }],
  ['toMinor', '19.99', 1999, EUR],
  ['toMinor', 19.99, 1999, EUR],
  ['negate', '5', '-5'],
  ['negate', 0, '0'],
  ['absolute', '-5.50', '5.5'],
  ['number', '19.90', 19.9],
  ['integer', '2.9', 2],
  ['integer', -0.5, -1],
  ['percent', '0.19', '19'],
  ['percent', 0.055, '5.5'],
  ['fraction', '19', '0.19'],
  ['boolean', 'Yes', true],
  ['boolean', 1, true],
  ['boolean', '0', false],
  ['boolean', false, false],
  ['boolean', '', undefined],
  ['instant', '2026-11-23T10:15:00Z', '2026-11-23T10:15:00Z'],
  ['instant', '2026-11-23T10:15:00.120000+01:00', '2026-11-23T09:15:00.12Z'],
  ['instant', '2026-11-23T10:15:00.123456789Z', '2026-11-23T10:15:00.123456789Z'],
  ['instant', '2026-11-23T10:15:00.120Z', '2026-11-23T10:15:00.12Z'],
  ['instant', '2026-11-23T10:15:00.000Z', '2026-11-23T10:15:00Z'],
  ['instant', '2028-02-29T23:59:59Z', '2028-02-29T23:59:59Z'],
  ['instant', '2026-11-23 10:15:00', '2026-11-23T10:15:00Z'],
  ['instant', '2026-11-23 10:15', '2026-11-23T10:15:00Z'],
  ['instant', '2026-11-23 10:15:00+00', '2026-11-23T10:15:00Z'],
  ['instant', '2026-11-23T10:15:00-0530', '2026-11-23T15:45:00Z'],
  ['instant', '2026-11-23', '2026-11-23T00:00:00Z'],
  ['instant', 'Mon, 23 Nov 2026 10:15:00 GMT', '2026-11-23T10:15:00Z'],
  ['instant', 1795428900, '2026-11-23T10:15:00Z'],
  ['instant', 1795428900123, '2026-11-23T10:15:00.123Z'],
  ['instant', '1795428900', '2026-11-23T10:15:00Z'],
  ['instant', '0000-00-00 00:00:00', undefined],
  ['day', '2026-11-23T00:00:00+01:00', '2026-11-23'],
  ['day', 1795428900, '2026-11-23'],
  ['spacedTime', '2026-11-23T10:15:00.5+01:00', '2026-11-23 09:15:00'],
  ['epoch', '2026-11-23T10:15:00.9Z', 1795428900],
  ['givenName', 'Ada King Lovelace', 'Ada King'],
  ['familyName', 'Ada King Lovelace', 'Lovelace'],
  ['familyName', 'Ludwig van Beethoven', 'van Beethoven'],
  ['givenName', 'Lovelace, Ada', 'Ada'],
  ['familyName', 'Plato', 'Plato'],
  ['givenName', 'Plato', undefined],
  ['familyName', ' ', undefined],
  ['plain', '<p>Mug &amp; cup</p><p>3&nbsp;€ &lt; 4 &#8364;</p>', 'Mug & cup\n3 € < 4 €'],
  ['plain', 'a<br/>b<style>p{color:red}</style><!-- <b> -->c', 'a\nbc'],
  ['plain', '3 < 4 and 5 > 4', '3 < 4 and 5 > 4'],
])('%s of %j is %j', (name, value, expected, settings) =>
  expect(format(name, value, settings)).toBe(expected),
)

test.each<[FormatName, unknown, string, Record<string, unknown>?]>([
  ['decimal', 'two', '"two" is not a number.'],
  ['decimal', '19,99', 'with a point, like 12.50'],
  ['decimal', Number.NaN, 'NaN is not a number.'],
  ['decimal', true, 'true is not a number.'],
  ['decimal', [1], 'a list of 1 is not a number.'],
  ['decimal', '1e999', 'over 100 digits'],
  ['decimal', '1', 'A scale is a whole number', { scale: 1.5 }],
  ['decimal', '0x10', 'is not a number'],
  ['fromMinor', '19.5', '19.5 is not a whole number of EUR minor units.', EUR],
  ['fromMinor', 1999, 'nothing is not a currency like EUR'],
  ['toMinor', '19.999', 'round it first', EUR],
  ['number', '0.1234567890123456789', 'more digits than a JSON number can hold'],
  ['integer', '9007199254740993', 'more digits'],
  ['boolean', 'perhaps', '"perhaps" is neither yes nor no.'],
  ['instant', 'tomorrow', '"tomorrow" is not a time like'],
  ['instant', '11/23/2026', 'is not a time like'],
  ['instant', '2026-02-30', 'does not exist'],
  ['instant', '2026-02-29T10:15:00Z', 'does not exist'],
  ['instant', '2026-13-01T10:15:00Z', 'does not exist'],
  ['instant', '0999-01-01T00:00:00Z', 'does not exist'],
  ['instant', '2026-11-23T10:60:00Z', 'does not exist'],
  ['instant', '2026-11-23T24:00:00Z', 'does not exist'],
  ['instant', -5, 'is not a time in seconds'],
  ['instant', '9999-12-31T23:59:59-01:00', 'after the year 9999'],
  ['day', '2026-13-01', 'does not exist'],
  ['trim', ['a'], 'a list of 1 is not a text.'],
  ['lower', {}, 'an object is not a text.'],
])('%s of %j is an error: %s', (name, value, words, settings) =>
  expect(() => format(name, value, settings)).toThrow(words),
)

describe('plain', () => {
  test('takes time in proportion to the text, whatever tags it has', () => {
    for (const bad of ['<', '<a', '<!--', '<style', '&#']) {
      expect(format('plain', bad.repeat(200_000))).toBeTypeOf('string')
    }
    // In proportion it takes milliseconds; with the square, minutes.
  }, 30_000)
})
