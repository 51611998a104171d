import type { EntityName } from '@linchpin/model'
import { at, type Db } from '../db.ts'

/** What a flow did in one stretch of time. */
export interface Activity {
  readonly flow: string
  readonly from: number
  readonly created: number
  readonly updated: number
  readonly failed: number
  readonly skipped: number
  readonly parked: number
}

/** Per flow and stretch of `stepMs`, from `since` on; stretches in which nothing happened are left out. */
export async function activity(
  db: Db,
  { since, stepMs, flow = null }: { since: number; stepMs: number; flow?: string | null },
): Promise<readonly Activity[]> {
  return db.query<Activity>(
    'activity',
    `select flow, min_at "from", sum(created)::int created, sum(updated)::int updated, sum(failed)::int failed,
       sum(skipped)::int skipped, sum(parked)::int parked
     from (
       select flow, date_bin(make_interval(secs => $2), at, 'epoch') min_at,
         (operation = 'create' and outcome is not distinct from 'applied')::int created,
         (operation = 'update' and outcome is not distinct from 'applied')::int updated,
         -- Of an attempt that is under way, nobody knows the outcome yet.
         (outcome is not null and outcome <> 'applied')::int failed, 0 skipped, 0 parked
       from attempt where at >= $1 and ($3::text is null or flow = $3)
       union all
       select flow, date_bin(make_interval(secs => $2), at, 'epoch'), 0, 0, 0,
         (what = 'skipped')::int, (what = 'parked')::int
       from journal where at >= $1 and flow is not null and what in ('skipped', 'parked')
         and ($3::text is null or flow = $3)) happened
     group by flow, min_at order by min_at desc, flow`,
    [at(since), stepMs / 1000, flow],
  )
}

/** How often something happened to records of a connection, by the journal. */
export interface Happened {
  readonly connection: string
  readonly entity: EntityName
  readonly what: string
  readonly count: number
}

export async function happened(
  db: Db,
  { since, until }: { since: number; until: number },
): Promise<readonly Happened[]> {
  return db.query<Happened>(
    'happened',
    `select connection, entity, what, count(*)::int count from journal
     where at >= $1 and at < $2 and entity is not null group by connection, entity, what order by 1, 2, 3`,
    [at(since), at(until)],
  )
}

/** How many of a flow's deliveries that were owed since then were settled in time. */
export interface Punctuality {
  readonly flow: string
  readonly all: number
  readonly inTime: number
}

export async function punctuality(
  db: Db,
  { since, withinMs, now }: { since: number; withinMs: number; now: number },
): Promise<readonly Punctuality[]> {
  return db.query<Punctuality>(
    'punctuality',
    `select flow, count(*)::int "all",
       count(*) filter (where state = 'done' and settled_at <= owed_at + make_interval(secs => $2))::int "inTime"
     from delivery where owed_at >= $1 and state <> 'skipped'
       and (state = 'done' or owed_at < $3::timestamptz - make_interval(secs => $2))
     group by flow`,
    [at(since), withinMs / 1000, at(now)],
  )
}

/** What is left of each connection's budget of requests, by the shared limiter. */
export async function tokens(
  db: Db,
): Promise<readonly { readonly name: string; readonly tokens: number | null; readonly at: number | null }[]> {
  return db.query('tokens', 'select name, tokens, tokens_at "at" from connection order by name')
}
