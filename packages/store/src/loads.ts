import { at, type Db, type Query } from './db.ts'
import type { Load, LoadMove } from './store.ts'

/** One node at a time loads a flow: the one that holds its lease. Null: another one does, or nobody asked for it. */
export async function claimLoad(
  db: Db,
  { flow, leaseMs, now }: { flow: string; leaseMs: number; now: number },
): Promise<Load | null> {
  const [row] = await db.query<Load>(
    'claim-load',
    `update load set lease_until = $2, fence = fence + 1
     where flow = $1 and (lease_until is null or lease_until <= $3) returning flow, fence, state`,
    [flow, at(now + leaseMs), at(now)],
  )
  return row ?? null
}

/** What a person asks for counts at once: whoever works on it finds at its next step that it is no longer theirs. */
export async function setLoad(db: Db, flow: string, state: unknown, fresh: boolean): Promise<void> {
  await db.transaction(async query => {
    await query(
      'set-load',
      `insert into load (flow, state) values ($1, $2)
       on conflict (flow) do update set state = excluded.state, fence = load.fence + 1, lease_until = null`,
      [flow, JSON.stringify(state)],
    )
    if (fresh) await query('forget-met', 'delete from load_seen where flow = $1', [flow])
  })
}

/** A page that a crash repeats meets its own again. */
export async function meet(
  db: Db,
  { flow, page, ids }: { flow: string; page: number; ids: readonly string[] },
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string; page: number }>(
    'meet',
    `insert into load_seen (flow, id, page) select distinct $1, id, $2::int from unnest($3::text[]) id order by id
     on conflict (flow, id) do update set page = load_seen.page returning id, page`,
    [flow, page, ids],
  )
  return rows
    .filter(row => row.page === page)
    .map(({ id }) => id)
    .toSorted()
}

export const saveLoad = (db: Db, move: LoadMove): Promise<boolean> => moveLoad(db.query, move)

/** False when the load is no longer ours. */
export async function moveLoad(query: Query, { load, state, leaseUntil }: LoadMove): Promise<boolean> {
  const rows = await query<{ flow: string }>(
    'move-load',
    'update load set state = $3, lease_until = $4 where flow = $1 and fence = $2 returning flow',
    [load.flow, load.fence, JSON.stringify(state), leaseUntil === null ? null : at(leaseUntil)],
  )
  return rows.length > 0
}

export async function loads(db: Db): Promise<readonly { readonly flow: string; readonly state: unknown }[]> {
  return db.query('loads', 'select flow, state from load order by flow')
}

/** How many of a flow's deliveries are ready or under way; it stops counting at `most`. */
export async function inLine(db: Db, flow: string, most: number): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'in-line',
    `select ((select count(*) from (select 1 from delivery where flow = $1 and state = 'ready' limit $2) r)
       + (select count(*) from delivery where flow = $1 and state = 'running'))::int "count"`,
    [flow, most],
  )
  return Math.min(row?.count ?? 0, most)
}
