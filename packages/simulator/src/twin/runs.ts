import type { BatchState, Run, Settlement } from '@linchpin/store'
import {
  by,
  keyOf,
  type DeliveryRow,
  type FlowRow,
  type RecordRow,
  type RunRow,
  type Tables,
} from './tables.ts'

export function beginRun(
  tables: Tables,
  { flow, dueAt, leftOut }: { flow: string; dueAt: number; leftOut: boolean },
  now: number,
): boolean {
  const open = openRun(tables, flow)
  if (!leftOut && open && open.dueAt < dueAt) open.endedAt = now
  if (tables.runs.has(keyOf(flow, dueAt)) || (!leftOut && openRun(tables, flow))) return false
  const counts = { read: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, parked: 0 }
  const times = { beganAt: now, cutAt: null, endedAt: leftOut ? now : null }
  tables.runs.set(keyOf(flow, dueAt), { flow, dueAt, leftOut, ...times, ...counts })
  return true
}

export function turnRun(
  tables: Tables,
  name: string,
  now: number,
): 'reading' | 'delivering' | 'ended' | null {
  const run = openRun(tables, name)
  const flow = tables.flows.get(name)
  if (!run || !flow) return null
  if (run.cutAt !== null) return hasEnded(tables, run, now) ? 'ended' : 'delivering'
  const poll = tables.polls.get(keyOf(flow.from, flow.entity))
  if (poll && (poll.caughtUpAt ?? 0) < run.beganAt) {
    if (poll.failures === 0 && poll.nextAt > now) {
      poll.nextAt = now
      tables.rings.add(`polls ${poll.connection}`)
    }
    return 'reading'
  }
  const cuts = runsOf(tables, name).flatMap(({ cutAt }) => cutAt ?? [])
  const since = cuts.length === 0 ? (flow.batchSince ?? run.beganAt) : Math.max(...cuts)
  run.cutAt = now
  if (!poll) run.read += toldSince(tables, flow, since)
  tables.rings.add('deliveries *')
  return 'delivering'
}

/** Records of which something new came since then. */
function toldSince(tables: Tables, { from, entity }: FlowRow, since: number): number {
  const isOne = (row: RecordRow) => row.connection === from && row.entity === entity && row.changedAt > since
  return [...tables.records.values()].filter(isOne).length
}

function hasEnded(tables: Tables, run: RunRow, now: number): boolean {
  const isOpen = (row: DeliveryRow) =>
    ['ready', 'later', 'running', 'waiting'].includes(row.state) &&
    row.owedAt <= (run.cutAt ?? 0) &&
    row.tries === 0 &&
    (row.settledAt === null || row.settledAt < row.owedAt)
  if ([...tables.deliveries.values()].some(row => row.flow === run.flow && isOpen(row))) return false
  run.endedAt = now
  return true
}

export function runs(tables: Tables, { flow, limit }: { flow: string; limit: number }): readonly Run[] {
  return runsOf(tables, flow)
    .slice(0, limit)
    .map(row => ({ ...row }))
}

/** The newest first. */
const runsOf = (tables: Tables, flow: string) =>
  [...tables.runs.values()].filter(row => row.flow === flow).toSorted(by(row => -row.dueAt))

const openRun = (tables: Tables, flow: string) => runsOf(tables, flow).find(({ endedAt }) => endedAt === null)

export function endRuns(tables: Tables, now: number): void {
  for (const run of tables.runs.values()) {
    const flow = tables.flows.get(run.flow)
    if (flow && (flow.batchSince === null || !flow.active)) run.endedAt ??= now
  }
}

export function batchState(tables: Tables, flow: string, since: number | null): BatchState | null {
  if (since === null) return null
  const all = runsOf(tables, flow)
  const cuts = all.flatMap(({ cutAt }) => cutAt ?? [])
  const [run] = all
  return {
    since,
    run: run ? { dueAt: run.dueAt, endedAt: run.endedAt } : null,
    cutAt: cuts.length === 0 ? null : Math.max(...cuts),
    asked: [...tables.deliveries.values()].some(
      row => row.flow === flow && row.state === 'ready' && (row.force || row.tries > 0),
    ),
  }
}

export function countRead(tables: Tables, flows: readonly string[], count: number): void {
  for (const flow of flows) {
    const run = openRun(tables, flow)
    if (run?.cutAt === null) run.read += count
  }
}

export function countSettled(tables: Tables, settlements: readonly Settlement[]): void {
  for (const { delivery, is } of settlements) {
    const run = delivery.inRun ? openRun(tables, delivery.flow) : undefined
    if (!run) continue
    if (is === 'applied') run[delivery.targetId === null ? 'created' : 'updated'] += 1
    else if (is === 'unchanged' || is === 'skipped' || is === 'parked') run[is] += 1
  }
}
