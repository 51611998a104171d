import { Cron } from 'croner'
import type { EntityName } from '@linchpin/model'
import { isDeliveredHere, type Flow, type Schedule, type Setup } from './setup.ts'

export const DEFAULT_SCHEDULE: Schedule = { everyMs: 10_000 }
/** What nobody here carries is read for the bus alone, for whoever may listen there. */
const FOR_OTHERS: Schedule = { everyMs: 5 * 60_000 }

/**
 * Which looks at sources are asked for, and how often. The schedule of a flow in batches is that of its runs, which are
 * where it is delivered; what its source has told by then is delivered.
 */
export function pollers(setup: Setup): readonly Poller[] {
  const asked = setup.flows.map(({ from, entity, ...flow }): Poller => {
    const runsElsewhere = flow.batch !== undefined && !isDeliveredHere(flow, setup)
    return { from, entity, schedule: runsElsewhere ? DEFAULT_SCHEDULE : flow.schedule }
  })
  const told = [...setup.here].flatMap(from =>
    setup.published(from).map((entity): Poller => ({ from, entity, schedule: FOR_OTHERS })),
  )
  const isAsked = (each: Poller) =>
    asked.some(({ from, entity }) => from === each.from && entity === each.entity)
  return [...asked, ...told.filter(each => !isAsked(each))]
}

export type Poller = Pick<Flow, 'from' | 'entity' | 'schedule'>

/** When a source is looked at again: the soonest that any flow of this entity asks for. */
export function nextPoll(
  asked: readonly Poller[],
  connection: string,
  entity: EntityName,
  now: number,
): number {
  const wanted = asked.filter(flow => flow.from === connection && flow.entity === entity)
  return Math.min(...wanted.map(flow => next(flow.schedule, now)), now + DAILY_MS)
}

const DAILY_MS = 24 * 60 * 60_000

export function next(schedule: Schedule, now: number): number {
  if ('everyMs' in schedule) return now + schedule.everyMs
  // Whoever waits for a run asks again every second, and searching a calendar is dear: until then the answer is the same.
  const known = answers.get(schedule)
  if (known && known.now <= now && now < known.at) return known.at
  const at = cronOf(schedule).nextRun(new Date(now))?.getTime() ?? now + DAILY_MS
  answers.set(schedule, { now, at })
  return at
}

const answers = new WeakMap<Schedule, { readonly now: number; readonly at: number }>()

const cronOf = ({ cron, zone }: Exclude<Schedule, { readonly everyMs: number }>) =>
  new Cron(cron, { timezone: zone, paused: true })

/** The last time at or before `now` and after `after`; null: there was none. */
export function last(schedule: Schedule, after: number, now: number): number | null {
  if ('everyMs' in schedule) {
    const rounds = Math.floor((now - after) / schedule.everyMs)
    return rounds < 1 ? null : after + rounds * schedule.everyMs
  }
  if (next(schedule, after) > now) return null
  // It answers those before an instant, in whole seconds: the second that has just begun counts.
  const before = cronOf(schedule)
    .previousRuns(2, new Date(now + 1_000))
    .map(run => run.getTime())
  const at = before.find(time => time <= now)
  return at === undefined || at <= after ? null : at
}
