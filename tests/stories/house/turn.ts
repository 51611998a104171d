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

/** One process: its engine's steps, and what else it does by itself. */
export interface Turned {
  readonly linchpin: Linchpin
  /** What it does besides, on a bus. False when there was nothing to do. */
  readonly more?: () => Promise<boolean>
}

export interface Turning {
  readonly turned: readonly Turned[]
  readonly world: World
  readonly clock: Clock
  /** What the shops do by themselves: send their webhooks. */
  readonly shops: () => Promise<void>
}

/** Turns the engines' steps by hand, in the same order every time, and moves the clock when nothing is left to do. */
export function turning({ turned, world, clock, shops }: Turning) {
  const all = turned.map(each => ({ ...partOf(each.linchpin, world), more: each.more }))
  let probeAt = clock.now + PROBE_MS
  let watchAt = clock.now + WATCH_MS

  async function round(): Promise<boolean> {
    let worked = false
    await shops()
    for (const part of all) worked = (await part.round(clock.now)) || worked
    for (const { more } of all) worked = ((await more?.()) ?? false) || worked
    return worked
  }

  async function untilQuiet(): Promise<void> {
    for (let rounds = 0; await round(); rounds += 1)
      if (rounds > MOST_ROUNDS) throw new Error('The house does not come to rest.')
  }

  async function lookAfter(): Promise<void> {
    if (clock.now >= probeAt) {
      probeAt = clock.now + PROBE_MS
      for (const { house } of all) await probePaused(house)
    }
    if (clock.now >= watchAt) {
      watchAt = clock.now + WATCH_MS
      for (const { house } of all) await watchWebhooks(house)
    }
  }

  /** The next instant at which there may be something to do. */
  async function nextDue(): Promise<number> {
    const dues = await Promise.all(all.map(part => part.dues(clock.now, probeAt)))
    return Math.min(...[...dues.flat(), watchAt].filter(at => at > clock.now))
  }

  return {
    subscribe: async () => {
      for (const { house } of all) await watchWebhooks(house)
    },
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
    close: () => Promise.all(all.map(part => part.close())),
  }
}

function partOf({ engine, setup, store }: Linchpin, world: World) {
  const { signal } = new AbortController()
  const { clocks, control } = engine.delivering
  const names = [...setup.here]
  const lanes = new Map(
    names.map(name => [name, openLane(name, { setup, store, world, control, clocks, signal })]),
  )
  const laneOf = (name: string) => {
    const lane = lanes.get(name)
    if (!lane) throw new Error(`There is no connection ${name}.`)
    return lane
  }
  const house = { ...engine.delivering, sourceLane: laneOf }
  const isOpen = async (name: string) => (await engine.control.closedFor(name)) === 0
  const steps = [
    (name: string) => readNotices(laneOf(name), engine.reading),
    async (name: string) => (await pollOnce(laneOf(name), engine.reading)) === 0,
    (name: string) => deliverOnce(laneOf(name), house),
  ]
  const isLoading = async () =>
    (await loadsNow(engine.reading)).some(
      ({ phase, stopped }) => !stopped && phase !== 'looked' && phase !== 'done',
    )

  /** When flows that work in batches have their next turn. */
  async function nextRuns(now: number): Promise<readonly number[]> {
    const states = await store.flows()
    return setup.flows.flatMap(({ name, batch, schedule }) => {
      const state = states.find(each => each.name === name)?.batch
      if (!batch || !state) return []
      if (state.run?.endedAt === null) return [now + RUN_MS]
      return [nextTime(schedule, Math.max(now, state.run?.dueAt ?? state.since))]
    })
  }

  return {
    house,
    async round(now: number): Promise<boolean> {
      let worked = false
      await store.wake(now)
      await keepRuns(house)
      if (await isLoading()) worked = (await loadOn({ ...engine.reading, ...house })) === 0
      for (const name of names)
        for (const step of steps) while ((await isOpen(name)) && (await step(name))) worked = true
      return worked
    },
    async dues(now: number, probeAt: number): Promise<readonly number[]> {
      const wake = await store.wake(now)
      const connections = await store.connections()
      const polls = connections.flatMap(({ paused, blockedUntil, polls: each }) =>
        paused ? [] : each.map(({ nextAt }) => Math.max(nextAt, blockedUntil ?? 0)),
      )
      const blocks = connections.map(({ blockedUntil }) => blockedUntil ?? 0)
      const probes = connections.some(({ paused }) => paused?.kind) ? [probeAt] : []
      const loads = (await isLoading()) ? [now + LOAD_MS] : []
      const runs = await nextRuns(now)
      return [...polls, ...blocks, ...probes, ...runs, ...loads, ...(wake ? [now + wake] : [])]
    },
    close: () => Promise.all([...lanes.values()].map(lane => lane.close())),
  }
}
