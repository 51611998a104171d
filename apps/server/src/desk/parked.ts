import type { CauseAnswer } from '@linchpin/api'
import { padMoney } from '@linchpin/model'
import type { CauseState } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { Refusal } from '../http/problem.ts'
import { iso, isoOrNull, parkedAnswer } from '../http/status.ts'
import { shownWords } from './words.ts'

const NEW_MS = 3_600_000

export async function causesAnswer({ desk, now }: Linchpin): Promise<readonly CauseAnswer[]> {
  return (await desk.causes(now())).map(each => causeAnswer(each, now()))
}

function causeAnswer(each: CauseState, now: number): CauseAnswer {
  const { returns, resolvedAt, firstSeenAt, lastSeenAt, worth, ...rest } = each
  const isNew = now - firstSeenAt < NEW_MS
  return {
    ...rest,
    words: shownWords(rest.words, rest.entity),
    worth: worth.map(({ amount, currency }) => ({ amount: padMoney(amount, currency), currency })),
    firstSeenAt: iso(firstSeenAt),
    lastSeenAt: iso(lastSeenAt),
    resolvedAt: isoOrNull(resolvedAt),
    is: resolvedAt !== null ? 'resolved' : returns > 0 ? 'returned' : isNew ? 'new' : 'ongoing',
  }
}

interface PageAsked {
  readonly flow?: string | undefined
  readonly cause?: string | undefined
  readonly limit: number
  readonly after?: string | undefined
}

export async function parkedPageAnswer(
  { desk, aliases }: Linchpin,
  { flow, cause, limit, after }: PageAsked,
) {
  const asked = {
    flow: flow ?? null,
    cause: cause ?? null,
    limit,
    after: after === undefined ? null : opened(after, aliases),
  }
  const found = await desk.parkedPage(asked)
  const last = found.length === limit ? found.at(-1) : undefined
  return {
    parked: found.map(each => ({ ...parkedAnswer(each), cause: each.cause })),
    next: last ? aliases.sealed(JSON.stringify([last.parkedAt, last.flow, last.id])) : null,
  }
}

function opened(
  cursor: string,
  { opened: open }: Linchpin['aliases'],
): { parkedAt: number; flow: string; id: string } {
  try {
    const [parkedAt, flow, id] = JSON.parse(open(cursor) ?? '') as [number, string, string]
    if (Number.isFinite(parkedAt) && typeof flow === 'string' && typeof id === 'string')
      return { parkedAt, flow, id }
  } catch {
    // Told below.
  }
  throw new Refusal(400, 'bad-cursor', 'after is no cursor of ours. Begin without it.')
}

const MOST = 10_000

/** The ids of everything that is parked for one reason, by flow. */
export async function idsOfCause(
  { desk }: Linchpin,
  cause: string,
): Promise<{ flow: string; ids: string[] } | null> {
  const found = await desk.parkedPage({ flow: null, cause, limit: MOST, after: null })
  const [first] = found
  return first ? { flow: first.flow, ids: found.map(({ id }) => id) } : null
}
