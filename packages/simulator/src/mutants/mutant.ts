import type { Connection, Flow, World as EngineWorld } from '@linchpin/engine'
import type { Store } from '@linchpin/store'
import type { Plan } from '../plan.ts'
import type { Twin } from '../twin/twin.ts'

/** A known mistake, planted from outside: into the store, a connector, a flow, a node, or the shops' belief in our answers. */
export interface Mutation {
  readonly store?: (twin: Twin) => Store
  readonly connection?: (connection: Connection) => Connection
  readonly flow?: (flow: Flow) => Flow
  readonly node?: (world: EngineWorld) => EngineWorld
  readonly answersEarly?: boolean
}

export interface Mutant {
  readonly name: string
  /** What must be said of it. Another complaint does not count: it would be noticed by luck. */
  readonly says: RegExp
  /** The world in which this layer stands alone: others would hide that it is missing. */
  readonly plan: (plan: Plan) => Plan
  readonly mutation: (plan: Plan) => Mutation
}

/** Most faults off, so that nothing but what the mutant needs is in its way, and a seed is soon over. */
export const quiet = (plan: Plan): Plan => ({
  ...plan,
  fair: false,
  nodes: 1,
  repeat: 'find',
  faultMinutes: 5,
  convergeMinutes: 9,
})

/** Answers get lost, come late, or say 500 after the effect. */
export const lossy = (plan: Plan): Plan => ({
  ...quiet(plan),
  net: { ...plan.net, lostReply: 0.25, late: 0.1, after500: 0.1 },
})

/** Polls alone. */
export const noHooks = (plan: Plan): Plan => ({ ...plan, hooks: { ...plan.hooks, off: true } })
