import type { EntityName } from '@linchpin/model'
import { addNews, newsOfOutcome, type Publishing } from './bus/outbox.ts'
import { at, ring, type Db } from './db.ts'
import { write as writeJournal } from './journal.ts'
import { addHints } from './notices.ts'
import { lockEveryEnd, sides } from './links.ts'
import { isOne, KEYS, removeLinks, rowOf } from './unlink.ts'
import type { LinkQuery, LostRecord, Recovered, Recovery, Witness } from './store.ts'

/** The newest first: after a restore from a backup, it is the newest that are missing. */
export async function newestLinks(db: Db, query: LinkQuery): Promise<readonly Witness[]> {
  const { connection, entity, limit, after, which } = query
  const position = after === null ? [null, '', '', '', ''] : positionOf(connection, after)
  return db.query<Witness>('newest-links', NEWEST, [connection, entity, limit, which, ...position])
}

const NEWEST = `
  select l.entity, case when l.left_connection = $1 then l.left_id else l.right_id end id,
    case when l.left_connection = $1 then l.right_connection else l.left_connection end "to",
    case when l.left_connection = $1 then l.right_id else l.left_id end "targetId", l.alias, l.at, l.how, l.flow,
    r.canonical, r.gone_at "goneAt"
  from link l
  left join record r on r.connection = $1 and r.entity = l.entity
    and r.id = case when l.left_connection = $1 then l.left_id else l.right_id end
  where l.entity = $2 and (l.left_connection = $1 or l.right_connection = $1)
    and ($5::timestamptz is null or
      (l.at, l.left_connection, l.right_connection, l.left_id, l.right_id) < ($5, $6, $7, $8, $9))
    and ($4 = 'all' or (r.gone_at is null and ($4 = 'not gone' or (r.missed_at is null and l.missing_in is distinct from $1))))
  order by l.at desc, l.left_connection desc, l.right_connection desc, l.left_id desc, l.right_id desc
  limit $3`

export async function markLinks(
  db: Db,
  connection: string,
  are: 'missing' | 'there',
  links: readonly Witness[],
): Promise<void> {
  const keys = JSON.stringify(links.map(each => rowOf({ ...each, connection })))
  const missingIn = are === 'missing' ? connection : null
  await db.query(
    'mark-links',
    // What is missing in the other one is for that one to find again.
    `update link l set missing_in = coalesce($2, nullif(l.missing_in, $3)) from ${KEYS} where ${isOne('l')}`,
    [keys, missingIn, connection],
  )
}

function positionOf(connection: string, { at: made, id, to, targetId }: Witness): unknown[] {
  const { left, right, forward } = sides({ connection, to })
  return [at(made), left, right, ...(forward ? [id, targetId] : [targetId, id])]
}

/**
 * What a restored system forgot is no longer linked, and is brought there again: what was created is looked for by its key
 * and created anew; what was written since is written again; everything that it has is read from the beginning.
 */
export async function recover(
  db: Db,
  recovery: Recovery,
  now: number,
  publishing: Publishing | null,
): Promise<Recovered> {
  return db.transaction(async query => {
    await lockEveryEnd(query)
    const lost = JSON.stringify(recovery.lost)
    const gone = recovery.lost.map(each => rowOf({ ...each, connection: recovery.connection }))
    await removeLinks(query, gone, now, publishing)
    const created = await query<Owed>('recover-created', CREATED, [recovery.connection, lost, at(now)])
    const ended = await query<Owed & { flow: string }>('recover-sources', SOURCES, [
      recovery.connection,
      lost,
      at(now),
    ])
    if (publishing) await addNews(query, ended.map(newsOfOutcome))
    const again = await query<Owed>('recover-written', WRITTEN, [
      recovery.connection,
      at(recovery.since),
      at(now),
    ])
    await query(
      'recover-polls',
      'update poll set cursor = null, next_at = $2, lease_until = null, fence = fence + 1 where connection = $1',
      [recovery.connection, at(now)],
    )
    await addHints(query, hintsOf(recovery), now)
    await writeJournal(query, wordsOf(recovery), now)
    await ring(query, ['*'])
    return { created: created.length, again: again.length }
  })
}

interface Owed {
  readonly id: string
}

const LOST = `jsonb_to_recordset($2::jsonb) k(entity text, id text, "to" text, "targetId" text, look boolean, "isOther" boolean)`
const CLEAN = `gen = d.gen + 1, sent_hash = null, force = true, tries = 0, problem_kind = null, problem = null,
  parked_at = null, expect = null, unanswered_by = null, doubt_hash = ''`

/** Also what was parked with an open create: it may be there under an id that was linked to what is lost. */
const CREATED = `
  with due as materialized (
    select o.flow, o.id, o.look, nextval('delivery_seq') next_seq from (
      select d.flow, d.id, bool_or(coalesce(k.look, true)) look from delivery d
      left join ${LOST} on k.entity = d.entity and k."to" = d.from_connection and k."targetId" = d.id
      where d.to_connection = $1 and (k.id is not null or (d.state = 'parked' and (d.intent = 'create' or d.problem_kind = 'taken')))
      group by d.flow, d.id order by d.flow, d.id) o)
  update delivery d set state = case when d.state = 'running' then d.state else 'ready' end, run_at = $3,
    intent = case when due.look then 'create' end,
    intent_key = case when due.look then
      d.from_connection || '/' || d.entity || '/' || d.id || case when d.era = 0 then '' else '~' || d.era end end,
    send_by = case when due.look then $3::timestamptz end, settled_by = case when due.look then $3::timestamptz end,
    seq = due.next_seq, ${CLEAN}
  from due where d.flow = due.flow and d.id = due.id
  returning d.id`

/** Their ids are given to other records: from now on these have keys of their own. */
const SOURCES = `
  update delivery d set era = d.era + 1, intent = null, intent_key = null, send_by = null, settled_by = null, ${CLEAN},
    settled_at = case when d.state = 'parked' then $3::timestamptz else d.settled_at end,
    state = case when d.state = 'parked' then 'skipped' else d.state end
  from (select distinct entity, id from ${LOST}) gone
  where d.from_connection = $1 and d.entity = gone.entity and d.id = gone.id
  returning d.flow, d.id`

/** Also what waits for its turn: what it sent before is forgotten there, even if it is the same now. */
const WRITTEN = `
  with due as materialized (
    select o.*, nextval('delivery_seq') next_seq from (
      select flow, id from delivery where to_connection = $1 and state <> 'skipped' and settled_at >= $2
      order by flow, id) o)
  update delivery d set state = case when d.state = 'done' then 'ready' else d.state end,
    run_at = case when d.state = 'done' then $3 else d.run_at end, force = true, sent_hash = null, gen = d.gen + 1,
    seq = due.next_seq
  from due where d.flow = due.flow and d.id = due.id
  returning d.id`

function hintsOf({ connection, lost }: Recovery) {
  return lost.map(({ entity, id, isOther }) => ({
    connection,
    entity,
    id,
    cause: 'vanished' as const,
    force: isOther,
  }))
}

function wordsOf({ connection, lost, who }: Recovery) {
  const each = lost.map(({ entity, id, to, targetId, isOther }: LostRecord & { entity: EntityName }) => ({
    connection,
    entity,
    id,
    who,
    what: 'lost',
    words: `${connection} was restored from a backup, and ${isOther ? 'this is another record now' : 'it is not there any more'}: no longer linked to ${targetId} of ${to}.`,
  }))
  const words = `Recovered after it was restored from a backup: ${lost.length} records were lost.`
  return [...each, { connection, who, what: 'recovered', words }]
}
