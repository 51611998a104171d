import { expect, test } from 'vitest'
import { next } from './schedule.ts'

const at = (text: string) => Date.parse(text)
const iso = (ms: number) => new Date(ms).toISOString()

test('an interval counts from now', () => {
  expect(next({ everyMs: 5_000 }, 1_000)).toBe(6_000)
})

test('a cron pattern means the clock of its place, in summer and in winter', () => {
  const nightly = { cron: '0 2 * * *', zone: 'Europe/Berlin' }
  expect(iso(next(nightly, at('2026-07-01T12:00:00Z')))).toBe('2026-07-02T00:00:00.000Z')
  expect(iso(next(nightly, at('2026-12-01T12:00:00Z')))).toBe('2026-12-02T01:00:00.000Z')
})

test('a nightly run is neither left out nor done twice when the clocks change', () => {
  const nightly = { cron: '30 2 * * *', zone: 'Europe/Berlin' }
  // On 29 March 2026 there is no 02:30 in Berlin; on 25 October there are two.
  for (const [from, nights] of [
    ['2026-03-27T12:00:00Z', 4],
    ['2026-10-23T12:00:00Z', 4],
  ] as const) {
    const runs: number[] = []
    for (let now = at(from); runs.length < nights; now = runs.at(-1) ?? now) runs.push(next(nightly, now))
    for (const [index, run] of runs.entries()) {
      const hours = (run - (runs[index - 1] ?? run - 24 * 3_600_000)) / 3_600_000
      expect(hours).toBeGreaterThanOrEqual(22.5)
      expect(hours).toBeLessThanOrEqual(25.5)
    }
  }
})
