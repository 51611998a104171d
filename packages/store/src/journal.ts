import { at, type Query } from './db.ts'
import type { JournalEntry } from './store.ts'

/** What happened to each record, when, why and by whom: append-only. */
export async function write(query: Query, entries: readonly JournalEntry[], now: number): Promise<void> {
  if (entries.length === 0) return
  await query(
    'journal',
    `insert into journal (at, connection, entity, id, flow, who, what, words, detail)
     select $2, j.connection, j.entity, j.id, j.flow, j.who, j.what, j.words, j.detail
     from jsonb_to_recordset($1::jsonb)
       j(connection text, entity text, id text, flow text, who text, what text, words text, detail jsonb)`,
    [JSON.stringify(entries), at(now)],
  )
}
