import type { Topic } from '@linchpin/store'
import type { World } from './world.ts'

/** A reason of its own: without one, each ring would make an error with its stack. */
const WOKEN = 'woken'

/** The doorbell inside one process: who waits for a topic is woken by its ring, or by time. */
export interface Bell {
  readonly ring: (topic: Topic) => void
  /** Ends when a topic that starts so rings, after `ms`, or when the signal is aborted. */
  readonly wait: (topic: Topic, ms: number, signal: AbortSignal) => Promise<void>
}

export function createBell(world: Pick<World, 'sleep'>): Bell {
  const waiting = new Map<Topic, Set<() => void>>()
  // A ring while nobody waits is kept for the next who does: between looking and waiting nothing is missed.
  const missed = new Set<Topic>()
  const wakeAll = (topic: Topic) => {
    const sleepers = waiting.get(topic)
    if (!sleepers || sleepers.size === 0) missed.add(topic)
    for (const wake of sleepers ?? []) wake()
  }
  return {
    ring(topic) {
      const everyone = topic.endsWith('*')
        ? [...waiting.keys()].filter(key => key.startsWith(topic.slice(0, -1)))
        : [topic]
      for (const each of everyone) wakeAll(each)
    },
    async wait(topic, ms, signal) {
      const sleepers = waiting.get(topic) ?? new Set()
      waiting.set(topic, sleepers)
      if (missed.delete(topic)) return
      const alarm = new AbortController()
      const wake = () => alarm.abort(WOKEN)
      sleepers.add(wake)
      signal.addEventListener('abort', wake, { once: true })
      try {
        await world.sleep(ms, alarm.signal)
      } finally {
        sleepers.delete(wake)
        signal.removeEventListener('abort', wake)
      }
    },
  }
}
