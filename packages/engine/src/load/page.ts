import type { Snapshot } from '@linchpin/connector'
import type { Canonical } from '@linchpin/model'
import type { Delivery, Duty, Load } from '@linchpin/store'
import { beginningOf } from '../beginning.ts'
import type { Delivering } from '../deliver.ts'
import { normalize } from '../normalize.ts'
import { plan } from '../plan.ts'
import { verdict } from '../prepare.ts'
import type { Reading } from '../read.ts'
import { dutiesOf } from '../route.ts'
import type { Flow } from '../setup.ts'
import { imagined, pageOf } from '../sync.ts'
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
  const { planned, next, told } = await plan({ flow: flow.name, cursor: state.cursor }, deps)
  // Some lists tell a record more than once; a person wants to know how many there are.
  const ids = planned.map(({ id }) => id)
  const met = new Set(await deps.store.meet({ flow: flow.name, page: state.read, ids }))
  const would: Partial<Record<string, number>> = { ...state.would }
  for (const step of planned.filter(({ id }) => met.has(id))) would[step.would] = (would[step.would] ?? 0) + 1
  const now = deps.world.now()
  const looked = { ...after(state, told, next, now), would }
  return (await deps.store.saveLoad({ load, state: looked, leaseUntil: now + LEASE_MS })) ? looked : null
}

/**
 * A page of the load, saved with its place in one transaction: a crash repeats a page or does not, and loses nothing.
 * What the flow carries is owed, and goes the way of every delivery; what it leaves alone (an order of years ago) is
 * kept as history, to be found and shown.
 */
export async function loadPage(
  load: Load,
  state: LoadState,
  flow: Flow,
  deps: Deps,
): Promise<LoadState | null> {
  const { world, store, setup } = deps
  const page = await pageOf(flow, state.cursor, {}, deps)
  const items = page.items.filter((item): item is Snapshot<unknown> => !('gone' in item))
  const unique = [...new Map(items.map(item => [item.id, item])).values()]
  const carried = await carriedOf(unique, flow, deps)
  const route = routeOf(carried, flow, deps)
  const records = unique.flatMap(each =>
    normalize(flow.from, flow.entity, each, { setup, route, force: false }),
  )
  const now = world.now()
  const moved = after(state, page.items.length, page.next, now)
  const saved = await store.saveRead({
    connection: flow.from,
    entity: flow.entity,
    cause: 'load',
    readAt: page.readAt,
    now,
    records: [...new Map(records.map(record => [`${record.entity} ${record.id}`, record])).values()],
    gone: [],
    load: { load, state: moved, leaseUntil: now + LEASE_MS },
  })
  return saved.saved ? moved : null
}

/** Which flows would not leave these records alone, by their ids: what was never read is news to all of them. */
async function carriedOf(
  items: readonly Snapshot<unknown>[],
  { from, entity }: Flow,
  deps: Deps,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const carried = new Map(items.map(({ id }) => [id, new Set<string>()]))
  for (const flow of deps.setup.flows.filter(each => each.from === from && each.entity === entity)) {
    const since = await beginningOf(flow, deps)
    for (const delivery of await imagined(flow, items, deps))
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
