import type { Db } from './db.ts'
import type { Echo } from './store.ts'

/** The history has every state that was ever read, so the one that was written is there once only. */
export async function writtenFrom(db: Db, echo: Echo): Promise<unknown> {
  const { connection, entity, id, version, from, sourceId } = echo
  const [row] = await db.query<{ canonical: unknown }>(
    'written-from',
    `select h.canonical from written w
     join record_history h on h.connection = w.from_connection and h.entity = w.entity and h.id = $6
       and h.hash = w.source_hash
     where w.connection = $1 and w.entity = $2 and w.id = $3 and w.version = $4 and w.from_connection = $5
     order by h.seq desc limit 1`,
    [connection, entity, id, version, from, sourceId],
  )
  return row?.canonical ?? null
}
