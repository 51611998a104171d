import { at, type Db } from '../db.ts'

/** How both sides of a flow stood when a comparison had ended. */
export interface PastComparison {
  readonly flow: string
  readonly at: number
  readonly same: number
  readonly kinds: Readonly<Record<string, number>>
}

const POINTS = 60

/**
 * How these flows stood in the course of time, oldest first: the time since the first comparison that is remembered in
 * sixty parts, and of each the last one that ended in it.
 */
export async function trendOf(
  db: Db,
  { flows, since }: { readonly flows: readonly string[]; readonly since: number },
): Promise<readonly PastComparison[]> {
  return db.query<PastComparison>(
    'trend',
    `select flow, at, same, kinds from (
       select distinct on (p.flow, part) p.flow, p.at, p.same, p.kinds,
         floor(extract(epoch from p.at - b.first) / b.size) part
       from comparison_past p
       join (select flow, min(at) first, greatest(extract(epoch from max(at) - min(at)) / ${POINTS - 1}, 0.001) size
             from comparison_past where flow = any($1::text[]) and at >= $2 group by flow) b on b.flow = p.flow
       where p.at >= $2
       order by p.flow, part, p.at desc) t
     order by flow, at`,
    [flows, at(since)],
  )
}

/** Of what lies back more than a day, the last of each hour is kept; of what lies back ninety days, nothing. */
export async function thinTrend(db: Db, now: number): Promise<void> {
  await db.query(
    'thin-trend',
    `delete from comparison_past p where p.at < $2 or (p.at < $1 and exists (
       select from comparison_past n where n.flow = p.flow and n.at > p.at
         and n.at < date_bin('1 hour', p.at, 'epoch') + interval '1 hour'))`,
    [at(now - DAY_MS), at(now - TREND_MS)],
  )
}

const DAY_MS = 24 * 3_600_000
export const TREND_MS = 90 * DAY_MS
