import type { Incident } from '@linchpin/store'
import type { Sighting } from './sightings.ts'

/** What was not seen for so long is over: a connection that comes and goes is one incident, and one message. */
export const CALM_MS = 5 * 60_000
/** When nothing else changed, that it still lasts is written down this often. */
const NOTE_MS = 60_000

/** Pure: the incidents that began, changed or ended by what is seen now. */
export function changedIncidents(
  known: readonly Incident[],
  seen: readonly Sighting[],
  now: number,
): readonly Incident[] {
  const open = new Map(known.filter(({ endedAt }) => endedAt === null).map(each => [each.cause, each]))
  const causes = new Set(seen.map(({ cause }) => cause))
  const over = [...open.values()].filter(({ cause, seenAt }) => !causes.has(cause) && now - seenAt >= CALM_MS)
  return [
    ...seen.flatMap(each => goesOn(open.get(each.cause), each, now)),
    ...over.map(incident => ({ ...incident, endedAt: now })),
  ]
}

function goesOn(before: Incident | undefined, seen: Sighting, now: number): readonly Incident[] {
  if (!before) return [{ ...seen, most: seen.count, beganAt: now, seenAt: now, endedAt: null }]
  const same = before.count === seen.count && before.words === seen.words && now - before.seenAt < NOTE_MS
  if (same) return []
  const { count, words, worth } = seen
  return [{ ...before, count, words, worth, most: Math.max(before.most, count), seenAt: now }]
}
