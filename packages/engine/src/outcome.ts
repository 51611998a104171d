import type { Outcome } from '@linchpin/connector'
import type { Delivery, Settlement } from '@linchpin/store'
import { isOpenCreate } from './intent.ts'
import type { Ready } from './prepare.ts'
import { LATE_MS, MOST_TRIES, pause } from './retry.ts'

/** Pure: what the outcome of a write means for its delivery. */
export interface OutcomeFacts {
  readonly repeat: 'safe' | 'find' | 'ask'
  readonly settledBy: number
  readonly now: number
  readonly random: () => number
  readonly target: string
  readonly isOutage: boolean
  readonly until: number
  /** Whether the target's record can be read back, so that its own number and version are known at once. */
  readonly readBack: boolean
}

export function settlementOf(
  delivery: Delivery,
  ready: Ready,
  outcome: Outcome | undefined,
  facts: OutcomeFacts,
): Settlement {
  if (outcome === undefined) {
    // The remote's answer says nothing about this one: it may be there or not.
    return unknown(delivery, ready, `${facts.target} did not say what became of it.`, facts)
  }
  switch (outcome.is) {
    case 'applied':
      return applied(delivery, ready, outcome, facts)
    case 'unknown':
      return unknown(delivery, ready, outcome.problem.message, facts)
    case 'refused':
      return refused(delivery, outcome, facts)
  }
}

function applied(
  delivery: Delivery,
  ready: Ready,
  outcome: Extract<Outcome, { is: 'applied' }>,
  facts: OutcomeFacts,
): Settlement {
  const { id: targetId, version, number = null, rest } = outcome
  const key = { connection: delivery.to, entity: delivery.entity, id: targetId }
  const done = ready.operation === 'create' ? 'Created' : 'Brought up to date'
  return {
    delivery,
    is: 'applied',
    targetId,
    version,
    number,
    sentHash: ready.hash,
    again: writeAgainAt(delivery, ready, outcome.again ?? null, facts),
    words: `${done} as ${number ?? targetId} in ${facts.target}.`,
    rest: rest ? { kind: rest.kind, words: rest.message, at: restAt(delivery, rest.kind, facts) } : null,
    hints: facts.readBack ? [{ ...key, cause: 'link', force: isNews(delivery, ready) }] : [],
  }
}

/**
 * What we wrote does not come back as a change, but what the target calls a new order is news to where it was placed.
 */
function isNews({ entity }: Delivery, { operation }: Ready): boolean {
  return entity === 'SalesOrder' && operation === 'create'
}

/**
 * Whether nothing that was sent before can stand there in place of what is sent now: it has arrived and is written over. Of
 * creates that nobody answered, each may be the one that stands there, however long ago it was sent.
 */
export function isAlone(delivery: Delivery, now: number): boolean {
  const { targetId, intent, unansweredBy } = delivery
  return targetId === null ? intent === null && unansweredBy === null : arrivesBy(delivery) <= now
}

/** When whatever was sent before has arrived, in ms since 1970; -Infinity: nothing is under way. */
function arrivesBy({ intent, unansweredBy }: Delivery): number {
  return Math.max(intent?.sendBy ?? -Infinity, unansweredBy ?? -Infinity) + LATE_MS
}

/**
 * An earlier write whose answer was lost may arrive after this one and put the older state in its place: once it must
 * have arrived, what shall be there is written again; but not where it is the same state, since whoever changed that in the
 * target meanwhile would be written over (seeds 18000029 and 316460073). And a create that was sent again under its key may have been
 * answered with the record of the first time, as it was then: what changed since must still be written.
 */
function writeAgainAt(
  delivery: Delivery,
  { hash }: Ready,
  asked: number | null,
  { now, repeat }: OutcomeFacts,
): number | null {
  const late = arrivesBy(delivery)
  // Our own database may have forgotten that it was sent before: then the time is all that is known of it.
  const isFirst =
    repeat === 'safe' &&
    (isOpenCreate(delivery) || (delivery.targetId === null && delivery.unansweredBy !== null))
  if ((late <= now || delivery.doubtHash === hash) && !isFirst) return asked
  return Math.min(asked ?? Infinity, Math.max(late, now))
}

/** What is left to do goes on by itself only when that can help. */
function restAt(delivery: Delivery, kind: string, { now, random, until }: OutcomeFacts): number | null {
  if (kind === 'refused' || kind === 'surprise' || delivery.tries >= MOST_TRIES) return null
  return Math.max(until, now + pause(delivery.tries, random))
}

function unknown(delivery: Delivery, ready: Ready, words: string, facts: OutcomeFacts): Settlement {
  const trouble = { kind: 'unknown', words }
  const again = Math.max(facts.until, facts.now + pause(delivery.tries, facts.random))
  const counts = !facts.isOutage
  if (ready.operation === 'update' || facts.repeat === 'safe')
    return { delivery, is: 'later', at: again, trouble, intent: 'keep', counts }
  if (facts.repeat === 'find')
    return { delivery, is: 'later', at: Math.max(again, facts.settledBy), trouble, intent: 'keep', counts }
  const ask = `Did it arrive in ${facts.target}? ${words} Look there for ${ready.write.key}, then answer.`
  return { delivery, is: 'parked', trouble: { kind: 'unknown', words: ask }, intent: 'keep' }
}

function refused(
  claimed: Delivery,
  { problem }: Extract<Outcome, { is: 'refused' }>,
  facts: OutcomeFacts,
): Settlement {
  const trouble = { kind: problem.kind, words: problem.message }
  // A refusal now says nothing about an earlier try whose answer was lost. Where we look first (`find`), that one is
  // known not to have arrived; where we just send again (`safe`), it may have.
  const intent = isOpenCreate(claimed) && facts.repeat !== 'find' ? 'keep' : 'clear'
  // An earlier update whose answer was lost may stand there: what was confirmed before it says nothing any more.
  const delivery = claimed.intent === null || intent === 'keep' ? claimed : { ...claimed, sentHash: null }
  switch (problem.kind) {
    case 'refused':
    case 'surprise':
      return { delivery, is: 'parked', trouble, intent }
    case 'busy':
    case 'login':
    case 'settings':
      return {
        delivery,
        is: 'later',
        at: Math.max(facts.until, facts.now + 1_000),
        trouble,
        intent,
        counts: false,
      }
    case 'passing':
    case 'conflict': {
      const at = Math.max(facts.until, facts.now + pause(delivery.tries, facts.random))
      return { delivery, is: 'later', at, trouble, intent, counts: !facts.isOutage }
    }
  }
}
