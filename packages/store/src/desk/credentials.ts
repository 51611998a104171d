import { at, type Db } from '../db.ts'

/** A credential that is kept here; what it is, is told to nobody. */
export interface Credential {
  readonly connection: string
  readonly name: string
  readonly changedAt: number
  readonly expiresAt: number | null
}

export async function credentials(db: Db): Promise<readonly Credential[]> {
  return db.query<Credential>(
    'credentials',
    `select connection, name, changed_at "changedAt", expires_at "expiresAt" from secret order by connection, name`,
  )
}

/** Takes the place of the one before. */
export async function keepCredential(
  db: Db,
  { connection, name, sealed, expiresAt }: Omit<Credential, 'changedAt'> & { readonly sealed: string },
  now: number,
): Promise<void> {
  await db.query(
    'keep-credential',
    `insert into secret (connection, name, sealed, changed_at, expires_at) values ($1, $2, $3, $4, $5)
     on conflict (connection, name) do update
     set sealed = excluded.sealed, changed_at = excluded.changed_at, expires_at = excluded.expires_at`,
    [connection, name, sealed, at(now), expiresAt === null ? null : at(expiresAt)],
  )
}
