import type { AlertItem, AlertRule, Incident, Told } from '@linchpin/store'
import { isDue } from './quiet.ts'
import { behindCause } from './sightings.ts'

/** What a rule has to say now: one message, and what it counts as told by it. */
export interface Telling {
  readonly items: readonly AlertItem[]
  readonly told: readonly Told[]
}

/**
 * Pure: what a rule says now. It waits until the first of what it has to tell has its time, and then says all of it:
 * what began, what is over, and what came and went while it was quiet. Each once.
 */
export function tell(
  rule: AlertRule,
  incidents: readonly Incident[],
  told: readonly Told[],
  now: number,
): Telling {
  const known = new Set(told.filter(each => each.rule === rule.id).map(each => keyOf(each, each.isEnd)))
  const news = rule.active
    ? incidents.filter(each => wants(rule, each)).flatMap(each => newsOf(rule, each, known))
    : []
  const ripe = news.filter(({ since }) => since <= now)
  if (!ripe.some(({ since }) => isDue(rule, since, now))) return { items: [], told: [] }
  return {
    items: ripe.map(({ is, incident }) => itemOf(is, incident)),
    told: ripe.flatMap(({ is, incident }) => {
      const { cause, beganAt } = incident
      const ends = is === 'began' ? [false] : is === 'ended' ? [true] : [false, true]
      return ends.map(isEnd => ({ rule: rule.id, cause, beganAt, isEnd }))
    }),
  }
}

interface News {
  readonly is: AlertItem['is']
  readonly incident: Incident
  /** From then on it may be told. */
  readonly since: number
}

function newsOf(rule: AlertRule, incident: Incident, known: ReadonlySet<string>): readonly News[] {
  const { beganAt, seenAt, endedAt } = incident
  const waitMs = rule.waitMinutes * 60_000
  const [began, ended] = [known.has(keyOf(incident, false)), known.has(keyOf(incident, true))]
  if (began) {
    const isNews = endedAt !== null && endedAt >= rule.wishesSince
    return isNews && !ended && rule.recovery ? [{ is: 'ended', incident, since: endedAt }] : []
  }
  // What was over before anybody wished to hear of it, or did not last long enough, is nobody's news. By when it was last
  // seen: the incident stays open for a while after that.
  if (seenAt < rule.wishesSince || seenAt - beganAt < waitMs) return []
  return [
    endedAt === null
      ? { is: 'began', incident, since: beganAt + waitMs }
      : { is: 'passed', incident, since: endedAt },
  ]
}

/** Pure: whether an incident is one that a rule is about. */
function wants(rule: AlertRule, { event, cause, flow, connection }: Incident): boolean {
  if (!rule.events.includes(event)) return false
  if (event === 'behind' && cause !== behindCause(flow ?? '', rule.behind)) return false
  if (rule.flows.length === 0 && rule.connections.length === 0) return true
  return rule.flows.includes(flow ?? '') || rule.connections.includes(connection ?? '')
}

const keyOf = ({ cause, beganAt }: Pick<Incident, 'cause' | 'beganAt'>, isEnd: boolean) =>
  `${cause} ${beganAt} ${isEnd}`

function itemOf(is: AlertItem['is'], incident: Incident): AlertItem {
  const { seenAt, most, ...item } = incident
  return { ...item, is, count: is === 'began' ? item.count : most, endedAt: is === 'began' ? null : seenAt }
}
