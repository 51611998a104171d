import type { RecoveryReport } from '@linchpin/engine'

/** What was looked for, what is lost, and what is done about it. */
export function recoveryAnswer({ looked, lost, since, done }: RecoveryReport) {
  return {
    looked,
    lost: lost.map(({ entity, id, to, targetId, isOther }) => ({ entity, id, to, targetId, isOther })),
    since: new Date(since).toISOString(),
    done: done && { created: done.created, again: done.again },
  }
}
