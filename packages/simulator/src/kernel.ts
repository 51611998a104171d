import { chanceOf, fnv1a, type Chance } from './chance.ts'

/**
 * A deterministic world of one thread: a virtual clock and a heap of events. One event happens at a time; whatever it
 * set going runs until it waits for another event. Events of one instant come in an order that the seed decides.
 */
export interface Kernel {
  readonly seed: number
  readonly now: () => number
  /** Lets `happen` happen at this instant, or at once when that is past. Answers how to take it back. */
  readonly at: (ms: number, label: string, happen: () => void) => () => void
  /** Writes a word into the trace. */
  readonly note: (label: string) => void
  readonly chance: (name: string) => Chance
  /** Until the clock stands at `until`, or `done` says so. Throws Stuck when the world runs without getting anywhere. */
  readonly run: (until: number, done?: () => boolean) => Promise<void>
  /** Real work outside this world (a database): no other event happens before it is done. */
  readonly outside: <Result>(work: Promise<Result>) => Promise<Result>
  /** A hash of all that happened, in its order: two runs of one seed must agree on it. */
  readonly traceHash: () => number
  readonly events: () => number
  /** How often a draw for a fault of the network or of a process said yes. */
  readonly faults: () => number
  /** True when the process that is about to go on must die here instead: for worlds that crash at every await in turn. */
  readonly isFatal: (label: string) => boolean
  /** The last labels of the trace, when they are kept. */
  readonly trace: readonly string[]
}

/** Whatever runs here runs hot or for ever: a finding, not a reason to hang. */
export class Stuck extends Error {
  override readonly name = 'Stuck'
}

/** More than any healthy world has: the busiest seeds have two hundred thousand events, and a hundred at one instant. */
const MOST_EVENTS = 2_000_000
const MOST_AT_ONCE = 20_000
/** So often may one event's doings look at the clock. */
const MOST_LOOKS = 1_000_000

export const START = Date.parse('2026-11-23T08:00:00Z')

export interface KernelOptions {
  readonly keepTrace?: boolean
  /** Called at each await of a process, with its label: whether the process dies there. */
  readonly crashesAt?: (label: string, now: number) => boolean
}

const NOTHING = (): void => {}

const FAULTY = /^(network|process )/

export function createKernel(seed: number, options: KernelOptions = {}): Kernel {
  const heap = createHeap()
  const order = chanceOf(seed, 'order of events')
  const trace: string[] = []
  let [now, hash, events, atOnce, looks] = [START, 2166136261, 0, 0, 0]
  let faults = 0
  let open = 0
  let closed = NOTHING
  const note = (label: string) => {
    hash = fnv1a(label, hash)
    if (options.keepTrace) trace.push(`${((now - START) / 1000).toFixed(3)} ${label}`)
  }
  return {
    seed,
    now() {
      looks += 1
      if (looks > MOST_LOOKS)
        throw new Stuck('Something looks at the clock again and again and waits for nothing.')
      return now
    },
    note,
    trace,
    events: () => events,
    faults: () => faults,
    isFatal: label => options.crashesAt?.(label, now) ?? false,
    traceHash: () => hash,
    chance: name => chanceOf(seed, name, FAULTY.test(name) ? () => (faults += 1) : undefined),
    at(ms, label, happen) {
      const event = { time: Math.max(Math.ceil(ms), now), tie: order.next(), label, happen, over: false }
      heap.push(event)
      return () => (event.over = true)
    },
    async outside(work) {
      open += 1
      try {
        return await work
      } finally {
        open -= 1
        if (open === 0) closed()
      }
    },
    run: (until, done = () => false) =>
      new Promise<void>((ended, fail) => {
        // A function that is called, and no promise that is awaited: there are twenty thousand events in a seed.
        const goOn = () => {
          if (open === 0) attempt()
          else
            closed = () => {
              // Once: what closes before the next look at `open` must not bring a second one.
              closed = NOTHING
              afterAll(goOn)
            }
        }
        const attempt = () => {
          try {
            if (last !== null && looks > MOST_LOOKS)
              throw new Stuck(`After "${last.label}" something ran without end.`)
            last = null
            for (let event = heap.peek(); event && event.time <= until && !done(); event = heap.peek()) {
              heap.pop()
              if (event.over) continue
              last = event
              count(event)
              note(event.label)
              event.happen()
              afterAll(goOn)
              return
            }
            // Time passes without events, too: when every process stands still, who waits for it would wait for ever.
            if (!done()) now = Math.max(now, until)
            ended()
          } catch (error) {
            fail(error as Error)
          }
        }
        let last: Event | null = null
        afterAll(goOn)
      }),
  }

  function count(event: Event): void {
    atOnce = event.time === now ? atOnce + 1 : 0
    now = event.time
    events += 1
    looks = 0
    if (atOnce > MOST_AT_ONCE) throw new Stuck(`"${event.label}" happens again and again at one instant.`)
    if (events > MOST_EVENTS) throw new Stuck(`There is no end of events; the last was "${event.label}".`)
  }
}

/**
 * All that an event set going runs in microtasks, and Node takes the next tick after the last of them: a tick that is asked
 * for by a microtask comes when none is left. (An immediate would, too, with a turn of the event loop in between.)
 */
function afterAll(go: () => void): void {
  void AT_ONCE.then(() => process.nextTick(go))
}

const AT_ONCE = Promise.resolve()

interface Event {
  readonly time: number
  readonly tie: number
  readonly label: string
  readonly happen: () => void
  /** Taken back: nothing happens. */
  over: boolean
}

interface Heap {
  readonly push: (event: Event) => void
  readonly peek: () => Event | undefined
  readonly pop: () => void
}

function createHeap(): Heap {
  const events: Event[] = []
  return {
    peek: () => events[0],
    push(event) {
      let at = events.length
      events.push(event)
      while (at > 0) {
        const parent = (at - 1) >> 1
        const above = events[parent] as Event
        if (!isBefore(event, above)) break
        events[at] = above
        at = parent
      }
      events[at] = event
    },
    pop() {
      const moved = events.pop()
      if (moved === undefined || events.length === 0) return
      let at = 0
      for (let child = 1; child < events.length; child = 2 * at + 1) {
        const right = child + 1
        if (right < events.length && isBefore(events[right] as Event, events[child] as Event)) child = right
        const below = events[child] as Event
        if (!isBefore(below, moved)) break
        events[at] = below
        at = child
      }
      events[at] = moved
    },
  }
}

const isBefore = (one: Event, other: Event) =>
  one.time < other.time || (one.time === other.time && one.tie < other.tie)
