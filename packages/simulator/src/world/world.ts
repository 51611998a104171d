import type { Setup } from '@linchpin/engine'
import { createKernel, START, type Kernel, type KernelOptions } from '../kernel.ts'
import type { Lane } from '../lane.ts'
import type { Delivery } from '@linchpin/store'
import { CALM, type Plan } from '../plan.ts'
import type { Mutation } from '../mutants.ts'
import type { AttemptRow } from '../twin/tables.ts'
import { createTwin, type Twin } from '../twin/twin.ts'
import { createDrift } from './drift.ts'
import { createHooks, ENTITIES } from './hooks.ts'
import { NOTE } from './meddling.ts'
import { createNames, type Names } from './names.ts'
import { createNetwork, type Network } from './network.ts'
import { startNode, type Node } from './node.ts'
import { startOperator } from './operator.ts'
import { book, buy, furnish, live, REFUSED_MAIL, REFUSED_SKU, type Stage } from './people.ts'
import { startLoads } from './loads.ts'
import { createPatience, type Patience } from './patience.ts'
import { startPromotion } from './promotion.ts'
import { RACED, startRace } from './race.ts'
import { createRemote, type Fields, type Remote, type Row } from './remote.ts'
import { createSecrets } from './secrets.ts'
import { ERP, setupOf, SHOPS } from './setup.ts'
import { startRestore } from './restore.ts'
import { unsound } from './sound.ts'
import { startTurnover } from './turnover.ts'
import { createVersions } from './versions.ts'
import { watched } from './watch.ts'

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
  /** How often a record was changed by others than us: 'north/SalesOrder/1001'. */
  readonly edits: ReadonlyMap<string, number>
  /** Orders of the ERP into which a clerk wrote a note. */
  readonly noted: ReadonlySet<string>
  /** What people called customers. */
  readonly names: Names
  /** What was thrown away for good: 'north/SalesOrder/1001'. */
  readonly binned: ReadonlySet<string>
  /** How many records of one kind were missed at one moment, at most, where that is more than one in twenty. */
  readonly missedMost: () => number
  /** Whether the ERP was restored from a backup. */
  readonly wasRestored: () => boolean
  /** When the ERP's backup was made that it is, or may be, brought back to. */
  readonly backedUpAt: () => number
  /** Begins with the second edition of its setup, beside the others. */
  readonly join: () => void
  /** Which edition nodes that begin now are given. */
  readonly edition: { now: 1 | 2 }
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
  const promotion = startPromotion(kernel, plan, twin, healAt)
  const attempts = () => [...twin.tables.attempts.values(), ...promotion.forgotten()]
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
  const secrets = createSecrets(kernel, plan, outage(kernel, plan, 'secrets'))
  const hooks = createHooks(kernel, plan, nodes, calm, mutation, violate, secrets.signing)
  const edits = new Map<string, number>()
  const noted = new Set<string>()
  const names = createNames(() => kernel.now())
  const binned = new Set<string>()
  const everBinned = new Set<string>()
  const versions = createVersions()
  const hides = blindness(kernel, plan)
  const drift = createDrift(kernel, plan, outage(kernel, plan, 'drift'), calm)
  for (const name of [ERP, ...SHOPS])
    remotes.set(
      name,
      createRemote({
        kernel,
        name,
        faults: plan.remote,
        honoursKeys: plan.repeat === 'safe',
        calm,
        hides: (table, id) => !calm() && hides(name, table, id),
        asOf: lateness(kernel, plan, name, calm),
        told: (table, row) => drift.told(name, table, row),
        onGone(table, row, comesBack) {
          livelyAt = kernel.now()
          hooks(name, table, row.id)
          everBinned.add(`${name}/${ENTITIES[table] ?? table}/${row.id}`)
          if (!comesBack) binned.add(`${name}/${ENTITIES[table] ?? table}/${row.id}`)
        },
        objection: (table, fields, isNew) =>
          name === ERP ? objection(stage().erp, table, fields, isNew) : refusedBy(table, fields),
        settleFields: name === ERP ? settleInErp(plan) : settleInShop(plan),
        onChange(table, row, how, ours) {
          if (name !== ERP && !ours) hooks(name, table, row.id)
          if (table === 'orders' && name !== ERP) versions.changed(name, row)
          names.changed(name, table, row, ours)
          if (!ours) {
            livelyAt = kernel.now()
            const key = `${name}/${ENTITIES[table] ?? table}/${row.id}`
            if (table === 'orders' && row.fields['note'] === NOTE) noted.add(row.id)
            edits.set(key, (edits.get(key) ?? 0) + 1)
            return
          }
          effects.push({ at: kernel.now(), remote: name, table, id: row.id, how })
          if (how === 'created') created(name, table, row)
          else if (!calledFor(attempts(), name, table, row))
            violate(`${table} ${row.id} of ${name} was changed without an intent`)
        },
      }),
    )

  function created(name: string, table: string, row: Row): void {
    const same = (remotes.get(name) as Remote).rows(table).filter(each => each.key === row.key)
    if (row.key === null) violate(`${table} ${row.id} of ${name} was created without a key`)
    if (same.length > 1)
      violate(`${table} ${row.key} stands twice in ${name}: ${same.map(each => each.id).join(', ')}`)
    if (!calledFor(attempts(), name, table, row))
      violate(`${table} ${row.key} of ${name} was created without an intent`)
    if (name === ERP && table === 'orders')
      kernel.at(kernel.now(), `the ERP books ${row.id}`, () => book(stage(), row.id))
  }

  const restore = startRestore({ kernel, plan, erp: stage().erp, twin, healAt, noted })
  const downAt = new Map([...remotes.keys(), 'store'].map(name => [name, outage(kernel, plan, name)]))
  const isThere = ({ from, entity, id }: Delivery) =>
    entity === 'SalesOrder' &&
    remotes.get(from)?.row('orders', id) !== undefined &&
    !everBinned.has(`${from}/${entity}/${id}`)
  const isDown = (name: string) => {
    const from = downAt.get(name) ?? Infinity
    const ms = name === 'store' ? plan.store.downMs : plan.net.downMs
    if (name === ERP && restore.isUnderWay()) return true
    return !calm() && kernel.now() >= from && kernel.now() < from + ms
  }
  const isCutOff = (but: number) => {
    const since = kernel.now() - START - CUT_OFF_AT_MS
    return !calm() && since >= but && since < plan.net.outageMs - but
  }
  const thinks = slowness(kernel, plan, calm)
  const stormAt = outage(kernel, plan, 'storm')
  const stormy = kernel.chance('storm').pick([ERP, ...SHOPS])
  const patience = new Map(
    [...remotes.keys()].map(name => [
      name,
      createPatience(plan.clockSkewMs, words => violate(`${name} banned us: ${words}`)),
    ]),
  )
  const network = createNetwork({
    kernel,
    remotes,
    isDown: name => isDown(name) || (name === ERP && isCutOff(0)),
    faults: () => (calm() ? CALM.net : plan.net),
    isStorm: name =>
      !calm() && name === stormy && kernel.now() >= stormAt && kernel.now() < stormAt + plan.net.stormMs,
    thinks: name => (name === ERP ? thinks() : 0),
    patienceOf: name => patience.get(name) as Patience,
    admits: secrets.admits,
    onWrite(write) {
      const words = write.remote === ERP ? versions.sent(write) : null
      if (words !== null) violate(words)
      const empty = unsound(write)
      if (empty !== null) violate(empty)
    },
  })
  const sized = options.setup ?? same
  const edition: World['edition'] = { now: 1 }
  const setup = (number: 1 | 2) => sized(setupOf({ plan, mutation, edition: number }, drift, secrets.entered))
  const setups = new Map<string, Setup>()
  // Each start reads what is configured then.
  const configured = () => {
    const key = `${edition.now} ${SHOPS.map(secrets.entered).join()}`
    const known = setups.get(key) ?? setup(edition.now)
    setups.set(key, known)
    return known
  }
  const { store, missedMost } = watched(mutation.store?.(twin) ?? twin, {
    twin,
    setup: setup(1),
    violate,
    isThere,
    drift,
    names,
  })
  const skew = kernel.chance('skew')
  const fullAt = outage(kernel, plan, 'disk')
  const isFull = () => !calm() && kernel.now() >= fullAt && kernel.now() < fullAt + plan.store.fullMs
  const join = () => {
    const name = `node${nodes.length + 1}`
    nodes.push(
      startNode({
        kernel,
        name,
        setup: configured,
        store: options.lane?.storeOf(name, alone, kernel) ?? store,
        network,
        skewMs: skew.between(-plan.clockSkewMs, plan.clockSkewMs),
        faults: () => (calm() ? CALM.process : plan.process),
        storeFaults: () => ({
          lostAck: calm() ? 0 : plan.store.lostAck,
          down: isDown('store') || promotion.isUnderWay(),
          full: isFull(),
        }),
        loads: plan.people.loads,
        onError: () => {},
        drowsiness: () => (isCutOff(10 * 60_000) ? DROWSY : 1),
        change: mutation.node ?? same,
      }),
    )
  }
  furnish(stage())
  for (let number = 1; number <= plan.nodes; number += 1) join()
  live(stage())
  const world: World = {
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
    edits,
    noted,
    names,
    binned,
    missedMost,
    wasRestored: restore.happened,
    backedUpAt: restore.backedUpAt,
    join,
    edition,
  }
  startOperator(world)
  startTurnover(world)
  startLoads(world, setup(1))
  secrets.onEntered = () => {
    for (const node of nodes) node.stop('comes back')
  }
  startRace(world, (shop, pieces) => buy(stage(), shop, RACED, pieces))
  return world
}

const CUT_OFF_AT_MS = 3 * 60_000
const DROWSY = 40

const same = <Value>(value: Value): Value => value

function outage(kernel: Kernel, plan: Plan, name: string): number {
  const chance = kernel.chance(`outage of ${name}`)
  return START + chance.between(60_000, plan.faultMinutes * 45_000)
}

/** Every effect was written down before it happened: its attempt is in the books. */
function calledFor(attempts: readonly AttemptRow[], remote: string, table: string, row: Row): boolean {
  return attempts.some(
    attempt =>
      attempt.flow.endsWith(` ${remote}`) &&
      (row.key === null || table === 'products' || attempt.key === row.key),
  )
}

const LAGS_MS = 3 * 60_000

/** Behind a balancer: every second read, by chance, comes to the replica that lags. */
function lateness(kernel: Kernel, plan: Plan, name: string, calm: () => boolean): () => number {
  const { staleMs } = plan.remote
  const from = outage(kernel, plan, `replica of ${name}`)
  const chance = kernel.chance(`replicas of ${name}`)
  return () => {
    const now = kernel.now()
    const lags = staleMs > 0 && !calm() && now >= from && now < from + LAGS_MS
    return lags && chance.happens(0.5) ? now - staleMs : now
  }
}

const SLOW_MS = 4 * 60_000

/** How long the ERP thinks over a request: about as long as over the last, for some minutes or always. */
function slowness(kernel: Kernel, plan: Plan, calm: () => boolean): () => number {
  const { thinksMs, thinksAlways } = plan.remote
  const from = outage(kernel, plan, 'slow ERP')
  const chance = kernel.chance('thinking')
  return () => {
    if (thinksMs === 0) return 0
    const now = kernel.now()
    const isSlow = thinksAlways || (!calm() && now >= from && now < from + SLOW_MS)
    return isSlow ? chance.between(thinksMs * 0.75, thinksMs * 1.25) : 0
  }
}

/** Rows that cannot be seen by their id for a while: some of them, or all. */
function blindness(kernel: Kernel, plan: Plan): (remote: string, table: string, id: string) => boolean {
  const from = outage(kernel, plan, 'sight')
  const { missMs, massMs } = plan.remote
  return (remote, table, id) => {
    const since = kernel.now() - from
    if (since < 0) return false
    return since < massMs || (since < missMs && kernel.chance(`${remote} ${table} ${id}`).happens(0.4))
  }
}

const isRefused = (email: unknown) => String(email).startsWith(`${REFUSED_MAIL}@`)

const refusedBy = (table: string, fields: Fields) =>
  table === 'products' && fields['sku'] === REFUSED_SKU ? 'That article is refused.' : null

/** What the ERP takes from nobody. Of an order that it has already it keeps its own customer. */
function objection(erp: Remote, table: string, fields: Fields, isNew: boolean): string | null {
  if (table === 'accounts') return isRefused(fields['email']) ? 'That customer is refused.' : null
  if (table !== 'orders') return null
  if (fields['reference'] === 'FORBIDDEN') return 'That number is forbidden.'
  const { customer } = fields
  const isMissing = typeof customer === 'string' && erp.row('accounts', customer) === undefined
  return isNew && isMissing ? `There is no customer ${customer}.` : null
}

type Settled = (table: string, before: Fields, after: Fields) => Fields

/** The ERP keeps its own status beside what we say, and in a quarrel its own way of writing names. */
const settleInErp =
  ({ people }: Plan): Settled =>
  (table, before, after) => {
    if (table === 'accounts' && people.contrary)
      return { ...after, name: String(after['name']).split(' ').toReversed().join(' ') }
    if (table === 'accounts' && people.quarrel) return { ...after, name: String(after['name']).toUpperCase() }
    if (table !== 'orders') return after
    const customer = people.merges ? (before['customer'] ?? after['customer']) : after['customer']
    return {
      ...after,
      customer,
      status: after['cancelled'] === true ? 'cancelled' : (before['status'] ?? 'open'),
    }
  }

/** A shop closes an open order when it is told to; a cancelled one stays cancelled. */
const settleInShop =
  ({ people }: Plan): Settled =>
  (table, before, after) => {
    if (table === 'customers' && people.quarrel)
      return { ...after, name: String(after['name']).toLowerCase() }
    if (table !== 'orders') return after
    const { closed, ...rest } = after
    return closed === true && before['status'] === 'open' ? { ...rest, status: 'closed' } : rest
  }
