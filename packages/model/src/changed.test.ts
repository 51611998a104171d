import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changed } from './changed.ts'
import { contentHash } from './hash.ts'

test('each field that differs is told with both its values, in the order of the names', () => {
  const before = { number: '1', totals: { net: '10.00', tax: '1.90' }, notes: 'old' }
  const after = { totals: { tax: '1.90', net: '12.00' }, number: '1', channel: 'web' }
  expect(changed(before, after)).toEqual([
    { path: 'channel', after: 'web' },
    { path: 'notes', before: 'old' },
    { path: 'totals.net', before: '10.00', after: '12.00' },
  ])
})

test('items are compared by their ids: one put in front changes none of the others', () => {
  const before = { lines: [{ id: '1', quantity: '2' }, { id: '2' }] }
  const after = { lines: [{ id: '9' }, { id: '1', quantity: '3' }, { id: '2' }] }
  expect(changed(before, after)).toEqual([
    { path: 'lines[id=1].quantity', before: '2', after: '3' },
    { path: 'lines[id=9]', after: { id: '9' } },
  ])
})

test('items that only changed places are told', () => {
  expect(changed({ lines: [{ id: '1' }, { id: '2' }] }, { lines: [{ id: '2' }, { id: '1' }] })).toEqual([
    { path: 'lines.order', before: ['1', '2'], after: ['2', '1'] },
  ])
})

test('other lists are compared place by place, and odd names are quoted', () => {
  expect(changed({ tags: ['a', 'b'] }, { tags: ['a', 'c', 'd'] })).toEqual([
    { path: 'tags[1]', before: 'b', after: 'c' },
    { path: 'tags[2]', after: 'd' },
  ])
  expect(changed({ extra: {} }, { extra: { 'a.b': 1 } })).toEqual([{ path: 'extra["a.b"]', after: 1 }])
})

test('a record that is new has changed as a whole; undefined is not there', () => {
  expect(changed(undefined, { id: '1' })).toEqual([{ path: '', after: { id: '1' } }])
  expect(changed({ id: '1', name: undefined }, { id: '1' })).toEqual([])
  expect(changed({ name: null }, {})).toEqual([{ path: 'name', before: null }])
  expect(changed([undefined], [])).toEqual([{ path: '[0]', before: null }])
})

test('records differ exactly when their content hashes do, and every path is told once', () => {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), lists())
  fc.assert(
    fc.property(value, value, (before, after) => {
      const changes = changed(before, after)
      expect(changes.length === 0).toBe(contentHash(before) === contentHash(after))
      expect(new Set(changes.map(({ path }) => path)).size).toBe(changes.length)
      expect(changed(before, structuredClone(before))).toEqual([])
    }),
  )
})

function lists() {
  const item = fc.record({ id: fc.constantFrom('1', '2', '3'), quantity: fc.constantFrom('1', '2') })
  return fc.record({ lines: fc.uniqueArray(item, { selector: ({ id }) => id }) })
}
