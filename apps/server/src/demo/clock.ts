import type { World } from '@linchpin/engine'

/**
 * A clock that begins in the past and can leap towards the present, which it never passes; between two leaps it runs as
 * every clock does. Whoever sleeps past a leap is woken by it. So a demo lives through a week in minutes.
 */
export interface LeapingClock {
  readonly now: () => number
  /** How far it is behind the present. */
  readonly behindMs: () => number
  readonly leap: (ms: number) => void
  /** The same world, by this clock. */
  readonly world: (world: World) => World
}

export function leapingClock(behindMs: number): LeapingClock {
  let behind = behindMs
  const now = () => Date.now() - behind
  const sleepers = new Set<{ readonly due: number; readonly wake: () => void }>()
  return {
    now,
    behindMs: () => behind,
    leap(ms) {
      behind = Math.max(0, behind - ms)
      for (const { due, wake } of sleepers) if (due <= now()) wake()
    },
    world: world => ({
      ...world,
      now: () => world.now() - behind,
      async sleep(ms, signal) {
        if (behind === 0) return world.sleep(ms, signal)
        const woken = new AbortController()
        const sleeper = { due: now() + ms, wake: () => woken.abort() }
        sleepers.add(sleeper)
        const wake = sleeper.wake
        signal?.addEventListener('abort', wake, { once: true })
        if (signal?.aborted) wake()
        await world.sleep(ms, woken.signal)
        signal?.removeEventListener('abort', wake)
        sleepers.delete(sleeper)
      },
    }),
  }
}
