import { expect, test } from 'vitest'
import { firstOf, freshSeeds } from './fresh.ts'

const NOW = Date.parse('2026-12-01T15:00:00Z')
const one = '138626c3f0c51b6dd1c4d6a3c39ab0a77a1b5ed0'
const other = '138626c3f0c51b6dd1c4d6a3c39ab0a77a1b5ed1'

test('a version plays the same seeds whenever it is asked, and another version others', () => {
  const { first } = freshSeeds({ tree: one, now: NOW })
  expect(freshSeeds({ tree: one, now: NOW + 90 * 86_400_000 }).first).toBe(first)
  expect(freshSeeds({ tree: other, now: NOW }).first).not.toBe(first)
})

test('it says which version the seeds are of', () => {
  expect(freshSeeds({ tree: one, now: NOW }).from).toBe('the committed tree 138626c3f0')
})

test('without git it takes the date, and says so', () => {
  const today = freshSeeds({ tree: null, now: NOW })
  expect(today.from).toBe('the date 2026-12-01, because git does not say which version this is')
  expect(freshSeeds({ tree: null, now: NOW + 3_600_000 })).toEqual(today)
  expect(freshSeeds({ tree: null, now: NOW + 86_400_000 }).first).not.toBe(today.first)
})

test('all faults are on for each of them, and no number is too large for 32 bits', () => {
  const firsts = Array.from({ length: 5_000 }, (_each, index) => firstOf(`version ${index}`))
  expect(Math.min(...firsts)).toBeGreaterThanOrEqual(20_000_000)
  expect(Math.max(...firsts)).toBeLessThan(2 ** 31 - 100_000_000)
})

test('five thousand seeds of one version are in common with no other version, or all are', () => {
  const firsts = Array.from({ length: 5_000 }, (_each, index) => firstOf(`version ${index}`))
  const inOrder = [...new Set(firsts)].toSorted((a, b) => a - b)
  const gaps = inOrder.slice(1).map((first, index) => first - (inOrder[index] ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000)
})
