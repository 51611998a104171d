import type { World } from '@linchpin/engine'

/**
 * A clock that begins in the past and can leap towards the present, which it never passes; between two leaps it runs as
 * every clock does. Whoever sleeps past a leap is woken by it. So a demo lives through a week in minutes.
 */
export interface LeapingClock {
  readonly now: () => number
  /** How far it is behind the present. */
  readonly behindMs: () => number
  /**
   * False, and nothing has happened: a request is under way that would seem to have taken longer than any may. The engine
   * would take it for lost and send again, while it arrives.
   */
  readonly leap: (ms: number) => boolean
  /** The same world, by this clock. */
  readonly world: (world: World) => World
}

/** So much may be added to the time that a request really takes: a lease has five seconds to spare. */
const LONGEST_REQUEST_MS = 4_000

export function leapingClock(behindMs: number): LeapingClock {
  let behind = behindMs
  const now = () => Date.now() - behind
  const underWay = new Set<{ readonly since: number }>()
  const sleepers = new Set<{ readonly due: number; readonly wake: () => void }>()
  return {
    now,
    behindMs: () => behind,
    leap(ms) {
      if ([...underWay].some(({ since }) => now() + ms - since > LONGEST_REQUEST_MS)) return false
      behind = Math.max(0, behind - ms)
      for (const { due, wake } of sleepers) if (due <= now()) wake()
      return true
    },
    world: world => ({
      ...world,
      now: () => world.now() - behind,
      async fetch(url, init, timeoutMs) {
        const request = { since: now() }
        underWay.add(request)
        try {
          return await world.fetch(url, init, timeoutMs)
        } finally {
          underWay.delete(request)
        }
      },
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
