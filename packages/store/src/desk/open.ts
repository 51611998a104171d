import type { Db } from '../db.ts'
import { mergedStates, type StateRow } from '../parked.ts'
import type { Status } from '../store.ts'

/**
 * What is not done: on its way or parked, and the notifications that wait. Each state has an index of its own, so that a
 * million deliveries that are done cost nothing.
 */
export async function open(db: Db): Promise<Pick<Status, 'deliveries' | 'notices'>> {
  const deliveries = await db.query<StateRow>(
    'open-deliveries',
    `select flow, state, count(*)::int count, min(owed_at) oldest, currency, sum(worth)::text worth
     from (${STATES.map(state => `select flow, state, owed_at, currency, worth from delivery where ${state}`).join(' union all ')}) d
     group by flow, state, currency order by flow, state, currency`,
  )
  const notices = await db.query<Status['notices'][number]>(
    'open-notices',
    'select connection, count(*)::int count, min(run_at) oldest from notice group by connection order by connection',
  )
  return { deliveries: mergedStates(deliveries), notices }
}

/** Each as the migration words the index that serves it. */
const STATES = ["state = 'ready'", "state in ('later', 'waiting')", "state = 'running'", "state = 'parked'"]
