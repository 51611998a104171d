import type { EntityName } from '@linchpin/model'
import type {
  Echo,
  Hint,
  ReadPage,
  ReadRecord,
  ReadResult,
  RecordKey,
  StoredRecord,
  Written,
} from '@linchpin/store'
import { owe } from './deliveries.ts'
import { write } from './journal.ts'
import { saveLoad } from './loads.ts'
import { finishNotices, notify } from './notices.ts'
import { ownPoll } from './polls.ts'
import { countRead } from './runs.ts'
import {
  by,
  json,
  keyOf,
  setState,
  sum,
  type DeliveryRow,
  type DemandRow,
  type RecordRow,
  type Tables,
} from './tables.ts'

export function saveRead(tables: Tables, page: ReadPage): ReadResult {
  if (page.poll) {
    const poll = ownPoll(tables, page.poll.poll)
    if (!poll) return { saved: false, changed: 0, owed: 0, newlyGone: 0 }
    if (poll.cursor !== page.poll.poll.cursor) return { saved: false, changed: 0, owed: 0, newlyGone: 0 }
    poll.cursor = page.poll.cursor
  }
  if (page.load && !saveLoad(tables, page.load)) return { saved: false, changed: 0, owed: 0, newlyGone: 0 }
  const known = (record: ReadRecord) => tables.records.get(keyOf(page.connection, record.entity, record.id))
  const latest = page.records.filter(record => (known(record)?.readAt ?? 0) <= page.readAt)
  const older = latest.filter(record => isOlder(record, known(record), page))
  const current = latest.filter(record => !older.includes(record))
  // What came back after it was gone is news, even as it was.
  const isNews = (record: ReadRecord) => {
    const row = known(record)
    return !row || row.goneAt !== null || row.hash !== record.hash
  }
  const changed = new Set(current.filter(isNews))
  const inOrder = current.toSorted(by(record => keyOf(record.entity, record.id)))
  for (const record of inOrder) saveRecord(tables, page, record, changed.has(record))
  const orders = new Set([...changed].filter(record => record.demand !== undefined).map(record => record.id))
  const freed = tables.demand
    .filter(row => row.connection === page.connection && orders.has(row.order))
    .map(row => row.product)
  for (const record of changed) saveDemand(tables, page.connection, record)
  journalChanges(tables, page, [...changed])
  const told = page.records.filter(record => record.force || !older.includes(record))
  const duties = told.flatMap(record => {
    const isDue = record.force || changed.has(record)
    return dutiesOf(tables, page.connection, record).filter(duty => isDue || duty.always)
  })
  const owed = owe(tables, duties, page.now)
  if (page.notices) finishNotices(tables, page.notices)
  lookAgain(tables, page, older)
  const missed = markMissing(tables, page)
  const gone = missed.filter(row => row.goneAt !== null).map(row => row.id)
  if (page.entity === 'SalesOrder') freed.push(...clearDemand(tables, page.connection, gone))
  touchStock(tables, page, [...changed], freed)
  countRead(tables, page.runs ?? [], page.records.length)
  return { saved: true, changed: changed.size, owed, newlyGone: missed.length }
}

/** What a lagging replica says is believed when a second look says it, too, a minute after what is known was read. */
function isOlder({ id, modifiedAt }: ReadRecord, known: RecordRow | undefined, page: ReadPage): boolean {
  const told = (known?.canonical as { modifiedAt?: string } | null | undefined)?.modifiedAt
  if (modifiedAt === undefined || told === undefined || known?.goneAt !== null) return false
  const isAsked = page.notices?.some(notice => notice.cause === 'older' && notice.id === id) ?? false
  const isSecondLook = isAsked && known.readAt <= page.readAt - 60_000
  return !isSecondLook && modifiedAt < Date.parse(told)
}

function lookAgain(tables: Tables, { connection, now }: ReadPage, older: readonly ReadRecord[]): void {
  const which = older.map(({ entity, id }) => ({ connection, entity, id }))
  const at = now + SECOND_LOOK_MS
  notify(
    tables,
    which.map(each => ({ ...each, cause: 'older' as const, at })),
    now,
  )
  const words = 'Read in an older state than is known; looking again in a minute.'
  write(
    tables,
    which.map(each => ({ ...each, who: 'linchpin', what: 'older', words })),
    now,
  )
}

function saveRecord(tables: Tables, page: ReadPage, record: ReadRecord, changed: boolean): void {
  const { entity, id, version, hash, problem } = record
  const key = keyOf(page.connection, entity, id)
  const known = tables.records.get(key)
  const row: RecordRow = {
    connection: page.connection,
    entity,
    id,
    version,
    hash,
    row: json(record.row),
    canonical: json(record.canonical),
    problem,
    readAt: page.readAt,
    changedAt: changed || !known ? page.now : known.changedAt,
    missedAt: null,
    goneAt: null,
    references: changed || !known ? unique(record.references) : known.references,
    parents: changed || !known ? unique(record.parents) : known.parents,
  }
  tables.records.set(key, row)
  if (changed) tables.history.set(keyOf(page.connection, entity, id, hash), row.canonical)
}

const unique = <Item>(items: readonly Item[]): readonly Item[] => [
  ...new Map(items.map(item => [JSON.stringify(item), item])).values(),
]

function saveDemand(tables: Tables, connection: string, { id, demand }: ReadRecord): void {
  if (demand === undefined) return
  const others = tables.demand.filter(row => row.connection !== connection || row.order !== id)
  const products = [...new Set(demand.map(line => line.product))]
  const rows = products.map(product => {
    const quantity = sum(demand.filter(line => line.product === product).map(line => line.quantity))
    return { connection, order: id, product, quantity }
  })
  tables.demand.splice(0, Infinity, ...others, ...rows)
}

/** Of orders that are gone. Answers the products that they took. */
function clearDemand(tables: Tables, connection: string, orders: readonly string[]): readonly string[] {
  const isTheirs = (row: DemandRow) => row.connection === connection && orders.includes(row.order)
  const products = tables.demand.filter(isTheirs).map(row => row.product)
  const others = tables.demand.filter(row => !isTheirs(row))
  tables.demand.splice(0, Infinity, ...others)
  return products
}

function journalChanges(tables: Tables, page: ReadPage, changed: readonly ReadRecord[]): void {
  const { connection, cause, now } = page
  if (cause === 'load') return
  const entries = changed.map(({ entity, id, problem }) => {
    const words = problem ?? `Read a change (${cause}).`
    return { connection, entity, id, who: 'linchpin', what: 'read', words }
  })
  write(tables, entries, now)
}

/** Systems that go on answering the echoes of our writes are stopped. */
function dutiesOf(tables: Tables, connection: string, record: ReadRecord) {
  const ours = tables.written.get(keyOf(connection, record.entity, record.id))
  const isEcho = !record.force && ours?.version === record.version && ours.bounces >= MOST_BOUNCES
  return record.duties
    .filter(duty => !(isEcho && duty.to === ours?.from))
    .map(duty => ({ ...duty, id: record.id, force: record.force || (duty.force ?? false) }))
}

const MOST_BOUNCES = 10

const SOON: ReadonlySet<string> = new Set(['ready', 'later', 'running'])

export function writtenFrom(tables: Tables, { connection, entity, id, from, sourceId }: Echo): Written {
  const open = [...tables.deliveries.values()].filter(
    row =>
      row.from === from &&
      row.entity === entity &&
      row.id === sourceId &&
      row.to === connection &&
      tables.flows.get(row.flow)?.active === true &&
      ((row.intent !== null && row.state !== 'skipped') ||
        (row.sentHash === null && row.attempt > 0 && SOON.has(row.state))),
  )
  const isHeld = (row: DeliveryRow) =>
    tables.flows.get(row.flow)?.paused != null || tables.connections.get(row.to)?.paused != null
  const held = open.filter(isHeld)
  const isOpen = held.length < open.length
  const heldSentBy = held.length === 0 ? null : Math.max(...held.map(row => sentBy(tables, row)))
  const left = tables.written.get(keyOf(connection, entity, id))
  if (left?.from !== from) return { isOpen, heldSentBy, last: null }
  const { version, at, sourceHash } = left
  const canonical = tables.history.get(keyOf(from, entity, sourceId, sourceHash ?? '')) ?? null
  return { isOpen, heldSentBy, last: { version, at, canonical } }
}

function sentBy(tables: Tables, { flow, id, attempt, owedAt, sendBy, unansweredBy }: DeliveryRow): number {
  const asked = tables.attempts.get(keyOf(flow, id, attempt))?.at ?? -Infinity
  const inFlightMs = tables.flows.get(flow)?.inFlightMs ?? 0
  return Math.max(owedAt, sendBy ?? -Infinity, unansweredBy ?? -Infinity, asked + inFlightMs)
}

/** What orders take, or no longer take, must be published anew, in every channel. */
function touchStock(
  tables: Tables,
  page: ReadPage,
  changed: readonly ReadRecord[],
  freed: readonly string[],
): void {
  const demanded = changed.flatMap(record => (record.demand ?? []).map(line => line.product))
  const taken = new Set([...demanded, ...freed])
  if (taken.size === 0) return
  const stock = new Set(
    tables.links.flatMap(link => {
      if (link.entity !== 'Product') return []
      const found: string[] = []
      if (link.left === page.connection && taken.has(link.leftId)) found.push(keyOf(link.right, link.rightId))
      if (link.right === page.connection && taken.has(link.rightId)) found.push(keyOf(link.left, link.leftId))
      return found
    }),
  )
  const touched = [...tables.deliveries.values()]
    .filter(row => row.entity === 'StockLevel' && stock.has(keyOf(row.from, row.id)))
    .toSorted(by(row => row.seq))
  for (const row of touched) {
    row.gen += 1
    row.expect = null
    if (row.state !== 'ready') row.owedAt = page.now
    tables.deliverySeq += 1
    tables.rings.add(`deliveries ${row.to}`)
    if (row.state !== 'done' && row.state !== 'skipped') continue
    row.runAt = page.now
    row.seq = tables.deliverySeq
    setState(tables, row, 'ready')
  }
}

/** A record that was not found is missed; only a second look, a minute later, makes it gone. */
function markMissing(tables: Tables, page: ReadPage): readonly RecordRow[] {
  const { connection, entity, now } = page
  const rows = [...new Set(page.gone)]
    .toSorted()
    .flatMap(id => tables.records.get(keyOf(connection, entity, id)) ?? [])
    .filter(row => row.goneAt === null && (row.missedAt === null || row.missedAt <= now - SECOND_LOOK_MS))
    .filter(row => row.readAt <= page.readAt)
  for (const row of rows) {
    row.goneAt = row.missedAt === null ? null : now
    row.missedAt ??= now
  }
  notify(tables, secondLooks(tables, page), now)
  const entries = rows.map(({ id, goneAt }) => ({
    connection,
    entity,
    id,
    who: 'linchpin',
    what: goneAt === null ? 'missed' : 'gone',
    words:
      goneAt === null
        ? 'Not found; looking again in a minute.'
        : 'Not found twice: it counts as gone. Nothing was deleted elsewhere.',
  }))
  write(tables, entries, now)
  return rows
}

/**
 * A minute after each was missed first, whoever looked in between; what was asked for by force stays so. Also those that
 * were read since.
 */
function secondLooks(tables: Tables, page: ReadPage): readonly Hint[] {
  const { connection, entity, gone, cause, readAt, now, notices = [] } = page
  const forced = new Set(notices.filter(({ force }) => force).map(({ id }) => id))
  return [...new Set(gone)].flatMap(id => {
    const row = tables.records.get(keyOf(connection, entity, id))
    if (!row || row.goneAt !== null) return []
    if (row.missedAt === null && (cause === 'bus' || row.readAt <= readAt)) return []
    const at = (row.missedAt ?? now) + SECOND_LOOK_MS
    return [{ connection, entity, id, cause: 'vanished', at, force: forced.has(id) }]
  })
}

const SECOND_LOOK_MS = 60_000

export function missing(
  tables: Tables,
  connection: string,
  entity: EntityName,
): { missed: number; all: number } {
  const here = [...tables.records.values()].filter(
    row => row.connection === connection && row.entity === entity && row.goneAt === null,
  )
  return { missed: here.filter(row => row.missedAt !== null).length, all: here.length }
}

export function storedRecord(row: RecordRow): StoredRecord {
  const { connection, entity, id, version, hash, canonical, problem, readAt, changedAt, goneAt } = row
  const key = { connection, entity, id }
  return { ...key, version, hash, canonical, problem, readAt, changedAt, gone: goneAt !== null }
}

export function record(tables: Tables, key: RecordKey): (StoredRecord & { readonly row: unknown }) | null {
  const row = tables.records.get(keyOf(key.connection, key.entity, key.id))
  return row ? { ...storedRecord(row), row: row.row } : null
}
