import { at, type Db } from '../db.ts'

export interface Limit {
  /** What is counted: an account, an address, both. */
  readonly key: string
  readonly most: number
}

/**
 * Counts one try under each key, before it is known how it ends: of a thousand at once, no more than `most` get through.
 * Answers 0, or in how many ms the next may be made. A window begins with the first try in it.
 */
export async function countTry(
  db: Db,
  limits: readonly Limit[],
  { now, windowMs }: { readonly now: number; readonly windowMs: number },
): Promise<number> {
  return db.transaction(async query => {
    let wait = 0
    // In one order, so that two that share keys do not wait for each other.
    for (const { key, most } of limits.toSorted((left, right) => (left.key < right.key ? -1 : 1))) {
      const [row] = await query<{ since: number; tries: number }>(
        'count-try',
        `insert into sign_in_try (key, since, tries) values ($1, $2, 1)
         on conflict (key) do update set
           since = case when sign_in_try.since > $3 then sign_in_try.since else excluded.since end,
           tries = case when sign_in_try.since > $3 then sign_in_try.tries + 1 else 1 end
         returning since, tries`,
        [key, at(now), at(now - windowMs)],
      )
      if (row && row.tries > most) wait = Math.max(wait, row.since + windowMs - now)
    }
    return wait
  })
}

/** Who got in made no mistake. */
export async function forgetTries(db: Db, keys: readonly string[]): Promise<void> {
  await db.query('forget-tries', 'delete from sign_in_try where key = any($1::text[])', [keys])
}
