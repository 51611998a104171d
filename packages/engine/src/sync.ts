import { Problem, type Gone } from '@linchpin/connector'
import type { Delivery, StoredRecord } from '@linchpin/store'
import type { Delivering } from './deliver.ts'
import { canonicalOf, type Canonicalized } from './normalize.ts'
import { savePage, stopAtMassLoss, type Reading } from './read.ts'
import { laneOf } from './route.ts'
import { isThere, readerOf, type Item } from './reader.ts'
import { isDeliveredHere, type Flow } from './setup.ts'

/** What a person asks for: deliver these again, whatever they were. */
export interface SyncRequest {
  readonly flow: string
  /** Only these records of the source; all, when left out. */
  readonly ids?: readonly string[] | undefined
  /** Where the page before ended; null: from the beginning. */
  readonly cursor: string | null
}

export interface Synced {
  /** The records of the page, each once. */
  readonly ids: readonly string[]
  readonly owed: number
  /** Where the next page begins; null: that was the last. */
  readonly next: string | null
}

/** Reads a page of the flow's source anew and owes what it finds, changed or not. */
export async function sync(
  request: SyncRequest,
  deps: Reading & Pick<Delivering, 'sourceLane'>,
): Promise<Synced> {
  const flow = flowHere(request.flow, deps)
  const page = await pageOf(flow, request.cursor, request, deps)
  const of = { connection: flow.from, entity: flow.entity, readAt: page.readAt, force: true }
  const { owed, newlyGone } = await savePage({ ...page, next: '', more: false }, of, deps)
  if (newlyGone > 0) await stopAtMassLoss(flow.from, flow.entity, deps)
  return { ids: [...new Set(page.items.map(({ id }) => id))], owed, next: page.next }
}

/** The deliveries that these rows of the source would be owed, as if they had just been read. */
export async function imagined(
  flow: Flow,
  items: readonly Item[],
  { store, world, setup }: Pick<Reading, 'store' | 'world' | 'setup'>,
): Promise<readonly Delivery[]> {
  const reads = items.map(item => canonicalOf(setup, flow.from, flow.entity, item))
  return imaginedFrom(flow, items, reads, { store, world })
}

/** The same, of rows that were made canonical already. */
export async function imaginedFrom(
  flow: Flow,
  items: readonly Item[],
  reads: readonly Canonicalized[],
  { store, world }: Pick<Reading, 'store' | 'world'>,
): Promise<readonly Delivery[]> {
  const keys = items.map(({ id }) => ({ entity: flow.entity, connection: flow.from, id, to: flow.to }))
  const links = await store.links(keys)
  return items.flatMap((item, index) => {
    const read = reads[index]
    return read ? [imaginedOf(flow, item, read, links[index] ?? null, world.now())] : []
  })
}

function imaginedOf(
  flow: Flow,
  item: Item,
  read: Canonicalized,
  targetId: string | null,
  now: number,
): Delivery {
  const canonical = 'canonical' in read ? read.canonical : null
  const { entity, from: connection } = flow
  const record: StoredRecord = {
    connection,
    entity,
    id: item.id,
    version: item.version,
    // It is kept nowhere, so nobody compares it.
    hash: '',
    canonical,
    problem: 'problem' in read ? read.problem : null,
    readAt: item.toldAt ?? now,
    changedAt: now,
    gone: false,
    row: item.row,
  }
  return {
    flow: flow.name,
    entity,
    id: item.id,
    from: connection,
    to: flow.to,
    lane: laneOf(entity, item.id, canonical),
    gen: 0,
    fence: 0,
    tries: 0,
    attempt: 0,
    force: true,
    intent: null,
    unansweredBy: null,
    doubtHash: null,
    sentHash: null,
    expect: null,
    era: 0,
    record,
    targetId,
  }
}

const PAGE = 100

export interface Asked {
  readonly ids?: readonly string[] | undefined
  readonly since?: number | undefined
}

export interface SourcePage {
  readonly readAt: number
  /** How many rows were looked at for it. */
  readonly rows: number
  readonly items: readonly (Item | Gone)[]
  readonly next: string | null
}

/** A page of what was asked for of a flow's source, and where the next one begins; null: that was the last. */
export async function pageOf(
  flow: Flow,
  cursor: string | null,
  { ids, since }: Asked,
  deps: Reading & Pick<Delivering, 'sourceLane'>,
): Promise<SourcePage> {
  const { get, list, isQueue } = readerOf(flow.from, flow.entity, deps)
  const readAt = deps.world.now()
  if (ids) {
    if (!get) throw new Problem('refused', `${flow.from} cannot read its ${flow.entity} records one by one.`)
    const found = await get(ids)
    const known = new Set(found.map(({ id }) => id))
    const gone = ids.filter(id => !known.has(id)).map(id => ({ id, gone: true as const }))
    return { readAt, rows: ids.length, items: [...found, ...gone], next: null }
  }
  if (isQueue)
    throw new Problem(
      'refused',
      `${flow.from} tells each ${flow.entity} once, through a queue: reading it here would take it from the flow.`,
    )
  if (!list)
    throw new Problem(
      'refused',
      `${flow.from} cannot list its ${flow.entity} records. Name them: linchpin sync ${flow.name} --ids ….`,
    )
  const page = await list(cursor, PAGE)
  const items = page.items.filter(item => !isThere(item) || isSince(flow, item, since, deps))
  return { readAt, rows: page.items.length, items, next: page.more ? page.next : null }
}

function isSince(flow: Flow, item: Item, since: number | undefined, { setup }: Reading): boolean {
  if (since === undefined) return true
  const read = canonicalOf(setup, flow.from, flow.entity, item)
  if ('problem' in read) return true
  const { modifiedAt } = read.canonical as { modifiedAt?: string }
  return modifiedAt === undefined || Date.parse(modifiedAt) >= since
}

/**
 * A flow that is delivered here. Over the bus that is where its target is asked; of its source, what was told counts. Its
 * other adapter knows nothing of what the target holds.
 */
export function flowHere(name: string, deps: Pick<Reading, 'setup'>): Flow {
  const flow = flowNamed(name, deps)
  if (isDeliveredHere(flow, deps.setup)) return flow
  const words = `Flow ${name} goes over the bus and is delivered by the adapter of ${flow.to}, which alone can ask ${flow.to}. Ask there.`
  throw new Problem('refused', words)
}

export function flowNamed(name: string, { setup }: Pick<Reading, 'setup'>): Flow {
  const flow = setup.flows.find(each => each.name === name)
  if (flow) return flow
  const names = setup.flows.map(each => each.name).join(', ')
  throw new Error(`There is no flow named ${name}. The flows are: ${names}.`)
}
