import type { EntityName } from '@linchpin/model'
import { at, type Db, type Query } from '../db.ts'
import { addLinks, endsOf, lockEnds, wakeWaiting } from '../links.ts'
import { prefixed, RECORD_COLUMNS, storedRecord, type RecordRow } from '../records.ts'
import type { NewLink, RecordKey, StoredRecord } from '../store.ts'
import type { ToldLink, ToldOutcome } from './outgoing.ts'

/**
 * Links that others made. Whoever waits for one goes on. Answers those that cannot stand here, because one of the two
 * records is linked otherwise.
 */
export async function hearLinks(
  db: Db,
  told: readonly ToldLink[],
  now: number,
): Promise<readonly ToldLink[]> {
  if (told.length === 0) return []
  const links = told.map(newLink)
  return db.transaction(async query => {
    await lockEnds(query, links.flatMap(endsOf))
    await addLinks(query, links, now, null)
    const kept = await standing(query, told)
    await wakeWaiting(
      query,
      links.filter((_link, index) => kept.has(index)),
      now,
    )
    return told.filter((_each, index) => !kept.has(index))
  })
}

/** Those that are here just as they were told: one of two names is there, even if whoever asks is answered the other. */
async function standing(query: Query, told: readonly ToldLink[]): Promise<ReadonlySet<number>> {
  const rows = await query<{ n: number }>(
    'standing-links',
    `select k.n from jsonb_to_recordset($1::jsonb)
       k(n int, entity text, "left" text, "leftId" text, "right" text, "rightId" text)
     join link l on l.entity = k.entity and l.left_connection = k."left" and l.left_id = k."leftId"
       and l.right_connection = k."right" and l.right_id = k."rightId"`,
    [
      JSON.stringify(
        told.map(({ entity, left, right }, n) => {
          const ends = { left: left.connection, leftId: left.id, right: right.connection, rightId: right.id }
          return { n, entity, ...ends }
        }),
      ),
    ],
  )
  return new Set(rows.map(({ n }) => n))
}

function newLink({ entity, left, right, alias, how, at: since }: ToldLink): NewLink & { at: number } {
  const ends = { connection: left.connection, id: left.id, to: right.connection, targetId: right.id }
  return { entity, ...ends, alias, how, flow: null, at: since }
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

/** Those of these records that stand otherwise here, or are not here at all. */
export async function unlike(
  db: Db,
  connection: string,
  entity: EntityName,
  told: readonly (readonly [id: string, hash: string])[],
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    'unlike',
    `select t.id from unnest($3::text[], $4::text[]) t(id, hash)
     left join record r on r.connection = $1 and r.entity = $2 and r.id = t.id
     where r.hash is distinct from t.hash`,
    [connection, entity, told.map(([id]) => id), told.map(([, hash]) => hash)],
  )
  return rows.map(({ id }) => id)
}

/** A connection's records of one entity, with their hashes, in the order of their ids. */
export async function roll(
  db: Db,
  of: { connection: string; entity: EntityName; after: string; limit: number },
): Promise<readonly (readonly [id: string, hash: string])[]> {
  const rows = await db.query<{ id: string; hash: string }>(
    'roll',
    `select id, hash from record where connection = $1 and entity = $2 and id > $3 and gone_at is null
     order by id limit $4`,
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
