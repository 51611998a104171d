import type { CauseAnswer, ParkedAnswer } from '@linchpin/api'
import { padMoney } from '@linchpin/model'
import type { CauseState, ParkedDelivery, RecordKey } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { Refusal } from '../http/problem.ts'
import { iso, isoOrNull, parkedAnswer } from '../http/status.ts'
import { ownOfEach, shownWords } from './words.ts'

const NEW_MS = 3_600_000

export async function causesAnswer(linchpin: Linchpin): Promise<readonly CauseAnswer[]> {
  const now = linchpin.now()
  return (await shownCauses(linchpin)).map(each => causeAnswer(each, now))
}

/** Why something is parked, without who it is about. */
export async function shownCauses({
  desk,
  now,
}: Pick<Linchpin, 'desk' | 'now'>): Promise<readonly CauseState[]> {
  const causes = await desk.causes(now())
  const own = await ownOfEach(
    { desk },
    causes.flatMap(({ id, ...each }) => (id === null ? [] : keyOf({ ...each, id }))),
  )
  return causes.map(each => ({
    ...each,
    words: shownWords(each.words, each.entity, own(keyOf({ ...each, id: each.id ?? '' }))),
  }))
}

/** The record of the source that a delivery is about. */
const keyOf = ({
  from,
  entity,
  id,
}: {
  from: string
  entity: RecordKey['entity']
  id: string
}): RecordKey => {
  return { connection: from, entity, id }
}

/** What is parked, as whoever has no right to personal data may see it. */
export async function parkedAnswers(
  linchpin: Pick<Linchpin, 'desk'>,
  parked: readonly ParkedDelivery[],
): Promise<ParkedAnswer[]> {
  const own = await ownOfEach(linchpin, parked.map(keyOf))
  return parked.map(each => parkedAnswer(each, own(keyOf(each))))
}

function causeAnswer(each: CauseState, now: number): CauseAnswer {
  const { id: _of, returns, resolvedAt, firstSeenAt, lastSeenAt, worth, ...rest } = each
  const isNew = now - firstSeenAt < NEW_MS
  return {
    ...rest,
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

export async function parkedPageAnswer(linchpin: Linchpin, { flow, cause, limit, after }: PageAsked) {
  const { desk, aliases } = linchpin
  const asked = {
    flow: flow ?? null,
    cause: cause ?? null,
    limit,
    after: after === undefined ? null : opened(after, aliases),
  }
  const found = await desk.parkedPage(asked)
  const last = found.length === limit ? found.at(-1) : undefined
  const parked = await parkedAnswers(linchpin, found)
  return {
    parked: parked.map((each, index) => ({ ...each, cause: found[index]?.cause ?? '' })),
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
