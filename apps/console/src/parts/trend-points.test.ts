import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineOf, thenOf, wrongAt, type Point } from './trend-points.ts'

const NOW = Date.parse('2026-11-23T10:00:00Z')
const DAY = 24 * 3_600_000
const point = (days: number, wrong: number): Point => ({
  at: new Date(NOW - days * DAY).toISOString(),
  same: 10,
  kinds: wrong === 0 ? {} : { different: wrong - 1, missing: 1 },
})
const box = { width: 100, height: 20 }

test('today is held against a week ago, or against the oldest that is known', () => {
  const long = [point(20, 9), point(8, 40), point(7, 41), point(2, 3), point(0, 12)]
  expect(thenOf(long, NOW)).toEqual(long[2])
  const short = [point(3, 5), point(1, 2), point(0, 12)]
  expect(thenOf(short, NOW)).toEqual(short[0])
  expect(thenOf([point(0, 12)], NOW)).toBeNull()
  expect(thenOf([], NOW)).toBeNull()
})

test('the line begins left, ends right, and its highest place is where most differed', () => {
  expect(lineOf([point(2, 0), point(1, 4), point(0, 2)], box)).toBe('M0 20H50V0H100V10')
  expect(lineOf([point(0, 0)], box)).toBe('M0 20H100')
  expect(lineOf([], box)).toBe('')
})

test('the line never leaves its box, and never goes back in time', () => {
  const trends = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.nat(1_000_000)), { minLength: 1 })
    .map(all => all.toSorted(([left], [right]) => right - left).map(([days, wrong]) => point(days, wrong)))
  fc.assert(
    fc.property(trends, trend => {
      const line = lineOf(trend, box)
      const xs = [...line.matchAll(/H([\d.]+)/g)].map(([, x]) => Number(x))
      const ys = [...line.matchAll(/[V ]([\d.]+)/g)].map(([, y]) => Number(y))
      expect(xs).toEqual(xs.toSorted((left, right) => left - right))
      expect(xs.at(-1)).toBe(box.width)
      for (const y of ys) expect(y).toBeLessThanOrEqual(box.height)
      const most = Math.max(...trend.map(wrongAt))
      expect(Math.min(...ys)).toBe(most === 0 ? box.height : 0)
    }),
  )
})
