import { milliseconds } from '@linchpin/server'
import {
  deliverOnce,
  keepRuns,
  openLane,
  pollOnce,
  probePaused,
  readNotices,
  watchWebhooks,
} from '@linchpin/engine/steps'
import { loadOn, loadsNow, nextTime, type World } from '@linchpin/engine'
import type { Linchpin } from '@linchpin/server'
import type { Clock } from './world.ts'

const PROBE_MS = 60_000
const WATCH_MS = 5 * 60_000
const RUN_MS = 5_000
const LOAD_MS = 1_000
/** Whatever falls due within these is done together: a busy machine is late, too, and stories stay quick. */
const LATE_MS = 5_000
/** A house that still works after so many rounds at one moment never comes to rest: two systems echo each other. */
const MOST_ROUNDS = 200

export interface Turning {
  readonly linchpin: Linchpin
  readonly world: World
  readonly clock: Clock
  /** What the shops do by themselves: send their webhooks. */
  readonly shops: () => Promise<void>
}

/** Turns the engine's steps by hand, in the same order every time, and moves the clock when nothing is left to do. */
export function turning({ linchpin, world, clock, shops }: Turning) {
  const { engine, setup, store } = linchpin
  const { signal } = new AbortController()
  const { clocks } = engine.delivering
  const names = [...setup.connections.keys()]
  const lanes = new Map(names.map(name => [name, openLane(name, { setup, store, world, clocks, signal })]))
  const laneOf = (name: string) => {
    const lane = lanes.get(name)
    if (!lane) throw new Error(`There is no connection ${name}.`)
    return lane
  }
  const house = { ...engine.delivering, sourceLane: laneOf }
  let probeAt = clock.now + PROBE_MS
  let watchAt = clock.now + WATCH_MS

  const isOpen = async (name: string) => (await engine.control.closedFor(name)) === 0
  const steps = [
    (name: string) => readNotices(laneOf(name), engine.reading),
    async (name: string) => (await pollOnce(laneOf(name), engine.reading)) === 0,
    (name: string) => deliverOnce(laneOf(name), house),
  ]

  async function round(): Promise<boolean> {
    let worked = false
    await shops()
    await store.wake(clock.now)
    await keepRuns(house)
    if (await isLoading()) worked = (await loadOn({ ...engine.reading, ...house })) === 0
    for (const name of names)
      for (const step of steps) while ((await isOpen(name)) && (await step(name))) worked = true
    return worked
  }

  async function untilQuiet(): Promise<void> {
    for (let rounds = 0; await round(); rounds += 1)
      if (rounds > MOST_ROUNDS) throw new Error('The house does not come to rest.')
  }

  async function lookAfter(): Promise<void> {
    if (clock.now >= probeAt) {
      probeAt = clock.now + PROBE_MS
      await probePaused(house)
    }
    if (clock.now >= watchAt) {
      watchAt = clock.now + WATCH_MS
      await watchWebhooks(house)
    }
  }

  /** The next instant at which there may be something to do. */
  async function nextDue(): Promise<number> {
    const wake = await store.wake(clock.now)
    const connections = await store.connections()
    const polls = connections.flatMap(({ paused, blockedUntil, polls: each }) =>
      paused ? [] : each.map(({ nextAt }) => Math.max(nextAt, blockedUntil ?? 0)),
    )
    const blocks = connections.map(({ blockedUntil }) => blockedUntil ?? 0)
    const runs = await nextRuns()
    const loads = (await isLoading()) ? [clock.now + LOAD_MS] : []
    const probes = connections.some(({ paused }) => paused?.kind) ? [probeAt] : []
    const dues = [
      ...polls,
      ...blocks,
      ...probes,
      ...runs,
      ...loads,
      watchAt,
      ...(wake ? [clock.now + wake] : []),
    ]
    return Math.min(...dues.filter(at => at > clock.now))
  }

  const isLoading = async () =>
    (await loadsNow(engine.reading)).some(
      ({ phase, stopped }) => !stopped && phase !== 'looked' && phase !== 'done',
    )

  /** When flows that work in batches have their next turn. */
  async function nextRuns(): Promise<readonly number[]> {
    const states = await store.flows()
    return setup.flows.flatMap(({ name, batch, schedule }) => {
      const state = states.find(each => each.name === name)?.batch
      if (!batch || !state) return []
      if (state.run?.endedAt === null) return [clock.now + RUN_MS]
      return [nextTime(schedule, Math.max(clock.now, state.run?.dueAt ?? state.since))]
    })
  }

  return {
    subscribe: () => watchWebhooks(house),
    /** Lets a time pass: '1h', '90s'. Everything that falls due on the way is done when it does. */
    async pass(duration: string): Promise<void> {
      const end = clock.now + milliseconds(duration)
      for (;;) {
        await lookAfter()
        await untilQuiet()
        const due = await nextDue()
        if (due > end) break
        clock.now = Math.min(Math.ceil(due / LATE_MS) * LATE_MS, end)
      }
      clock.now = Math.max(clock.now, end)
      await untilQuiet()
    },
    close: () => Promise.all([...lanes.values()].map(lane => lane.close())),
  }
}
