import { at, type Db, type Query } from '../db.ts'

export interface Person {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: string
  readonly active: boolean
  /** Has a password, or signs in elsewhere. */
  readonly password: boolean
  readonly issuer: string | null
  readonly createdAt: number
  /** Seen last in any of the sessions that are still known. */
  readonly seenAt: number | null
}

export interface NewPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: string
  readonly password: string | null
  readonly issuer?: string
  readonly subject?: string
}

interface Row {
  id: string
  name: string
  email: string
  role: string
  active: boolean
  password: boolean
  issuer: string | null
  created_at: number
  seen_at: number | null
}

const COLUMNS = `p.id, p.name, p.email, p.role, p.active, p.password is not null "password", p.issuer, p.created_at,
  (select max(seen_at) from session s where s.person = p.id) seen_at`

export async function people(db: Db): Promise<readonly Person[]> {
  const rows = await db.query<Row>('people', `select ${COLUMNS} from person p order by lower(p.name), p.id`)
  return rows.map(personOf)
}

export async function person(db: Db, id: string): Promise<Person | null> {
  const [row] = await db.query<Row>('person', `select ${COLUMNS} from person p where p.id = $1`, [id])
  return row ? personOf(row) : null
}

export async function anyPeople(db: Db): Promise<boolean> {
  const rows = await db.query('any-people', 'select from person limit 1')
  return rows.length > 0
}

/** Who signs in with a password under this address: the digest of it, to be compared. */
export async function personByEmail(
  db: Db,
  email: string,
): Promise<{ readonly id: string; readonly active: boolean; readonly password: string | null } | null> {
  const [row] = await db.query<{ id: string; active: boolean; password: string | null }>(
    'person-by-email',
    'select id, active, password from person where lower(email) = lower($1)',
    [email],
  )
  return row ?? null
}

export async function passwordOf(db: Db, id: string): Promise<string | null> {
  const [row] = await db.query<{ password: string | null }>(
    'password-of',
    'select password from person where id = $1',
    [id],
  )
  return row?.password ?? null
}

/** 'taken' when somebody else has this address already. */
export async function addPerson(db: Db, added: NewPerson, now: number): Promise<'added' | 'taken'> {
  return db.transaction(query => insert(query, added, now))
}

async function insert(query: Query, added: NewPerson, now: number): Promise<'added' | 'taken'> {
  const { id, name, email, role, password, issuer = null, subject = null } = added
  const rows = await query<{ id: string }>(
    'add-person',
    `insert into person (id, name, email, role, password, issuer, subject, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
    [id, name, email, role, password, issuer, subject, at(now)],
  )
  return rows.length > 0 ? 'added' : 'taken'
}

/** Whoever holds the one-time link of the first start becomes the first person. The link is used up by it. */
export async function addFirstPerson(
  db: Db,
  digest: Uint8Array,
  first: NewPerson,
  now: number,
): Promise<boolean> {
  return db.transaction(async query => {
    await query('people-lock', 'lock table person in exclusive mode')
    const used = await query(
      'use-setup',
      `delete from invitation where digest = $1 and person is null and expires_at > $2
         and not exists (select from person) returning digest`,
      [Buffer.from(digest), at(now)],
    )
    if (used.length === 0) return false
    await query('drop-setups', 'delete from invitation where person is null')
    return (await insert(query, first, now)) === 'added'
  })
}

export interface PersonChange {
  readonly name?: string | undefined
  readonly role?: string | undefined
  readonly active?: boolean | undefined
}

/**
 * 'last admin': nobody could let anybody in any more. Whoever is let go, or gets another role, is signed out: what a
 * session may is decided at its beginning and at each request, and this way nobody has to think about which.
 */
export async function changePerson(
  db: Db,
  id: string,
  change: PersonChange,
): Promise<'changed' | 'unknown' | 'last admin'> {
  return db.transaction(async query => {
    await query('people-lock', 'lock table person in exclusive mode')
    const [row] = await query<{ role: string; active: boolean }>(
      'person-role',
      'select role, active from person where id = $1',
      [id],
    )
    if (!row) return 'unknown'
    const { name, role = row.role, active = row.active } = change
    const stops = row.role === 'admin' && row.active && (role !== 'admin' || !active)
    if (stops && !(await otherAdmins(query, id))) return 'last admin'
    await query(
      'change-person',
      'update person set name = coalesce($2, name), role = $3, active = $4 where id = $1',
      [id, name ?? null, role, active],
    )
    if (role !== row.role || active !== row.active)
      await query('drop-sessions', 'delete from session where person = $1', [id])
    return 'changed'
  })
}

async function otherAdmins(query: Query, id: string): Promise<boolean> {
  const rows = await query(
    'other-admins',
    `select from person where role = 'admin' and active and id <> $1 limit 1`,
    [id],
  )
  return rows.length > 0
}

/** Also signs them out everywhere, except in the session that is kept. */
export async function setPassword(
  db: Db,
  id: string,
  password: string,
  keep: string | null = null,
): Promise<void> {
  await db.transaction(query => put(query, id, password, keep))
}

async function put(query: Query, id: string, password: string, keep: string | null): Promise<void> {
  await query('set-password', 'update person set password = $2 where id = $1', [id, password])
  await query('drop-invitations', 'delete from invitation where person = $1', [id])
  await query('drop-other-sessions', 'delete from session where person = $1 and id is distinct from $2', [
    id,
    keep,
  ])
}

/** Whose link that is: used up by their new password, or not at all. Null when it is not valid, or no longer. */
export async function useInvitation(
  db: Db,
  digest: Uint8Array,
  password: string,
  now: number,
): Promise<string | null> {
  return db.transaction(async query => {
    const [row] = await query<{ person: string }>(
      'use-invitation',
      `delete from invitation i using person p
       where i.digest = $1 and i.expires_at > $2 and p.id = i.person and p.active returning i.person`,
      [Buffer.from(digest), at(now)],
    )
    if (!row) return null
    await put(query, row.person, password, null)
    return row.person
  })
}

/**
 * Who comes from an OpenID provider: known by its subject there, with the name and the role that it tells now. An
 * address that belongs to somebody with a password is 'taken': a provider must not take over what it did not make. The
 * last admin stays one, also when a provider says otherwise.
 */
export async function vouchFor(
  db: Db,
  vouched: NewPerson & { readonly issuer: string; readonly subject: string },
  now: number,
): Promise<
  { readonly is: 'known'; readonly id: string } | { readonly is: 'taken' | 'inactive' | 'last admin' }
> {
  return db.transaction(async query => {
    await query('people-lock', 'lock table person in exclusive mode')
    const { id, issuer, subject, name, role } = vouched
    const [known] = await query<{ id: string; role: string; active: boolean }>(
      'vouched',
      'select id, role, active from person where issuer = $1 and subject = $2',
      [issuer, subject],
    )
    if (!known) return (await insert(query, vouched, now)) === 'added' ? { is: 'known', id } : { is: 'taken' }
    const stops = known.role === 'admin' && known.active && role !== 'admin'
    if (stops && !(await otherAdmins(query, known.id))) return { is: 'last admin' }
    await query('vouch', 'update person set name = $2, role = $3 where id = $1', [known.id, name, role])
    return known.active ? { is: 'known', id: known.id } : { is: 'inactive' }
  })
}

function personOf(row: Row): Person {
  const { id, name, email, role, active, password, issuer } = row
  return { id, name, email, role, active, password, issuer, createdAt: row.created_at, seenAt: row.seen_at }
}
