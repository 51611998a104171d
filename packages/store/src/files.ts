import { at, type Db } from './db.ts'
import type { RecordKey, StoredFile } from './store.ts'

/** Files that belong to records: kept here, so that no customer waits for the ERP to hand out an invoice. */
export async function file(db: Db, key: RecordKey): Promise<StoredFile | null> {
  const [row] = await db.query<{
    name: string
    media_type: string
    sha256: string
    bytes: Buffer
    fetched_at: number
  }>(
    'file',
    `select name, media_type, sha256, bytes, fetched_at from file
     where connection = $1 and entity = $2 and id = $3`,
    [key.connection, key.entity, key.id],
  )
  if (!row) return null
  const { name, sha256, bytes } = row
  return { name, mediaType: row.media_type, sha256, bytes, fetchedAt: row.fetched_at }
}

export async function saveFile(
  db: Db,
  key: RecordKey,
  saved: Omit<StoredFile, 'fetchedAt'>,
  now: number,
): Promise<void> {
  await db.query(
    'save-file',
    `insert into file (connection, entity, id, name, media_type, sha256, bytes, fetched_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (connection, entity, id) do update set name = excluded.name, media_type = excluded.media_type,
       sha256 = excluded.sha256, bytes = excluded.bytes, fetched_at = excluded.fetched_at`,
    [
      key.connection,
      key.entity,
      key.id,
      saved.name,
      saved.mediaType,
      saved.sha256,
      Buffer.from(saved.bytes),
      at(now),
    ],
  )
}

export async function secret(db: Db, connection: string, name: string): Promise<string | null> {
  const [row] = await db.query<{ sealed: string }>(
    'secret',
    'select sealed from secret where connection = $1 and name = $2',
    [connection, name],
  )
  return row?.sealed ?? null
}

/** Kept only when nothing is kept under this name yet: of two nodes, the first decides. Answers what stands. */
export async function addSecret(
  db: Db,
  connection: string,
  name: string,
  sealed: string,
  now: number,
): Promise<string> {
  await db.query(
    'add-secret',
    'insert into secret (connection, name, sealed, changed_at) values ($1, $2, $3, $4) on conflict do nothing',
    [connection, name, sealed, at(now)],
  )
  return (await secret(db, connection, name)) ?? sealed
}

/** Seals all secrets again, in one transaction. Answers how many. */
export async function resealSecrets(
  db: Db,
  again: (whose: { connection: string; name: string }, sealed: string) => string,
  now: number,
): Promise<number> {
  return db.transaction(async query => {
    const rows = await query<{ connection: string; name: string; sealed: string }>(
      'all-secrets',
      'select connection, name, sealed from secret for update',
    )
    for (const { connection, name, sealed } of rows)
      await query(
        'reseal-secret',
        'update secret set sealed = $3, changed_at = $4 where connection = $1 and name = $2',
        [connection, name, again({ connection, name }, sealed), at(now)],
      )
    return rows.length
  })
}

export async function saveSecret(
  db: Db,
  connection: string,
  name: string,
  sealed: string,
  now: number,
): Promise<void> {
  await db.query(
    'save-secret',
    `insert into secret (connection, name, sealed, changed_at) values ($1, $2, $3, $4)
     on conflict (connection, name) do update set sealed = excluded.sealed, changed_at = excluded.changed_at, expires_at = null`,
    [connection, name, sealed, at(now)],
  )
}
