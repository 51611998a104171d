import type { Incident } from '@linchpin/store'
import type { Sighting } from './sightings.ts'

/** What was not seen for so long is over: a connection that comes and goes is one incident, and one message. */
export const CALM_MS = 5 * 60_000

/** Pure: the incidents that began, go on or ended by what is seen now. */
export function changedIncidents(
  known: readonly Incident[],
  seen: readonly Sighting[],
  now: number,
): readonly Incident[] {
  const open = new Map(known.filter(({ endedAt }) => endedAt === null).map(each => [each.cause, each]))
  const causes = new Set(seen.map(({ cause }) => cause))
  const over = [...open.values()].filter(({ cause, seenAt }) => !causes.has(cause) && now - seenAt >= CALM_MS)
  return [
    ...seen.map(each => goesOn(open.get(each.cause), each, now)),
    ...over.map(incident => ({ ...incident, endedAt: now })),
  ]
}

/** When it was last seen is written down at each look: by that is judged whether it lasted. */
function goesOn(before: Incident | undefined, seen: Sighting, now: number): Incident {
  if (!before) return { ...seen, most: seen.count, beganAt: now, seenAt: now, endedAt: null }
  const { count, words, worth } = seen
  return { ...before, count, words, worth, most: Math.max(before.most, count), seenAt: now }
}
