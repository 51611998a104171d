import type { Snapshot } from '@linchpin/connector'
import type { Canonical } from '@linchpin/model'
import type { Delivery, Duty, Load, ReadRecord } from '@linchpin/store'
import { beginningOf } from '../beginning.ts'
import type { Delivering } from '../deliver.ts'
import { canonicalOf, goesWhole, recordsOf, type Canonicalized } from '../normalize.ts'
import { plan } from '../plan.ts'
import { verdict } from '../prepare.ts'
import type { Reading } from '../read.ts'
import { isThere } from '../reader.ts'
import { dutiesOf } from '../route.ts'
import { mappingVersion, readMappingName, type Flow } from '../setup.ts'
import { imaginedFrom, pageOf } from '../sync.ts'
import { LEASE_MS } from '../world.ts'
import { after, type LoadState } from './state.ts'

export type Deps = Reading & Delivering

/** A page of the dry run: what deliveries would do is counted, and nothing else is done. */
export async function lookPage(
  load: Load,
  state: LoadState,
  flow: Flow,
  deps: Deps,
): Promise<LoadState | null> {
  const { planned, next, rows } = await plan({ flow: flow.name, cursor: state.cursor }, deps)
  // Some lists tell a record more than once; a person wants to know how many there are.
  const ids = planned.map(({ id }) => id)
  const met = new Set(await deps.store.meet({ flow: flow.name, page: state.read, ids }))
  const would: Partial<Record<string, number>> = { ...state.would }
  for (const step of planned.filter(({ id }) => met.has(id))) would[step.would] = (would[step.would] ?? 0) + 1
  const now = deps.world.now()
  const looked = { ...after(state, rows, next, now), would }
  return (await deps.store.saveLoad({ load, state: looked, leaseUntil: now + LEASE_MS })) ? looked : null
}

/** So many rows are saved at once while nothing is owed of them: they stand in nobody's way. */
const MOST_ROWS = 1_000

/** A heap of rows as it will be saved. */
export interface Rows {
  readonly readAt: number
  readonly records: readonly ReadRecord[]
  /** As the list told them, those that are gone with them. */
  readonly told: number
  readonly next: string | null
}

/**
 * Pages from here on, until there are as many rows as asked for. What the flow carries is to be owed, and goes the way
 * of every delivery; what it leaves alone (an order of years ago) is kept as history, to be found and shown.
 */
export async function readRows(
  cursor: string | null,
  atLeast: number,
  flow: Flow,
  deps: Deps,
): Promise<Rows> {
  const readAt = deps.world.now()
  const records = new Map<string, ReadRecord>()
  let [told, next] = [0, cursor]
  do {
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(flow, next, {}, deps)
    const items = page.items.filter(isThere)
    // Page by page, so that what the database answers meanwhile does not wait for a whole heap.
    for (const record of await recordsFrom(items, flow, deps))
      records.set(`${record.entity} ${record.id}`, record)
    told += page.items.length
    next = page.next
    // One that asks us to wait is not asked for the rest.
  } while (next !== null && told < atLeast && (await deps.control.closedFor(flow.from)) === 0)
  return { readAt, records: [...records.values()], told, next }
}

async function recordsFrom(
  items: readonly Snapshot<unknown>[],
  flow: Flow,
  deps: Deps,
): Promise<readonly ReadRecord[]> {
  const { setup } = deps
  const { from: connection, entity } = flow
  const reads = items.map(item => canonicalOf(setup, connection, entity, item))
  const route = routeOf(await carriedOf(items, reads, flow, deps), flow, deps)
  const mapping = mappingVersion(setup, readMappingName(connection, entity))
  const about = { route, force: false, mapping, whole: goesWhole(setup, connection, entity) }
  return items.flatMap((item, index) => {
    const read = reads[index]
    return read ? recordsOf(connection, entity, item, read, about).map(withoutDemand) : []
  })
}

/**
 * Saves a heap of rows with the load's place in one transaction: a crash repeats a heap or does not, and loses nothing.
 */
export async function saveRows(
  load: Load,
  state: LoadState,
  { readAt, records, told, next }: Rows,
  flow: Flow,
  { world, store, setup }: Deps,
): Promise<{ readonly state: LoadState; readonly owed: number } | null> {
  const now = world.now()
  const moved = after(state, told, next, now)
  if (!setup.here.has(flow.from)) {
    // What was told is kept as it was told, and owing it twice is owing it once.
    const duties = records.flatMap(({ id, duties: due }) =>
      due.filter(({ always }) => always).map(duty => ({ ...duty, id })),
    )
    const owed = await store.owe(duties, now)
    const isOurs = await store.saveLoad({ load, state: moved, leaseUntil: now + LEASE_MS })
    return isOurs ? { state: moved, owed } : null
  }
  const saved = await store.saveRead({
    connection: flow.from,
    entity: flow.entity,
    cause: 'load',
    readAt,
    now,
    records,
    gone: [],
    load: { load, state: moved, leaseUntil: now + LEASE_MS },
  })
  return saved.saved ? { state: moved, owed: saved.owed } : null
}

/** What was closed years ago, and nobody carries, takes nothing from any stock. */
function withoutDemand(record: ReadRecord): ReadRecord {
  const isOver = (record.canonical as { status?: string } | null)?.status !== 'open'
  if (record.demand === undefined || !isOver || record.duties.length > 0) return record
  const { demand: _demand, ...rest } = record
  return rest
}

/** What is owed stands in line, so that the next are few; what is only kept comes in larger and larger heaps. */
export function rowsAfter(rows: number, owed: number): number {
  return owed > 0 ? 1 : Math.min(Math.max(rows, 100) * 2, MOST_ROWS)
}

/** Which flows would not leave these records alone, by their ids: what was never read is news to all of them. */
async function carriedOf(
  items: readonly Snapshot<unknown>[],
  reads: readonly Canonicalized[],
  { from, entity }: Flow,
  deps: Deps,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const carried = new Map(items.map(({ id }) => [id, new Set<string>()]))
  for (const flow of deps.setup.flows.filter(each => each.from === from && each.entity === entity)) {
    const since = await beginningOf(flow, deps)
    for (const delivery of await imaginedFrom(flow, items, reads, deps))
      if (isCarried(delivery, flow, since, deps)) carried.get(delivery.id)?.add(flow.name)
  }
  return carried
}

/** What cannot be read is owed as well: it parks, and is seen. */
function isCarried(delivery: Delivery, flow: Flow, since: number, { setup }: Deps): boolean {
  if (delivery.targetId === null && flow.trigger === 'asked') return false
  const canonical = delivery.record?.canonical as Canonical | null
  return canonical === null || verdict(delivery, flow, canonical, since, setup)?.do !== 'skip'
}

/** The load's own flow is owed a record even if that was known before; to others it matters only as news. */
function routeOf(carried: ReadonlyMap<string, ReadonlySet<string>>, own: Flow, { setup }: Deps) {
  // A person waits for it: it does not wait for the next run of its flow.
  const asked = { always: true, ...(own.batch?.holds ? { force: true } : {}) }
  return (
    connection: string,
    entity: Parameters<typeof dutiesOf>[2],
    id: string,
    canonical: unknown,
  ): readonly Duty[] =>
    dutiesOf(setup.flows, connection, entity, id, canonical)
      .filter(({ flow }) => entity !== own.entity || carried.get(id)?.has(flow))
      .map(duty => (duty.flow === own.name && entity === own.entity ? { ...duty, ...asked } : duty))
}
