import type { EntityName } from '@linchpin/model'
import { at, ring, type Db, type Query } from './db.ts'
import { write as writeJournal } from './journal.ts'
import type { ConnectionState, FlowState, Pause, PauseTarget, Registration } from './store.ts'

/** Connections and flows as the configuration has them now. What it no longer names stays, inactive, with its history. */
export async function register(db: Db, setup: Registration, now: number): Promise<void> {
  await db.transaction(async query => {
    await query(
      'register-connections',
      `insert into connection (name, connector, since)
       select c.name, c.connector, $2 from jsonb_to_recordset($1::jsonb) c(name text, connector text) order by 1
       on conflict (name) do update set connector = excluded.connector`,
      [JSON.stringify(setup.connections), at(now)],
    )
    await query('retire-flows', 'update flow set active = false where not name = any($1::text[])', [
      setup.flows.map(flow => flow.name),
    ])
    await query(
      'register-flows',
      `insert into flow (name, entity, from_connection, to_connection, active, priority, since, batch_since,
         in_flight_ms, unseen_ms)
       select f.name, f.entity, f."from", f."to", true, f.priority, $2, case when f.batch then $2::timestamptz end,
         f."inFlightMs", f."unseenMs"
       from jsonb_to_recordset($1::jsonb)
         f(name text, entity text, "from" text, "to" text, priority int, batch boolean, "inFlightMs" int,
           "unseenMs" int) order by 1
       on conflict (name) do update set entity = excluded.entity, from_connection = excluded.from_connection,
         to_connection = excluded.to_connection, active = true, priority = excluded.priority,
         in_flight_ms = excluded.in_flight_ms, unseen_ms = excluded.unseen_ms,
         batch_since = case when excluded.batch_since is not null
           then coalesce(flow.batch_since, excluded.batch_since) end`,
      [JSON.stringify(setup.flows), at(now)],
    )
    await query(
      'end-runs',
      `update run set ended_at = $1 where ended_at is null
         and flow in (select name from flow where batch_since is null or not active)`,
      [at(now)],
    )
    await query(
      'register-polls',
      `insert into poll (connection, entity, next_at)
       select p.connection, p.entity, $2 from jsonb_to_recordset($1::jsonb) p(connection text, entity text) order by 1, 2
       on conflict do nothing`,
      [JSON.stringify(setup.polls), at(now)],
    )
    // A flow that looked once a night yesterday may look every minute today. One that failed keeps its pause.
    await query(
      'advance-polls',
      `update poll set next_at = p.by from jsonb_to_recordset($1::jsonb) p(connection text, entity text, by timestamptz)
       where poll.connection = p.connection and poll.entity = p.entity and poll.next_at > p.by and poll.failures = 0`,
      [
        JSON.stringify(
          setup.polls.map(({ by, ...poll }) => ({ ...poll, by: by === undefined ? null : at(by) })),
        ),
      ],
    )
  })
}

interface ConnectionRow {
  readonly name: string
  readonly connector: string
  readonly paused_at: number | null
  readonly paused_by: string | null
  readonly paused_reason: string | null
  readonly paused_kind: string | null
  readonly blocked_until: number | null
  readonly left_alone_until: number | null
  readonly failures: number
}

export async function connections(db: Db): Promise<readonly ConnectionState[]> {
  const rows = await db.query<ConnectionRow>(
    'connections',
    `select name, connector, paused_at, paused_by, paused_reason, paused_kind,
       greatest(blocked_until, left_alone_until) blocked_until, left_alone_until, failures
     from connection order by name`,
  )
  const polls = await db.query<{
    connection: string
    entity: EntityName
    next_at: number
    finished_at: number | null
    rounds: number
    problem: string | null
  }>(
    'polls',
    'select connection, entity, next_at, finished_at, rounds, problem from poll order by connection, entity',
  )
  return rows.map(row => ({
    name: row.name,
    connector: row.connector,
    paused:
      row.paused_at === null
        ? null
        : {
            at: row.paused_at,
            by: row.paused_by ?? '',
            reason: row.paused_reason ?? '',
            kind: row.paused_kind,
          },
    blockedUntil: row.blocked_until,
    leftAloneUntil: row.left_alone_until,
    failures: row.failures,
    polls: polls
      .filter(poll => poll.connection === row.name)
      .map(poll => ({
        entity: poll.entity,
        nextAt: poll.next_at,
        finishedAt: poll.finished_at,
        rounds: poll.rounds,
        problem: poll.problem,
      })),
  }))
}

export async function flows(db: Db): Promise<readonly FlowState[]> {
  const rows = await db.query<{
    name: string
    entity: EntityName
    from_connection: string
    to_connection: string
    active: boolean
    since: number
    paused_at: number | null
    paused_by: string | null
    paused_reason: string | null
    batch_since: number | null
    due_at: number | null
    ended_at: number | null
    cut_at: number | null
    asked: boolean
  }>(
    'flows',
    `select name, entity, from_connection, to_connection, active, since, paused_at, paused_by, paused_reason,
       batch_since, r.due_at, r.ended_at,
       case when batch_since is not null then (select max(cut_at) from run where run.flow = name) end cut_at,
       batch_since is not null and exists (
         select 1 from delivery d where d.flow = name and d.state = 'ready' and (d.force or d.tries > 0)) asked
     from flow left join lateral (
       select due_at, ended_at from run where run.flow = name and batch_since is not null
       order by due_at desc limit 1) r on true
     order by priority, name`,
  )
  return rows.map(row => ({
    name: row.name,
    entity: row.entity,
    from: row.from_connection,
    to: row.to_connection,
    active: row.active,
    since: row.since,
    paused:
      row.paused_at === null
        ? null
        : { at: row.paused_at, by: row.paused_by ?? '', reason: row.paused_reason ?? '' },
    batch:
      row.batch_since === null
        ? null
        : {
            since: row.batch_since,
            run: row.due_at === null ? null : { dueAt: row.due_at, endedAt: row.ended_at },
            cutAt: row.cut_at,
            asked: row.asked,
          },
  }))
}

/**
 * Paused over, the question whether a system was restored from a backup would be gone with the end of the other pause: it
 * stands until it is answered, and the system is paused anyhow.
 */
export async function pause(db: Db, { target, who, reason, kind }: Pause, now: number): Promise<void> {
  await db.transaction(async query => {
    const values = [nameOf(target), at(now), who, reason]
    if ('flow' in target)
      await query(
        'pause-flow',
        'update flow set paused_at = $2, paused_by = $3, paused_reason = $4 where name = $1',
        values,
      )
    else
      await query(
        'pause-connection',
        `update connection set paused_at = $2, paused_by = $3, paused_reason = $4, paused_kind = $5
         where name = $1 and (paused_at is null or ($5::text is null and paused_kind is distinct from 'restored'))`,
        [...values, kind],
      )
    await journalOf(query, target, who, 'paused', reason, now)
    await ring(query, ['control *'])
  })
}

export async function resume(db: Db, target: PauseTarget, who: string, now: number): Promise<boolean> {
  return db.transaction(async query => {
    const table = 'flow' in target ? 'flow' : 'connection'
    // What became of it meanwhile nobody saw: it counts as out of order until it was looked at (engine's restored.ts),
    // unless that is what it was paused for.
    const reset =
      table === 'connection'
        ? `, paused_kind = null, blocked_until = null, failures = case when paused_kind = 'restored' then 0 else 3 end`
        : ''
    const rows = await query<{ name: string }>(
      `resume-${table}`,
      `update ${table} set paused_at = null, paused_by = null, paused_reason = null${reset}
       where name = $1 and paused_at is not null returning name`,
      [nameOf(target)],
    )
    if (rows.length === 0) return false
    await journalOf(query, target, who, 'resumed', 'Resumed.', now)
    await ring(query, ['*'])
    return true
  })
}

const nameOf = (target: PauseTarget) => ('flow' in target ? target.flow : target.connection)

async function journalOf(
  query: Query,
  target: PauseTarget,
  who: string,
  what: string,
  words: string,
  now: number,
): Promise<void> {
  await writeJournal(query, [{ ...target, who, what, words }], now)
}

export async function block(db: Db, connection: string, until: number | null): Promise<number> {
  return db.transaction(async query => {
    const [row] = await query<{ failures: number }>(
      'block',
      `update connection set blocked_until = greatest(blocked_until, $2), failures = case when $2::timestamptz is null then 0 else failures + 1 end
       where name = $1 returning failures`,
      [connection, until === null ? null : at(until)],
    )
    if (until !== null) await ring(query, ['control *'])
    return row?.failures ?? 0
  })
}

export async function leaveAlone(db: Db, connection: string, until: number): Promise<void> {
  await db.transaction(async query => {
    const later = await query(
      'leave-alone',
      `update connection set left_alone_until = $2
       where name = $1 and (left_alone_until is null or left_alone_until < $2) returning name`,
      [connection, at(until)],
    )
    if (later.length > 0) await ring(query, ['control *'])
  })
}

export async function disturb(db: Db, connection: string, who: string, now: number): Promise<boolean> {
  return db.transaction(async query => {
    const [asked] = await query<{ until: number }>(
      'disturb',
      'select left_alone_until "until" from connection where name = $1 and left_alone_until > $2 for update',
      [connection, at(now)],
    )
    if (!asked) return false
    await query('disturb-connection', 'update connection set left_alone_until = null where name = $1', [
      connection,
    ])
    for (const [name, text] of Object.entries(WAITING_FOR_IT)) await query(name, text, [connection, at(now)])
    const words = `Resumed, although it had asked to be left alone until ${at(asked.until)}.`
    await writeJournal(query, [{ connection, who, what: 'resumed', words }], now)
    await ring(query, ['*'])
    return true
  })
}

/** What was put off because it was told to wait. A second look at a record is made for its own reason, and in its time. */
const WAITING_FOR_IT = {
  'disturb-deliveries': `update delivery set run_at = $2
    where to_connection = $1 and state = 'later' and problem_kind = 'busy' and run_at > $2`,
  'disturb-notices': `update notice set run_at = $2
    where connection = $1 and state = 'later' and tries > 0 and run_at > $2`,
  'disturb-polls': `update poll set next_at = $2 where connection = $1 and problem is not null and next_at > $2`,
}

/**
 * A token bucket in one row, shared by every node: it holds `requests`, fills in `perMs`, and may be overdrawn by
 * callers that then wait for their turn, so that turns are given in the order of asking. Nobody waits for the disk: what a
 * power cut takes back is a few requests that the remote counts too, and it says so when they were too many.
 */
export async function spend(
  db: Db,
  {
    connection,
    cost,
    requests,
    perMs,
    now,
  }: { connection: string; cost: number; requests: number; perMs: number; now: number },
): Promise<number> {
  const [row] = await db.query<{ tokens: number }>(
    'spend',
    `with quick as (select set_config('synchronous_commit', 'off', true))
     update connection set
       tokens = least($3::float8, coalesce(tokens, $3) + coalesce(
         greatest(0, extract(epoch from $5::timestamptz - tokens_at)) * 1000 * $3 / $4::float8, 0)) - $2::float8,
       tokens_at = greatest($5::timestamptz, coalesce(tokens_at, $5))
     from quick where name = $1 returning tokens`,
    [connection, cost, requests, perMs, at(now)],
  )
  const tokens = row?.tokens ?? 0
  return tokens >= 0 ? 0 : Math.ceil((-tokens * perMs) / requests)
}

export async function beat(db: Db, node: string, now: number, deadAfterMs: number): Promise<void> {
  await db.transaction(async query => {
    await query(
      'beat',
      `insert into node (name, started_at, seen_at) values ($1, $2, $2)
       on conflict (name) do update set seen_at = excluded.seen_at`,
      [node, at(now)],
    )
    const dead = await query<{ name: string }>('bury', 'delete from node where seen_at < $1 returning name', [
      at(now - deadAfterMs),
    ])
    // Its leases end now. But a node that is only slow is alive: a write that it has begun is left to it until it sends
    // no more, else two would write one record at the same time.
    await query(
      'free',
      `update delivery set lease_until = least(lease_until, greatest($2, send_by))
       where state = 'running' and lease_until > $2
         and (node = any($1::text[]) or not exists (select 1 from node n where n.name = delivery.node))`,
      [dead.map(row => row.name), at(now)],
    )
  })
}
