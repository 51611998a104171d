import type { ConnectionState, DeliveryClaim, FlowState, Store } from '@linchpin/store'
import { OUTAGE_FROM } from './retry.ts'
import type { Flow } from './setup.ts'
import type { World } from './world.ts'

/** What is paused or blocked right now: asked of the store when the bell says that it changed, and every `FRESH_MS`. */
export interface Control {
  /** How long nothing may go to this connection, in ms; 0: now; Infinity: paused. */
  readonly closedFor: (connection: string) => Promise<number>
  /** How long it asked us to leave it alone from now on, in ms; 0: it does not. */
  readonly leftAloneFor: (connection: string) => Promise<number>
  /** Whether it did not answer the last few times: then it may come back as another than it was. */
  readonly wasOut: (connection: string) => Promise<boolean>
  readonly openFlows: (names: readonly string[]) => Promise<readonly string[]>
  /** Of these flows, those whose deliveries may go now. */
  readonly claimable: (flows: readonly Flow[]) => Promise<Claimable>
  readonly flow: (name: string) => Promise<FlowState | null>
  readonly connections: () => Promise<readonly ConnectionState[]>
  /** Something was paused, resumed or blocked: ask again. */
  readonly forget: () => void
}

export type Claimable = Pick<DeliveryClaim, 'flows' | 'runs'>

/** A pause is known to every node of a database after this time, even if its bell was missed. */
export const FRESH_MS = 5_000

interface Known {
  readonly at: number
  readonly connections: readonly ConnectionState[]
  readonly flows: readonly FlowState[]
}

export function createControl(
  store: Store,
  world: Pick<World, 'now'>,
  mayCarry: ((flow: string) => boolean) | undefined = () => true,
): Control {
  let known: Known | null = null
  let changes = 0
  let asking: { readonly since: number; readonly answer: Promise<Known> } | null = null
  const ask = async (since: number) => {
    const seen = { at: world.now(), connections: await store.connections(), flows: await store.flows() }
    // What was paused while we asked is not in the answer: it must not be kept as if it were fresh.
    if (since === changes) known = seen
    return seen
  }
  // Every loop of a process wants to know at the same moments: one of them asks for all.
  const look = async () => {
    if (known !== null && world.now() - known.at < FRESH_MS) return known
    if (asking?.since !== changes) asking = { since: changes, answer: ask(changes) }
    const mine = asking
    try {
      return await mine.answer
    } finally {
      if (asking === mine) asking = null
    }
  }
  return {
    forget() {
      changes += 1
      known = null
    },
    connections: async () => (await look()).connections,
    flow: async name => (await look()).flows.find(flow => flow.name === name) ?? null,
    async closedFor(name) {
      const state = (await look()).connections.find(connection => connection.name === name)
      if (state?.paused) return Infinity
      return Math.max(0, (state?.blockedUntil ?? 0) - world.now())
    },
    async leftAloneFor(name) {
      const state = (await look()).connections.find(connection => connection.name === name)
      return Math.max(0, (state?.leftAloneUntil ?? 0) - world.now())
    },
    async wasOut(name) {
      const state = (await look()).connections.find(connection => connection.name === name)
      return (state?.failures ?? 0) >= OUTAGE_FROM
    },
    async openFlows(names) {
      const paused = new Set((await look()).flows.filter(flow => flow.paused !== null).map(flow => flow.name))
      return names.filter(name => !paused.has(name) && mayCarry(name))
    },
    async claimable(asked) {
      const states = new Map((await look()).flows.map(state => [state.name, state]))
      return claimableOf(
        asked.filter(({ name }) => (states.get(name)?.paused ?? null) === null && mayCarry(name)),
        states,
      )
    },
  }
}

/** A flow that works in batches lets its deliveries wait for a run; what was asked for, or tried before, is let through. */
function claimableOf(flows: readonly Flow[], states: ReadonlyMap<string, FlowState>): Claimable {
  const runs: Record<string, number | null> = {}
  const open = flows.filter(({ name, batch }) => {
    if (!batch) return true
    const state = states.get(name)?.batch ?? null
    runs[name] = batch.holds ? (state?.cutAt ?? 0) : null
    return !batch.holds || state?.asked || state?.run?.endedAt === null
  })
  return { flows: open.map(({ name }) => name), ...(Object.keys(runs).length > 0 ? { runs } : {}) }
}
