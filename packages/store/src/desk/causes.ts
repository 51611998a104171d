import type { EntityName } from '@linchpin/model'
import { at, type Db, type Query } from '../db.ts'

/** Deliveries of one flow that are parked for the same reason. */
export interface CauseState {
  readonly cause: string
  readonly flow: string
  readonly entity: EntityName
  readonly from: string
  readonly to: string
  readonly kind: string
  /** The words of one of them. */
  readonly words: string
  /** Which one that is; null: it was not kept. */
  readonly id: string | null
  readonly count: number
  /** How many of them may simply be tried again; of the others nobody knows whether they arrived. */
  readonly retryable: number
  readonly worth: readonly { readonly amount: string; readonly currency: string }[]
  readonly firstSeenAt: number
  readonly lastSeenAt: number
  readonly returns: number
  readonly resolvedAt: number | null
}

/**
 * One cause has one wording, but for what is quoted and for whatever carries a digit or an @: numbers, ids, dates,
 * amounts, e-mail addresses.
 */
export const CAUSE = `left(md5(d.flow || ' ' || coalesce(d.problem_kind, '') || ' ' ||
  regexp_replace(coalesce(d.problem, ''), '"[^"]*"|[^[:space:]]*[0-9@][^[:space:]]*', '#', 'g')), 16)`

interface Row {
  readonly cause: string
  readonly flow: string
  readonly entity: EntityName
  readonly from_connection: string
  readonly to_connection: string
  readonly kind: string
  readonly words: string
  readonly id: string
  readonly currency: string | null
  readonly count: number
  readonly retryable: number
  readonly worth: string | null
  readonly first: number
  readonly last: number
}

/** Looks at what is parked, and remembers what was seen: so that a cause that comes back is known. */
export async function causes(db: Db, now: number): Promise<readonly CauseState[]> {
  return db.transaction(async query => {
    const open = await query<Row>(
      'causes',
      `select ${CAUSE} cause, d.flow, d.entity, d.from_connection, d.to_connection,
         coalesce(d.problem_kind, 'surprise') kind, min(d.problem) words, (array_agg(d.id order by d.problem, d.id))[1] id, d.currency, count(*)::int count,
         count(*) filter (where d.intent is null)::int retryable, sum(d.worth)::text worth,
         min(d.parked_at) first, max(d.parked_at) last
       from delivery d where d.state = 'parked'
       group by 1, d.flow, d.entity, d.from_connection, d.to_connection, 6, d.currency order by 1`,
    )
    const merged = merge(open)
    await remember(query, merged, now)
    const known = await query<Known>('known-causes', KNOWN, [at(now - RESOLVED_MS)])
    return [...merged.map(each => withPast(each, known)), ...resolved(merged, known)]
  })
}

type Merged = Omit<CauseState, 'returns' | 'resolvedAt'>

function merge(rows: readonly Row[]): readonly Merged[] {
  const byCause = new Map<string, Merged>()
  for (const row of rows) {
    const known = byCause.get(row.cause)
    const worth =
      row.worth === null || row.currency === null ? [] : [{ amount: row.worth, currency: row.currency }]
    byCause.set(row.cause, {
      cause: row.cause,
      flow: row.flow,
      entity: row.entity,
      from: row.from_connection,
      to: row.to_connection,
      kind: row.kind,
      words: row.words,
      id: row.id,
      count: (known?.count ?? 0) + row.count,
      retryable: (known?.retryable ?? 0) + row.retryable,
      worth: [...(known?.worth ?? []), ...worth],
      firstSeenAt: Math.min(known?.firstSeenAt ?? Infinity, row.first),
      lastSeenAt: Math.max(known?.lastSeenAt ?? 0, row.last),
    })
  }
  return [...byCause.values()]
}

async function remember(query: Query, open: readonly Merged[], now: number): Promise<void> {
  await query(
    'resolve-causes',
    'update cause set resolved_at = $2, count = 0 where resolved_at is null and not cause = any($1::text[])',
    [open.map(each => each.cause), at(now)],
  )
  const rows = open.map(each => ({ ...each, first: at(each.firstSeenAt), last: at(each.lastSeenAt) }))
  await query(
    'remember-causes',
    `insert into cause (cause, flow, kind, words, id, first_seen_at, last_seen_at, count)
     select c.cause, c.flow, c.kind, c.words, c.id, c.first, c.last, c.count from jsonb_to_recordset($1::jsonb)
       c(cause text, flow text, kind text, words text, id text, first timestamptz, last timestamptz, count int) order by 1
     on conflict (cause) do update set words = excluded.words, id = excluded.id, count = excluded.count,
       last_seen_at = greatest(cause.last_seen_at, excluded.last_seen_at),
       returns = cause.returns + (cause.resolved_at is not null)::int, resolved_at = null`,
    [JSON.stringify(rows)],
  )
}

interface Known {
  readonly cause: string
  readonly flow: string
  readonly entity: EntityName
  readonly from_connection: string
  readonly to_connection: string
  readonly kind: string
  readonly words: string
  readonly id: string | null
  readonly first_seen_at: number
  readonly last_seen_at: number
  readonly resolved_at: number | null
  readonly returns: number
}

/** Resolved ones are shown for a week. */
const RESOLVED_MS = 7 * 24 * 3_600_000
const KNOWN = `select c.cause, c.flow, f.entity, f.from_connection, f.to_connection, c.kind, c.words, c.id, c.first_seen_at,
    c.last_seen_at, c.resolved_at, c.returns
  from cause c join flow f on f.name = c.flow where c.resolved_at is null or c.resolved_at > $1
  order by c.resolved_at desc`

function withPast(open: Merged, known: readonly Known[]): CauseState {
  const past = known.find(({ cause }) => cause === open.cause)
  const firstSeenAt = Math.min(open.firstSeenAt, past?.first_seen_at ?? Infinity)
  return { ...open, firstSeenAt, returns: past?.returns ?? 0, resolvedAt: null }
}

function resolved(open: readonly Merged[], known: readonly Known[]): readonly CauseState[] {
  const isOpen = new Set(open.map(({ cause }) => cause))
  return known
    .filter(({ cause }) => !isOpen.has(cause))
    .map(each => ({
      cause: each.cause,
      flow: each.flow,
      entity: each.entity,
      from: each.from_connection,
      to: each.to_connection,
      kind: each.kind,
      words: each.words,
      id: each.id,
      count: 0,
      retryable: 0,
      worth: [],
      firstSeenAt: each.first_seen_at,
      lastSeenAt: each.last_seen_at,
      returns: each.returns,
      resolvedAt: each.resolved_at,
    }))
}
