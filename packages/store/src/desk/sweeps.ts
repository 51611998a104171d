import type { EntityName } from '@linchpin/model'
import { at, type Db } from '../db.ts'

/** How changes of an entity came to be known since some time. */
export interface Sweeps {
  readonly connection: string
  readonly entity: EntityName
  /** A webhook rang for them. */
  readonly rung: number
  /** Only a look at the source found them: no webhook rang, neither before nor in the minutes after. */
  readonly caught: number
}

/** What was there already when the source was read for the first time is no change. */
export async function sweeps(db: Db, { since }: { since: number }): Promise<readonly Sweeps[]> {
  return db.query<Sweeps>(
    'sweeps',
    `select h.connection, h.entity, count(*) filter (where h.cause = 'webhook')::int rung,
       count(*) filter (where h.cause = 'poll')::int caught
     from record_history h join poll p on p.connection = h.connection and p.entity = h.entity
     where h.at >= $1 and h.at > p.first_caught_up_at and h.cause in ('webhook', 'poll')
     group by h.connection, h.entity order by 1, 2`,
    [at(since)],
  )
}
