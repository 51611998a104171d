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
  const cron = new Cron(schedule.cron, { timezone: schedule.zone, paused: true })
  return cron.nextRun(new Date(now))?.getTime() ?? now + DAILY_MS
}

/** The last time at or before `now` and after `after`; null: there was none. */
export function last(schedule: Schedule, after: number, now: number): number | null {
  if ('everyMs' in schedule) {
    const rounds = Math.floor((now - after) / schedule.everyMs)
    return rounds < 1 ? null : after + rounds * schedule.everyMs
  }
  const cron = new Cron(schedule.cron, { timezone: schedule.zone, paused: true })
  // It answers those before an instant, in whole seconds: the second that has just begun counts.
  const before = cron.previousRuns(2, new Date(now + 1_000)).map(run => run.getTime())
  const at = before.find(time => time <= now)
  return at === undefined || at <= after ? null : at
}
