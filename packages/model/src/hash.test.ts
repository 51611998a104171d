import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentHash } from './hash.ts'

test('the order of keys and keys that are undefined make no difference', () => {
  expect(contentHash({ a: 1, b: { c: 2, d: undefined } })).toBe(contentHash({ b: { c: 2 }, a: 1 }))
})

test('the order of a list, null, and the kind of a value make one', () => {
  expect(contentHash([1, 2])).not.toBe(contentHash([2, 1]))
  expect(contentHash({ a: null })).not.toBe(contentHash({}))
  expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: '1' }))
})

test('two values have one hash exactly when they are the same JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      const copy: unknown = JSON.parse(JSON.stringify(left))
      expect(contentHash(copy)).toBe(contentHash(left))
      expect(contentHash(left) === contentHash(right)).toBe(same(left, right))
    }),
  )
})

function same(left: unknown, right: unknown): boolean {
  try {
    expect(JSON.parse(JSON.stringify(left))).toEqual(JSON.parse(JSON.stringify(right)))
    return true
  } catch {
    return false
  }
}
