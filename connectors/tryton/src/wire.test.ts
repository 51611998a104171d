import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, percentOf, plainDecimal, wire } from './wire.ts'

test('a decimal of any size comes back as it went', () => {
  const decimal = fc.stringMatching(/^(0|[1-9]\d{0,20})(\.\d{1,12})?$/)
  fc.assert(fc.property(decimal, text => decode(wire.decimal(text)) === text))
})

test('an instant comes back with its microseconds, a day as its day', () => {
  expect(decode(wire.datetime('2026-11-23T18:57:10.098730Z'))).toBe('2026-11-23T18:57:10.098730Z')
  expect(decode(wire.datetime('2026-11-23T18:57:10Z'))).toBe('2026-11-23T18:57:10.000000Z')
  expect(decode(wire.date('2026-01-09'))).toBe('2026-01-09')
})

test("Python's exponents become plain figures", () => {
  const cases = {
    '0E-4': '0.0000',
    '1E+2': '100',
    '1.5E+3': '1500',
    '-2.50': '-2.50',
    '5E-3': '0.005',
    '-0': '0',
  }
  for (const [python, plain] of Object.entries(cases)) expect(plainDecimal(python), python).toBe(plain)
})

test('related fields take the place of the bare id', () => {
  const party = {
    party: 5,
    'party.': { id: 5, name: 'Ada' },
    lines: [1],
    'lines.': [{ id: 1, amount: wire.decimal('9.90') }],
  }
  expect(decode(party)).toEqual({ party: { id: 5, name: 'Ada' }, lines: [{ id: 1, amount: '9.90' }] })
})

test('bytes are bytes, and a rate is a percentage', () => {
  expect(decode({ __class__: 'bytes', base64: 'JVBERg==\n' })).toEqual(new Uint8Array([37, 80, 68, 70]))
  expect(percentOf('0.190')).toBe('19')
})
