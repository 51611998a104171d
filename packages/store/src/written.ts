import type { Db } from './db.ts'
import type { Echo, Written } from './store.ts'

/** The history has every state that was ever read, so the one that was written is there once only. */
export async function writtenFrom(
  db: Db,
  { connection, entity, id, from, sourceId }: Echo,
): Promise<Written> {
  const [row] = await db.query<Row>(
    'written-from',
    `with open as (
       select f.paused_at is not null or c.paused_at is not null held, greatest(d.owed_at, d.send_by, d.unanswered_by, (
         select a.at + f.in_flight_ms * interval '1 millisecond' from attempt a
         where a.flow = d.flow and a.id = d.id and a.attempt = d.attempt)) sent_by
       from delivery d join flow f on f.name = d.flow and f.active join connection c on c.name = d.to_connection
       where d.from_connection = $4 and d.entity = $2 and d.id = $5 and d.to_connection = $1 and (d.intent is not null and d.state <> 'skipped'
         or (d.sent_hash is null and d.attempt > 0 and d.state in ('ready', 'later', 'running'))))
     select w.version, w.at, (
       select h.canonical from record_history h where h.connection = w.from_connection and h.entity = w.entity
         and h.id = $5 and h.hash = w.source_hash order by h.seq desc limit 1) canonical,
       exists (select from open where not held) "isOpen", (select max(sent_by) from open where held) "heldSentBy"
     from (select) one left join written w
       on w.connection = $1 and w.entity = $2 and w.id = $3 and w.from_connection = $4`,
    [connection, entity, id, from, sourceId],
  )
  if (!row) return { isOpen: false, heldSentBy: null, last: null }
  const { isOpen, heldSentBy, version, at, canonical } = row
  return { isOpen, heldSentBy, last: at === null ? null : { version, at, canonical } }
}

interface Row {
  readonly version: string | null
  readonly at: number | null
  readonly canonical: unknown
  readonly isOpen: boolean
  readonly heldSentBy: number | null
}
