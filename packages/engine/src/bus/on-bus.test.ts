import { memoryBus } from '@linchpin/bus'
import { expect, test } from 'vitest'
import type { BusDeps } from './deps.ts'
import { listenOnBus } from './on-bus.ts'

const MINUTE = 60_000

/** When an adapter calls the roll within its first day, in ms after its start; `dice`: from 0 to below 1. */
async function rollsOf(dice: number): Promise<readonly number[]> {
  const bus = memoryBus()
  const ending = new AbortController()
  const clock = { now: 0 }
  const called: number[] = []
  const deps = {
    setup: {
      here: new Set(['erp']),
      connections: new Map(),
      published: () => ['Product'],
      flows: [],
    },
    on: {
      bus: bus.open(),
      name: 'erp',
      observes: false,
      store: { roll: async () => (called.push(clock.now), [['1', 'hash']]) },
    },
    world: {
      now: () => clock.now,
      random: () => dice,
      sleep: async (ms: number) => {
        clock.now += ms
        if (clock.now > 24 * 60 * MINUTE) ending.abort()
      },
      log: { error: () => {} },
    },
  } as unknown as BusDeps
  await listenOnBus(deps, ending.signal)
  expect(bus.messages().map(({ subject }) => subject)).toEqual(['linchpin.Roll.erp.Product.0'])
  return called
}

test('the roll is called soon after a start, by chance not by all at once, and then every six hours', async () => {
  const [first, ...others] = await rollsOf(0)
  expect(first).toBe(MINUTE)
  expect(others.map(at => (at - (first ?? 0)) / MINUTE)).toEqual([360, 720, 1_080])
  const [late] = await rollsOf(0.999)
  expect(late).toBeGreaterThan(4 * MINUTE)
  expect(late).toBeLessThan(5 * MINUTE)
})
