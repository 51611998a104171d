import type { EntityName } from '@linchpin/model'
import { at, type Db, type Query } from '../db.ts'
import { addLinks, endsOf, lockEnds, wakeWaiting } from '../links.ts'
import { prefixed, RECORD_COLUMNS, storedRecord, type RecordRow } from '../records.ts'
import { write as writeJournal } from '../journal.ts'
import type { NewLink, RecordKey, StoredRecord } from '../store.ts'
import { ANEW, isOne, KEYS } from '../unlink.ts'
import type { ToldLink, ToldOutcome, ToldUnlink } from './outgoing.ts'

/**
 * Links that others made. Whoever waits for one goes on. Answers those that cannot stand here, because one of the two
 * records is linked otherwise. One that was unlinked since it was made is told late, and means nothing.
 */
export async function hearLinks(
  db: Db,
  told: readonly ToldLink[],
  now: number,
): Promise<readonly ToldLink[]> {
  const refused: ToldLink[] = []
  for (const some of heaps(told)) refused.push(...(await hearSomeLinks(db, some, now)))
  return refused
}

/** A roll tells them by the hundred thousand. Each locks both of its ends, and a database has room for some thousand locks. */
const AT_ONCE = 500

function heaps<Each>(all: readonly Each[]): readonly (readonly Each[])[] {
  const count = Math.ceil(all.length / AT_ONCE)
  return Array.from({ length: count }, (_each, index) => all.slice(index * AT_ONCE, (index + 1) * AT_ONCE))
}

async function hearSomeLinks(db: Db, told: readonly ToldLink[], now: number): Promise<readonly ToldLink[]> {
  return db.transaction(async query => {
    await lockEnds(query, told.map(newLink).flatMap(endsOf))
    const outlived = await those(query, told, 'outlived-links', OUTLIVED)
    const valid = told.filter((_each, index) => !outlived.has(index))
    const links = valid.map(newLink)
    await addLinks(query, links, now, null)
    await query('link-dates', DATES, [JSON.stringify(valid.map(keyOf))])
    const kept = await those(query, valid, 'standing-links', STANDING)
    await wakeWaiting(
      query,
      links.filter((_link, index) => kept.has(index)),
      now,
    )
    return valid.filter((_each, index) => !kept.has(index))
  })
}

const NUMBERED = `jsonb_to_recordset($1::jsonb)
  k(n int, entity text, "left" text, "leftId" text, "right" text, "rightId" text, at timestamptz)`
const OUTLIVED = `select k.n from ${NUMBERED} join unlinked u on ${isOne('u')} and u.at >= k.at`
/** What was unlinked and linked again where we heard of neither is as old as it is there: its older end does not end it. */
const DATES = `update link l set at = k.at from ${KEYS} where ${isOne('l')} and l.at < k.at`
/** Those that are here just as they were told: one of two names is there, even if whoever asks is answered the other. */
const STANDING = `select k.n from ${NUMBERED} join link l on ${isOne('l')}`

/** The places of those of these links that the statement finds. */
async function those(
  query: Query,
  told: readonly ToldUnlink[],
  name: string,
  text: string,
): Promise<ReadonlySet<number>> {
  const keys = told.map((each, n) => ({ n, ...keyOf(each) }))
  const rows = await query<{ n: number }>(name, text, [JSON.stringify(keys)])
  return new Set(rows.map(({ n }) => n))
}

function keyOf({ entity, left, right, at: since }: ToldUnlink) {
  const ends = { left: left.connection, leftId: left.id, right: right.connection, rightId: right.id }
  return { entity, ...ends, at: at(since) }
}

/**
 * Links that stand no longer. One that was made later stands. The deliveries of both records begin anew here as they do
 * where it was said, but for one that is being written right now: that links the two again, and tells it.
 */
export async function hearUnlinks(db: Db, told: readonly ToldUnlink[], now: number): Promise<void> {
  for (const some of heaps(told)) await hearSomeUnlinks(db, some, now)
}

async function hearSomeUnlinks(db: Db, told: readonly ToldUnlink[], now: number): Promise<void> {
  const keys = JSON.stringify(told.map(keyOf))
  await db.transaction(async query => {
    await lockEnds(query, told.flatMap(endsOfBoth))
    await query('remember-unlinked', REMEMBER, [keys])
    const removed = await query<RecordKey & { to: string; targetId: string }>('hear-unlinked', REMOVE, [keys])
    await query('unlinked-deliveries', ANEW_OF_THESE, [JSON.stringify(removed)])
    const words = ({ to, targetId }: { to: string; targetId: string }) =>
      `No longer linked to ${targetId} of ${to}: another process said so.`
    const entry = { who: 'linchpin', what: 'unlinked' }
    await writeJournal(
      query,
      removed.map(({ connection, entity, id, ...rest }) => ({
        connection,
        entity,
        id,
        ...entry,
        words: words(rest),
      })),
      now,
    )
  })
}

const REMEMBER = `
  insert into unlinked as u (entity, left_connection, left_id, right_connection, right_id, at)
  select k.entity, k."left", k."leftId", k."right", k."rightId", max(k.at) from ${KEYS} group by 1, 2, 3, 4, 5
  order by 1, 2, 3, 4, 5
  on conflict (entity, left_connection, right_connection, left_id, right_id)
    do update set at = greatest(u.at, excluded.at)`

const REMOVE = `
  delete from link l using ${KEYS} where ${isOne('l')} and l.at <= k.at
  returning l.left_connection connection, l.entity, l.left_id id, l.right_connection "to", l.right_id "targetId"`

const ANEW_OF_THESE = `${ANEW}
  from jsonb_to_recordset($1::jsonb) g(connection text, entity text, id text, "to" text, "targetId" text)
  where d.entity = g.entity and d.state <> 'running' and d.intent is null
    and ((d.from_connection = g.connection and d.id = g.id and d.to_connection = g."to")
      or (d.from_connection = g."to" and d.id = g."targetId" and d.to_connection = g.connection))`

function newLink({ alias, how, at: since, ...told }: ToldLink): NewLink & { at: number } {
  return { ...pairOf(told), alias, how, flow: null, at: since }
}

const endsOfBoth = (told: ToldUnlink) => endsOf(pairOf(told))

function pairOf({ entity, left, right }: Pick<ToldLink, 'entity' | 'left' | 'right'>) {
  return { entity, connection: left.connection, id: left.id, to: right.connection, targetId: right.id }
}

/** Those of these records that are here, and were never owed to this flow. */
export async function unowed(
  db: Db,
  keys: readonly (RecordKey & { readonly flow: string })[],
): Promise<readonly { readonly flow: string; readonly record: StoredRecord }[]> {
  const rows = await db.query<RecordRow & { flow: string }>(
    'unowed',
    `select k.flow, ${prefixed('r', RECORD_COLUMNS)}
     from jsonb_to_recordset($1::jsonb) k(flow text, connection text, entity text, id text)
     join record r on r.connection = k.connection and r.entity = k.entity and r.id = k.id and r.gone_at is null
     where not exists (select 1 from delivery d where d.flow = k.flow and d.id = k.id)`,
    [JSON.stringify(keys)],
  )
  return rows.map(({ flow, ...row }) => ({ flow, record: storedRecord(row) }))
}

/**
 * What became of deliveries that another process makes. Only for the record as it stands here: of a newer one, nothing
 * is known yet; and what is told again does not take the place of what became of it since.
 */
export async function hearOutcomes(db: Db, told: readonly ToldOutcome[]): Promise<void> {
  if (told.length === 0) return
  const inOrder = told.toSorted((left, right) => left.at - right.at)
  const newest = new Map(inOrder.map(each => [JSON.stringify([each.flow, each.id]), each]))
  const rows = [...newest.values()].map(({ trouble, at: since, ...rest }) => ({
    ...rest,
    at: at(since),
    problem_kind: trouble?.kind ?? null,
    problem: trouble?.words ?? null,
  }))
  await db.query(
    'hear-outcomes',
    `insert into delivery (flow, id, entity, from_connection, to_connection, lane, state, owed_at, run_at,
       problem_kind, problem, parked_at, settled_at)
     select o.flow, o.id, o.entity, o."from", o."to", o.lane, o.state, o.at, o.at, o.problem_kind, o.problem,
       case when o.state = 'parked' then o.at end, case when o.state <> 'parked' then o.at end
     from jsonb_to_recordset($1::jsonb) o(flow text, id text, entity text, "from" text, "to" text, lane text,
       hash text, state text, problem_kind text, problem text, at timestamptz)
     join record r on r.connection = o."from" and r.entity = o.entity and r.id = o.id and r.hash = o.hash
     order by o.flow, o.id
     on conflict (flow, id) do update set state = excluded.state, problem_kind = excluded.problem_kind,
       problem = excluded.problem, parked_at = excluded.parked_at, force = false, tries = 0,
       settled_at = coalesce(excluded.settled_at, delivery.settled_at)
     where excluded.run_at >= greatest(delivery.parked_at, delivery.settled_at, '-infinity')
       and (delivery.state, delivery.problem, delivery.parked_at, delivery.settled_at) is distinct from
         (excluded.state, excluded.problem, excluded.parked_at, coalesce(excluded.settled_at, delivery.settled_at))`,
    [JSON.stringify(rows)],
  )
}

/** Those of these records that stand otherwise here, or are not here at all, or not any more. */
export async function unlike(
  db: Db,
  connection: string,
  entity: EntityName,
  told: readonly RollEntry[],
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    'unlike',
    `select t.id from unnest($3::text[], $4::text[]) t(id, hash)
     left join record r on r.connection = $1 and r.entity = $2 and r.id = t.id and r.gone_at is null
     where r.hash is distinct from t.hash`,
    [connection, entity, told.map(([id]) => id), told.map(([, hash]) => hash)],
  )
  return rows.map(({ id }) => id)
}

/** A record of the roll; null: it is gone. */
export type RollEntry = readonly [id: string, hash: string | null]

/** A connection's records of one entity, with their hashes, in the order of their ids; and those that are gone. */
export async function roll(
  db: Db,
  of: { connection: string; entity: EntityName; after: string; limit: number },
): Promise<readonly RollEntry[]> {
  const rows = await db.query<{ id: string; hash: string | null }>(
    'roll',
    `select id, case when gone_at is null then hash end hash from record
     where connection = $1 and entity = $2 and id > $3 order by id limit $4`,
    [of.connection, of.entity, of.after, of.limit],
  )
  return rows.map(({ id, hash }) => [id, hash] as const)
}

/** Those of these records, as read then, that somebody here waits for: to be linked, or to be read since a moment. */
export async function awaited(db: Db, { connection, entity, ids, readAt }: Told): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    'awaited',
    `select k.id from unnest($3::text[]) k(id)
     where exists (select 1 from waiting w where w.entity = $2 and w.from_connection = $1 and w.from_id = k.id)
       or exists (select 1 from delivery d where d.from_connection = $1 and d.entity = $2 and d.id = k.id
         and d.state = 'waiting' and (d.read_after is null or d.read_after <= $4))`,
    [connection, entity, ids, at(readAt)],
  )
  return rows.map(({ id }) => id)
}

export interface Told {
  readonly connection: string
  readonly entity: EntityName
  readonly ids: readonly string[]
  readonly readAt: number
}
