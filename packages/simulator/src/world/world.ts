import type { Store } from '@linchpin/store'
import type { Setup } from '@linchpin/engine'
import { createKernel, START, type Kernel, type KernelOptions } from '../kernel.ts'
import type { Lane } from '../lane.ts'
import { CALM, type Plan } from '../plan.ts'
import { createTwin, type Twin } from '../twin/twin.ts'
import { createHooks } from './hooks.ts'
import { createNetwork, type Network } from './network.ts'
import { startNode, type Node } from './node.ts'
import { startOperator } from './operator.ts'
import { book, furnish, live, type Stage } from './people.ts'
import { createRemote, type Remote, type Row } from './remote.ts'
import { ERP, setupOf, SHOPS } from './setup.ts'
import type { Mutation } from '../mutants.ts'

export interface World {
  readonly plan: Plan
  readonly kernel: Kernel
  readonly twin: Twin
  readonly erp: Remote
  readonly shops: readonly Remote[]
  readonly nodes: readonly Node[]
  readonly network: Network
  /** Writes of ours, in their order. */
  readonly effects: readonly Effect[]
  /** What must never happen, and did. */
  readonly violations: string[]
  readonly calm: () => boolean
  readonly healAt: number
  /** When people last changed something. */
  readonly livelyAt: () => number
}

export interface Effect {
  readonly at: number
  readonly remote: string
  readonly table: string
  readonly id: string
  readonly how: 'created' | 'updated'
}

export interface WorldOptions extends KernelOptions {
  readonly mutation?: Mutation
  /** A smaller company. */
  readonly setup?: (setup: Setup) => Setup
  /** What stands where the twin alone stands else, for each who speaks to the store. */
  readonly lane?: Lane
}

/** A company with two shops and an ERP, and the nodes of Linchpin that serve it. */
export function createWorld(plan: Plan, options: WorldOptions = {}): World {
  const { mutation = {} } = options
  const kernel = createKernel(plan.seed, options)
  const healAt = START + plan.faultMinutes * 60_000
  const calm = () => kernel.now() >= healAt
  const alone = createTwin()
  const twin = options.lane?.storeOf('operator', alone, kernel) ?? alone
  const violations: string[] = []
  const effects: Effect[] = []
  let livelyAt = 0
  const violate = (words: string) => {
    if (violations.length < 20) violations.push(`${((kernel.now() - START) / 1000).toFixed(3)} s: ${words}`)
  }
  const remotes = new Map<string, Remote>()
  const stage: () => Stage = () => ({
    kernel,
    plan,
    erp: remotes.get(ERP) as Remote,
    shops: SHOPS.map(name => remotes.get(name) as Remote),
  })
  const nodes: Node[] = []
  const hooks = createHooks(kernel, plan, nodes, calm, mutation)
  for (const name of [ERP, ...SHOPS])
    remotes.set(
      name,
      createRemote({
        kernel,
        name,
        faults: plan.remote,
        honoursKeys: plan.repeat === 'safe',
        calm,
        objection: (table, fields) =>
          name === ERP && table === 'orders' && fields['reference'] === 'FORBIDDEN'
            ? 'That number is forbidden.'
            : null,
        settleFields: name === ERP ? settleInErp : settleInShop,
        onChange(table, row, how, ours) {
          if (name !== ERP && !ours) hooks(name, table, row.id)
          if (!ours) {
            livelyAt = kernel.now()
            return
          }
          effects.push({ at: kernel.now(), remote: name, table, id: row.id, how })
          if (how === 'created') created(name, table, row)
          else if (!calledFor(twin, name, table, row))
            violate(`${table} ${row.id} of ${name} was changed without an intent`)
        },
      }),
    )

  function created(name: string, table: string, row: Row): void {
    const same = (remotes.get(name) as Remote).rows(table).filter(each => each.key === row.key)
    if (row.key === null) violate(`${table} ${row.id} of ${name} was created without a key`)
    if (same.length > 1)
      violate(`${table} ${row.key} stands twice in ${name}: ${same.map(each => each.id).join(', ')}`)
    if (!calledFor(twin, name, table, row))
      violate(`${table} ${row.key} of ${name} was created without an intent`)
    if (name === ERP && table === 'orders')
      kernel.at(kernel.now(), `the ERP books ${row.id}`, () => book(stage(), row.id))
  }

  const downAt = new Map([...remotes.keys(), 'store'].map(name => [name, outage(kernel, plan, name)]))
  const isDown = (name: string) => {
    const from = downAt.get(name) ?? Infinity
    const ms = name === 'store' ? plan.store.downMs : plan.net.downMs
    return !calm() && kernel.now() >= from && kernel.now() < from + ms
  }
  const network = createNetwork(kernel, remotes, () => (calm() ? CALM.net : plan.net), isDown)
  const store: Store = mutation.store?.(twin) ?? twin
  const setup = (options.setup ?? same)(setupOf(plan, mutation.connection))
  const skew = kernel.chance('skew')
  furnish(stage())
  for (let number = 1; number <= plan.nodes; number += 1) {
    const name = `node${number}`
    nodes.push(
      startNode({
        kernel,
        name,
        setup,
        store: options.lane?.storeOf(name, alone, kernel) ?? store,
        network,
        skewMs: skew.between(-plan.clockSkewMs, plan.clockSkewMs),
        faults: () => (calm() ? CALM.process : plan.process),
        storeFaults: () => ({ lostAck: calm() ? 0 : plan.store.lostAck, down: isDown('store') }),
        onError: () => {},
      }),
    )
  }
  live(stage())
  const world = {
    plan,
    kernel,
    twin,
    erp: stage().erp,
    shops: stage().shops,
    nodes,
    network,
    effects,
    violations,
    calm,
    healAt,
    livelyAt: () => livelyAt,
  }
  startOperator(world)
  return world
}

const same = <Value>(value: Value): Value => value

function outage(kernel: Kernel, plan: Plan, name: string): number {
  const chance = kernel.chance(`outage of ${name}`)
  return START + chance.between(60_000, plan.faultMinutes * 45_000)
}

/** Every effect was written down before it happened: its attempt is in the books. */
function calledFor(twin: Twin, remote: string, table: string, row: Row): boolean {
  return [...twin.tables.attempts.values()].some(
    attempt =>
      attempt.flow.endsWith(` ${remote}`) &&
      (row.key === null || table === 'products' || attempt.key === row.key),
  )
}

/** The ERP keeps its own status beside what we say. */
function settleInErp(table: string, before: Record<string, unknown>, after: Record<string, unknown>) {
  if (table !== 'orders') return after
  return { ...after, status: after['cancelled'] === true ? 'cancelled' : (before['status'] ?? 'open') }
}

/** A shop closes an open order when it is told to; a cancelled one stays cancelled. */
function settleInShop(table: string, before: Record<string, unknown>, after: Record<string, unknown>) {
  if (table !== 'orders') return after
  const { closed, ...rest } = after
  return closed === true && before['status'] === 'open' ? { ...rest, status: 'closed' } : rest
}
