import type { Snapshot } from '@linchpin/connector'
import { matchKeysOf, type Canonical } from '@linchpin/model'
import type { Delivery } from '@linchpin/store'
import { beginningOf } from '../beginning.ts'
import type { Delivering } from '../deliver.ts'
import { canonicalOf } from '../normalize.ts'
import { prepare } from '../prepare.ts'
import type { Reading } from '../read.ts'
import { entityOf, known, type Flow } from '../setup.ts'
import { flowNamed, imagined, pages, sync } from '../sync.ts'
import { canHeal, type Discrepancy, type Reconciliation } from './discrepancy.ts'
import { judge, judgeStray, type Pair, type Verdict } from './judge.ts'

export interface ReconcileRequest {
  readonly flow: string
  /** Delivers anew what that can mend; else nothing is changed anywhere. */
  readonly heal: boolean
}

type Deps = Reading & Delivering

/**
 * Reads both sides of a flow as they are now and tells where they differ. What looks wrong is believed only after a
 * second look, and never while a delivery is under way: systems are read one after the other, and orders go on.
 */
export async function reconcile(request: ReconcileRequest, deps: Deps): Promise<Reconciliation> {
  const flow = flowNamed(request.flow, deps)
  const tally = { read: 0, same: 0, leftAlone: 0, unreadable: 0 }
  const suspects: Discrepancy[] = []
  const met = { ids: new Set<string>(), keys: new Map<string, string>() }
  for await (const verdicts of judged(flow, undefined, met, deps)) {
    for (const verdict of verdicts) {
      tally.read += 1
      if (verdict === 'same') tally.same += 1
      else if (verdict === 'left alone') tally.leftAlone += 1
      else if (verdict === 'unreadable') tally.unreadable += 1
      else suspects.push(verdict)
    }
  }
  const { confirmed, mended, underWay } = await lookAgain(suspects, flow, deps)
  const strays = await straysOf(flow, met.keys, deps)
  const healable = request.heal ? confirmed.filter(canHeal) : []
  await heal(healable, flow, deps)
  const { name, entity, from, to } = flow
  const discrepancies = [...confirmed, ...strays]
  const counts = { ...tally, same: tally.same + mended, underWay, healed: healable.length }
  return { flow: name, entity, from, to, ...counts, discrepancies }
}

interface Met {
  readonly ids: Set<string>
  /** Every key that a record of the source is recognised by, and its id. */
  readonly keys: Map<string, string>
}

/** The verdicts on the source's records, page by page; each record once. */
async function* judged(
  flow: Flow,
  ids: readonly string[] | undefined,
  met: Met,
  deps: Deps,
): AsyncGenerator<readonly Verdict[]> {
  const since = await beginningOf(flow, deps)
  for await (const { items } of pages(flow, undefined, deps, ids)) {
    const fresh = items.filter(item => !('gone' in item) && !met.ids.has(item.id)) as Snapshot<unknown>[]
    for (const { id } of fresh) met.ids.add(id)
    const deliveries: Delivery[] = []
    for (const item of fresh) deliveries.push(await imagined(flow, item, deps))
    const targets = await targetsOf(deliveries, flow, deps)
    const verdicts: Verdict[] = []
    for (const delivery of deliveries) {
      remember(delivery, flow, met.keys)
      const step = await prepare(delivery, flow, since, deps)
      const pair: Pair = { delivery, step, target: targets(delivery.targetId) }
      verdicts.push(await judge(pair, flow, deps))
    }
    yield verdicts
  }
}

function remember({ id, record }: Delivery, { entity }: Flow, keys: Map<string, string>): void {
  if (record === null || record.canonical === null) return
  for (const [name, value] of Object.entries(matchKeysOf(entity, record.canonical as never)))
    keys.set(`${name} ${value}`, id)
}

/** The target's records that these are linked to. */
async function targetsOf(
  deliveries: readonly Delivery[],
  flow: Flow,
  deps: Deps,
): Promise<(id: string | null) => Snapshot<unknown> | null | undefined> {
  const { get } = entityOf(known(deps.setup.connections, flow.to), flow.entity)
  const ids = [...new Set(deliveries.flatMap(({ targetId }) => targetId ?? []))]
  if (!get || ids.length === 0) return () => undefined
  const session = await deps.sourceLane(flow.to).session()
  const found = new Map<string, Snapshot<unknown>>()
  for (let start = 0; start < ids.length; start += AT_ONCE)
    for (const each of await get(session, ids.slice(start, start + AT_ONCE))) found.set(each.id, each)
  return id => (id === null ? undefined : (found.get(id) ?? null))
}

const AT_ONCE = 50

/** Reads the suspects once more. What is under way, or right by now, is none of ours. */
async function lookAgain(suspects: readonly Discrepancy[], flow: Flow, deps: Deps) {
  const ids = suspects.flatMap(({ id }) => id ?? [])
  const moving = await underWay(ids, flow, deps)
  const still = ids.filter(id => !moving.has(id))
  const confirmed: Discrepancy[] = []
  const { get } = entityOf(known(deps.setup.connections, flow.from), flow.entity)
  if (!get) confirmed.push(...suspects.filter(({ id }) => !moving.has(id ?? '')))
  else
    for (let start = 0; start < still.length; start += AT_ONCE) {
      const met = { ids: new Set<string>(), keys: new Map<string, string>() }
      for await (const verdicts of judged(flow, still.slice(start, start + AT_ONCE), met, deps))
        confirmed.push(...verdicts.filter(verdict => typeof verdict === 'object'))
    }
  return { confirmed, underWay: moving.size, mended: still.length - confirmed.length }
}

const MOVING = ['ready', 'later', 'running', 'waiting']

/** Those whose delivery is still owed. */
async function underWay(ids: readonly string[], flow: Flow, { store }: Deps): Promise<ReadonlySet<string>> {
  const keys = ids.map(id => ({ connection: flow.from, entity: flow.entity, id }))
  const { deliveries } = keys.length === 0 ? { deliveries: [] } : await store.trace(keys)
  const moving = deliveries.filter(each => each.flow === flow.name && MOVING.includes(each.state))
  return new Set(moving.map(({ id }) => id))
}

/**
 * Articles of the target that no article of the source accounts for. Only articles: an ERP has orders, customers and
 * invoices that never saw a shop, and rightly so.
 */
async function straysOf(
  flow: Flow,
  keys: ReadonlyMap<string, string>,
  deps: Deps,
): Promise<readonly Discrepancy[]> {
  const { changes } = entityOf(known(deps.setup.connections, flow.to), flow.entity)
  if (flow.entity !== 'Product' || !flow.create || !changes) return []
  const session = await deps.sourceLane(flow.to).session()
  const strays = new Map<string, Discrepancy>()
  for (let cursor: string | null = null, more = true; more;) {
    const page = await changes(session, cursor, AT_ONCE)
    const rows = page.items.filter((item): item is Snapshot<unknown> => !('gone' in item))
    const requests = rows.map(({ id }) => ({ entity: flow.entity, connection: flow.to, id, to: flow.from }))
    const links = await deps.store.links(requests)
    for (const row of rows.filter((_row, index) => links[index] === null)) {
      const read = canonicalOf(deps.setup, flow.to, flow.entity, row.row)
      if ('canonical' in read && isSold(read.canonical))
        strays.set(row.id, judgeStray({ id: row.id, canonical: read.canonical }, keys, flow))
    }
    ;({ next: cursor, more } = page)
  }
  return [...strays.values()]
}

const isSold = (canonical: Canonical) => (canonical as { active?: boolean }).active !== false

async function heal(found: readonly Discrepancy[], flow: Flow, deps: Deps): Promise<void> {
  const ids = found.flatMap(({ id }) => id ?? [])
  for (let start = 0; start < ids.length; start += AT_ONCE)
    await sync({ flow: flow.name, ids: ids.slice(start, start + AT_ONCE) }, deps)
}
