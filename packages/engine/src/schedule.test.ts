import { expect, test } from 'vitest'
import { next, pollers } from './schedule.ts'
import type { Setup } from './setup.ts'

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

test('of a flow whose runs are at another process, the source is read as often as ever; the clock of its runs is theirs', () => {
  const nightly = { cron: '0 2 * * *', zone: 'Europe/Berlin' }
  const flow = { from: 'erp', to: 'shop', entity: 'Price', schedule: nightly } as const
  const batch = { missed: 'once', holds: true } as const
  const setup = (here: readonly string[], flows: readonly object[]) =>
    ({ here: new Set(here), flows, published: () => ['Price', 'Product'] }) as unknown as Setup
  const everyOf = (each: Setup) => pollers(each).map(({ entity, schedule }) => ({ entity, schedule }))
  expect(everyOf(setup(['erp'], [{ ...flow, batch }]))).toEqual([
    { entity: 'Price', schedule: { everyMs: 10_000 } },
    { entity: 'Product', schedule: { everyMs: 300_000 } },
  ])
  expect(everyOf(setup(['erp', 'shop'], [{ ...flow, batch }]))[0]?.schedule).toEqual(nightly)
  expect(everyOf(setup(['erp'], [flow]))[0]?.schedule).toEqual(nightly)
})
