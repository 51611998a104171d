import { at, type Query } from './db.ts'
import type { JournalEntry } from './store.ts'

/** What happened to each record, when, why and by whom: append-only. */
export async function write(query: Query, entries: readonly JournalEntry[], now: number): Promise<void> {
  if (entries.length === 0) return
  await query('journal', journalOf('$1', '$2'), [JSON.stringify(entries), at(now)])
}

/** The statement, for those who write more in the same one: which parameters hold the entries and the time. */
export const journalOf = (entries: string, now: string) =>
  `insert into journal (at, connection, entity, id, flow, who, what, words, detail)
   select ${now}::timestamptz, j.connection, j.entity, j.id, j.flow, j.who, j.what, j.words, j.detail
   from jsonb_to_recordset(${entries}::jsonb)
     j(connection text, entity text, id text, flow text, who text, what text, words text, detail jsonb)`
