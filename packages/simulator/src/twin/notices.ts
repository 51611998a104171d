import type { Hint, Notice } from '@linchpin/store'
import { by, keyOf, type NoticeRow, type Tables } from './tables.ts'

export function notify(tables: Tables, hints: readonly Hint[], now: number): void {
  const merged = new Map<string, Hint>()
  for (const hint of hints) {
    const key = keyOf(hint.connection, hint.entity, hint.id)
    merged.set(key, merged.get(key)?.force ? { ...hint, force: true } : hint)
  }
  const rows = [...merged].toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [key, hint] of rows) {
    addHint(tables, key, hint, now)
    tables.rings.add(`notices ${hint.connection}`)
  }
}

function addHint(tables: Tables, key: string, hint: Hint, now: number): void {
  const { connection, entity, id, cause, force = false } = hint
  const runAt = Math.max(hint.at ?? now, now)
  const state = runAt > now ? 'later' : 'ready'
  const known = tables.notices.get(key)
  tables.noticeSeq += 1
  if (!known) {
    const counts = { seq: tables.noticeSeq, gen: 1, claimedGen: 0, fence: 0, tries: 0 }
    tables.notices.set(key, {
      connection,
      entity,
      id,
      cause,
      force,
      state,
      runAt,
      leaseUntil: null,
      againAt: null,
      againCause: null,
      ...counts,
    })
    return
  }
  const isTooEarly = state === 'later' && known.runAt < runAt
  if (isTooEarly) {
    known.againAt = Math.max(runAt, known.againAt ?? runAt)
    known.againCause = cause
  } else {
    known.gen += 1
    known.cause = cause
  }
  known.force ||= force
  known.tries = 0
  if (known.state === 'later' && state === 'ready') known.state = 'ready'
  known.runAt = Math.min(known.runAt, runAt)
}

export function claimNotices(
  tables: Tables,
  claim: { connection: string; limit: number; leaseMs: number; now: number },
): readonly Notice[] {
  const picked = [...tables.notices.values()]
    .filter(row => row.connection === claim.connection && row.state === 'ready' && row.runAt <= claim.now)
    .toSorted(by(row => row.seq))
    .slice(0, claim.limit)
  for (const row of picked) {
    row.state = 'running'
    row.leaseUntil = claim.now + claim.leaseMs
    row.fence += 1
    row.claimedGen = row.gen
    if (row.againAt !== null && row.againAt <= claim.now) forgetAgain(row)
  }
  return picked
    .map(({ connection, entity, id, cause, force, gen, fence, tries }) => ({
      connection,
      entity,
      id,
      cause,
      force,
      gen,
      fence,
      tries,
    }))
    .toSorted(by(row => row.entity + row.id))
}

/** Answered: gone, unless it rang again meanwhile, or is to be read once more later. */
export function finishNotices(tables: Tables, notices: readonly Notice[]): void {
  const ours = held(tables, notices)
  for (const row of ours) {
    const isAnswered = row.gen === row.claimedGen
    if (isAnswered && row.againAt === null) {
      tables.notices.delete(keyOf(row.connection, row.entity, row.id))
      continue
    }
    row.state = isAnswered ? 'later' : 'ready'
    if (isAnswered) {
      row.runAt = row.againAt ?? row.runAt
      row.cause = row.againCause ?? row.cause
      forgetAgain(row)
    }
    row.leaseUntil = null
    row.seq = tables.noticeSeq += 1
    tables.rings.add(`notices ${row.connection}`)
  }
}

function forgetAgain(row: NoticeRow): void {
  row.againAt = null
  row.againCause = null
}

export function retryNotices(tables: Tables, notices: readonly Notice[], at: number): void {
  for (const row of held(tables, notices)) {
    row.state = 'later'
    row.runAt = at
    row.leaseUntil = null
    row.tries += 1
  }
}

function held(tables: Tables, notices: readonly Notice[]): readonly NoticeRow[] {
  return notices.flatMap(notice => {
    const row = tables.notices.get(keyOf(notice.connection, notice.entity, notice.id))
    return row?.state === 'running' && row.fence === notice.fence ? [row] : []
  })
}
