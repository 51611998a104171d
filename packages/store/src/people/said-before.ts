import { at, type Db } from '../db.ts'

export interface Saying {
  readonly actor: string
  readonly key: string
  /** A digest of what was asked, by a key: it may hold passwords. The same `key` with something else in it is a mistake. */
  readonly request: Uint8Array
}

export type Heard =
  | { readonly is: 'new' | 'under way' | 'something else' }
  | { readonly is: 'done'; readonly status: number; readonly answer: unknown }

/** So long is remembered what was said; then a key is as good as new, also one whose call never ended. */
export const SAID_MS = 24 * 60 * 60 * 1000

/** Takes the key for this call, or tells what became of the one that took it. */
export async function say(db: Db, saying: Saying, now: number): Promise<Heard> {
  const { actor, key, request } = saying
  const mine = await db.query<{ key: string }>(
    'say',
    `insert into said_before (actor, key, request, at) values ($1, $2, $3, $4)
     on conflict (actor, key) do update set request = excluded.request, at = excluded.at, status = null, answer = null
       where said_before.at <= $5 returning key`,
    [actor, key, Buffer.from(request), at(now), at(now - SAID_MS)],
  )
  if (mine.length > 0) return { is: 'new' }
  const [row] = await db.query<{ same: boolean; status: number | null; answer: unknown }>(
    'said',
    'select request = $3 same, status, answer from said_before where actor = $1 and key = $2',
    [actor, key, Buffer.from(request)],
  )
  if (!row) return say(db, saying, now)
  if (!row.same) return { is: 'something else' }
  return row.status === null ? { is: 'under way' } : { is: 'done', status: row.status, answer: row.answer }
}

export async function answered(
  db: Db,
  { actor, key }: Omit<Saying, 'request'>,
  done: { readonly status: number; readonly answer: unknown },
): Promise<void> {
  await db.query(
    'said-answered',
    'update said_before set status = $3, answer = $4::jsonb where actor = $1 and key = $2',
    [actor, key, done.status, JSON.stringify(done.answer)],
  )
}

/** It failed in a way that says nothing about whether it was done: it may be said again. */
export async function unsay(db: Db, { actor, key }: Omit<Saying, 'request'>): Promise<void> {
  await db.query('unsay', 'delete from said_before where actor = $1 and key = $2', [actor, key])
}
