import type { Db } from './db.ts'
import type { Echo, Written } from './store.ts'

/** The history has every state that was ever read, so the one that was written is there once only. */
export async function writtenFrom(
  db: Db,
  { connection, entity, id, from, sourceId }: Echo,
): Promise<Written | null> {
  const [row] = await db.query<Written>(
    'written-from',
    `select w.version, w.at, (
       select h.canonical from record_history h where h.connection = w.from_connection and h.entity = w.entity
         and h.id = $5 and h.hash = w.source_hash order by h.seq desc limit 1) canonical
     from written w where w.connection = $1 and w.entity = $2 and w.id = $3 and w.from_connection = $4`,
    [connection, entity, id, from, sourceId],
  )
  return row ?? null
}
