import { setMaxListeners } from 'node:events'
import type { RawRequest } from '@linchpin/connector'
import type { Delivery, FlowState, Store } from '@linchpin/store'
import { askOnce } from './bus/ask.ts'
import type { BusDeps, OnBus } from './bus/deps.ts'
import { createGate, putDown, takeUp, type Gate } from './bus/duty.ts'
import { listenOnBus } from './bus/on-bus.ts'
import { publishOnce } from './bus/publish.ts'
import { createBell, type Bell } from './bell.ts'
import { createClocks } from './clocks.ts'
import { createControl, type Control } from './control.ts'
import { deliver, type Delivering } from './deliver.ts'
import { lookAfterOutage } from './restored.ts'
import { guarded } from './guard.ts'
import { Heard } from './heard.ts'
import { keepHouse } from './housekeeping.ts'
import { pollOnce, readNotices, type Reading } from './read.ts'
import type { ToldStore } from './reader.ts'
import { replay, type Replayed, type ReplayRequest } from './replay.ts'
import { dutiesOf } from './route.ts'
import { registration } from './registration.ts'
import { patienceAfterClaim } from './patience.ts'
import { nextPoll, pollers } from './schedule.ts'
import { openLane, type Lane } from './sessions.ts'
import { compareOn } from './reconcile/continuous.ts'
import { isDeliveredHere, isDirect, known, type Flow, type Setup } from './setup.ts'
import { spendingTogether } from './spend.ts'
import { wordsOf } from './trouble.ts'
import { groupCommit, receiveWebhook, type WebhookAnswer } from './webhook.ts'
import { DEAD_AFTER_MS, LEASE_MS, type World } from './world.ts'

export interface Engine {
  /** Registers connections and flows, and begins to work. Answers at once; the work goes on until `stop`. */
  readonly start: () => Promise<void>
  /** Lets what is under way end, but not for longer than a few seconds, and starts nothing new. */
  readonly stop: () => Promise<void>
  readonly webhook: (connection: string, request: RawRequest) => Promise<WebhookAnswer>
  /** Delivers anew what came since an instant. */
  readonly replay: (request: ReplayRequest) => Promise<Replayed>
  readonly reading: Reading
  readonly delivering: Delivering
  readonly control: Control
  /** Makes connections and flows known to the store; answers what is to be done on the bus, or null without one. */
  readonly join: () => Promise<BusWork | null>
}

export interface EngineOptions {
  readonly setup: Setup
  readonly store: Store
  readonly world: World
  /** This process's name among the nodes of one database. */
  readonly node: string
  readonly fileUrl: Delivering['fileUrl']
  /** On a bus: what this process is there, and the flows that the configuration gives to other processes. */
  readonly on?: OnBus & { readonly elsewhere: readonly Flow[] }
}

/** Whoever is not rung for looks by themselves: a bell can be missed. */
const IDLE_MS = 15_000
/** How long a stop waits for writes that are under way; reads are not waited for. */
const GRACE_MS = 4_000

/** The steps of the way, turned into work that goes on: per connection one who reads, one who polls, and some who deliver. */
export function createEngine(options: EngineOptions): Engine {
  const { setup, store: unguarded, world, node, fileUrl, on } = options
  const store = spendingTogether(guarded(unguarded))
  const stopping = new AbortController()
  const { signal } = stopping
  // Every sleep of every loop listens to it; a dozen is no leak.
  setMaxListeners(0, signal)
  const cutting = new AbortController()
  setMaxListeners(0, cutting.signal)
  const bell = createBell(world)
  // On a bus, a flow is delivered here only when it is known that nobody else carries it.
  const gate = createGate()
  const control = createControl(store, world, on && gate.isOpen)
  const clocks = createClocks()
  const lanes: Lane[] = []
  const lane = (connection: string) => {
    const opened = openLane(connection, { setup, store, world, control, clocks, signal, cut: cutting.signal })
    lanes.push(opened)
    return opened
  }
  const readers = new Map([...setup.here].map(name => [name, lane(name)]))
  const sourceLane = (name: string) => readers.get(name) ?? lane(name)
  const asked = pollers(setup)
  const reading: Reading = {
    setup,
    store,
    world,
    control,
    route: (connection, entity, id, canonical) => dutiesOf(setup.flows, connection, entity, id, canonical),
    told: on ? guarded<ToldStore>(on.store) : null,
    nextPoll: (connection, entity, now) => nextPoll(asked, connection, entity, now),
  }
  const delivering: Delivering = { setup, store, world, control, clocks, node, fileUrl, sourceLane }
  const deps = { ...reading, ...delivering }
  const notify = groupCommit(store, world)
  const heard = new Heard()
  let work: Promise<unknown> = Promise.resolve()
  let deafen = async () => {}
  const seen = new Set<string>()
  const look = onceAtATime((name: string) => lookAfterOutage(sourceLane(name), reading))
  const cameBack = async (name: string) => {
    if (!setup.here.has(name)) return true
    // It may have been restored while we did not run, too.
    if (seen.has(name) && !(await control.wasOut(name))) return true
    const isBack = await look(name)
    if (isBack) seen.add(name)
    return isBack
  }

  const join = async () => {
    const before = await store.flows()
    await store.register(registration(setup, world.now()), world.now())
    return on ? busWork({ ...deps, on }, gate, on.elsewhere, before) : null
  }

  return {
    reading,
    delivering,
    control,
    join,
    replay: request => replay(request, { ...deps, on: on ?? null }),
    webhook: (connection, request) => receiveWebhook(connection, request, { setup, notify, world, heard }),
    async start() {
      const joined = await join()
      await store.beat(node, world.now(), DEAD_AFTER_MS)
      deafen = await store.listen(topic => {
        if (topic.endsWith('*')) control.forget()
        bell.ring(topic)
      })
      const context = { world, bell, control, signal, cameBack }
      const loops = [...setup.here].flatMap(name => [
        loop(
          `notices ${name}`,
          name,
          async () => rest(await readNotices(sourceLane(name), reading)),
          context,
        ),
        loop(`polls ${name}`, name, () => pollOnce(sourceLane(name), reading), context),
        ...deliverers(name, setup).map(() => {
          const own = lane(name)
          return loop(
            `deliveries ${name}`,
            name,
            async () => rest(await deliverOnce(own, delivering)),
            context,
          )
        }),
      ])
      const comparing = setup.flows
        .filter(flow => flow.continuous && isDeliveredHere(flow, setup))
        .map(flow => compareAlways(flow, deps, signal))
      work = Promise.all([
        ...loops,
        ...comparing,
        ...(joined ? busLoops(joined, context) : []),
        keepHouse({ setup, store, world, node, control, signal, sourceLane, onBus: on !== undefined }),
      ])
    },
    async stop() {
      stopping.abort()
      const ended = new AbortController()
      void world.sleep(GRACE_MS, ended.signal).then(async () => {
        cutting.abort()
        // A bus that does not answer is not waited for.
        await on?.bus.close().catch(() => {})
      })
      await work
      ended.abort()
      await deafen()
      await Promise.all(lanes.map(each => each.close().catch(() => {})))
    },
  }
}

/** On the bus: the steps that a process takes besides, each until it answers that there is nothing to do. */
export interface BusWork {
  readonly deps: BusDeps
  /** Flows that are taken up or put down; each answers true when that is done. */
  readonly changes: readonly (() => Promise<boolean>)[]
  /** Connections of other processes, which are asked for what is missing. */
  readonly others: readonly string[]
}

function busWork(
  deps: BusDeps,
  gate: Gate,
  elsewhere: readonly Flow[],
  before: readonly FlowState[],
): BusWork {
  const { setup, on } = deps
  const wasActive = new Set(before.filter(({ active }) => active).map(({ name }) => name))
  const mine = setup.flows.filter(flow => isDeliveredHere(flow, setup))
  return {
    deps,
    others: [...setup.connections.keys()].filter(name => !setup.here.has(name)),
    changes: [
      ...mine.map(flow => () => takeUp(flow, gate, deps)),
      ...elsewhere.map(flow => () => putDown(flow, on.name === HUB && wasActive.has(flow.name), deps)),
    ],
  }
}

/** Telling what is new, asking others for what is missing, listening, and changing hands. */
function busLoops({ deps, others, changes }: BusWork, context: Context): readonly Promise<unknown>[] {
  return [
    ...[false, true].map(files =>
      loop('outbox', '', async () => ((await publishOnce(deps, files)) ? 0 : TELL_MS), context),
    ),
    ...others.map(name => loop(`notices ${name}`, '', async () => rest(await askOnce(name, deps)), context)),
    listenOnBus(deps, context.signal),
    ...changes.map(change => untilDone(change, context)),
  ]
}

async function untilDone(change: () => Promise<boolean>, { world, signal }: Context): Promise<void> {
  let said = ''
  while (!signal.aborted) {
    const done = await change().catch((error: unknown) => {
      const words = `A flow could not change hands yet: ${wordsOf(error)}`
      if (words !== said) world.log.error({}, words)
      said = words
      return false
    })
    if (done) return
    await world.sleep(CHANGE_MS, signal)
  }
}

/** How the process that carries what no adapter does is called on the bus. */
export const HUB = 'hub'
const TELL_MS = 1_000
const CHANGE_MS = 2_000

async function compareAlways(flow: Flow, deps: Reading & Delivering, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const wait = await compareOn(flow, deps).catch((error: unknown) => {
      deps.world.log.error({ flow: flow.name }, `Comparing failed: ${wordsOf(error)}`)
      return IDLE_MS
    })
    await deps.world.sleep(wait, signal)
  }
}

/** Claims what is due for this target, and delivers it. False when nothing was. */
export async function deliverOnce(lane: Lane, deps: Delivering): Promise<boolean> {
  const { setup, store, world, control, node } = deps
  const claimable = await control.claimable(setup.flows.filter(flow => flow.to === lane.connection))
  if (claimable.flows.length === 0) return false
  const rowsOf = setup.flows.filter(isDirect).map(({ name }) => name)
  const limit = mostAtOnce(lane, setup)
  const claim = { node, ...claimable, rowsOf, limit, leaseMs: LEASE_MS, now: world.now() }
  const claimed: readonly Delivery[] = await store.claimDeliveries(claim)
  if (claimed.length === 0) return false
  await deliver(lane, claimed, deps)
  lane.patience = patienceAfterClaim(lane.patience, world.now() - claim.now)
  return true
}

/**
 * As many as can be delivered well within a lease, one call after the other if need be; or as one call takes. Of a slow
 * remote, fewer: those that have to wait for the others would only be put off.
 */
function mostAtOnce({ connection, patience }: Lane, setup: Setup): number {
  const { entities } = known(setup.connections, connection).connector
  const batches = setup.flows
    .filter(flow => flow.to === connection)
    .map(flow => entities[flow.entity]?.writer?.batch ?? 0)
  return Math.ceil(Math.max(CLAIM, ...batches) / patience ** 2)
}

const CLAIM = 20

/** One worker for each request that the remote lets run at once. */
function deliverers(name: string, setup: Setup): readonly number[] {
  if (!setup.flows.some(flow => flow.to === name)) return []
  const { atOnce } = known(setup.connections, name).connector.limits
  return Array.from({ length: Math.max(1, atOnce) }, (_each, index) => index)
}

interface Context {
  readonly world: World
  readonly bell: Bell
  readonly control: Control
  readonly signal: AbortSignal
  /** After an outage, and at the start: whether the connection is what it was. */
  readonly cameBack: (connection: string) => Promise<boolean>
}

/** Many ask at the same moment; one of them does it for all. */
function onceAtATime(work: (name: string) => Promise<boolean>): (name: string) => Promise<boolean> {
  const under = new Map<string, Promise<boolean>>()
  return name => {
    const begun = under.get(name) ?? work(name).finally(() => under.delete(name))
    under.set(name, begun)
    return begun
  }
}

/** Where there was work there may be more. */
const rest = (worked: boolean) => (worked ? 0 : IDLE_MS)

/** Works as long as there is work and the connection is open; else rests as long as `work` says, or until the bell rings. */
async function loop(
  topic: string,
  connection: string,
  work: () => Promise<number>,
  { world, bell, control, signal, cameBack }: Context,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      const closed = await control.closedFor(connection)
      if (closed === 0 && !(await cameBack(connection))) continue
      const restMs = closed > 0 ? closed : await work()
      if (restMs > 0) await bell.wait(topic, Math.min(Math.max(restMs, 1), IDLE_MS), signal)
      failures = 0
    } catch (error) {
      // The store did not answer, or we have a bug: neither may end the loop, nor make it run hot.
      failures += 1
      world.log.error({ topic, failures }, `The work failed: ${wordsOf(error)}`)
      await world.sleep(Math.min(1_000 * failures, 10_000), signal)
    }
  }
}
