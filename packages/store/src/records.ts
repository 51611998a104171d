import type { EntityName } from '@linchpin/model'
import { addNews, newsOfRecord, type Publishing } from './bus/outbox.ts'
import { at, ring, type Db, type Query } from './db.ts'
import { addDuties, type DutyRow } from './deliveries.ts'
import { addHints, finishNotices } from './notices.ts'
import { write as writeJournal } from './journal.ts'
import { moveLoad } from './loads.ts'
import { countRead } from './runs.ts'
import { copyRecords, saveRecords } from './save-records.ts'
import type { Hint, ReadPage, ReadRecord, ReadResult, RecordKey, StoredRecord } from './store.ts'

/**
 * Reading: one page of records, and everything that follows from it, in one transaction. A crash before it repeats the
 * read; after it nothing is lost.
 */
export async function saveRead(db: Db, page: ReadPage, publishing: Publishing | null): Promise<ReadResult> {
  if (page.load === undefined || page.records.length < COPIED_FROM) return save(db, page, publishing, false)
  try {
    return await save(db, page, publishing, true)
  } catch (error) {
    // Somebody else saved one of these records between our look and our COPY: nothing of ours was kept.
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error
    return save(db, page, publishing, false)
  }
}

/** In a first load nearly every record is new: from so many on, the new ones go in by COPY. */
const COPIED_FROM = 50
const UNIQUE_VIOLATION = '23505'

async function save(
  db: Db,
  page: ReadPage,
  publishing: Publishing | null,
  byCopy: boolean,
): Promise<ReadResult> {
  return db.transaction(async (query, copy) => {
    if (page.poll && !(await moveCursor(query, page.poll)))
      return { saved: false, changed: 0, owed: 0, newlyGone: 0 }
    if (page.load && !(await moveLoad(query, page.load)))
      return { saved: false, changed: 0, owed: 0, newlyGone: 0 }
    const { known, echoes } = await lockKnown(query, page)
    const isKnown = (record: ReadRecord) => known.has(keyOf(record))
    const latest = page.records.filter(record => (known.get(keyOf(record))?.readAt ?? 0) <= page.readAt)
    const older = latest.filter(record => isOlder(record, known.get(keyOf(record)), page))
    const current = latest.filter(record => !older.includes(record))
    const changed = current.filter(record => isNews(known.get(keyOf(record)), record))
    const news = new Set(changed)
    const isChanged = (record: ReadRecord) => news.has(record)
    const copied = byCopy ? current.filter(record => !isKnown(record)) : []
    await copyRecords(query, copy, page, copied)
    const rest = byCopy ? current.filter(isKnown) : current
    const freed = [...(await saveRecords(query, page, rest, { isChanged, isKnown }))]
    await savePrices(query, page, changed)
    const told = page.records.filter(record => record.force || !older.includes(record))
    const owed = await addDuties(query, duties({ ...page, records: told }, changed, echoes), page.now)
    // First the old notices end: the one for a second look is a new one, with a time of its own.
    if (page.notices) await finishNotices(query, page.notices)
    await lookAgain(query, page, older)
    const missed = await markMissing(query, page)
    const gone = missed.filter(record => record.gone)
    if (page.entity === 'SalesOrder' && gone.length > 0)
      freed.push(...(await clearDemand(query, page.connection, gone)))
    await touchStock(query, page, changed, freed)
    if (publishing?.connections.has(page.connection))
      await addNews(query, toTell(page, current, changed, gone))
    await rungLate(query, page, changed)
    await countRead(query, page.runs ?? [], page.records.length)
    return { saved: true, changed: changed.length, owed, newlyGone: missed.length }
  })
}

/** What changed, what somebody waits for, and what counts as gone now. */
function toTell(
  { connection, entity }: ReadPage,
  current: readonly ReadRecord[],
  changed: readonly ReadRecord[],
  gone: readonly Missed[],
) {
  const due = current.filter(record => record.force || changed.includes(record))
  return [
    ...due.map(record => ({ ...newsOfRecord({ ...record, connection }), force: record.force })),
    ...gone.map(({ id }) => newsOfRecord({ connection, entity, id })),
  ]
}

/** What came back after it was gone is news, even as it was: its deliveries were given up meanwhile. */
function isNews(known: Known | undefined, record: ReadRecord): boolean {
  return known === undefined || known.gone || known.hash !== record.hash
}

/**
 * A replica that lags tells an older state than is known, and a cursor that has told the newer one will not tell it
 * again. So it is not believed before a second look says the same: then the source went back by itself. What is known must
 * have been read a minute before that look, or the replica may lag behind what was read between the two (seed 64794361).
 */
function isOlder({ id, modifiedAt }: ReadRecord, known: Known | undefined, page: ReadPage): boolean {
  if (modifiedAt === undefined || known === undefined || known.gone || known.modifiedAt === null) return false
  const isAsked = page.notices?.some(notice => notice.cause === 'older' && notice.id === id) ?? false
  const isSecondLook = isAsked && known.readAt <= page.readAt - SECOND_LOOK_MS
  return !isSecondLook && modifiedAt < Date.parse(known.modifiedAt)
}

async function lookAgain(query: Query, { connection, now }: ReadPage, older: readonly ReadRecord[]) {
  if (older.length === 0) return
  const which = older.map(({ entity, id }) => ({ connection, entity, id }))
  await addHints(
    query,
    which.map(each => ({ ...each, cause: 'older' as const, at: now + SECOND_LOOK_MS })),
    now,
  )
  const words = 'Read in an older state than is known; looking again in a minute.'
  await writeJournal(
    query,
    which.map(each => ({ ...each, who: 'linchpin', what: 'older', words })),
    now,
  )
}

interface Known {
  readonly gone: boolean
  readonly hash: string
  readonly readAt: number
  /** As its source wrote it. */
  readonly modifiedAt: string | null
}
const keyOf = (record: { entity: string; id: string }) => `${record.entity} ${record.id}`

/** A database that forgot its last pages goes on after the last one that it knows, whoever claimed what. */
async function moveCursor(query: Query, { poll, cursor }: NonNullable<ReadPage['poll']>): Promise<boolean> {
  const rows = await query(
    'cursor',
    `update poll set cursor = $4
     where connection = $1 and entity = $2 and fence = $3 and cursor is not distinct from $5 returning entity`,
    [poll.connection, poll.entity, poll.fence, cursor, poll.cursor],
  )
  return rows.length > 0
}

/** What is known of the records of a page, and which of our own writes left them there. Those that there are, are locked. */
async function lockKnown(query: Query, page: ReadPage): Promise<Seen> {
  if (page.records.length === 0) return { known: new Map(), echoes: new Map() }
  const rows = await query<KnownRow>(
    'known',
    `with asked as (select distinct * from unnest($2::text[], $3::text[]) k(entity, id)),
     locked as (
       select r.entity, r.id, r.hash, r.read_at, r.gone_at is not null gone, r.canonical ->> 'modifiedAt' modified_at
       from record r join asked k on r.entity = k.entity and r.id = k.id
       where r.connection = $1 order by r.entity, r.id for update of r)
     select k.entity, k.id, r.hash, r.read_at, r.gone, r.modified_at,
       case when w.id is not null then
         jsonb_build_object('version', w.version, 'from', w.from_connection, 'bounces', w.bounces) end echo
     from asked k left join locked r on r.entity = k.entity and r.id = k.id
     left join written w on w.connection = $1 and w.entity = k.entity and w.id = k.id
     where r.id is not null or w.id is not null`,
    [page.connection, page.records.map(record => record.entity), page.records.map(record => record.id)],
  )
  return {
    known: new Map(rows.flatMap(row => (row.hash === null ? [] : [[keyOf(row), knownOf(row, row.hash)]]))),
    echoes: new Map(rows.flatMap(row => (row.echo === null ? [] : [[keyOf(row), row.echo]]))),
  }
}

function knownOf({ read_at: readAt, gone, modified_at: modifiedAt }: KnownRow, hash: string): Known {
  return { hash, readAt: readAt ?? 0, gone: gone ?? false, modifiedAt }
}

interface Seen {
  readonly known: ReadonlyMap<string, Known>
  /** What our own writes left there. */
  readonly echoes: ReadonlyMap<string, Echo>
}

interface Echo {
  readonly version: string | null
  readonly from: string
  readonly bounces: number
}

interface KnownRow {
  readonly entity: string
  readonly id: string
  readonly hash: string | null
  readonly read_at: number | null
  readonly gone: boolean | null
  readonly modified_at: string | null
  readonly echo: Echo | null
}

/** A webhook that comes after the poll has read its change was not lost, only slower. */
async function rungLate(query: Query, page: ReadPage, changed: readonly ReadRecord[]): Promise<void> {
  const news = new Set(changed.map(({ id }) => id))
  const late = (page.notices ?? []).filter(({ cause, id }) => cause === 'webhook' && !news.has(id))
  if (late.length === 0) return
  await query(
    'rung-late',
    `update record_history set cause = 'webhook'
     where connection = $1 and entity = $2 and id = any($3::text[]) and cause = 'poll' and at >= $4`,
    [page.connection, page.entity, late.map(({ id }) => id), at(page.now - SLOWEST_WEBHOOK_MS)],
  )
}

const SLOWEST_WEBHOOK_MS = 10 * 60_000

async function clearDemand(
  query: Query,
  connection: string,
  orders: readonly { readonly id: string }[],
): Promise<readonly string[]> {
  const rows = await query<{ product: string }>(
    'clear-demand',
    'delete from demand where connection = $1 and order_id = any($2::text[]) returning product',
    [connection, orders.map(order => order.id)],
  )
  return rows.map(row => row.product)
}

async function savePrices(query: Query, page: ReadPage, changed: readonly ReadRecord[]): Promise<void> {
  const points = changed.flatMap(record => (record.price ? [record.price] : []))
  if (points.length === 0) return
  await query(
    'price-history',
    `insert into price_history
       (connection, product, price_list, currency, list, sale, sale_from, sale_to, tax_inclusive, at)
     select $1, p.product, p."priceList", p.currency, p.list, p.sale, p."saleFrom", p."saleTo", p."taxInclusive", $3
     from jsonb_to_recordset($2::jsonb) p(product text, "priceList" text, currency text, list numeric, sale numeric,
       "saleFrom" timestamptz, "saleTo" timestamptz, "taxInclusive" boolean)`,
    [page.connection, JSON.stringify(points), at(page.now)],
  )
}

/**
 * Whose duties this read makes due: what changed, and what is forced. The echo of our own write is no exception: the
 * version that a write left may hold a stranger's change as well, so the delivery compares what it would send. Only
 * systems that go on answering each other's echo are stopped. A newer read may have been saved meanwhile: what was asked
 * for is owed all the same, as it stands now.
 */
function duties(
  page: ReadPage,
  changed: readonly ReadRecord[],
  echoes: ReadonlyMap<string, Echo>,
): readonly DutyRow[] {
  const news = new Set(changed)
  return page.records.flatMap(record => {
    const isDue = record.force || news.has(record)
    const ours = echoes.get(keyOf(record))
    const isEcho = !record.force && ours?.version === record.version && ours.bounces >= MOST_BOUNCES
    return record.duties
      .filter(duty => (isDue || duty.always) && !(isEcho && duty.to === ours?.from))
      .map(duty => ({ ...duty, id: record.id, force: record.force || (duty.force ?? false) }))
  })
}

/** Strangers' changes that come inside echoes count as well: with 3, orders that people were busy with were cut off. */
const MOST_BOUNCES = 10

/**
 * Orders take stock before the ERP knows of them: what they take, and what an edit, a cancellation or a vanished order
 * no longer takes, must be published anew, in every channel.
 */
async function touchStock(
  query: Query,
  page: ReadPage,
  changed: readonly ReadRecord[],
  freed: readonly string[],
): Promise<void> {
  const taken = changed.flatMap(record => (record.demand ?? []).map(line => line.product))
  const products = [...taken, ...freed]
  if (products.length === 0) return
  const rows = await query<{ to_connection: string }>(
    'touch-stock',
    `with due as materialized (
       select s.flow, s.id, nextval('delivery_seq') next_seq
       from (select distinct d.seq, d.flow, d.id from (
               select right_connection connection, right_id id from link
               where entity = 'Product' and left_connection = $1 and left_id = any($2::text[])
               union all
               select left_connection, left_id from link
               where entity = 'Product' and right_connection = $1 and right_id = any($2::text[])) l
             join delivery d on d.from_connection = l.connection and d.entity = 'StockLevel' and d.id = l.id
             order by d.seq, d.flow, d.id) s)
     update delivery d set
       gen = d.gen + 1, expect = null,
       seq = case when d.state in ('done', 'skipped') then due.next_seq else d.seq end,
       owed_at = case when d.state = 'ready' then d.owed_at else $3 end, run_at = case when d.state in ('done', 'skipped') then $3 else d.run_at end,
       state = case when d.state in ('done', 'skipped') then 'ready' else d.state end
     from due where d.flow = due.flow and d.id = due.id
     returning d.to_connection`,
    [page.connection, [...new Set(products)], at(page.now)],
  )
  await ring(
    query,
    rows.map(row => `deliveries ${row.to_connection}`),
  )
}

/**
 * A record that was not found is missed; only a second look, a minute later, makes it gone (a tombstone): a remote in the
 * middle of a restart must not look like an empty one. Looks in between prove nothing new, nor does one that began before
 * the record was read.
 */
async function markMissing(query: Query, page: ReadPage): Promise<readonly Missed[]> {
  if (page.gone.length === 0) return []
  const { connection, entity, now } = page
  const rows = await query<Missed>(
    'mark-missing',
    `update record set missed_at = coalesce(missed_at, $4), gone_at = case when missed_at <= $5 then $4::timestamptz end
     where connection = $1 and entity = $2 and id = any($3::text[]) and gone_at is null
       and (missed_at is null or missed_at <= $5) and read_at <= $6
     returning id, gone_at is not null gone`,
    [connection, entity, page.gone, at(now), at(now - SECOND_LOOK_MS), at(page.readAt)],
  )
  rows.sort((left, right) => (left.id < right.id ? -1 : 1))
  await addHints(query, await secondLooks(query, page), now)
  await writeJournal(
    query,
    rows.map(({ id, gone }) => ({
      connection,
      entity,
      id,
      who: 'linchpin',
      what: gone ? 'gone' : 'missed',
      words: gone
        ? 'Not found twice: it counts as gone. Nothing was deleted elsewhere.'
        : 'Not found; looking again in a minute.',
    })),
    now,
  )
  return rows
}

/**
 * Each record that is missed is looked for again a minute after the first time, also when somebody else rang meanwhile
 * and looked in vain; and who asked for it to be delivered whatever it is like is not forgotten. One that was read since,
 * maybe by a node whose clock is ahead, is looked for again as well: what is gone rings only once.
 */
async function secondLooks(
  query: Query,
  { connection, entity, gone, cause, readAt, now, notices = [] }: ReadPage,
): Promise<readonly Hint[]> {
  // Its own adapter has looked twice.
  const readSince = cause === 'bus' ? 'infinity' : at(readAt)
  const rows = await query<{ id: string; missed_at: number }>(
    'missed',
    `select id, coalesce(missed_at, $5) missed_at from record
     where connection = $1 and entity = $2 and id = any($3::text[]) and gone_at is null
       and (missed_at is not null or read_at > $4)
     order by id`,
    [connection, entity, gone, readSince, at(now)],
  )
  const forced = new Set(notices.filter(({ force }) => force).map(({ id }) => id))
  return rows.map(({ id, missed_at: missedAt }) => ({
    connection,
    entity,
    id,
    cause: 'vanished',
    at: missedAt + SECOND_LOOK_MS,
    force: forced.has(id),
  }))
}

interface Missed {
  readonly id: string
  readonly gone: boolean
}

const SECOND_LOOK_MS = 60_000

export async function missing(
  db: Db,
  connection: string,
  entity: EntityName,
): Promise<{ missed: number; all: number }> {
  const [row] = await db.query<{ missed: number; all: number }>(
    'missing',
    `select (select count(*) from record where connection = $1 and entity = $2 and missed_at is not null and gone_at is null)::int missed,
       (select count(*) from record where connection = $1 and entity = $2 and gone_at is null)::int "all"`,
    [connection, entity],
  )
  return row ?? { missed: 0, all: 0 }
}

export interface RecordRow {
  readonly connection: string
  readonly entity: EntityName
  readonly id: string
  readonly version: string
  readonly hash: string
  readonly canonical: unknown
  readonly problem: string | null
  readonly read_at: number
  readonly changed_at: number
  readonly gone_at: number | null
}

export const RECORD_COLUMNS =
  'connection, entity, id, version, hash, canonical, problem, read_at, changed_at, gone_at'

export const prefixed = (table: string, columns: string) =>
  columns
    .split(', ')
    .map(name => `${table}.${name}`)
    .join(', ')

export function storedRecord(row: RecordRow): StoredRecord {
  const { connection, entity, id, version, hash, canonical, problem } = row
  const times = { readAt: row.read_at, changedAt: row.changed_at, gone: row.gone_at !== null }
  return { connection, entity, id, version, hash, canonical, problem, ...times }
}

export async function record(
  db: Db,
  key: RecordKey,
): Promise<(StoredRecord & { readonly row: unknown }) | null> {
  const [row] = await db.query<RecordRow & { row: unknown }>(
    'record',
    `select ${RECORD_COLUMNS}, row from record where connection = $1 and entity = $2 and id = $3`,
    [key.connection, key.entity, key.id],
  )
  return row ? { ...storedRecord(row), row: row.row } : null
}
