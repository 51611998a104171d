import type { Store } from '@linchpin/store'
import type { Control } from './control.ts'
import { keepRuns } from './runs.ts'
import type { Lane } from './sessions.ts'
import { known, type Setup } from './setup.ts'
import { RESTORED, remembersAgain, stopIfRestored, type Looking } from './restored.ts'
import { asProblem, meet, wordsOf } from './trouble.ts'
import { DEAD_AFTER_MS, type World } from './world.ts'

export interface House {
  readonly setup: Setup
  readonly store: Store
  readonly world: World
  readonly node: string
  readonly control: Control
  readonly signal: AbortSignal
  readonly sourceLane: (connection: string) => Lane
  /** What it reads of others comes over the bus. */
  readonly onBus: boolean
}

const BEAT_MS = 5_000
const WAKE_MS = 2_000
const PROBE_MS = 60_000
const WATCH_MS = 5 * 60_000
const RUNS_MS = 1_000
/** What was told on the bus while nobody was here is heard before a run that was due meanwhile. */
const HEAR_FIRST_MS = 30_000

/** What must happen by the clock: waking what is due, showing that we live, looking after connections and webhooks. */
export async function keepHouse(house: House): Promise<void> {
  await Promise.all([
    every(WAKE_MS, house, wake),
    every(BEAT_MS, house, ({ store, node, world }) => store.beat(node, world.now(), DEAD_AFTER_MS)),
    every(PROBE_MS, house, probePaused),
    every(WATCH_MS, house, watchWebhooks),
    ...(house.setup.flows.some(({ batch }) => batch) ? [keepRunsAlways(house)] : []),
    every(WATCH_MS, house, watchMemories),
  ])
}

async function keepRunsAlways(house: House): Promise<void> {
  if (house.onBus) await house.world.sleep(HEAR_FIRST_MS, house.signal)
  await every(RUNS_MS, house, keepRuns)
}

async function every(
  ms: number,
  house: House,
  work: (house: House) => Promise<number | void>,
): Promise<void> {
  const { world, signal } = house
  while (!signal.aborted) {
    let pause = ms
    try {
      pause = Math.min(ms, (await work(house)) ?? ms)
    } catch (error) {
      world.log.error({}, `Housekeeping failed: ${wordsOf(error)}`)
    }
    await world.sleep(Math.max(pause, 10), signal)
  }
}

async function wake({ store, world }: House): Promise<number> {
  return (await store.wake(world.now())) ?? WAKE_MS
}

/** What Linchpin paused by itself it resumes by itself, when the sign-in, the settings or the records are right again. */
export async function probePaused({
  setup,
  store,
  world,
  control,
  sourceLane,
}: Omit<House, 'node' | 'signal' | 'onBus'>): Promise<void> {
  for (const { name, paused, blockedUntil } of await control.connections()) {
    if (!paused?.kind || !setup.here.has(name) || (blockedUntil ?? 0) > world.now()) continue
    const lane = sourceLane(name)
    lane.forget()
    if (!(await isWell(lane, paused.kind, { setup, store, world, control }))) continue
    await store.resume({ connection: name }, 'linchpin', world.now())
    control.forget()
    const words = paused.kind === RESTORED ? 'Its records are there again' : 'Sign-in works again'
    world.log.info({ connection: name }, `${words}; resumed.`)
  }
}

async function isWell(lane: Lane, kind: string, deps: Looking): Promise<boolean> {
  if (kind === RESTORED) return remembersAgain(lane, deps).catch(() => false)
  const { connector } = known(deps.setup.connections, lane.connection)
  const health = await lane.session().then(
    session => connector.health(session),
    (error: unknown) => ({ is: 'down' as const, notes: [wordsOf(error)] }),
  )
  return health.is !== 'down'
}

/** An outage need not be seen for a system to come back as another. */
export async function watchMemories({
  setup,
  store,
  world,
  control,
  sourceLane,
}: Omit<House, 'node' | 'signal' | 'onBus'>): Promise<void> {
  // Of what another process speaks to, it knows what there should be.
  for (const name of setup.here) {
    if ((await control.closedFor(name)) > 0) continue
    const lane = sourceLane(name)
    try {
      await stopIfRestored(lane, { setup, store, world, control })
    } catch (error) {
      await meet(asProblem(error), lane, { store, control, world })
    }
  }
}

/** Shops end subscriptions that failed for a while, and tell nobody. Each has one process that they lead to. */
export async function watchWebhooks({
  setup,
  store,
  world,
  control,
  sourceLane,
}: Omit<House, 'node' | 'signal' | 'onBus'>): Promise<void> {
  for (const name of setup.here) {
    const { connector, webhookUrl } = known(setup.connections, name)
    const { webhook } = connector
    if (!webhook?.subscribe || webhookUrl === undefined || (await control.closedFor(name)) > 0) continue
    try {
      const repaired = await webhook.subscribe(await sourceLane(name).session(), webhookUrl)
      for (const words of repaired) {
        world.log.info({ connection: name }, words)
        await store.journal({ connection: name, who: 'linchpin', what: 'webhook', words }, world.now())
      }
    } catch (error) {
      world.log.warn({ connection: name }, `The webhooks could not be looked after: ${wordsOf(error)}`)
    }
  }
}
