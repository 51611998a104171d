import { Cron } from 'croner'
import type { EntityName } from '@linchpin/model'
import type { Flow, Schedule } from './setup.ts'

/** When a source is looked at again: the soonest that any flow of this entity asks for. */
export function nextPoll(
  flows: readonly Pick<Flow, 'from' | 'entity' | 'schedule'>[],
  connection: string,
  entity: EntityName,
  now: number,
): number {
  const wanted = flows.filter(flow => flow.from === connection && flow.entity === entity)
  return Math.min(...wanted.map(flow => next(flow.schedule, now)), now + DAILY_MS)
}

const DAILY_MS = 24 * 60 * 60_000

export function next(schedule: Schedule, now: number): number {
  if ('everyMs' in schedule) return now + schedule.everyMs
  // Whoever waits for a run asks the same every second, and searching a calendar is dear.
  const known = answers.get(schedule)
  if (known?.now === now) return known.at
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
