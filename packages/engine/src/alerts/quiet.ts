import { minutesOf } from '@linchpin/model'
import type { AlertRule, Digest, QuietHours } from '@linchpin/store'
import { last } from '../schedule.ts'

/** Pure: whether it is quiet now. From one time to the same is no time at all. */
export function isQuiet(quiet: QuietHours | null, now: number): boolean {
  if (quiet === null) return false
  const [from, to, time] = [minutesOf(quiet.from), minutesOf(quiet.to), minutesIn(quiet.zone, now)]
  return from <= to ? from <= time && time < to : time >= from || time < to
}

/** Pure: what is to be told since `since` has its time. */
export function isDue({ digest, quiet }: Pick<AlertRule, 'digest' | 'quiet'>, since: number, now: number) {
  return (
    since <= now && !isQuiet(quiet, now) && (digest === null || last(scheduleOf(digest), since, now) !== null)
  )
}

function scheduleOf(digest: Digest) {
  if ('minutes' in digest) return { everyMs: digest.minutes * 60_000 }
  const minutes = minutesOf(digest.daily)
  return { cron: `${minutes % 60} ${Math.floor(minutes / 60)} * * *`, zone: digest.zone }
}

function minutesIn(zone: string, now: number): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
  })
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, Number(value)]))
  return (parts.get('hour') ?? 0) * 60 + (parts.get('minute') ?? 0)
}
