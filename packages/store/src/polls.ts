import type { EntityName } from '@linchpin/model'
import { at, type Db } from './db.ts'
import type { ClaimedPoll, Poll, PollFinish } from './store.ts'

/** One node at a time reads one entity of one connection: the one that holds the poll's lease. */
export async function claimPoll(
  db: Db,
  claim: { connection: string; leaseMs: number; now: number },
): Promise<ClaimedPoll> {
  const [row] = await db.query<ClaimedRow>('claim-poll', CLAIM, [
    claim.connection,
    at(claim.now),
    at(claim.now + claim.leaseMs),
  ])
  if (!row || row.entity === null) return { poll: null, nextAt: row?.next_at ?? null }
  const { connection, entity, cursor, fence, failures } = row
  return { poll: { connection, entity, cursor, fence, failures }, nextAt: null }
}

interface ClaimedRow extends Omit<Poll, 'entity'> {
  readonly entity: EntityName | null
  readonly next_at: number | null
}

const CLAIM = `
  with taken as (
    update poll p set lease_until = $3, fence = p.fence + 1
    from (select connection, entity from poll
          where connection = $1 and next_at <= $2 and (lease_until is null or lease_until <= $2)
          order by next_at, entity limit 1 for update skip locked) due
    where p.connection = due.connection and p.entity = due.entity
    returning p.connection, p.entity, p.cursor, p.fence, p.failures)
  select taken.*, next.next_at
  from (select min(greatest(next_at, lease_until)) next_at from poll where connection = $1) next
  left join taken on true`

export async function finishPoll(db: Db, poll: Poll, finish: PollFinish): Promise<void> {
  await db.query(
    'finish-poll',
    `update poll set lease_until = null, next_at = $4, problem = $5, finished_at = $6, rounds = rounds + 1,
       failures = case when $5::text is null then 0 else failures + 1 end,
       caught_up_at = coalesce($7, caught_up_at),
       first_caught_up_at = coalesce(first_caught_up_at, case when $7::timestamptz is not null then $6::timestamptz end)
     where connection = $1 and entity = $2 and fence = $3`,
    [
      poll.connection,
      poll.entity,
      poll.fence,
      at(finish.nextAt),
      finish.problem,
      at(finish.now),
      finish.caughtUpAt === null ? null : at(finish.caughtUpAt),
    ],
  )
}
