import type { ConnectionState, FlowState, Store } from '@linchpin/store'
import type { World } from './world.ts'

/** What is paused or blocked right now: asked of the store at most once in `FRESH_MS`. */
export interface Control {
  /** How long nothing may go to this connection, in ms; 0: now; Infinity: paused. */
  readonly closedFor: (connection: string) => Promise<number>
  readonly openFlows: (names: readonly string[]) => Promise<readonly string[]>
  readonly flow: (name: string) => Promise<FlowState | null>
  readonly connections: () => Promise<readonly ConnectionState[]>
  /** Something was paused, resumed or blocked: ask again. */
  readonly forget: () => void
}

const FRESH_MS = 1_000

export function createControl(
  store: Store,
  world: Pick<World, 'now'>,
  mayCarry: ((flow: string) => boolean) | undefined = () => true,
): Control {
  let known: { at: number; connections: readonly ConnectionState[]; flows: readonly FlowState[] } | null =
    null
  let changes = 0
  const look = async () => {
    if (known !== null && world.now() - known.at < FRESH_MS) return known
    const asked = changes
    const seen = { at: world.now(), connections: await store.connections(), flows: await store.flows() }
    // What was paused while we asked is not in the answer: it must not be kept as if it were fresh.
    if (asked === changes) known = seen
    return seen
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
    async openFlows(names) {
      const paused = new Set((await look()).flows.filter(flow => flow.paused !== null).map(flow => flow.name))
      return names.filter(name => !paused.has(name) && mayCarry(name))
    },
  }
}
