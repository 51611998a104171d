import { chanceOf, fnv1a, type Chance } from './chance.ts'

/**
 * A deterministic world of one thread: a virtual clock and a heap of events. One event happens at a time; whatever it
 * set going runs until it waits for another event. Events of one instant come in an order that the seed decides.
 */
export interface Kernel {
  readonly seed: number
  readonly now: () => number
  /** Lets `happen` happen at this instant, or at once when that is past. */
  readonly at: (ms: number, label: string, happen: () => void) => void
  /** Writes a word into the trace. */
  readonly note: (label: string) => void
  readonly chance: (name: string) => Chance
  /** Until the clock stands at `until`, or `done` says so. */
  readonly run: (until: number, done?: () => boolean) => Promise<void>
  /** A hash of all that happened, in its order: two runs of one seed must agree on it. */
  readonly traceHash: () => number
  readonly events: () => number
  /** The last labels of the trace, when they are kept. */
  readonly trace: readonly string[]
}

export const START = Date.parse('2026-11-23T08:00:00Z')

export function createKernel(seed: number, options: { readonly keepTrace?: boolean } = {}): Kernel {
  const heap = createHeap()
  const order = chanceOf(seed, 'order of events')
  const trace: string[] = []
  let [now, hash, events] = [START, 2166136261, 0]
  const note = (label: string) => {
    hash = fnv1a(label, hash)
    if (options.keepTrace) trace.push(`${((now - START) / 1000).toFixed(3)} ${label}`)
  }
  return {
    seed,
    now: () => now,
    note,
    trace,
    events: () => events,
    traceHash: () => hash,
    chance: name => chanceOf(seed, name),
    at: (ms, label, happen) =>
      heap.push({ time: Math.max(Math.ceil(ms), now), tie: order.next(), label, happen }),
    async run(until, done = () => false) {
      for (let event = heap.peek(); event && event.time <= until && !done(); event = heap.peek()) {
        heap.pop()
        now = event.time
        events += 1
        note(event.label)
        event.happen()
        // All that this event set going runs in microtasks; an immediate comes after the last of them.
        await new Promise(setImmediate)
      }
      // Time passes without events, too: when every process stands still, who waits for it would wait for ever.
      if (!done()) now = Math.max(now, until)
    },
  }
}

interface Event {
  readonly time: number
  readonly tie: number
  readonly label: string
  readonly happen: () => void
}

interface Heap {
  readonly push: (event: Event) => void
  readonly peek: () => Event | undefined
  readonly pop: () => void
}

function createHeap(): Heap {
  const events: Event[] = []
  const swap = (left: number, right: number) => {
    const [a, b] = [events[left], events[right]]
    if (a && b) [events[left], events[right]] = [b, a]
  }
  const before = (left: number, right: number) => {
    const [a, b] = [events[left], events[right]]
    return a !== undefined && b !== undefined && (a.time < b.time || (a.time === b.time && a.tie < b.tie))
  }
  return {
    peek: () => events[0],
    push(event) {
      events.push(event)
      for (let at = events.length - 1; at > 0;) {
        const parent = (at - 1) >> 1
        if (!before(at, parent)) break
        swap(at, parent)
        at = parent
      }
    },
    pop() {
      swap(0, events.length - 1)
      events.pop()
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2]
        let least = before(left, at) ? left : at
        if (before(right, least)) least = right
        if (least === at) break
        swap(at, least)
        at = least
      }
    },
  }
}
