import type { EntityName } from '@linchpin/model'
import { at, ring, type Db, type Query } from './db.ts'
import type { Run, Settlement } from './store.ts'

/**
 * Runs of flows that work in batches. What is owed meanwhile stands in the deliveries as always; a run only opens the
 * door for what was owed until its source had been read.
 */
export async function beginRun(
  db: Db,
  { flow, dueAt, leftOut }: { flow: string; dueAt: number; leftOut: boolean },
  now: number,
): Promise<boolean> {
  return db.transaction(async query => {
    // Its rest goes with the new one.
    if (!leftOut)
      await query(
        'close-run',
        'update run set ended_at = $3 where flow = $1 and due_at < $2 and ended_at is null',
        [flow, at(dueAt), at(now)],
      )
    const begun = await query<{ flow: string }>(
      'begin-run',
      `insert into run (flow, due_at, left_out, began_at, ended_at)
       values ($1, $2, $3, $4::timestamptz, case when $3 then $4::timestamptz end) on conflict do nothing returning flow`,
      [flow, at(dueAt), leftOut, at(now)],
    )
    return begun.length > 0
  })
}

interface Open {
  readonly due_at: number
  readonly began_at: number
  readonly cut_at: number | null
  readonly connection: string
  readonly entity: EntityName
  /** What came until then counts for the run before. */
  readonly since: number
}

/** Goes on with the flow's open run, and answers how far it is; null: none is open. */
export async function turnRun(
  db: Db,
  flow: string,
  now: number,
): Promise<'reading' | 'delivering' | 'ended' | null> {
  return db.transaction(async query => {
    const [open] = await query<Open>(
      'open-run',
      `select r.due_at, r.began_at, r.cut_at, f.from_connection connection, f.entity,
         coalesce((select max(cut_at) from run where run.flow = $1), f.batch_since, r.began_at) since
       from run r join flow f on f.name = r.flow where r.flow = $1 and r.ended_at is null for update of r`,
      [flow],
    )
    if (!open) return null
    if (open.cut_at === null) return (await cut(query, flow, open, now)) ? 'delivering' : 'reading'
    return (await end(query, flow, now)) ? 'ended' : 'delivering'
  })
}

/** The source has been read since the run began, or it cannot be listed; else its poll is asked to hurry. */
async function cut(query: Query, flow: string, open: Open, now: number): Promise<boolean> {
  const place = [open.connection, open.entity]
  const [poll] = await query<{ caught_up_at: number | null }>(
    'run-poll',
    'select caught_up_at from poll where connection = $1 and entity = $2',
    place,
  )
  if (poll && (poll.caught_up_at ?? 0) < open.began_at) {
    // One that failed keeps its pause.
    const hurried = await query<{ connection: string }>(
      'hurry-poll',
      `update poll set next_at = $3
       where connection = $1 and entity = $2 and failures = 0 and next_at > $3 returning connection`,
      [...place, at(now)],
    )
    await ring(
      query,
      hurried.map(({ connection }) => `polls ${connection}`),
    )
    return false
  }
  await query('cut-run', 'update run set cut_at = $2 where flow = $1 and ended_at is null', [flow, at(now)])
  if (!poll) await query('count-told', COUNT_TOLD, [flow, ...place, at(open.since), at(now)])
  await ring(query, ['deliveries *'])
  return true
}

/** Nobody here reads it page by page: what others told of it, or webhooks, since the run before. */
const COUNT_TOLD = `
  update run set read = read + (
    select count(distinct id) from record_history where connection = $2 and entity = $3 and at > $4 and at <= $5)
  where flow = $1 and ended_at is null`

/** Everything that belongs to it was tried: settled, parked, or in its pauses. */
async function end(query: Query, flow: string, now: number): Promise<boolean> {
  const ended = await query<{ flow: string }>(
    'end-run',
    `update run r set ended_at = $2 where r.flow = $1 and r.ended_at is null and not exists (
       select 1 from delivery d where d.flow = $1 and d.state in ('ready', 'later', 'running', 'waiting')
         and d.owed_at <= r.cut_at and d.tries = 0 and (d.settled_at is null or d.settled_at < d.owed_at))
     returning r.flow`,
    [flow, at(now)],
  )
  return ended.length > 0
}

/** Records that a poll read while these flows' runs were reading. */
export async function countRead(query: Query, flows: readonly string[], count: number): Promise<void> {
  if (flows.length === 0 || count === 0) return
  await query(
    'count-read',
    'update run set read = read + $2 where flow = any($1::text[]) and ended_at is null and cut_at is null',
    [flows, count],
  )
}

/** What became of deliveries that count for their flow's open run. */
export async function countSettled(query: Query, settlements: readonly Settlement[]): Promise<void> {
  const counted = settlements.filter(({ delivery }) => delivery.inRun)
  for (const flow of new Set(counted.map(({ delivery }) => delivery.flow)))
    await countFlow(
      query,
      flow,
      counted.filter(({ delivery }) => delivery.flow === flow),
    )
}

async function countFlow(query: Query, flow: string, settlements: readonly Settlement[]): Promise<void> {
  const many = (what: string) => settlements.filter(each => effectOf(each) === what).length
  const counts = ['created', 'updated', 'unchanged', 'skipped', 'parked'].map(many)
  if (counts.every(count => count === 0)) return
  await query(
    'count-settled',
    `update run set created = created + $2, updated = updated + $3, unchanged = unchanged + $4,
       skipped = skipped + $5, parked = parked + $6 where flow = $1 and ended_at is null`,
    [flow, ...counts],
  )
}

function effectOf({ is, delivery }: Settlement): string {
  if (is === 'applied') return delivery.targetId === null ? 'created' : 'updated'
  return is
}

/** The last runs of a flow, the newest first. */
export async function runs(
  db: Db,
  { flow, limit }: { flow: string; limit: number },
): Promise<readonly Run[]> {
  return db.query<Run>(
    'runs',
    `select flow, due_at "dueAt", left_out "leftOut", began_at "beganAt", cut_at "cutAt", ended_at "endedAt", read,
       created, updated, unchanged, skipped, parked
     from run where flow = $1 order by due_at desc limit $2`,
    [flow, limit],
  )
}
