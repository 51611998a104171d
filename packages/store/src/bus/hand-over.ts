import type { EntityName } from '@linchpin/model'
import { at, ring, type Db, type Query } from '../db.ts'
import { write as writeJournal } from '../journal.ts'
import { lockEnds } from '../links.ts'
import type { FlowState, LinkKey } from '../store.ts'
import { byEntity } from './by-entity.ts'

/** What whoever carries a flow next must know of it. Each page is a message of its own. */
export type FlowPart =
  | {
      readonly is: 'flow'
      readonly since: number
      readonly paused: FlowState['paused']
      /** Of a flow in batches: the time of its last run, or since when it works so; null: it does not. */
      readonly batchSince: number | null
      /** When an older state was brought back here, or where it was carried before; null: never, as far as is known. */
      readonly lostAt: number | null
    }
  | { readonly is: 'unlinked'; readonly rows: readonly Row[] }
  | { readonly is: 'links'; readonly rows: readonly Row[] }
  | { readonly is: 'deliveries'; readonly rows: readonly Row[] }
/** As the table has it. */
export type Row = Readonly<Record<string, unknown>>

const PAGE = 500

/** Whether somebody still writes for this flow: a delivery is under way whose time is not over. */
export async function isUnderWay(db: Db, flow: string, now: number): Promise<boolean> {
  const rows = await db.query(
    'under-way',
    "select from delivery where flow = $1 and state = 'running' and lease_until > $2 limit 1",
    [flow, at(now)],
  )
  return rows.length > 0
}

/** Everything that is known of a flow and cannot be read anew: since when it runs, its links, its deliveries. */
export async function* flowParts(db: Db, name: string): AsyncIterable<FlowPart> {
  const [flow] = await db.query<FlowRow>(
    'flow-to-hand-over',
    `select since, from_connection, to_connection, paused_at "at", paused_by "by", paused_reason reason,
       case when batch_since is not null then
         greatest(batch_since, (select max(due_at) from run where run.flow = name)) end "batchSince",
       greatest(lost_at, (select lost_at from memory)) "lostAt"
     from flow where name = $1`,
    [name],
  )
  if (!flow) return
  const { since, batchSince, lostAt, at: pausedAt, by, reason } = flow
  const paused = pausedAt === null ? null : { at: pausedAt, by, reason }
  yield { is: 'flow', since, batchSince, lostAt, paused }
  const ends = [flow.from_connection, flow.to_connection].toSorted()
  for await (const rows of pages(after => linked(db, 'unlinked', ends, after))) yield { is: 'unlinked', rows }
  for await (const rows of pages(after => linked(db, 'link', ends, after))) yield { is: 'links', rows }
  for await (const rows of pages(after => deliveries(db, name, after))) yield { is: 'deliveries', rows }
}

interface FlowRow {
  readonly since: number
  readonly batchSince: number | null
  readonly lostAt: number | null
  readonly from_connection: string
  readonly to_connection: string
  readonly at: number | null
  readonly by: string
  readonly reason: string
}

async function* pages(read: (after: Row | null) => Promise<readonly Row[]>): AsyncIterable<readonly Row[]> {
  for (let last: Row | null = null; ;) {
    const rows = await read(last)
    if (rows.length > 0) yield rows
    if (rows.length < PAGE) return
    last = rows.at(-1) ?? null
  }
}

/** Links, or what stands no longer as one, between these two. */
async function linked(
  db: Db,
  table: 'link' | 'unlinked',
  ends: readonly string[],
  after: Row | null,
): Promise<readonly Row[]> {
  const text = (name: string) => String(after?.[name])
  const last = after && {
    entity: text('entity') as EntityName,
    left: text('left_id'),
    right: text('right_id'),
  }
  const rows = await byEntity(last, PAGE, (begin, most) =>
    db.query<{ row: Row }>(
      `${table}-to-hand-over`,
      `select to_jsonb(l) "row" from ${table} l where entity = $1 and left_connection = $2 and right_connection = $3
         and (left_id, right_id) > ($4, $5) order by left_id, right_id limit $6`,
      [begin.entity, ...ends, begin.left, begin.right, most],
    ),
  )
  return rows.map(({ row }) => row)
}

async function deliveries(db: Db, flow: string, after: Row | null): Promise<readonly Row[]> {
  const rows = await db.query<{ row: Row }>(
    'deliveries-to-hand-over',
    `select to_jsonb(d) "row" from delivery d where flow = $1 and id > $2 order by id limit ${PAGE}`,
    [flow, after?.['id'] ?? ''],
  )
  return rows.map(({ row }) => row)
}

/**
 * Lays what was handed over under what is known here of the flow. A delivery that was owed here meanwhile is owed still,
 * with what is known there of earlier writes; what was under way there has ended, as a write whose outcome may be
 * unknown. What was read before `now` may be older than what was written there. What was forgotten there after a loss is
 * as doubtful here: until it was looked at, each record of before may have been written. Safe to repeat.
 */
export async function takeOver(
  db: Db,
  flow: string,
  parts: AsyncIterable<FlowPart>,
  taking: Taking,
): Promise<boolean> {
  for await (const part of parts) if (!(await take(db, flow, part, taking))) return false
  return true
}

/**
 * Several nodes on one database may take one flow over at a time. `takes`: how often it was taken before this one looked
 * who carries it. As soon as one of them has it, and may send, the others lay nothing under what it does: they are
 * answered false.
 */
export interface Taking {
  readonly takes: number
  readonly now: number
}

export async function takes(db: Db, flow: string): Promise<number> {
  const [row] = await db.query<{ takes: number }>('takes', 'select takes from flow where name = $1', [flow])
  return row?.takes ?? 0
}

/** It is carried here: said before the first of its deliveries is claimed. */
export async function taken(db: Db, flow: string): Promise<void> {
  await db.query('taken', 'update flow set takes = takes + 1 where name = $1', [flow])
}

async function take(db: Db, flow: string, part: FlowPart, { takes, now }: Taking): Promise<boolean> {
  return db.transaction(async query => {
    if (part.is === 'unlinked' || part.is === 'links') await lockEnds(query, part.rows.flatMap(endsOf))
    const isOpen = 'select from flow where name = $1 and takes = $2 for no key update'
    if ((await query('is-open-to-take', isOpen, [flow, takes])).length === 0) return false
    await lay(query, flow, part, now)
    return true
  })
}

async function lay(query: Query, flow: string, part: FlowPart, now: number): Promise<void> {
  if (part.is === 'flow') {
    // An older version does not say it.
    const lost = part.lostAt == null ? null : at(part.lostAt)
    await query('take-flow', TAKE_FLOW, [flow, at(part.since), at(part.batchSince ?? now), lost])
    if (part.paused) await takePause(query, flow, part.paused, now)
    return
  }
  const rows = JSON.stringify(part.rows)
  if (part.is === 'unlinked') {
    await query('take-unlinked', TAKE_UNLINKED, [rows])
    await query('drop-unlinked', DROP_UNLINKED, [rows])
  } else if (part.is === 'links') await query('take-links', TAKE_LINKS, [rows])
  else await query('take-deliveries', TAKE_DELIVERIES, [rows, at(now)])
}

/** Of a link, or of what is linked no longer, as the table has it. */
function endsOf(row: Row): readonly LinkKey[] {
  const text = (name: string) => String(row[name])
  const [left, right] = [text('left_connection'), text('right_connection')]
  const entity = text('entity') as EntityName
  return [
    { entity, connection: left, id: text('left_id'), to: right },
    { entity, connection: right, id: text('right_id'), to: left },
  ]
}

/** Whoever paused it there meant the flow, wherever it is carried. */
async function takePause(
  query: Query,
  flow: string,
  { by, reason, ...paused }: NonNullable<FlowState['paused']>,
  now: number,
): Promise<void> {
  const news = await query(
    'take-pause',
    `update flow set paused_at = $2, paused_by = $3, paused_reason = $4
     where name = $1 and (paused_at, paused_by) is distinct from ($2, $3) returning name`,
    [flow, at(paused.at), by, reason],
  )
  if (news.length === 0) return
  await writeJournal(query, [{ flow, who: by, what: 'paused', words: reason }], now)
  await ring(query, ['control *'])
}

/** A run whose time came while the flow changed hands is due still; of a flow that works in batches from now on, none. */
const TAKE_FLOW = `
  update flow set since = $2, batch_since = case when batch_since is not null then $3::timestamptz end,
    lost_at = greatest(lost_at, $4)
  where name = $1`

const TAKE_UNLINKED = `
  insert into unlinked as u select * from jsonb_populate_recordset(null::unlinked, $1::jsonb)
  on conflict (entity, left_connection, right_connection, left_id, right_id)
    do update set at = greatest(u.at, excluded.at)`
/** What was unlinked there stood here since this process carried the flow last. */
const DROP_UNLINKED = `
  delete from link l using jsonb_populate_recordset(null::unlinked, $1::jsonb) u
  where l.entity = u.entity and l.left_connection = u.left_connection and l.right_connection = u.right_connection
    and l.left_id = u.left_id and l.right_id = u.right_id and l.at <= u.at`

/** What was heard here as unlinked since, and not yet there, does not come back. */
const TAKE_LINKS = `
  insert into link select * from jsonb_populate_recordset(null::link, $1::jsonb) l
  where not exists (select from unlinked u where l.entity = u.entity and l.left_connection = u.left_connection
    and l.right_connection = u.right_connection and l.left_id = u.left_id and l.right_id = u.right_id and l.at <= u.at)
  on conflict do nothing`

/** Those that a person must decide about stay with that person. */
const TAKE_DELIVERIES = `
  insert into delivery
  select (jsonb_populate_record(null::delivery, r || jsonb_build_object('seq', nextval('delivery_seq'),
    'node', null, 'lease_until', null, 'read_after', $2::timestamptz,
    'state', case when r->>'state' = 'running' then 'ready' else r->>'state' end))).*
  from jsonb_array_elements($1::jsonb) r
  on conflict (flow, id) do update set
    state = case when excluded.state in ('done', 'skipped') then 'ready' else excluded.state end,
    run_at = excluded.run_at, gen = greatest(delivery.gen, excluded.gen) + 1,
    force = delivery.force or excluded.force, fence = greatest(delivery.fence, excluded.fence) + 1,
    tries = excluded.tries, attempt = greatest(delivery.attempt, excluded.attempt),
    era = greatest(delivery.era, excluded.era), expect = excluded.expect,
    intent = excluded.intent, intent_key = excluded.intent_key, send_by = excluded.send_by,
    settled_by = excluded.settled_by, unanswered_by = excluded.unanswered_by, doubt_hash = excluded.doubt_hash,
    sent_hash = excluded.sent_hash,
    problem_kind = excluded.problem_kind, problem = excluded.problem, parked_at = excluded.parked_at,
    read_after = excluded.read_after, sure_since = excluded.sure_since`

/** What another process carries now is not owed here any more. */
export async function letGo(db: Db, flow: string): Promise<void> {
  await db.query('let-go', 'delete from delivery where flow = $1', [flow])
}
