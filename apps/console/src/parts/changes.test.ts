import { expect, test } from 'vitest'
import { changesOf } from './changes.ts'

test('what is not as it was is told field by field, and nothing else', () => {
  const before = { name: 'Ada', role: 'viewer', active: true }
  expect(changesOf(before, { ...before, role: 'admin' })).toEqual([
    { field: 'role', before: 'viewer', after: 'admin' },
  ])
  expect(changesOf(before, before)).toEqual([])
})

test('what came and what went have nothing on the other side, also deep inside', () => {
  expect(changesOf(null, { paused: { by: 'Ada' } })).toEqual([
    { field: 'paused.by', before: '', after: 'Ada' },
  ])
  expect(changesOf({ parked: [{ id: '7' }] }, { parked: [] })).toEqual([
    { field: 'parked.0.id', before: '7', after: '' },
  ])
})
