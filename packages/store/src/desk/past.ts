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
