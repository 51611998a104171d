import { at, type Db, type Query } from '../db.ts'
import type { AlertChannel, AlertRule, AlertWishes, ChannelKind, NewAlertRule } from './alerts.ts'

interface ChannelRow {
  readonly id: string
  readonly name: string
  readonly kind: ChannelKind
  readonly settings: Record<string, unknown>
  readonly language: string
  readonly sent_at: number | null
  readonly problem: string | null
  readonly failed_at: number | null
}

export async function alertChannels(db: Db): Promise<readonly AlertChannel[]> {
  const rows = await db.query<ChannelRow>(
    'alert-channels',
    `select id, name, kind, settings, language, sent_at, problem, failed_at
     from alert_channel order by lower(name), id`,
  )
  return rows.map(({ sent_at: sentAt, failed_at: failedAt, ...row }) => ({ ...row, sentAt, failedAt }))
}

/** As whose secrets those of a channel are sealed; no connection can be called so. */
export const ownerOf = (channel: string) => `alerts/${channel}`

export type NewAlertChannel = Pick<AlertChannel, 'id' | 'name' | 'kind' | 'settings' | 'language'> & {
  /** Sealed; those that are not named stay as they are. */
  readonly secrets: Readonly<Record<string, string>>
}

/** Makes it, or changes it: then what waits for it is tried again at once. */
export async function saveAlertChannel(db: Db, channel: NewAlertChannel, now: number): Promise<void> {
  const { id, name, kind, settings, language, secrets } = channel
  await db.transaction(async query => {
    await query(
      'save-alert-channel',
      `insert into alert_channel (id, name, kind, settings, language, made_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do update set name = excluded.name, settings = excluded.settings,
         language = excluded.language, problem = null, failed_at = null`,
      [id, name, kind, JSON.stringify(settings), language, at(now)],
    )
    for (const [secret, sealed] of Object.entries(secrets))
      await query(
        'save-alert-secret',
        `insert into secret (connection, name, sealed, changed_at) values ($1, $2, $3, $4)
         on conflict (connection, name) do update set sealed = excluded.sealed, changed_at = excluded.changed_at`,
        [ownerOf(id), secret, sealed, at(now)],
      )
    await query(
      'hurry-alerts',
      `update alert_message set next_at = $2 where channel = $1 and state = 'due' and next_at > $2`,
      [id, at(now)],
    )
  })
}

/** With its secrets; what waits for it is given up, and says so. One that a rule tells by stays: `usedBy` is its name. */
export async function removeAlertChannel(
  db: Db,
  id: string,
  now: number,
): Promise<{ readonly done: boolean; readonly usedBy: string | null }> {
  return db.transaction(async query => {
    // A rule that is being saved holds its channels: we wait for it here, and see it after.
    await query('hold-alert-channel', 'select from alert_channel where id = $1 for update', [id])
    const [rule] = await query<{ name: string }>(
      'rule-of-alert-channel',
      `select name from alert_rule where what -> 'channels' ? $1 order by lower(name), id limit 1`,
      [id],
    )
    if (rule) return { done: false, usedBy: rule.name }
    const gone = await query<{ id: string }>(
      'remove-alert-channel',
      'delete from alert_channel where id = $1 returning id',
      [id],
    )
    await query('remove-alert-secrets', 'delete from secret where connection = $1', [ownerOf(id)])
    await query(
      'give-up-alerts',
      `update alert_message set state = 'given up', settled_at = $2, problem = 'The channel was removed.'
       where channel = $1 and state = 'due'`,
      [id, at(now)],
    )
    return { done: gone.length > 0, usedBy: null }
  })
}

interface RuleRow {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly what: AlertWishes
  readonly wishes_since: number
}

export async function alertRules(db: Pick<Db, 'query'>): Promise<readonly AlertRule[]> {
  const rows = await db.query<RuleRow>(
    'alert-rules',
    'select id, name, active, what, wishes_since from alert_rule order by lower(name), id',
  )
  return rows.map(({ what, wishes_since: wishesSince, ...row }) => ({ ...what, ...row, wishesSince }))
}

/**
 * Makes it, or changes it: what it has told stays told. Where and when it tells may change without making old things
 * news; all else begins anew. Answers the channel that is not there, and then nothing was saved.
 */
export async function saveAlertRule(db: Db, rule: NewAlertRule, now: number): Promise<string | null> {
  const { id, name, active, ...what } = rule
  return db.transaction(async query => {
    const held = await query<{ id: string }>(
      'hold-alert-channels',
      'select id from alert_channel where id = any($1::text[]) order by id for key share',
      [what.channels],
    )
    const missing = what.channels.find(channel => !held.some(each => each.id === channel))
    if (missing !== undefined) return missing
    await query(
      'save-alert-rule',
      `insert into alert_rule (id, name, active, what, wishes_since) values ($1, $2, $3, $4, $5)
       on conflict (id) do update set name = excluded.name, active = excluded.active, what = excluded.what,
         wishes_since = case
           when (alert_rule.active, alert_rule.what - $6::text[]) = (excluded.active, excluded.what - $6::text[])
           then alert_rule.wishes_since else excluded.wishes_since end`,
      [id, name, active, JSON.stringify(what), at(now), WHERE_AND_WHEN],
    )
    return null
  })
}

const WHERE_AND_WHEN = ['channels', 'digest', 'quiet']

export async function removeAlertRule(db: Db, id: string): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    'remove-alert-rule',
    'delete from alert_rule where id = $1 returning id',
    [id],
  )
  return rows.length > 0
}

/** How the last message to a channel fared. */
export async function noteChannel(
  query: Query,
  channel: string,
  problem: string | null,
  now: number,
): Promise<void> {
  if (problem === null)
    await query(
      'channel-well',
      'update alert_channel set sent_at = $2, problem = null, failed_at = null where id = $1',
      [channel, at(now)],
    )
  else
    await query('channel-failed', 'update alert_channel set problem = $2, failed_at = $3 where id = $1', [
      channel,
      problem,
      at(now),
    ])
}
