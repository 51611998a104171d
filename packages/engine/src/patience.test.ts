import { expect, test } from 'vitest'
import { patienceAfter } from './patience.ts'

test('who did not get ready in time gets twice as much, four times at most; who is quick again, the usual time', () => {
  const after = (took: readonly number[]) =>
    took.reduce<readonly number[]>((all, ms) => [...all, patienceAfter(all.at(-1) ?? 1, ms)], [])
  expect(after([19_000, 21_000, 41_000, 81_000])).toEqual([1, 2, 4, 4])
  expect(after([21_000, 39_000, 11_000, 9_000, 100])).toEqual([2, 2, 2, 1, 1])
})
