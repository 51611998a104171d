import { Problem } from '@linchpin/connector'
import type { Compared, ComparedPair } from '@linchpin/store'
import { canonicalOf } from '../normalize.ts'
import { freshness, isThere, readerOf, type ItemPage, type Reader } from '../reader.ts'
import type { Flow } from '../setup.ts'
import type { Ahead } from './ahead.ts'
import { isDocument } from './compare.ts'
import { agree, leftOut } from './facts.ts'
import { judgeStray } from './judge.ts'
import { touching, type Round } from './round.ts'
import { NOTHING_SEEN, secondLook, type Looked } from './second-look.ts'
import {
  AT_ONCE,
  canBeRead,
  isSold,
  namedBy,
  othersOf,
  readNow,
  sourceRows,
  targetRows,
  type Deps,
} from './sides.ts'

export interface Step {
  readonly round: Round
  readonly looked: Looked
}

/** One step of a comparison: a page of a side, or of what is kept of both. */
export function stepOf(
  round: Round,
  flow: Flow,
  since: number,
  pages: Ahead<ItemPage>,
  deps: Deps,
): Promise<Step> {
  switch (round.phase) {
    case 'source':
      return sourcePage(round, flow, since, pages, deps)
    case 'target':
      return targetPage(round, flow, pages, deps)
    case 'stale':
      return stalePage(round, flow, since, deps)
    case 'pairs':
      return pairsPage(round, flow, since, deps)
    case 'strays':
      return straysPage(round, flow, deps)
    case 'done':
      return Promise.resolve({ round, looked: NOTHING_SEEN })
  }
}

/** A system's own list is read, which asks for nothing that was kept of the page before. */
export function isListing({ phase }: Round, flow: Flow, deps: Deps): boolean {
  return phase === 'source' || (phase === 'target' && listOf(flow, deps) !== undefined)
}

/** Undefined: the target is asked for each record that is linked. */
function listOf({ to, entity }: Flow, deps: Deps): Reader['list'] {
  const { list, isQueue } = readerOf(to, entity, deps)
  return isQueue ? undefined : list
}

const PAGE = 100
/** Rows that are kept at once, and how long they are gathered: well within a stretch. */
const ROWS = 1_000
export const GATHER_MS = 1_000
/** Hashes that are looked through at once: by the database, and by us. */
const WINDOW = 5_000
const PAIRS = 500

const to = (round: Round, phase: Round['phase']): Round => ({ ...round, phase, after: null })

async function sourcePage(
  round: Round,
  flow: Flow,
  since: number,
  pages: Ahead<ItemPage>,
  deps: Deps,
): Promise<Step> {
  const page = await listed(flow.from, round.source, flow, pages, deps)
  const items = page.items.filter(isThere)
  const looked = { ...NOTHING_SEEN, rows: await sourceRows(items, flow, since, deps) }
  const ids = page.items.map(({ id }) => id)
  const next: Round = {
    ...round,
    ...touching(round, ids),
    source: page.next,
    told: freshness(flow.from, items, deps, round.told),
    looked: { ...round.looked, source: round.looked.source + items.length },
  }
  return { round: page.more ? next : to(next, 'target'), looked }
}

/** From the place where the last comparison ended, where the system can tell what changed since. */
async function listed(
  connection: string,
  cursor: string | null,
  flow: Flow,
  pages: Ahead<ItemPage>,
  deps: Deps,
): Promise<ItemPage> {
  const { list, isQueue } = readerOf(connection, flow.entity, deps)
  if (isQueue)
    throw new Problem(
      'refused',
      `${connection} tells each ${flow.entity} once, through a queue: reading it here would take it from the flow.`,
    )
  if (!list) throw new Problem('refused', `${connection} cannot list its ${flow.entity} records.`)
  const isClosed = async () => (await deps.control.closedFor(connection)) > 0
  const read = (from: string | null) => gathered(from, list, isClosed, deps)
  const place = (at: string | null) => `${connection} ${at ?? ''}`
  const page = await pages.take(place(cursor), () => read(cursor))
  if (page.more && !(await isClosed())) pages.begin(place(page.next), () => read(page.next))
  return page
}

/** Several pages are kept together, since each time that something is kept costs the same: as many as come within a moment. */
async function gathered(
  cursor: string | null,
  list: NonNullable<Reader['list']>,
  isClosed: () => Promise<boolean>,
  { world }: Deps,
): Promise<ItemPage> {
  const until = world.now() + GATHER_MS
  let page = await list(cursor, PAGE)
  const items = new Map(page.items.map(item => [item.id, item]))
  while (page.more && items.size < ROWS && world.now() < until && !(await isClosed())) {
    page = await list(page.next, PAGE)
    for (const item of page.items) items.set(item.id, item)
  }
  return { ...page, items: [...items.values()] }
}

async function targetPage(round: Round, flow: Flow, pages: Ahead<ItemPage>, deps: Deps): Promise<Step> {
  const next = to(round, round.full ? 'stale' : 'pairs')
  if (!canBeRead(flow, deps)) return { round: next, looked: NOTHING_SEEN }
  if (!listOf(flow, deps)) return linkedPage(round, next, flow, deps)
  const page = await listed(flow.to, round.target, flow, pages, deps)
  const items = page.items.filter(isThere)
  const others = await othersOf(page.items, flow, deps)
  const rows = await targetRows(items, others, flow, deps)
  const told = new Set(rows.map(({ id }) => id))
  const gone = page.items.filter(({ id }) => !told.has(id)).map(({ id }) => ({ side: 'target' as const, id }))
  const read: Round = {
    ...round,
    ...touching(round, [...others.values()], unlinked(rows)),
    target: page.next,
    looked: { ...round.looked, target: round.looked.target + items.length },
  }
  const after = page.more ? read : to(read, next.phase)
  return { round: after, looked: { ...NOTHING_SEEN, rows, removed: gone } }
}

const unlinked = (rows: readonly Compared[]) => rows.filter(({ other }) => other === null).map(({ id }) => id)

/** A target that cannot say what changed is asked for each record that is linked. */
async function linkedPage(round: Round, next: Round, flow: Flow, deps: Deps): Promise<Step> {
  const pairs = await deps.store.comparedPairs({ flow: flow.name, after: round.after, limit: AT_ONCE })
  const last = pairs.at(-1)
  if (last === undefined) return { round: next, looked: NOTHING_SEEN }
  const ids = pairs.flatMap(({ source }) => source.other ?? [])
  const items = await readNow(flow.to, ids, flow, deps)
  const there = new Set(items.map(({ id }) => id))
  const removed = ids.filter(id => !there.has(id)).map(id => ({ side: 'target' as const, id }))
  const looked = { ...round.looked, target: round.looked.target + items.length }
  const rows = await targetRows(items, await othersOf(items, flow, deps), flow, deps)
  return {
    // Whatever it holds now, each of them has been looked at: all pairs are.
    round: { ...round, touched: null, looked, after: last.source.id },
    looked: { ...NOTHING_SEEN, rows, removed },
  }
}

/** What a whole look at both sides did not meet is asked for by name before it is believed to be gone. */
async function stalePage(round: Round, flow: Flow, since: number, deps: Deps): Promise<Step> {
  const stale = (side: 'source' | 'target', limit: number) =>
    deps.store.comparedRows({
      flow: flow.name,
      side,
      only: { before: round.began },
      after: round.after,
      limit,
    })
  const removed = await stale('target', PAIRS)
  if (removed.length > 0) return { round, looked: { ...NOTHING_SEEN, removed } }
  const sources = await stale('source', AT_ONCE)
  const last = sources.at(-1)
  if (last === undefined) return { round: to(round, 'pairs'), looked: NOTHING_SEEN }
  const ids = sources.map(({ id }) => id)
  return { round: { ...round, after: last.id }, looked: await secondLook(ids, flow, since, deps) }
}

async function pairsPage(round: Round, flow: Flow, since: number, deps: Deps): Promise<Step> {
  if (round.touched !== null) return touchedPage(round, round.touched, flow, since, deps)
  const { pairs, last } = await deps.store.unequalPairs({
    flow: flow.name,
    after: round.after,
    window: WINDOW,
    limit: PAIRS,
  })
  if (last === null) return { round: to(round, 'strays'), looked: NOTHING_SEEN }
  return { round: { ...round, after: last }, looked: await pairsSeen(pairs, flow, since, deps) }
}

/** What changed since, on either side, and what was wrong the last time. */
async function touchedPage(
  round: Round,
  touched: readonly string[],
  flow: Flow,
  since: number,
  deps: Deps,
): Promise<Step> {
  const ids = touched.slice(0, PAIRS)
  const left = touched.slice(PAIRS)
  if (ids.length === 0) return { round: to(round, 'strays'), looked: NOTHING_SEEN }
  const pairs = await deps.store.comparedPairs({ flow: flow.name, ids, limit: ids.length })
  const known = new Set(pairs.map(({ source }) => source.id))
  const looked = await pairsSeen(pairs, flow, since, deps)
  // A record that was found gone is kept nowhere but among what is wrong.
  const others = ids.filter(id => !known.has(id))
  const second = others.length === 0 ? NOTHING_SEEN : await secondLook(others, flow, since, deps)
  return { round: { ...round, touched: left }, looked: together(looked, second) }
}

async function pairsSeen(
  pairs: readonly ComparedPair[],
  flow: Flow,
  since: number,
  deps: Deps,
): Promise<Looked> {
  const suspects = pairs.filter(pair => looksWrong(pair, flow, deps)).map(({ source }) => source.id)
  const wrong = new Set(suspects)
  const right = pairs
    .filter(({ source }) => !wrong.has(source.id))
    .map(({ source }) => ({ side: 'source' as const, id: source.id }))
  let looked: Looked = { ...NOTHING_SEEN, right }
  for (let start = 0; start < suspects.length; start += AT_ONCE)
    looked = together(looked, await secondLook(suspects.slice(start, start + AT_ONCE), flow, since, deps))
  return looked
}

function looksWrong({ source, target }: ComparedPair, flow: Flow, { setup }: Deps): boolean {
  if (source.state === 'faulty') return true
  if (source.state !== null) return false
  if (source.other === null || target === null) return true
  if (target.state !== null) return false
  if (source.facts === null || target.facts === null) return false
  return !agree(source.facts, target.facts, leftOut(flow, setup, source.id))
}

function together(left: Looked, right: Looked): Looked {
  return {
    rows: [...left.rows, ...right.rows],
    removed: [...left.removed, ...right.removed],
    found: [...left.found, ...right.found],
    right: [...left.right, ...right.right],
  }
}

/** What the target has alone, looked at once more. */
async function straysPage(round: Round, flow: Flow, deps: Deps): Promise<Step> {
  const rows = await deps.store.comparedRows({
    flow: flow.name,
    side: 'target',
    only: 'unlinked',
    after: round.after,
    limit: AT_ONCE,
    ...(round.alone === null ? {} : { ids: round.alone }),
  })
  const last = rows.at(-1)
  if (last === undefined) return { round: to(round, 'done'), looked: NOTHING_SEEN }
  const ids = rows.map(({ id }) => id)
  const others = await othersOf(rows, flow, deps)
  const items = await readNow(flow.to, ids, flow, deps)
  const wrong = await Promise.all(
    items
      .filter(({ id }) => !others.has(id))
      .map(async item => ({ id: item.id, detail: await strayOf(item, flow, deps) })),
  )
  const found = wrong.flatMap(({ id, detail }) =>
    detail === null ? [] : [{ side: 'target' as const, id, kind: detail.is, detail }],
  )
  const astray = new Set(found.map(({ id }) => id))
  const right = ids.filter(id => !astray.has(id)).map(id => ({ side: 'target' as const, id }))
  // Linked by now, or not there: its row is made again when it is met again.
  const tame = items.filter(({ id }) => !astray.has(id))
  const fresh = await targetRows(tame, others, flow, deps)
  const kept = new Set(fresh.map(({ id }) => id))
  const removed = right.filter(({ id }) => !kept.has(id))
  return {
    round: { ...round, after: last.id },
    looked: { rows: unique(fresh), removed, found, right },
  }
}

const unique = (rows: readonly Compared[]) => [...new Map(rows.map(row => [row.id, row])).values()]

async function strayOf(item: { id: string; row: unknown }, flow: Flow, deps: Deps) {
  const { id } = item
  const read = canonicalOf(deps.setup, flow.to, flow.entity, item)
  if ('problem' in read) return null
  const { canonical } = read
  if (flow.entity === 'Product' && !isSold(canonical)) return null
  const twin = await namedBy(canonical, flow, deps)
  // Of documents, only those that name one of the source's.
  return twin === null && isDocument(flow.entity) ? null : judgeStray({ id, canonical }, twin, flow)
}
