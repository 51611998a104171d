import type { Query } from './db.ts'

/**
 * Asked on every new connection, before anything else: is this database what it was? A replica that was promoted, and a
 * server that was brought back to an earlier point, begin another timeline (PostgreSQL's documentation, "Timelines"); a dump
 * that was read into another server has another system identifier there. Both are compared with what was last seen, and a
 * change is noted: from then on each delivery takes into account that its record may have been written already
 * (`claimDeliveries`). A copy of a server's files that is put back looks the same: `forget` is then called by hand.
 */
export async function recall(query: Query): Promise<void> {
  const [known] = await query<{ there: boolean }>(
    'is-memory',
    `select to_regclass('memory') is not null there`,
  )
  if (!known?.there) return
  const [now] = await query<Identity>('identity', IDENTITY).catch(withoutRights)
  if (!now) return
  const [before] = await query<Identity>('memory', 'select system, timeline from memory')
  if (before?.system === now.system && before.timeline === now.timeline) return
  await query('remember', REMEMBER, [now.system, now.timeline])
}

interface Identity {
  readonly system: string
  readonly timeline: string
}

const IDENTITY = `select system_identifier::text system, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) timeline
  from pg_control_system()`

/** Some who run PostgreSQL for others allow nobody to ask it who it is: then only `forget` helps. */
function withoutRights(error: unknown): readonly Identity[] {
  if ((error as { code?: string }).code === '42501') return []
  throw error
}

const LOST = `update memory set system = $1, timeline = $2, lost_at = clock_timestamp()
  where (system, timeline) is distinct from ($1, $2) returning lost_at`

/** Many connections may notice it at once: the first one notes it. */
const REMEMBER = `
  with first as (
    insert into memory (system, timeline) values ($1::text, $2::text) on conflict (one) do nothing returning one),
  lost as (${LOST})
  insert into journal (at, who, what, words)
  select lost_at, 'linchpin', 'forgotten',
    'Linchpin''s own database was brought back to an earlier state. What may have been written since is looked for before it is written again.'
  from lost`

/** Somebody knows that an older state was brought back. Noticed by the next connection. */
export async function forget(query: Query): Promise<void> {
  await query(
    'forget',
    `insert into memory (system, timeline) values ('', '')
     on conflict (one) do update set system = '', timeline = ''`,
  )
}
