import type { FlowDetail, RunAnswer } from '@linchpin/api'
import { mappingVersion, nextTime, type Flow } from '@linchpin/engine'
import type { Activity } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { iso, isoOrNull, statusAnswer } from '../http/status.ts'
import { version } from '../version.ts'
import { flowsHealth } from './home.ts'

const HOUR_MS = 3_600_000
const NEXT = 5

export async function flowAnswer(linchpin: Linchpin, flow: Flow, hours: number): Promise<FlowDetail> {
  const { desk, store, now } = linchpin
  const health = (await flowsHealth(linchpin)).find(({ name }) => name === flow.name)
  if (!health) throw new Error(`Flow ${flow.name} is configured, and the database does not know it.`)
  const { flows } = await statusAnswer(linchpin, version)
  const source = (await store.connections()).find(({ name }) => name === flow.from)
  const polls = (source?.polls ?? []).filter(({ entity }) => entity === flow.entity)
  const done = await desk.activity({ since: now() - hours * HOUR_MS, stepMs: HOUR_MS, flow: flow.name })
  return {
    flow: health,
    topology: flow.topology ?? 'hub',
    trigger: flow.trigger,
    creates: flow.create,
    updates: flow.update,
    matches: flow.match,
    schedule:
      'everyMs' in flow.schedule
        ? `every ${flow.schedule.everyMs / 1000} s`
        : `${flow.schedule.cron} ${flow.schedule.zone}`,
    mapping: mappingVersion(linchpin.setup, flow.name),
    states: flows.find(({ name }) => name === flow.name)?.deliveries ?? {},
    polls: polls.map(({ nextAt, finishedAt, problem }) => ({
      nextAt: iso(nextAt),
      finishedAt: isoOrNull(finishedAt),
      problem,
    })),
    nextRuns: nextRuns(flow, firstRun(flow, linchpin, polls)),
    runs: done.map(each => runAnswer(each)),
  }
}

/** Null: its source is looked at elsewhere, and it has no runs. */
function firstRun(flow: Flow, { setup, now }: Linchpin, polls: readonly { nextAt: number }[]): number | null {
  if (setup.here.has(flow.from)) return Math.min(...polls.map(({ nextAt }) => nextAt), now() + 24 * HOUR_MS)
  return flow.batch ? nextTime(flow.schedule, now()) : null
}

function nextRuns(flow: Flow, first: number | null): string[] {
  if (first === null) return []
  const times = [first]
  while (times.length < NEXT) times.push(nextTime(flow.schedule, times.at(-1) ?? first))
  return times.map(iso)
}

function runAnswer({ from, flow: _flow, ...counts }: Activity): RunAnswer {
  const read = counts.created + counts.updated + counts.skipped + counts.parked
  return { from: iso(from), until: iso(from + HOUR_MS), read, ...counts }
}
