import { changesBetween } from '@linchpin/api'
import { expect, test } from 'vitest'
import { corrected } from './corrected.ts'

const row = {
  id: 7,
  billing: { country: 'ZZ', city: 'Atlantis' },
  lines: [{ sku: 'A' }, { sku: 'B' }],
  note: null,
}
const mended = { ...row, billing: { ...row.billing, country: 'DE' }, lines: [{ sku: 'A' }, { sku: 'C' }] }

test('what a person changed in a row is told by the smallest places that differ', () => {
  expect(changesBetween(row, mended)).toEqual([
    { path: ['billing', 'country'], was: 'ZZ', now: 'DE' },
    { path: ['lines', 1, 'sku'], was: 'B', now: 'C' },
  ])
  expect(corrected(row, changesBetween(row, mended))).toEqual(mended)
})

test('a correction holds while its system says what it said then, and no longer', () => {
  const changes = changesBetween(row, mended)
  const later = { ...row, billing: { country: 'FR', city: 'Lyon' } }
  expect(corrected(later, changes)).toEqual({ ...later, lines: [{ sku: 'A' }, { sku: 'C' }] })
})

test('nothing and null are the same, and a field that was missing can be filled', () => {
  expect(changesBetween({ note: null }, {})).toEqual([])
  const changes = changesBetween({}, { billing: { city: 'Kiel' } })
  expect(corrected({}, changes)).toEqual({ billing: { city: 'Kiel' } })
})
