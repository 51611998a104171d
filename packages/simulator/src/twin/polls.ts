import type { ClaimedPoll, Poll, PollFinish } from '@linchpin/store'
import { by, keyOf, type PollRow, type Tables } from './tables.ts'

export function claimPoll(
  tables: Tables,
  claim: { connection: string; leaseMs: number; now: number },
): ClaimedPoll {
  const own = [...tables.polls.values()].filter(row => row.connection === claim.connection)
  const free = (row: PollRow) => Math.max(row.nextAt, row.leaseUntil ?? row.nextAt)
  const [due] = own
    .filter(row => free(row) <= claim.now)
    .toSorted(
      by(
        row => row.nextAt,
        row => row.entity,
      ),
    )
  if (!due) return { poll: null, nextAt: own.length === 0 ? null : Math.min(...own.map(free)) }
  due.leaseUntil = claim.now + claim.leaseMs
  due.fence += 1
  const { connection, entity, cursor, fence, failures } = due
  return { poll: { connection, entity, cursor, fence, failures }, nextAt: null }
}

export function finishPoll(tables: Tables, poll: Poll, finish: PollFinish): void {
  const row = ownPoll(tables, poll)
  if (!row) return
  row.leaseUntil = null
  row.nextAt = finish.nextAt
  row.problem = finish.problem
  row.finishedAt = finish.now
  row.rounds += 1
  row.failures = finish.problem === null ? 0 : row.failures + 1
  row.caughtUpAt = finish.caughtUpAt ?? row.caughtUpAt
  if (finish.caughtUpAt !== null) row.firstCaughtUpAt ??= finish.now
}

/** The poll, if nobody has claimed it since. */
export function ownPoll(tables: Tables, poll: Poll): PollRow | null {
  const row = tables.polls.get(keyOf(poll.connection, poll.entity))
  return row?.fence === poll.fence ? row : null
}
