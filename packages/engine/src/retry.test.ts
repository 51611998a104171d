import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_TRIES, outagePause, pause } from './retry.ts'

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('pauses grow from a second to five minutes, and half of each is by chance', () => {
  expect([0, 1, 2, 3, 20, 1000].map(tries => pause(tries, () => 0))).toEqual([
    500, 1000, 2000, 4000, 150_000, 150_000,
  ])
  fc.assert(
    fc.property(fc.nat(100), chance, (tries, luck) => {
      const wait = pause(tries, () => luck)
      expect(wait).toBeGreaterThanOrEqual(500)
      expect(wait).toBeLessThanOrEqual(300_000)
    }),
  )
})

test('a connection that is down is looked at again at least every half minute', () => {
  fc.assert(
    fc.property(fc.nat(10_000), chance, (failures, luck) => outagePause(failures, () => luck) <= 30_000),
  )
})

test('a record that keeps failing is parked after an hour and a half at most', () => {
  const longest = Array.from({ length: MOST_TRIES }, (_each, tries) => pause(tries, () => 1)).reduce(
    (a, b) => a + b,
  )
  expect(longest / 60_000).toBeGreaterThan(60)
  expect(longest / 60_000).toBeLessThan(100)
})
