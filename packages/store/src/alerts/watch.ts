import { at, type Db, type Query } from '../db.ts'
import type { AlertTurn, Incident, NewAlertMessage, Told } from './alerts.ts'

/** Ours is the look at how everything stands, until the lease ends. Null: another node looks. */
export async function claimWatch(
  db: Db,
  { leaseMs, now }: { leaseMs: number; now: number },
): Promise<number | null> {
  const [row] = await db.query<{ fence: number }>(
    'claim-alert-watch',
    `insert into alert_watch (lease_until, fence) values ($1, 1)
     on conflict (one) do update set lease_until = excluded.lease_until, fence = alert_watch.fence + 1
       where alert_watch.lease_until is null or alert_watch.lease_until <= $2
     returning fence`,
    [at(now + leaseMs), at(now)],
  )
  return row?.fence ?? null
}

/** Longer than any digest and any quiet hours: what ended meanwhile is still to be told. */
const REMEMBER_MS = 30 * 24 * 3_600_000
const HISTORY_MS = 90 * 24 * 3_600_000

interface IncidentRow extends Omit<Incident, 'beganAt' | 'seenAt' | 'endedAt'> {
  readonly began_at: number
  readonly seen_at: number
  readonly ended_at: number | null
}

/** What is wrong, what lately was, and what was told of it. */
export async function incidents(
  db: Db,
  now: number,
): Promise<{ readonly incidents: readonly Incident[]; readonly told: readonly Told[] }> {
  const since = at(now - REMEMBER_MS)
  const rows = await db.query<IncidentRow>(
    'incidents',
    `select cause, began_at, event, flow, connection, words, count, most, worth, seen_at, ended_at
     from incident where ended_at is null or ended_at > $1 order by began_at, cause`,
    [since],
  )
  const told = await db.query<Omit<Told, 'beganAt' | 'isEnd'> & { began_at: number; is_end: boolean }>(
    'alerts-told',
    `select t.rule, t.cause, t.began_at, t.is_end from alert_told t join incident i using (cause, began_at)
     where i.ended_at is null or i.ended_at > $1`,
    [since],
  )
  return {
    incidents: rows.map(({ began_at: beganAt, seen_at: seenAt, ended_at: endedAt, ...row }) => {
      return { ...row, beganAt, seenAt, endedAt }
    }),
    told: told.map(({ began_at: beganAt, is_end: isEnd, ...row }) => ({ ...row, beganAt, isEnd })),
  }
}

/** What a look came to, in one transaction: what is told is owed to its channels, or is not told. */
export async function saveWatch(db: Db, fence: number, turn: AlertTurn, now: number): Promise<boolean> {
  return db.transaction(async query => {
    const ours = await query<{ fence: number }>(
      'end-alert-watch',
      'update alert_watch set lease_until = null where fence = $1 returning fence',
      [fence],
    )
    if (ours.length === 0) return false
    await saveIncidents(query, turn.incidents)
    await saveTold(query, turn.told)
    await addAlertMessages(query, turn.messages, now)
    await query('tidy-incidents', 'delete from incident where ended_at < $1', [at(now - HISTORY_MS)])
    await query('tidy-alerts', `delete from alert_message where made_at < $1 and state <> 'due'`, [
      at(now - HISTORY_MS),
    ])
    return true
  })
}

async function saveIncidents(query: Query, changed: readonly Incident[]): Promise<void> {
  if (changed.length === 0) return
  const rows = changed.map(each => ({
    ...each,
    began_at: at(each.beganAt),
    seen_at: at(each.seenAt),
    ended_at: each.endedAt === null ? null : at(each.endedAt),
  }))
  await query(
    'save-incidents',
    `insert into incident (cause, began_at, event, flow, connection, words, count, most, worth, seen_at, ended_at)
     select i.cause, i.began_at, i.event, i.flow, i.connection, i.words, i.count, i.most, i.worth, i.seen_at, i.ended_at
     from jsonb_to_recordset($1::jsonb) i(cause text, began_at timestamptz, event text, flow text, connection text,
       words text, count int, most int, worth jsonb, seen_at timestamptz, ended_at timestamptz)
     on conflict (cause, began_at) do update set words = excluded.words, count = excluded.count,
       most = excluded.most, worth = excluded.worth, seen_at = excluded.seen_at, ended_at = excluded.ended_at`,
    [JSON.stringify(rows)],
  )
}

/** A rule that somebody took away meanwhile has nothing more to tell. */
async function saveTold(query: Query, told: readonly Told[]): Promise<void> {
  if (told.length === 0) return
  const rows = told.map(({ rule, cause, beganAt, isEnd }) => ({
    rule,
    cause,
    began_at: at(beganAt),
    is_end: isEnd,
  }))
  await query(
    'save-alerts-told',
    `insert into alert_told (rule, cause, began_at, is_end)
     select t.rule, t.cause, t.began_at, t.is_end
     from jsonb_to_recordset($1::jsonb) t(rule text, cause text, began_at timestamptz, is_end boolean)
       join alert_rule r on r.id = t.rule
     on conflict do nothing`,
    [JSON.stringify(rows)],
  )
}

export async function addAlertMessages(
  query: Query,
  messages: readonly NewAlertMessage[],
  now: number,
): Promise<void> {
  for (const { id, channel, rule, items } of messages)
    await query(
      'add-alert-message',
      `insert into alert_message (id, channel, channel_name, rule_name, recipient, items, made_at, state, next_at)
       select $1, c.id, c.name, $3, coalesce(
         (select string_agg(t, ', ') from jsonb_array_elements_text(c.settings -> 'to') t), c.settings ->> 'host', ''),
         $4, $5, 'due', $5
       from alert_channel c where c.id = $2`,
      [id, channel, rule?.name ?? null, JSON.stringify(items), at(now)],
    )
}
