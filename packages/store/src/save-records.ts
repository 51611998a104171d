import type { Copy } from './copy.ts'
import { at, type Query } from './db.ts'
import { journalOf } from './journal.ts'
import type { ReadPage, ReadRecord } from './store.ts'

/** Of one page, in the transaction that saves it: those that changed, and those that were there before. */
export interface News {
  readonly isChanged: (record: ReadRecord) => boolean
  readonly isKnown: (record: ReadRecord) => boolean
}

/**
 * Records, and of those that changed all that follows from their content: history, numbers, parents, what orders take, and
 * the journal. One statement, one way there and back. Answers the products that orders took until now. Throws what makes
 * the transaction begin anew when somebody else saved one of them since it was looked at.
 */
export async function saveRecords(
  query: Query,
  page: ReadPage,
  records: readonly ReadRecord[],
  news: News,
): Promise<readonly string[]> {
  if (records.length === 0) return []
  const changed = records.filter(news.isChanged)
  const freed = await clearParts(query, page.connection, changed.filter(news.isKnown))
  const rows = records.map(record => columnsOf(record, news.isChanged(record)))
  const entries = page.cause === 'load' ? [] : changed.map(record => entryOf(record, page))
  const saved = await query<{ entity: string; id: string; fresh: boolean }>('save-records', SAVE, [
    page.connection,
    JSON.stringify(rows),
    at(page.readAt),
    at(page.now),
    page.cause,
    JSON.stringify(entries),
  ])
  // What stood there of it was not cleared away.
  const known = new Set(records.filter(news.isKnown).map(keyOf))
  if (saved.some(row => !row.fresh && !known.has(keyOf(row)))) throw new SavedMeanwhile()
  return freed
}

const keyOf = (record: { entity: string; id: string }) => `${record.entity} ${record.id}`

/** As PostgreSQL says it when a transaction has to begin anew. */
class SavedMeanwhile extends Error {
  readonly code = '40001'
}

/** Nothing but what the tables hold: what a record makes due would only be parsed in vain. */
function columnsOf(record: ReadRecord, changed: boolean) {
  const { entity, id, version, hash, row, canonical, problem, mapping = 0 } = record
  const columns = { entity, id, version, hash, row, canonical, problem, changed }
  if (!changed) return columns
  const { references, parents, demand } = record
  return { ...columns, mapping, refs: references, parents, demand }
}

function entryOf({ entity, id, problem }: ReadRecord, { connection, cause }: ReadPage) {
  const words = problem ?? `Read a change (${cause}).`
  return { connection, entity, id, who: 'linchpin', what: 'read', words }
}

const SAVE = `
  with given as materialized (
    select * from jsonb_to_recordset($2::jsonb) r(entity text, id text, version text, hash text, row jsonb,
      canonical jsonb, problem text, changed boolean, mapping int, refs jsonb, parents jsonb, demand jsonb)),
  saved as (
    insert into record (connection, entity, id, version, hash, row, canonical, problem, read_at, changed_at)
    select $1, entity, id, version, hash, row, canonical, problem, $3, $4 from given order by entity, id
    on conflict (connection, entity, id) do update set
      version = excluded.version, hash = excluded.hash, row = excluded.row, canonical = excluded.canonical,
      problem = excluded.problem, read_at = excluded.read_at, missed_at = null, gone_at = null,
      changed_at = case when record.hash = excluded.hash and record.gone_at is null
        then record.changed_at else excluded.changed_at end
    returning entity, id, xmax = 0 fresh),
  history as (
    insert into record_history (connection, entity, id, at, version, hash, cause, canonical, mapping)
    select $1, entity, id, $4, version, hash, $5, canonical, mapping from given where changed order by entity, id),
  refs as (
    insert into reference (connection, entity, id, kind, value)
    select $1, g.entity, g.id, x.kind, x.value
    from given g, jsonb_to_recordset(g.refs) x(kind text, value text) where g.changed
    on conflict do nothing),
  parents as (
    insert into parent (connection, entity, id, parent_entity, parent_id)
    select $1, g.entity, g.id, x.entity, x.id
    from given g, jsonb_to_recordset(g.parents) x(entity text, id text) where g.changed
    on conflict do nothing),
  taken as (
    insert into demand (connection, order_id, product, quantity)
    select $1, g.id, x.product, sum(x.quantity)
    from given g, jsonb_to_recordset(g.demand) x(product text, quantity numeric) where g.changed
    group by g.id, x.product
    -- Another node saved this new order meanwhile: told by its record, which is not fresh then.
    on conflict do nothing),
  told as (${journalOf('$6', '$4')})
  select entity, id, fresh from saved`

/** What belonged to records as they were. Answers the products that orders took. */
async function clearParts(
  query: Query,
  connection: string,
  records: readonly ReadRecord[],
): Promise<readonly string[]> {
  if (records.length === 0) return []
  const orders = records.filter(({ demand }) => demand !== undefined)
  const rows = await query<{ product: string }>(
    'clear-parts',
    `with k as (select * from unnest($2::text[], $3::text[]) k(entity, id)),
     refs as (delete from reference t using k where t.connection = $1 and t.entity = k.entity and t.id = k.id),
     parents as (delete from parent t using k where t.connection = $1 and t.entity = k.entity and t.id = k.id)
     delete from demand where connection = $1 and order_id = any($4::text[]) returning product`,
    [
      connection,
      records.map(({ entity }) => entity),
      records.map(({ id }) => id),
      orders.map(({ id }) => id),
    ],
  )
  return rows.map(({ product }) => product)
}

/** Records of which nothing is known yet, and what belongs to them, by COPY: for a first load, in which most are new. */
export async function copyRecords(
  query: Query,
  copy: Copy,
  { connection, cause, readAt, now }: ReadPage,
  records: readonly ReadRecord[],
): Promise<void> {
  if (records.length === 0) return
  const times = [at(readAt), at(now)]
  await copy(
    'record (connection, entity, id, version, hash, row, canonical, problem, read_at, changed_at)',
    records.map(({ entity, id, version, hash, row, canonical, problem }) => [
      connection,
      entity,
      id,
      version,
      hash,
      JSON.stringify(row),
      canonical === null ? null : JSON.stringify(canonical),
      problem,
      ...times,
    ]),
  )
  const [kinds, ids] = [records.map(({ entity }) => entity), records.map(({ id }) => id)]
  await query(
    'copied-history',
    `insert into record_history (connection, entity, id, at, version, hash, cause, canonical, mapping)
     select $1, r.entity, r.id, $4, r.version, r.hash, $5, r.canonical, k.mapping
     from unnest($2::text[], $3::text[], $6::int[]) k(entity, id, mapping)
     join record r on r.connection = $1 and r.entity = k.entity and r.id = k.id
     order by r.entity, r.id`,
    [connection, kinds, ids, at(now), cause, records.map(({ mapping = 0 }) => mapping)],
  )
  const rowsOf = (cells: (record: ReadRecord) => readonly (readonly string[])[]) =>
    records.flatMap(record =>
      unlike(cells(record)).map(each => [connection, record.entity, record.id, ...each]),
    )
  await copy(
    'reference (connection, entity, id, kind, value)',
    rowsOf(({ references }) => references.map(({ kind, value }) => [kind, value])),
  )
  await copy(
    'parent (connection, entity, id, parent_entity, parent_id)',
    rowsOf(({ parents }) => parents.map(({ entity, id }) => [entity, id])),
  )
  const lines = records.flatMap(({ id, demand = [] }) => demand.map(line => ({ id, ...line })))
  if (lines.length === 0) return
  await query(
    'copied-demand',
    `insert into demand (connection, order_id, product, quantity)
     select $1, d.id, d.product, sum(d.quantity)
     from jsonb_to_recordset($2::jsonb) d(id text, product text, quantity numeric) group by d.id, d.product`,
    [connection, JSON.stringify(lines)],
  )
}

/** Each of them once. */
function unlike(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(rows.map(row => [JSON.stringify(row), row])).values()]
}
