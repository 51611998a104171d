import { createHash } from 'node:crypto'
import { at, type Db, type Query } from '../db.ts'

/** One call, and what became of it. */
export interface AuditEntry {
  readonly seq: number
  readonly at: number
  readonly who: string
  /** As whom they came: a person, an API key, the token, this machine, nobody. */
  readonly how: string
  readonly from: string
  readonly what: string
  readonly input: unknown
  readonly before: unknown
  readonly after: unknown
  /** 'done', or the code of the refusal. Null: it never ended, the process did. */
  readonly outcome: string | null
  readonly endedAt: number | null
}

export interface Asked {
  readonly who: string
  readonly how: string
  readonly from: string
  readonly what: string
  readonly input: unknown
  readonly before: unknown
}

export interface Ended {
  readonly after: unknown
  readonly outcome: string
}

/** Written down before it is done. Answers its number, for `auditEnd`. */
export async function auditAsked(db: Db, asked: Asked, now: number): Promise<number> {
  return append(db, { ...EMPTY, ...asked, at: now })
}

export async function auditEnded(db: Db, of: number, asked: Asked, ended: Ended, now: number): Promise<void> {
  const { who, how, from, what } = asked
  await append(db, { ...EMPTY, who, how, from, what, ...ended, of, at: now })
}

interface Row {
  readonly at: number
  readonly of: number | null
  readonly who: string
  readonly how: string
  readonly from: string
  readonly what: string
  readonly input: unknown
  readonly before: unknown
  readonly after: unknown
  readonly outcome: string | null
}

const EMPTY = { of: null, input: null, before: null, after: null, outcome: null }

/** One after the other: each row is chained to the one before it. */
async function append(db: Db, row: Row): Promise<number> {
  return db.transaction(async query => {
    await query('audit-lock', 'select pg_advisory_xact_lock(727002)')
    const last = await newest(query)
    const seq = last.seq + 1
    const [input, before, after] = [row.input, row.before, row.after].map(text)
    await query(
      'audit-append',
      `insert into audit (seq, at, of, who, how, from_address, what, input, before, after, outcome, digest)
       values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, $10::jsonb, $11, $12)`,
      [
        seq,
        at(row.at),
        row.of,
        row.who,
        row.how,
        row.from,
        row.what,
        input,
        before,
        after,
        row.outcome,
        digest(last.digest, seq, row),
      ],
    )
    return seq
  })
}

async function newest(query: Query): Promise<{ seq: number; digest: Buffer }> {
  const [row] = await query<{ seq: number; digest: Buffer }>(
    'audit-newest',
    'select seq, digest from audit order by seq desc limit 1',
  )
  return row ?? { seq: 0, digest: Buffer.alloc(0) }
}

function digest(previous: Uint8Array, seq: number, row: Row): Buffer {
  const { at: when, of, who, how, from, what, input, before, after, outcome } = row
  const said = [seq, when, of, who, how, from, what, input, before, after, outcome]
  return createHash('sha256')
    .update(previous)
    .update(JSON.stringify(sorted(said)))
    .digest()
}

/** jsonb keeps keys in an order of its own: the digest is over one that does not depend on it. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value ?? null
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(
    entries
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  )
}

const text = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))

/** The first row that was changed, or that one before it was taken out or put in; null: the chain is whole. */
export async function auditBroken(
  db: Db,
): Promise<{ readonly rows: number; readonly broken: number | null }> {
  let [previous, seq, rows] = [Buffer.alloc(0) as Buffer, 0, 0]
  for (;;) {
    const page = await db.query<Omit<Row, 'from'> & { from_address: string; seq: number; digest: Buffer }>(
      'audit-page',
      `select seq, at, of, who, how, from_address, what, input, before, after, outcome, digest
       from audit where seq > $1 order by seq limit 1000`,
      [seq],
    )
    for (const row of page) {
      const told = digest(previous, row.seq, { ...row, from: row.from_address })
      if (row.seq !== seq + 1 || !told.equals(row.digest)) return { rows, broken: row.seq }
      ;[previous, seq, rows] = [row.digest, row.seq, rows + 1]
    }
    if (page.length === 0) return { rows, broken: null }
  }
}

export interface AuditFilter {
  /** Only older than this. */
  readonly before?: number | undefined
  readonly who?: string | undefined
  readonly what?: string | undefined
  readonly limit: number
}

/** Newest first. */
export async function audit(db: Db, filter: AuditFilter): Promise<readonly AuditEntry[]> {
  const rows = await db.query<{
    seq: number
    at: number
    who: string
    how: string
    from_address: string
    what: string
    input: unknown
    before: unknown
    after: unknown
    outcome: string | null
    ended_at: number | null
  }>(
    'audit',
    `select a.seq, a.at, a.who, a.how, a.from_address, a.what, a.input, a.before, e.after, e.outcome, e.at ended_at
     from audit a left join audit e on e.of = a.seq
     where a.of is null and ($1::bigint is null or a.seq < $1) and ($2::text is null or a.who ilike $2)
       and ($3::text is null or a.what = $3)
     order by a.seq desc limit $4`,
    [
      filter.before ?? null,
      filter.who ? `%${escaped(filter.who)}%` : null,
      filter.what ?? null,
      filter.limit,
    ],
  )
  return rows.map(({ from_address, ended_at, ...row }) => ({ ...row, from: from_address, endedAt: ended_at }))
}

const escaped = (words: string) => words.replace(/[\\%_]/g, sign => `\\${sign}`)
