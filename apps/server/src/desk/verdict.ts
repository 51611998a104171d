import type { VerdictAnswer } from '@linchpin/api'

type Because = VerdictAnswer['because'][number]
type Colour = VerdictAnswer['is']

export interface FlowFacts {
  readonly paused: { readonly by: string; readonly reason: string } | null
  readonly parked: number
  readonly oldestMs: number | null
  readonly punctual: { readonly all: number; readonly inTime: number }
}

const LATE_MS = 15 * 60_000
const VERY_LATE_MS = 60 * 60_000
const WELL = 0.99
const BADLY = 0.9
/** Of fewer, one alone would turn everything red. */
const ENOUGH = 20

/** Pure: how a flow stands, and why. The worst reason gives the colour; a pause by a person outranks what it causes. */
export function flowVerdict({ paused, parked, oldestMs, punctual }: FlowFacts): VerdictAnswer {
  const share = punctual.all === 0 ? 1 : punctual.inTime / punctual.all
  const reasons: (readonly [Colour, Because])[] = []
  if (paused) reasons.push(['calm', { code: 'paused', facts: { by: paused.by, reason: paused.reason } }])
  if (oldestMs !== null && oldestMs > LATE_MS)
    reasons.push([
      oldestMs > VERY_LATE_MS ? 'red' : 'amber',
      { code: 'late', facts: { minutes: Math.round(oldestMs / 60_000) } },
    ])
  if (share < WELL)
    reasons.push([
      share < BADLY && punctual.all >= ENOUGH ? 'red' : 'amber',
      { code: 'slow', facts: { late: punctual.all - punctual.inTime, all: punctual.all } },
    ])
  if (parked > 0) reasons.push(['amber', { code: 'parked', facts: { count: parked } }])
  return worst(reasons)
}

export interface ConnectionFacts {
  readonly paused: { readonly by: string; readonly reason: string; readonly kind: string | null } | null
  readonly blockedMs: number
  readonly problems: readonly string[]
  readonly left: number
  readonly backlog: number
  /** Credentials that somebody said the end of, and how long they are good for. */
  readonly expiring: readonly { readonly name: string; readonly inMs: number }[]
}

const LONG_BACKLOG = 500
const DAY_MS = 24 * 3_600_000
/** Long enough to ask somebody at the other system for a new one. */
const SOON_MS = 14 * DAY_MS

export function connectionVerdict(facts: ConnectionFacts): VerdictAnswer {
  const reasons: (readonly [Colour, Because])[] = []
  if (facts.paused) {
    // Paused by Linchpin itself: sign-in or settings are wrong, and a person has to do something.
    const { by, reason, kind } = facts.paused
    reasons.push([
      kind === null ? 'calm' : 'red',
      { code: kind === null ? 'paused' : 'stopped', facts: { by, reason } },
    ])
  }
  if (facts.blockedMs > 0)
    reasons.push(['amber', { code: 'waits', facts: { seconds: Math.ceil(facts.blockedMs / 1000) } }])
  for (const words of facts.problems) reasons.push(['amber', { code: 'unread', facts: { words } }])
  if (facts.left <= 0) reasons.push(['amber', { code: 'budget', facts: {} }])
  if (facts.backlog > LONG_BACKLOG)
    reasons.push(['amber', { code: 'backlog', facts: { count: facts.backlog } }])
  for (const { name, inMs } of facts.expiring) {
    if (inMs <= 0) reasons.push(['red', { code: 'expired', facts: { name } }])
    else if (inMs < SOON_MS)
      reasons.push(['amber', { code: 'expires', facts: { name, days: Math.ceil(inMs / DAY_MS) } }])
  }
  return worst(reasons)
}

const RANKS: readonly Colour[] = ['green', 'amber', 'red', 'calm']

function worst(reasons: readonly (readonly [Colour, Because])[]): VerdictAnswer {
  const ranked = reasons.toSorted(([left], [right]) => RANKS.indexOf(right) - RANKS.indexOf(left))
  return { is: ranked[0]?.[0] ?? 'green', because: ranked.map(([, because]) => because) }
}

/** Of all together; what a person paused on purpose is no trouble of the whole. */
export function overall(verdicts: readonly VerdictAnswer[]): VerdictAnswer {
  const open = verdicts.filter(({ is }) => is !== 'calm')
  return worst(open.flatMap(({ is, because }) => because.slice(0, 1).map(each => [is, each] as const)))
}
