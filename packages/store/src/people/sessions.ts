import { at, type Db } from '../db.ts'

export interface Session {
  readonly id: string
  readonly person: string
  readonly name: string
  readonly begunAt: number
  readonly seenAt: number
  readonly expiresAt: number
  readonly from: string
  readonly agent: string
}

export interface NewSession {
  readonly id: string
  readonly digest: Uint8Array
  readonly person: string
  readonly from: string
  readonly agent: string
  readonly expiresAt: number
}

interface Row {
  id: string
  person: string
  name: string
  begun_at: number
  seen_at: number
  expires_at: number
  from_address: string
  agent: string
}

export async function beginSession(db: Db, begun: NewSession, now: number): Promise<void> {
  const { id, digest, person, from, agent, expiresAt } = begun
  await db.query(
    'begin-session',
    `insert into session (id, digest, person, begun_at, seen_at, expires_at, from_address, agent)
     values ($1, $2, $3, $4, $4, $5, $6, $7)`,
    [id, Buffer.from(digest), person, at(now), at(expiresAt), from, agent],
  )
}

export interface Seen {
  readonly session: string
  readonly person: string
  readonly name: string
  readonly role: string
}

/**
 * Whose session that is, if it is neither over nor idle for too long, and they may still come in. `touch`: that is a sign
 * of life of theirs.
 */
export async function seeSession(
  db: Db,
  digest: Uint8Array,
  { now, idleMs, touch }: { readonly now: number; readonly idleMs: number; readonly touch: boolean },
): Promise<Seen | null> {
  const [row] = await db.query<Seen & { seen_at: number }>(
    'see-session',
    `select s.id "session", p.id person, p.name, p.role, s.seen_at from session s join person p on p.id = s.person
     where s.digest = $1 and s.expires_at > $2 and s.seen_at > $3 and p.active`,
    [Buffer.from(digest), at(now), at(now - idleMs)],
  )
  if (!row) return null
  // A page asks many times a second; once a minute is exact enough.
  if (touch && now - row.seen_at > 60_000)
    await db.query('touch-session', 'update session set seen_at = $2 where id = $1', [row.session, at(now)])
  const { session, person, name, role } = row
  return { session, person, name, role }
}

/** Those that are still good, the last seen first. */
export async function sessions(
  db: Db,
  { now, idleMs, person = null }: { now: number; idleMs: number; person?: string | null },
): Promise<readonly Session[]> {
  const rows = await db.query<Row>(
    'sessions',
    `select s.id, s.person, p.name, s.begun_at, s.seen_at, s.expires_at, s.from_address, s.agent
     from session s join person p on p.id = s.person
     where s.expires_at > $1 and s.seen_at > $2 and ($3::text is null or s.person = $3)
     order by s.seen_at desc, s.id`,
    [at(now), at(now - idleMs), person],
  )
  return rows.map(row => ({
    id: row.id,
    person: row.person,
    name: row.name,
    begunAt: row.begun_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    from: row.from_address,
    agent: row.agent,
  }))
}

/** Answers whether there was one. */
export async function endSession(db: Db, id: string): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    'end-session',
    'delete from session where id = $1 returning id',
    [id],
  )
  return rows.length > 0
}

/** Answers how many there were. */
export async function endSessionsOf(db: Db, person: string): Promise<number> {
  const rows = await db.query<{ id: string }>(
    'end-sessions-of',
    'delete from session where person = $1 returning id',
    [person],
  )
  return rows.length
}
