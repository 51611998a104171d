import type { EntityName } from '@linchpin/model'
import { at, ring, ringing, type Db, type Query } from './db.ts'
import type { Cause, Hint, Notice } from './store.ts'

/** Notifications: one row a record, whatever rang and however often. */
export async function notify(db: Db, hints: readonly Hint[], now: number): Promise<void> {
  await addHints(db.query, hints, now)
}

export async function addHints(query: Query, hints: readonly Hint[], now: number): Promise<void> {
  if (hints.length === 0) return
  const rows = unique(hints).map(hint => ({
    ...hint,
    force: hint.force ?? false,
    at: at(Math.max(hint.at ?? now, now)),
  }))
  await query(
    'notify',
    `with kept as (insert into notice (connection, entity, id, cause, force, state, run_at)
     select h.connection, h.entity, h.id, h.cause, h.force, case when h.at > $2 then 'later' else 'ready' end, h.at
     from jsonb_to_recordset($1::jsonb) h(connection text, entity text, id text, cause text, force boolean, at timestamptz)
     order by h.connection, h.entity, h.id
     on conflict (connection, entity, id) do update set
       gen = notice.gen + case when ${TOO_EARLY} then 0 else 1 end,
       again_at = case when ${TOO_EARLY} then greatest(notice.again_at, excluded.run_at) else notice.again_at end,
       again_cause = case when ${TOO_EARLY} then excluded.cause else notice.again_cause end,
       cause = case when ${TOO_EARLY} then notice.cause else excluded.cause end, force = notice.force or excluded.force, tries = 0,
       state = case when notice.state = 'later' and excluded.state = 'ready' then 'ready' else notice.state end,
       run_at = least(notice.run_at, excluded.run_at)
     returning connection)
     ${ringing("select distinct 'notices ' || connection from kept")}`,
    [JSON.stringify(rows), at(now)],
  )
}

/** What is under way, or due before, does not answer what was asked for later, and is read for its own cause. */
const TOO_EARLY = "excluded.state = 'later' and notice.run_at < excluded.run_at"

export async function claimNotices(
  db: Db,
  claim: { connection: string; limit: number; leaseMs: number; now: number },
): Promise<readonly Notice[]> {
  const rows = await db.query<NoticeRow>(
    'claim-notices',
    `update notice n set state = 'running', lease_until = $4, fence = n.fence + 1, claimed_gen = n.gen,
       again_at = case when n.again_at > $3 then n.again_at end,
       again_cause = case when n.again_at > $3 then n.again_cause end
     from (select connection, entity, id from notice where connection = $1 and state = 'ready' and run_at <= $3
           order by seq limit $2 for update skip locked) picked
     where n.connection = picked.connection and n.entity = picked.entity and n.id = picked.id
     returning n.connection, n.entity, n.id, n.cause, n.force, n.gen, n.fence, n.tries`,
    [claim.connection, claim.limit, at(claim.now), at(claim.now + claim.leaseMs)],
  )
  return rows.toSorted((left, right) => (left.entity + left.id < right.entity + right.id ? -1 : 1))
}

interface NoticeRow {
  readonly connection: string
  readonly entity: EntityName
  readonly id: string
  readonly cause: Cause
  readonly force: boolean
  readonly gen: number
  readonly fence: number
  readonly tries: number
}

/** Answered: gone, unless it rang again meanwhile, or is to be read once more later. */
export async function finishNotices(query: Query, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return
  const keys = columns(notices)
  const done = await query(
    'finish-notices',
    `with mine as materialized (${IN_ORDER})
     delete from notice n using mine m
     where n.connection = m.connection and n.entity = m.entity and n.id = m.id and n.fence = m.fence
       and n.state = 'running' and n.gen = n.claimed_gen and n.again_at is null
     returning n.id`,
    keys,
  )
  if (done.length === notices.length) return
  const again = await query<{ connection: string }>(
    'ring-again',
    `with k as materialized (
       select u.*, nextval('notice_seq') next_seq
       from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) u(connection, entity, id, fence))
     update notice n set lease_until = null, seq = k.next_seq,
       state = case when n.gen = n.claimed_gen then 'later' else 'ready' end,
       run_at = case when n.gen = n.claimed_gen then n.again_at else n.run_at end,
       cause = case when n.gen = n.claimed_gen then coalesce(n.again_cause, n.cause) else n.cause end,
       again_at = case when n.gen <> n.claimed_gen then n.again_at end,
       again_cause = case when n.gen <> n.claimed_gen then n.again_cause end
     from k where n.connection = k.connection and n.entity = k.entity and n.id = k.id and n.fence = k.fence
       and n.state = 'running'
     returning n.connection`,
    keys,
  )
  await ring(
    query,
    again.map(row => `notices ${row.connection}`),
  )
}

/**
 * Locked in the order in which they are rung, and all at once: one that rings again is not to wait for another that does,
 * while that one waits for it.
 */
const IN_ORDER = `select n.connection, n.entity, n.id, n.fence
  from notice n join unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) k(connection, entity, id, fence)
    on n.connection = k.connection and n.entity = k.entity and n.id = k.id and n.fence = k.fence
  where n.state = 'running' order by n.connection, n.entity, n.id for update of n`

export async function retryNotices(db: Db, notices: readonly Notice[], when: number): Promise<void> {
  if (notices.length === 0) return
  await db.query(
    'retry-notices',
    `with k as materialized (${IN_ORDER})
     update notice n set state = 'later', run_at = $5, lease_until = null, tries = n.tries + 1 from k
     where n.connection = k.connection and n.entity = k.entity and n.id = k.id and n.fence = k.fence
       and n.state = 'running'`,
    [...columns(notices), at(when)],
  )
}

function columns(notices: readonly Notice[]): unknown[] {
  return [
    notices.map(notice => notice.connection),
    notices.map(notice => notice.entity),
    notices.map(notice => notice.id),
    notices.map(notice => notice.fence),
  ]
}

/** One INSERT may touch a row once only. */
function unique(hints: readonly Hint[]): readonly Hint[] {
  const byKey = new Map<string, Hint>()
  for (const hint of hints) {
    const key = JSON.stringify([hint.connection, hint.entity, hint.id])
    const known = byKey.get(key)
    byKey.set(key, known?.force ? { ...hint, force: true } : hint)
  }
  return [...byKey.values()]
}
