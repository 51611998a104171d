import type { EntityName } from '@linchpin/model'
import { at, type Db } from '../db.ts'
import { addLinks, wakeWaiting } from '../links.ts'
import type { NewLink } from '../store.ts'
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
    const taken = new Set(await addLinks(query, links, now, null))
    await wakeWaiting(
      query,
      links.filter(link => !taken.has(link)),
      now,
    )
    return told.filter((_each, index) => taken.has(links[index] as NewLink))
  })
}

function newLink({ entity, left, right, alias, how, at: since }: ToldLink): NewLink & { at: number } {
  const ends = { connection: left.connection, id: left.id, to: right.connection, targetId: right.id }
  return { entity, ...ends, alias, how, flow: null, at: since }
}

/**
 * What became of deliveries that another process makes. Only for the record as it stands here: of a newer one, nothing
 * is known yet.
 */
export async function hearOutcomes(db: Db, told: readonly ToldOutcome[]): Promise<void> {
  if (told.length === 0) return
  const rows = [...new Map(told.map(each => [JSON.stringify([each.flow, each.id]), each])).values()].map(
    ({ trouble, at: since, ...rest }) => ({
      ...rest,
      at: at(since),
      problem_kind: trouble?.kind ?? null,
      problem: trouble?.words ?? null,
    }),
  )
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
       settled_at = coalesce(excluded.settled_at, delivery.settled_at)`,
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

/** Those of these records that somebody here waits for: to be linked, or to be read. */
export async function awaited(
  db: Db,
  connection: string,
  entity: EntityName,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    'awaited',
    `select k.id from unnest($3::text[]) k(id)
     where exists (select 1 from waiting w where w.entity = $2 and w.from_connection = $1 and w.from_id = k.id)
       or exists (select 1 from delivery d where d.from_connection = $1 and d.entity = $2 and d.id = k.id
         and d.state = 'waiting')`,
    [connection, entity, ids],
  )
  return rows.map(({ id }) => id)
}
