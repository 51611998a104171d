import type { World } from '@linchpin/engine'
import { expect, test } from 'vitest'
import { leapingClock } from './clock.ts'

const HOUR_MS = 3_600_000
/** A sleep that only an abort ends: whoever waits is woken by the clock or not at all. */
const sleep = (_ms: number, signal?: AbortSignal) =>
  new Promise<void>(resolve => signal?.addEventListener('abort', () => resolve()))
const world = { now: Date.now, sleep } as unknown as World

test('it begins in the past, and whoever sleeps past a leap is woken by it, and nobody else', async () => {
  const clock = leapingClock(5 * HOUR_MS)
  const ours = clock.world(world)
  expect(Date.now() - ours.now()).toBeGreaterThanOrEqual(5 * HOUR_MS - 1)
  const woken: string[] = []
  const short = ours.sleep(HOUR_MS).then(() => woken.push('short'))
  void ours.sleep(4 * HOUR_MS).then(() => woken.push('long'))
  clock.leap(2 * HOUR_MS)
  await short
  expect(woken).toEqual(['short'])
  expect(clock.behindMs()).toBe(3 * HOUR_MS)
})

test('it never passes the present', () => {
  const clock = leapingClock(HOUR_MS)
  clock.leap(2 * HOUR_MS)
  expect(clock.behindMs()).toBe(0)
})

test('whoever stops does not wait for a leap', async () => {
  const clock = leapingClock(HOUR_MS)
  const stopping = new AbortController()
  const slept = clock.world(world).sleep(HOUR_MS, stopping.signal)
  stopping.abort()
  await expect(slept).resolves.toBeUndefined()
})

test('it does not leap while a request is under way that would seem to have taken too long', async () => {
  const clock = leapingClock(HOUR_MS)
  let answer = (_response: Response) => {}
  const fetch = () => new Promise<Response>(resolve => (answer = resolve))
  const asked = clock.world({ ...world, fetch }).fetch('http://erp.test', {}, 20_000)
  expect(clock.leap(2_000)).toBe(true)
  expect(clock.leap(30_000)).toBe(false)
  expect(clock.behindMs()).toBe(HOUR_MS - 2_000)
  answer(new Response())
  await asked
  expect(clock.leap(30_000)).toBe(true)
})
