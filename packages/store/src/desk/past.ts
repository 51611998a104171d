import type { Db } from '../db.ts'
import type { Cause, RecordKey } from '../store.ts'

/** A record as it was read once. */
export interface Version extends RecordKey {
  readonly at: number
  readonly version: string
  readonly cause: Cause
  readonly canonical: unknown
  /** The version of the mapping that read it; 0: the configuration's. */
  readonly mapping: number
}

const MOST = 300

/** How these records changed, oldest first; of many changes the newest. */
export async function versionsOf(db: Db, keys: readonly RecordKey[]): Promise<readonly Version[]> {
  const rows = await db.query<Version>(
    'versions',
    // Key by key through the index: joined at once, the planner was seen to read the whole history for a few records.
    `select h.at, h.connection, h.entity, h.id, h.version, h.cause, h.canonical, h.mapping
     from jsonb_to_recordset($1::jsonb) k(connection text, entity text, id text)
     cross join lateral (
       select * from record_history h where h.connection = k.connection and h.entity = k.entity and h.id = k.id
       order by h.seq desc limit ${MOST}) h
     order by h.seq desc limit ${MOST}`,
    [JSON.stringify(keys)],
  )
  return rows.toReversed()
}

/** What was sent at an attempt. */
export interface Sent {
  readonly flow: string
  readonly id: string
  readonly attempt: number
  readonly node: string
  readonly request: unknown
  /** The version of the mapping that made it; 0: the configuration's. */
  readonly mapping: number
}

export async function sentOf(
  db: Db,
  deliveries: readonly { readonly flow: string; readonly id: string }[],
): Promise<readonly Sent[]> {
  return db.query<Sent>(
    'sent',
    `select a.flow, a.id, a.attempt, a.node, a.request, a.mapping from attempt a
     join unnest($1::text[], $2::text[]) k(flow, id) on a.flow = k.flow and a.id = k.id
     order by a.at desc limit ${MOST}`,
    [deliveries.map(each => each.flow), deliveries.map(each => each.id)],
  )
}

/** When a person last asked that a record be written over its counterpart, by this flow. */
export async function pushedAt(
  db: Db,
  { connection, entity, id, flow }: RecordKey & { readonly flow: string },
): Promise<number | null> {
  const [row] = await db.query<{ at: number }>(
    'pushed-at',
    `select at from journal where connection = $1 and entity = $2 and id = $3 and flow = $4 and what = 'pushed'
     order by seq desc limit 1`,
    [connection, entity, id, flow],
  )
  return row?.at ?? null
}

/** A record as it was last read: as we understood it, or else as its system told it. */
export interface Known extends RecordKey {
  readonly value: unknown
}

export async function knownOf(db: Db, keys: readonly RecordKey[]): Promise<readonly Known[]> {
  if (keys.length === 0) return []
  return db.query<Known>(
    'known-of',
    `select r.connection, r.entity, r.id, coalesce(r.canonical, r.row) value
     from (select distinct connection, entity, id from jsonb_to_recordset($1::jsonb)
       k(connection text, entity text, id text)) k
     join record r on r.connection = k.connection and r.entity = k.entity and r.id = k.id`,
    [JSON.stringify(keys.map(({ connection, entity, id }) => ({ connection, entity, id })))],
  )
}
