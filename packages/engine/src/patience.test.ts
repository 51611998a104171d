import { expect, test } from 'vitest'
import { patienceAfter, patienceAfterClaim } from './patience.ts'
import { LEASE_MS, MOST_PATIENCE } from './world.ts'

test('who did not get ready in time gets twice as much, four times at most; who is quick again, the usual time', () => {
  const after = (took: readonly number[]) =>
    took.reduce<readonly number[]>((all, ms) => [...all, patienceAfter(all.at(-1) ?? 1, ms)], [])
  expect(after([19_000, 21_000, 41_000, 81_000])).toEqual([1, 2, 4, 4])
  expect(after([21_000, 39_000, 11_000, 9_000, 100])).toEqual([2, 2, 2, 1, 1])
})

test('who looked up what was claimed for longer than it was held claims fewer the next time, and not for ever fewer', () => {
  const after = (patience: number, ms: number) => patienceAfterClaim(patience, ms)
  expect(after(1, LEASE_MS)).toBe(1)
  expect(after(1, LEASE_MS + 1)).toBe(2)
  expect(after(MOST_PATIENCE, 10 * LEASE_MS)).toBe(MOST_PATIENCE)
  // A look-up is no write: that it was quick does not say that writes are.
  expect(after(2, 100)).toBe(2)
})
