import type { Db } from '../db.ts'
import type { RecordKey, Reference } from '../store.ts'

/** A record that carries what was asked for, and enough of it to be told from others. */
export interface Found extends Reference {
  readonly canonical: unknown
  readonly exact: boolean
}

const ENOUGH = 3

/**
 * The records that carry this number, whatever it is a number of; else those with a number that begins so. Whatever its
 * case, and however many references there are: one index answers.
 */
export async function find(db: Db, text: string, limit: number): Promise<readonly Found[]> {
  const asked = text.trim().toLowerCase()
  if (asked === '') return []
  const exact = await withRecords(db, 'find-exact', 'lower(f.value) = $1', [asked, limit])
  if (exact.length > 0) return exact.map(each => ({ ...each, exact: true }))
  if (asked.length < ENOUGH) return byId(db, text.trim(), limit)
  const beginning = `${asked.replaceAll(/[\\%_]/g, '\\$&')}%`
  const like = await withRecords(db, 'find-beginning', 'lower(f.value) like $1', [beginning, limit])
  return like.length > 0 ? like.map(each => ({ ...each, exact: false })) : byId(db, text.trim(), limit)
}

/** A record's own id in its own system is no reference: it is looked up in each connection that there is. */
async function byId(db: Db, id: string, limit: number): Promise<readonly Found[]> {
  const rows = await db.query<RecordKey & { canonical: unknown }>(
    'find-id',
    `select r.connection, r.entity, r.id, r.canonical
     from (select distinct connection, entity from poll) p
     join record r on r.connection = p.connection and r.entity = p.entity and r.id = $1
     order by r.connection, r.entity limit $2`,
    [id, limit],
  )
  return rows.map(row => ({ ...row, kind: 'id', value: id, exact: true }))
}

async function withRecords(
  db: Db,
  name: string,
  where: string,
  values: readonly unknown[],
): Promise<readonly Omit<Found, 'exact'>[]> {
  return db.query<Omit<Found, 'exact'>>(
    name,
    `select f.value, f.kind, f.connection, f.entity, f.id, r.canonical
     from (select * from reference f where ${where} limit $2) f
     join record r on r.connection = f.connection and r.entity = f.entity and r.id = f.id
     order by f.connection, f.entity, f.id, f.kind`,
    values,
  )
}
