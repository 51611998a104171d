import type { AlertRule, AlertTurn, Incident, Told } from '@linchpin/store'
import { changedIncidents } from './incidents.ts'
import { sightings, type AlertFacts } from './sightings.ts'
import { tell } from './tell.ts'

export interface AlertKnown {
  readonly rules: readonly AlertRule[]
  readonly incidents: readonly Incident[]
  readonly told: readonly Told[]
}

/** Pure: what one look at everything comes to. `newId` names each message: by it a receiver knows a repetition. */
export function alertTurn(
  { rules, incidents, told }: AlertKnown,
  facts: AlertFacts,
  { now, newId }: { readonly now: number; readonly newId: () => string },
): AlertTurn {
  const active = rules.filter(rule => rule.active)
  const changed = changedIncidents(incidents, sightings(facts, active, now), now)
  const all = [...incidents.filter(each => !changed.some(is(each))), ...changed]
  const tellings = active.map(rule => ({ rule, ...tell(rule, all, told, now) }))
  return {
    incidents: changed,
    told: tellings.flatMap(each => each.told),
    messages: tellings
      .filter(({ items }) => items.length > 0)
      .flatMap(({ rule: { id, name, channels }, items }) =>
        channels.map(channel => ({ id: newId(), channel, rule: { id, name }, items })),
      ),
  }
}

const is =
  ({ cause, beganAt }: Incident) =>
  (other: Incident) =>
    other.cause === cause && other.beganAt === beganAt

/** A message that does not get through is tried for so long, and then given up. */
export const ALERT_GIVE_UP_MS = 3 * 24 * 3_600_000
const FIRST_MS = 5_000
const LONGEST_MS = 3_600_000

/** Pure: when a message that did not get through is tried again: after 5 s, 20 s, 80 s … 1 h. Null: never more. */
export function nextAlertTry(
  { tries, madeAt, now }: { readonly tries: number; readonly madeAt: number; readonly now: number },
  { retryAfterMs, random }: { readonly retryAfterMs: number | null; readonly random: () => number },
): number | null {
  const full = Math.min(FIRST_MS * 4 ** Math.min(tries - 1, 10), LONGEST_MS)
  const at = now + Math.max(Math.round(full * (0.75 + random() / 2)), Math.min(retryAfterMs ?? 0, LONGEST_MS))
  return at - madeAt > ALERT_GIVE_UP_MS ? null : at
}
