import { expect, test } from 'vitest'
import { matchKeysOf, sameEmail, sameGtin, sameSku, sameVatId } from './match.ts'
import { orderWith } from './testing.ts'

test('a customer is recognised by e-mail and VAT number, never by a number that every system counts anew', () => {
  const account = {
    id: '7',
    kind: 'company' as const,
    name: 'Byron & Co',
    number: '1001',
    email: ' Ada@Example.COM',
    vatId: 'de 123.456.789',
  }
  expect(matchKeysOf('Account', account)).toEqual({ email: 'ada@example.com', vatId: 'DE123456789' })
})

test('a product is recognised by SKU and GTIN', () => {
  const product = {
    id: '1',
    name: 'Mug',
    kind: 'goods' as const,
    active: true,
    sku: ' MUG-1 ',
    gtin: '4 006381 333931',
  }
  expect(matchKeysOf('Product', product)).toEqual({ sku: 'MUG-1', gtin: '4006381333931' })
})

test('keys that a record does not have are left out', () => {
  expect(matchKeysOf('Account', { id: '7', kind: 'person', name: 'Ada', email: ' ', vatId: '' })).toEqual({})
  expect(matchKeysOf('SalesOrder', orderWith())).toEqual({ number: 'W-1042' })
})

test('keys are the same however they are written, and what is missing is like nothing', () => {
  expect(sameVatId('CHE-123.456.789', 'che123456789')).toBe(true)
  expect(sameEmail('ADA@example.com ', 'ada@example.com')).toBe(true)
  expect(sameSku('MUG-1 ', 'MUG-1')).toBe(true)
  expect(sameSku('mug-1', 'MUG-1')).toBe(false)
  expect(sameGtin('036000291452', '0036000291452')).toBe(true)
  expect(sameVatId(undefined, undefined)).toBe(false)
  expect(sameEmail('', ' ')).toBe(false)
  expect(sameGtin('', '00000000000000')).toBe(false)
})
