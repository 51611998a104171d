import { at, type Db, type Query } from './db.ts'
import type {
  Compared,
  ComparedPage,
  ComparedPair,
  ComparedQuery,
  Comparison,
  ComparisonState,
  DiscrepancyQuery,
  FoundDiscrepancy,
  Side,
} from './store.ts'

/** One node at a time compares a flow: the one that holds its lease. Null: another one does. */
export async function claimComparison(
  db: Db,
  { flow, leaseMs, now }: { flow: string; leaseMs: number; now: number },
): Promise<Comparison | null> {
  const [row] = await db.query<Comparison>(
    'claim-comparison',
    `insert into comparison (flow, lease_until, fence) values ($1, $2, 1)
     on conflict (flow) do update set lease_until = excluded.lease_until, fence = comparison.fence + 1
       where comparison.lease_until is null or comparison.lease_until <= $3
     returning flow, fence, state`,
    [flow, at(now + leaseMs), at(now)],
  )
  return row ?? null
}

/**
 * A page of what was compared and where to go on, in one transaction. False when the comparison is no longer ours. What
 * is counted when it has ended is counted after it: nobody waits for that.
 */
export async function saveComparison(
  db: Db,
  comparison: Comparison,
  page: ComparedPage,
  now: number,
): Promise<boolean> {
  const isOurs = await savePage(db, comparison, page, now)
  if (isOurs && page.ended) await remember(db, comparison.flow, now)
  return isOurs
}

async function savePage(db: Db, comparison: Comparison, page: ComparedPage, now: number): Promise<boolean> {
  return db.transaction(async query => {
    const { flow, fence } = comparison
    const ours = await query<{ flow: string }>(
      'save-comparison',
      `update comparison set state = $3, lease_until = $4 where flow = $1 and fence = $2 returning flow`,
      [flow, fence, JSON.stringify(page.state), page.leaseUntil === null ? null : at(page.leaseUntil)],
    )
    if (ours.length === 0) return false
    await saveRows(query, flow, page.rows ?? [], now)
    await removeRows(query, 'compared', flow, page.removed ?? [])
    await saveFound(query, flow, page.found ?? [], now)
    await removeRows(query, 'discrepancy', flow, page.right ?? [])
    return true
  })
}

async function saveRows(query: Query, flow: string, rows: readonly Compared[], now: number): Promise<void> {
  if (rows.length === 0) return
  await query(
    'save-compared',
    `insert into compared (flow, side, id, other, state, facts, at)
     select $1, c.side, c.id, c.other, c.state, c.facts, $3
     from jsonb_to_recordset($2::jsonb) c(side text, id text, other text, state text, facts jsonb)
     order by c.side, c.id
     on conflict (flow, side, id) do update set other = excluded.other, state = excluded.state,
       facts = excluded.facts, at = excluded.at`,
    [flow, JSON.stringify(rows), at(now)],
  )
}

/**
 * How long something has been wrong is told from the first time that it was. A node may not have heard yet which fields
 * a person had left out: what it found in them is not kept, and what differs in nothing else is not wrong any more.
 */
async function saveFound(
  query: Query,
  flow: string,
  found: readonly FoundDiscrepancy[],
  now: number,
): Promise<void> {
  if (found.length === 0) return
  await query(
    'save-discrepancies',
    `with f as materialized (
       select f.side, f.id, f.kind, case when i.n is null then f.detail else jsonb_set(f.detail, '{fields}', i.fields) end
           detail, i.n is not null and i.fields = '[]' "isRight"
       from jsonb_to_recordset($2::jsonb) f(side text, id text, kind text, detail jsonb)
       left join lateral (
         select count(*) filter (where g.field is not null) n,
           coalesce(jsonb_agg(e.f order by e.n) filter (where g.field is null), '[]') fields
         from jsonb_array_elements(case when jsonb_typeof(f.detail->'fields') = 'array' then f.detail->'fields' end)
           with ordinality e(f, n)
         left join lateral (select i.field from ignored_field i
           where i.flow = $1 and i.field = e.f->>'field' and i.record in ('', f.id) limit 1) g on true
         having count(g.field) > 0) i on f.side = 'source' and f.kind = any($4)
     ), mended as (
       delete from discrepancy d using f where f."isRight" and d.flow = $1 and d.side = f.side and d.id = f.id)
     insert into discrepancy (flow, side, id, kind, detail, since, at)
     select $1, f.side, f.id, f.kind, f.detail, $3, $3 from f where not f."isRight"
     order by f.side, f.id
     on conflict (flow, side, id) do update set detail = excluded.detail, at = excluded.at, kind = excluded.kind,
       since = case when discrepancy.kind = excluded.kind then discrepancy.since else excluded.since end`,
    [flow, JSON.stringify(found), at(now), OF_FIELDS],
  )
}

/** The kinds of discrepancy that are about fields, and none where each of them is left out. */
export const OF_FIELDS: readonly string[] = ['different', 'unexplained total']

async function removeRows(
  query: Query,
  table: 'compared' | 'discrepancy',
  flow: string,
  rows: readonly { readonly side: Side; readonly id: string }[],
): Promise<void> {
  if (rows.length === 0) return
  await query(
    `remove-${table}`,
    `delete from ${table} t using unnest($2::text[], $3::text[]) k(side, id)
     where t.flow = $1 and t.side = k.side and t.id = k.id`,
    [flow, rows.map(({ side }) => side), rows.map(({ id }) => id)],
  )
}

/**
 * Counted as `standing` counts: what is under way is neither the same nor wrong. Where flows are compared all the time,
 * what is wrong seldom changes, and to count millions of records that are the same once an hour is enough.
 */
async function remember(db: Db, flow: string, now: number): Promise<void> {
  await db.query(
    'save-comparison-past',
    `with k as materialized (
       select coalesce(jsonb_object_agg(kind, n), '{}') kinds
       from (select kind, count(*) n from discrepancy where flow = $1 and kind <> 'under way' group by kind) k)
     insert into comparison_past (flow, at, same, kinds)
     select $1, $2,
       greatest(0, (select count(*) from compared where flow = $1 and side = 'source' and state is null)
         - (select count(*) from discrepancy where flow = $1 and side = 'source')), k.kinds
     from k where not exists (
       select from (select p.at, p.kinds from comparison_past p where p.flow = $1 order by p.at desc limit 1) l
       where l.kinds = k.kinds and l.at > $2::timestamptz - interval '1 hour' and l.at <= $2)
     on conflict (flow, at) do update set same = excluded.same, kinds = excluded.kinds`,
    [flow, at(now)],
  )
}

const COLUMNS = (of: string) => `${of}.side, ${of}.id, ${of}.other, ${of}.state, ${of}.facts`

/** Records of the source, each with the target's row that it is linked to, in the order of their ids. */
export async function comparedPairs(
  db: Db,
  { flow, after, limit, ids }: ComparedQuery,
): Promise<readonly ComparedPair[]> {
  const some = ids ? 'and s.id = any($2::text[])' : 'and ($2::text is null or s.id > $2)'
  return db.query<{ source: Compared; target: Compared | null }>(
    ids ? 'compared-pairs-of' : 'compared-pairs',
    `select json_build_object('side', s.side, 'id', s.id, 'other', s.other, 'state', s.state, 'facts', s.facts) source,
       (select json_build_object('side', t.side, 'id', t.id, 'other', t.other, 'state', t.state, 'facts', t.facts)
        from compared t where t.flow = $1 and t.side = 'target' and t.id = s.other) target
     from (select ${COLUMNS('s')} from compared s where s.flow = $1 and s.side = 'source' ${some}
           order by s.id limit $3) s
     order by s.id`,
    [flow, ids ?? after ?? null, limit],
  )
}

/**
 * Where both sides carry the same, nothing has to leave the database. What is kept may say '?', which only a look at both
 * records can answer; and what was wrong the last time is told, whatever it is now.
 */
export async function unequalPairs(
  db: Db,
  query: { flow: string; after: string | null; window: number; limit: number },
): Promise<{ readonly pairs: readonly ComparedPair[]; readonly last: string | null }> {
  const { flow, after, window, limit } = query
  const [row] = await db.query<{ pairs: readonly ComparedPair[]; last: string | null }>(
    'unequal-pairs',
    `with w as materialized (
       select ${COLUMNS('s')} from compared s
       where s.flow = $1 and s.side = 'source' and ($2::text is null or s.id > $2) order by s.id limit $3
     ), p as materialized (
       select w.id, row_to_json(w) source,
         case when t.id is not null then json_build_object(
           'side', t.side, 'id', t.id, 'other', t.other, 'state', t.state, 'facts', t.facts) end target
       from w left join compared t on t.flow = $1 and t.side = 'target' and t.id = w.other
       where w.state = 'faulty'
         or w.state is null and (
           t.id is null or t.state is null and (w.facts <> t.facts or w.facts is not null and t.facts is not null
             and w.facts::text like '%"?"%'))
         or exists (select from discrepancy d where d.flow = $1 and d.side = 'source' and d.id = w.id)
       order by w.id limit $4
     )
     select case when (select count(*) from p) = $4 then (select max(id) from p) else (select max(id) from w) end last,
       (select coalesce(json_agg(json_build_object('source', source, 'target', target) order by id), '[]') from p) pairs`,
    [flow, after, window, limit],
  )
  return row ?? { pairs: [], last: null }
}

/** Those of these records whose delivery is still owed. */
export async function owed(db: Db, flow: string, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    'owed',
    `select id from delivery where flow = $1 and id = any($2::text[])
       and state in ('ready', 'later', 'running', 'waiting') order by id`,
    [flow, ids],
  )
  return rows.map(({ id }) => id)
}

/** Those of these records of which a person must say whether they arrived: until then nothing of them is sent. */
export async function unanswered(db: Db, flow: string, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    'unanswered',
    `select id from delivery where flow = $1 and id = any($2::text[])
       and state = 'parked' and intent is not null order by id`,
    [flow, ids],
  )
  return rows.map(({ id }) => id)
}

/** Rows of one side in the order of their ids: those that are linked to nothing, that did not read as records, or that were not met since `before`. */
export async function comparedRows(
  db: Db,
  query: {
    flow: string
    side: Side
    only: 'unlinked' | 'faulty' | { before: number }
    after: string | null
    limit: number
    ids?: readonly string[]
  },
): Promise<readonly Compared[]> {
  const { flow, side, only, after, limit, ids } = query
  const [name, where] =
    only === 'unlinked'
      ? ['unlinked', 'c.other is null and $3::text is null']
      : only === 'faulty'
        ? ['faulty', "c.state = 'faulty' and $3::text is null"]
        : ['stale', 'c.at < $3']
  return db.query<Compared>(
    `compared-${name}`,
    `select ${COLUMNS('c')} from compared c where c.flow = $1 and c.side = $2 and ${where}
       and ($4::text is null or c.id > $4) and ($6::text[] is null or c.id = any($6)) order by c.id limit $5`,
    [flow, side, typeof only === 'string' ? null : at(only.before), after, limit, ids ?? null],
  )
}

export async function discrepancies(
  db: Db,
  { flow, limit, of }: DiscrepancyQuery,
): Promise<readonly (FoundDiscrepancy & { readonly since: number; readonly at: number })[]> {
  return db.query(
    of ? 'discrepancies-of' : 'discrepancies',
    `select side, id, kind, detail, since, at from discrepancy where flow = $1
       ${of ? 'and side = $3 and id = $4' : ''} order by since, side, id limit $2`,
    [flow, limit, ...(of ? [of.side, of.id] : [])],
  )
}

/** How a flow's comparison stands, or null when it was never compared. */
export async function comparisonState(db: Db, flow: string): Promise<ComparisonState | null> {
  const [row] = await db.query<{ state: unknown }>(
    'comparison',
    'select state from comparison where flow = $1',
    [flow],
  )
  if (!row) return null
  const rows = await db.query<{ side: Side; state: string | null; count: number }>(
    'compared-counts',
    `select side, state, count(*)::int "count" from compared where flow = $1 group by side, state
     order by side, state nulls first`,
    [flow],
  )
  const found = await db.query<{ kind: string; side: Side; count: number; oldest: number }>(
    'discrepancy-counts',
    `select kind, side, count(*)::int "count", min(since) oldest from discrepancy where flow = $1
     group by kind, side order by kind, side`,
    [flow],
  )
  return { state: row.state, rows, found }
}
