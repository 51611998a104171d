import type { Canonical } from '@linchpin/model'
import { describe, expect, test } from 'vitest'
import { judged } from './match.ts'

const ends = { from: 'erp', to: 'shop' }
const product = (sku: string, gtin?: string) => ({ sku, name: 'Mug', ...(gtin && { gtin }) }) as Canonical
const account = (email: string, name: string, vatId?: string) =>
  ({ email, name, ...(vatId && { vatId }) }) as Canonical
const at = (canonical: Canonical, owner: string | null = null) => ({
  id: '9',
  by: 'SKU MUG',
  canonical,
  owner,
})

describe('a record of the other system', () => {
  const judge = (found: Parameters<typeof judged>[2], gtin = '4006381333931') =>
    judged({ sku: 'MUG', gtin }, product('MUG', gtin), found, { ...ends, entity: 'Product' }).is

  test('with the same keys is surely the same', () => {
    expect(judge([at(product('MUG', '4006381333931'))])).toBe('sure')
    expect(judge([at(product('MUG'))])).toBe('sure')
  })

  test('with the same SKU and another GTIN is likely the same, and a person looks', () => {
    expect(judge([at(product('MUG', '4006381333948'))])).toBe('likely')
  })

  test('that is one of two, or linked to another already, is ambiguous', () => {
    expect(judge([at(product('MUG')), { ...at(product('MUG')), id: '10' }])).toBe('ambiguous')
    expect(judge([at(product('MUG'), 'erp-7')])).toBe('ambiguous')
  })

  test('that is not there leaves it unmatched', () => {
    expect(judge([])).toBe('unmatched')
  })
})

describe('a customer', () => {
  const judge = (ours: Canonical, theirs: Canonical, keys: Parameters<typeof judged>[0]) =>
    judged(keys, ours, [{ ...at(theirs), by: 'e-mail' }], { ...ends, entity: 'Account' }).is

  test('known by e-mail alone is sure only when the name is the same', () => {
    const keys = { email: 'info@example.com' }
    const ada = account('info@example.com', 'Ada Lindqvist')
    expect(judge(ada, account('info@example.com', 'ada lindqvist'), keys)).toBe('sure')
    expect(judge(ada, account('info@example.com', 'Bo Lindqvist'), keys)).toBe('likely')
  })

  test('with the same VAT number is sure whatever the name', () => {
    const keys = { email: 'info@example.com', vatId: 'DE123456789' }
    const ours = account('info@example.com', 'Nordwind', 'DE123456789')
    expect(judge(ours, account('info@example.com', 'Nordwind GmbH', 'DE123456789'), keys)).toBe('sure')
  })
})
