import { ring, type Db, type Query } from '../db.ts'
import type { NewLink, RecordKey } from '../store.ts'

/** What a process tells on the bus: the records of the connections that it speaks to, its links, and what became of its deliveries. */
export interface Publishing {
  readonly connections: ReadonlySet<string>
}

export type News =
  | { readonly kind: 'record'; readonly key: readonly [connection: string, entity: string, id: string] }
  | {
      readonly kind: 'link'
      readonly key: readonly [entity: string, left: string, leftId: string, right: string, rightId: string]
    }
  | { readonly kind: 'outcome'; readonly key: readonly [flow: string, id: string] }

/** One that is still to be told. `seq` changes whenever there is news again. */
export type OutboxRow = News & { readonly force: boolean; readonly seq: number }

/** In the transaction that makes the news: what is committed is told, however often the process dies in between. */
export async function addNews(
  query: Query,
  news: readonly (News & { readonly force?: boolean })[],
): Promise<void> {
  if (news.length === 0) return
  await query(
    'add-news',
    `insert into outbox (kind, key, force)
     select n.kind, n.key, bool_or(coalesce(n.force, false))
     from jsonb_to_recordset($1::jsonb) n(kind text, key jsonb, force boolean)
     group by n.kind, n.key order by n.kind, n.key
     on conflict (kind, key) do update set force = outbox.force or excluded.force, seq = nextval('outbox_seq')`,
    [JSON.stringify(news)],
  )
  await ring(query, ['outbox'])
}

export function newsOfRecord({ connection, entity, id }: RecordKey): News {
  return { kind: 'record', key: [connection, entity, id] }
}

export function newsOfLink({ entity, connection, id, to, targetId }: NewLink): News {
  const [left, right] = [
    [connection, id],
    [to, targetId],
  ] as const
  const [first, second] = connection < to ? [left, right] : [right, left]
  return { kind: 'link', key: [entity, ...first, ...second] }
}

export function newsOfOutcome({ flow, id }: { readonly flow: string; readonly id: string }): News {
  return { kind: 'outcome', key: [flow, id] }
}

export interface NewsQuery {
  /** Of records that have a file, which takes a while to be had; else all other news, which wait for no file. */
  readonly files: boolean
  readonly limit: number
}

/** The oldest news first. */
export async function outbox(db: Db, { files, limit }: NewsQuery): Promise<readonly OutboxRow[]> {
  return db.query<OutboxRow>(
    'outbox',
    `select kind, key, force, seq from outbox
     where (kind = 'record' and key->>1 in ('Invoice', 'CreditNote')) = $1 order by seq limit $2`,
    [files, limit],
  )
}

/** Told: gone, unless there was news again meanwhile. */
export async function told(db: Db, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return
  await db.query(
    'told',
    `delete from outbox o using jsonb_to_recordset($1::jsonb) t(kind text, key jsonb, seq bigint)
     where o.kind = t.kind and o.key = t.key and o.seq = t.seq`,
    [JSON.stringify(rows.map(({ kind, key, seq }) => ({ kind, key, seq })))],
  )
}

/** Tells these records again as they were last read. Answers those that were never read. */
export async function tellAgain(db: Db, keys: readonly RecordKey[]): Promise<readonly RecordKey[]> {
  if (keys.length === 0) return []
  return db.transaction(async query => {
    const rows = await query<{ connection: string; entity: string; id: string }>(
      'known-of',
      `select r.connection, r.entity, r.id from record r
       join jsonb_to_recordset($1::jsonb) k(connection text, entity text, id text)
         on r.connection = k.connection and r.entity = k.entity and r.id = k.id`,
      [JSON.stringify(keys.map(({ connection, entity, id }) => ({ connection, entity, id })))],
    )
    const known = new Set(rows.map(nameOf))
    const again = keys.filter(key => known.has(nameOf(key)))
    await addNews(
      query,
      again.map(key => ({ ...newsOfRecord(key), force: true })),
    )
    return keys.filter(key => !known.has(nameOf(key)))
  })
}

const nameOf = ({ connection, entity, id }: { connection: string; entity: string; id: string }) =>
  JSON.stringify([connection, entity, id])
