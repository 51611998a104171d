import type { Db } from '../db.ts'

/** A number that is another one whenever something happened that the journal tells of. One look at an index. */
export async function pulse(db: Db): Promise<number> {
  const [row] = await db.query<{ seq: number }>('pulse', 'select coalesce(max(seq), 0) seq from journal')
  return row?.seq ?? 0
}
