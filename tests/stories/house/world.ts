import type { Facts, World } from '@linchpin/engine'
import { fetchFrom, type Handler } from '@linchpin/lookalike'

/** A Monday in November, in working hours. */
export const START = Date.UTC(2026, 10, 23, 9)

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly facts: Facts
}

export interface Clock {
  now: number
}

/** A world whose clock moves only when told to, whose dice always fall alike, and whose net is a list of hosts. */
export function makeWorld(clock: Clock, net: ReadonlyMap<string, Handler>, log: LogLine[]): World {
  let nonces = 0
  const write = (level: LogLine['level']) => (facts: Facts, message: string) =>
    void log.push({ level, message, facts })
  return {
    now: () => clock.now,
    // Only the rate limiter sleeps inside a step, and nobody else works meanwhile: time just passes.
    sleep: async ms => void (clock.now += ms),
    random: () => 0.5,
    nonce: () => (nonces += 1).toString(16).padStart(32, '0'),
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    async fetch(url, init) {
      const handler = net.get(new URL(url).host)
      if (!handler) throw new TypeError('fetch failed')
      // Nothing is ever called off here, and ten thousand requests would listen for it.
      const { signal: _, ...request } = init
      return fetchFrom(handler)(url, request)
    },
  }
}
