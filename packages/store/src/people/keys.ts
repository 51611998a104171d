import { at, type Db } from '../db.ts'

export interface ApiKey {
  readonly id: string
  readonly name: string
  readonly hint: string
  readonly rights: readonly string[]
  readonly madeBy: string
  readonly madeAt: number
  readonly expiresAt: number | null
  readonly usedAt: number | null
  readonly usedFrom: string | null
  readonly revokedAt: number | null
}

export interface NewApiKey {
  readonly id: string
  readonly digest: Uint8Array
  readonly name: string
  readonly hint: string
  readonly rights: readonly string[]
  readonly madeBy: string
  readonly expiresAt: number | null
}

interface Row {
  id: string
  name: string
  hint: string
  rights: string[]
  made_by: string
  made_at: number
  expires_at: number | null
  used_at: number | null
  used_from: string | null
  revoked_at: number | null
}

export async function addKey(db: Db, added: NewApiKey, now: number): Promise<void> {
  const { id, digest, name, hint, rights, madeBy, expiresAt } = added
  await db.query(
    'add-key',
    `insert into api_key (id, digest, name, hint, rights, made_by, made_at, expires_at)
     values ($1, $2, $3, $4, $5::text[], $6, $7, $8)`,
    [id, Buffer.from(digest), name, hint, rights, madeBy, at(now), expiresAt === null ? null : at(expiresAt)],
  )
}

export async function keys(db: Db): Promise<readonly ApiKey[]> {
  const rows = await db.query<Row>(
    'keys',
    `select id, name, hint, rights, made_by, made_at, expires_at, used_at, used_from, revoked_at
     from api_key order by revoked_at nulls first, made_at desc, id`,
  )
  return rows.map(row => ({
    id: row.id,
    name: row.name,
    hint: row.hint,
    rights: row.rights,
    madeBy: row.made_by,
    madeAt: row.made_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    usedFrom: row.used_from,
    revokedAt: row.revoked_at,
  }))
}

/** What a key opens, if it is still good. Notes that it was used, at most once a minute. */
export async function useKey(
  db: Db,
  digest: Uint8Array,
  { now, from }: { readonly now: number; readonly from: string },
): Promise<{ readonly id: string; readonly name: string; readonly rights: readonly string[] } | null> {
  const [row] = await db.query<{ id: string; name: string; rights: string[]; used_at: number | null }>(
    'use-key',
    `select id, name, rights, used_at from api_key
     where digest = $1 and revoked_at is null and (expires_at is null or expires_at > $2)`,
    [Buffer.from(digest), at(now)],
  )
  if (!row) return null
  if (now - (row.used_at ?? 0) > 60_000)
    await db.query('touch-key', 'update api_key set used_at = $2, used_from = $3 where id = $1', [
      row.id,
      at(now),
      from,
    ])
  return { id: row.id, name: row.name, rights: row.rights }
}

export async function revokeKey(db: Db, id: string, now: number): Promise<boolean> {
  const rows = await db.query<{ id: string }>(
    'revoke-key',
    'update api_key set revoked_at = $2 where id = $1 and revoked_at is null returning id',
    [id, at(now)],
  )
  return rows.length > 0
}
