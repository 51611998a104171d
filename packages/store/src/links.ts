import { at, ring, type Db, type Query } from './db.ts'
import { addNews, newsOfLink, type Publishing } from './bus/outbox.ts'
import { addHints } from './notices.ts'
import { ordersThatTake, stockHints } from './stock.ts'
import type { Hint, LinkKey, NewLink } from './store.ts'

/**
 * A link is kept once, with the connection whose name sorts first on its left. Everybody else speaks of "this record,
 * and the connection to find it in".
 */
export async function links(db: Db, requests: readonly LinkKey[]): Promise<readonly (string | null)[]> {
  return findLinks(db.query, requests)
}

/** Each way has an index of its own; with an `or` of both, every look would go through all links of two systems. */
export async function findLinks(
  query: Query,
  requests: readonly LinkKey[],
): Promise<readonly (string | null)[]> {
  if (requests.length === 0) return []
  const rows = await query<{ n: number; target: string }>(
    'links',
    `with r as materialized (
       select * from jsonb_to_recordset($1::jsonb)
         r(n int, entity text, "left" text, "right" text, id text, forward boolean))
     select r.n, l.target from r cross join lateral (
       select right_id target, alias from link where r.forward and entity = r.entity
         and left_connection = r."left" and right_connection = r."right" and left_id = r.id
       union all
       select left_id, alias from link where not r.forward and entity = r.entity
         and left_connection = r."left" and right_connection = r."right" and right_id = r.id) l
     order by r.n, l.alias desc, l.target desc`,
    [
      JSON.stringify(
        requests.map((request, n) => ({ n, ...sides(request), entity: request.entity, id: request.id })),
      ),
    ],
  )
  const found = new Map(rows.map(row => [row.n, row.target]))
  return requests.map((_request, n) => found.get(n) ?? null)
}

export async function saveLink(
  db: Db,
  link: NewLink,
  now: number,
  publishing: Publishing | null,
): Promise<'linked' | 'taken'> {
  return db.transaction(query => linkOne(query, link, now, publishing))
}

export async function linkOne(
  query: Query,
  link: NewLink,
  now: number,
  publishing: Publishing | null,
): Promise<'linked' | 'taken'> {
  await lockEnds(query, endsOf(link))
  const [taken] = await addLinks(query, [link], now, publishing)
  if (taken) return 'taken'
  await wakeWaiting(query, [link], now)
  await addHints(query, await stockHints(query, await ordersThatTake(query, [link]), now), now)
  return 'linked'
}

/** A link by either of its records: what somebody can wait for. */
export function endsOf({ entity, connection, id, to, targetId }: Omit<NewLink, 'how' | 'flow' | 'alias'>) {
  return [
    { entity, connection, id, to },
    { entity, connection: to, id: targetId, to: connection },
  ] as const
}

/**
 * Whoever makes a link, whoever takes it back and whoever is about to wait for it take turns: two transactions see nothing
 * of each other. One would look for those who wait while the other looks for the link; or make a link again that the other
 * says stands no longer. Before any row is locked.
 */
export async function lockEnds(query: Query, ends: readonly LinkKey[]): Promise<void> {
  if (ends.length === 0) return
  await query(
    'lock-ends',
    `select pg_advisory_xact_lock_shared(${EVERY_END})
     union all
     select pg_advisory_xact_lock(k) from (
       select distinct hashtextextended(e, 0) k from unnest($1::text[]) e order by 1) ends`,
    [ends.map(({ entity, connection, id, to }) => JSON.stringify([entity, connection, id, to]))],
  )
}

const EVERY_END = "hashtextextended('every end ' || current_schema(), 0)"

/** For whoever takes back more of them at once than a database has room for locks. */
export async function lockEveryEnd(query: Query): Promise<void> {
  await query('lock-every-end', `select pg_advisory_xact_lock(${EVERY_END})`)
}

/**
 * Answers those that could not be saved because their target (or they) are linked otherwise. What stands again after it was
 * unlinked is dated after that, whatever our clock says: else whoever is told of both would take it for the older one.
 */
export async function addLinks(
  query: Query,
  added: readonly (NewLink & { readonly at?: number })[],
  now: number,
  publishing: Publishing | null,
): Promise<readonly NewLink[]> {
  if (added.length === 0) return []
  const rows = added.map(link => {
    const { left, right, forward } = sides(link)
    const [leftId, rightId] = forward ? [link.id, link.targetId] : [link.targetId, link.id]
    const { entity, alias, how, flow } = link
    return { entity, left, right, leftId, rightId, alias, how, flow, at: at(link.at ?? now) }
  })
  const made = await query<{
    entity: string
    left: string
    left_id: string
    right: string
    right_id: string
  }>(
    'add-links',
    `insert into link (entity, left_connection, left_id, right_connection, right_id, alias, how, flow, at)
     select k.entity, k."left", k."leftId", k."right", k."rightId", k.alias, k.how, k.flow,
       greatest(k.at, u.at + interval '1 millisecond')
     from jsonb_to_recordset($1::jsonb) k(entity text, "left" text, "leftId" text, "right" text, "rightId" text,
       alias boolean, how text, flow text, at timestamptz)
     left join unlinked u on u.entity = k.entity and u.left_connection = k."left" and u.right_connection = k."right"
       and u.left_id = k."leftId" and u.right_id = k."rightId"
     order by 1, 2, 3, 4, 5
     on conflict do nothing
     returning entity, left_connection "left", left_id, right_connection "right", right_id`,
    [JSON.stringify(rows)],
  )
  // One that is no alias was made only if neither of its ends was linked otherwise.
  const fresh = new Set(
    made.map(row => JSON.stringify([row.entity, row.left, row.left_id, row.right, row.right_id])),
  )
  const isMade = (link: NewLink, index: number) => {
    const row = rows[index]
    return (
      !link.alias &&
      fresh.has(JSON.stringify([link.entity, row?.left, row?.leftId, row?.right, row?.rightId]))
    )
  }
  const old = added.filter((link, index) => !isMade(link, index))
  const targets = await findLinks(query, old)
  const others = old.filter((link, index) => targets[index] !== link.targetId)
  if (publishing) await addNews(query, added.filter(link => !others.includes(link)).map(newsOfLink))
  return others
}

/** Whoever waits for these records goes on, from either side. */
export async function wakeWaiting(query: Query, made: readonly NewLink[], now: number): Promise<void> {
  if (made.length === 0) return
  const ends = made.flatMap(endsOf)
  const rows = await query<{ to_connection: string }>(
    'wake-waiting',
    `with due as materialized (
       select w.flow, w.id, nextval('delivery_seq') next_seq
       from (select distinct d.seq, d.flow, d.id
             from jsonb_to_recordset($1::jsonb) l(entity text, connection text, id text, "to" text)
             join waiting w on w.entity = l.entity and w.from_connection = l.connection and w.from_id = l.id
               and w.to_connection = l."to"
             join delivery d on d.flow = w.flow and d.id = w.id
             order by d.seq, d.flow, d.id) w)
     update delivery d set state = 'ready', run_at = $2, seq = due.next_seq from due
     where d.flow = due.flow and d.id = due.id and d.state in ('waiting', 'skipped')
     returning d.to_connection`,
    [JSON.stringify(ends), at(now)],
  )
  await ring(
    query,
    rows.map(row => `deliveries ${row.to_connection}`),
  )
}

export function sides(key: { connection: string; to: string }): {
  left: string
  right: string
  forward: boolean
} {
  const forward = key.connection < key.to
  return forward
    ? { left: key.connection, right: key.to, forward }
    : { left: key.to, right: key.connection, forward }
}

/**
 * An order that was found to be there already may have gone on there, unheard because nobody knew whose it is: it is read
 * again, and told to where it was placed.
 */
export function newsOf({
  entity,
  to,
  targetId,
}: Pick<NewLink, 'entity' | 'to' | 'targetId'>): readonly Hint[] {
  return entity === 'SalesOrder' ? [{ connection: to, entity, id: targetId, cause: 'link', force: true }] : []
}
