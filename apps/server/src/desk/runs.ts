import type { RunReport } from '@linchpin/api'
import { nextTime, type Flow } from '@linchpin/engine'
import type { Run } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { iso, isoOrNull } from '../http/status.ts'

/** What the runs of a flow in batches did, and when the next one is due; null: it does not work in batches. */
export async function runsAnswer(
  { store, now }: Linchpin,
  flow: Flow,
  limit: number,
): Promise<{ runs: RunReport[]; nextAt: string | null }> {
  const runs = await store.runs({ flow: flow.name, limit })
  return {
    runs: runs.map(run => reportOf(run, now())),
    nextAt: flow.batch ? iso(nextTime(flow.schedule, now())) : null,
  }
}

function reportOf({ flow: _flow, dueAt, beganAt, cutAt, endedAt, leftOut, ...counts }: Run, now: number) {
  const open = cutAt === null ? ('reading' as const) : ('delivering' as const)
  return {
    ...counts,
    dueAt: iso(dueAt),
    state: leftOut ? ('left out' as const) : endedAt === null ? open : ('ended' as const),
    beganAt: iso(beganAt),
    endedAt: isoOrNull(endedAt),
    tookMs: (endedAt ?? now) - beganAt,
  }
}
