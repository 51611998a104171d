import type { FlowState, Store } from '@linchpin/store'
import type { Control } from './control.ts'
import { registration } from './registration.ts'
import { last, next } from './schedule.ts'
import { isDeliveredHere, type Batch, type Flow, type Schedule, type Setup } from './setup.ts'
import type { World } from './world.ts'

interface Keeping {
  readonly setup: Setup
  readonly store: Store
  readonly world: World
  readonly control: Control
}

/** Begins the runs of flows that work in batches when their time has come, and goes on with those that are open. */
export async function keepRuns(deps: Keeping): Promise<void> {
  for (const flow of deps.setup.flows)
    if (flow.batch && isDeliveredHere(flow, deps.setup)) await keepRun(flow, flow.batch, deps)
}

async function keepRun(flow: Flow, batch: Batch, deps: Keeping): Promise<void> {
  const { setup, store, world, control } = deps
  const now = world.now()
  const state = await control.flow(flow.name)
  // A node with another configuration came and went: by ours, it works in batches.
  if (state?.batch === null) await store.register(registration(setup, now), now)
  if (!state?.batch || state.paused !== null) return
  const due = dueRun(flow.schedule, batch, state.batch, now)
  const begun = due !== null && (await store.beginRun({ flow: flow.name, ...due }, now))
  const wasOpen = state.batch.run?.endedAt === null
  const turned = begun || wasOpen ? await store.turnRun(flow.name, world.now()) : null
  if (begun || turned !== null) control.forget()
}

/** How late a run may begin before its time counts as missed. */
const LATE_MS = 60_000

/** Pure: the run that is due now, or null. */
export function dueRun(
  schedule: Schedule,
  { missed }: Pick<Batch, 'missed'>,
  { since, run }: Pick<NonNullable<FlowState['batch']>, 'since' | 'run'>,
  now: number,
): { readonly dueAt: number; readonly leftOut: boolean } | null {
  const after = Math.max(since, run?.dueAt ?? 0)
  if (missed === 'all') {
    const dueAt = next(schedule, after)
    return dueAt > now || run?.endedAt === null ? null : { dueAt, leftOut: false }
  }
  const dueAt = last(schedule, after, now)
  return dueAt === null ? null : { dueAt, leftOut: missed === 'skip' && now - dueAt > LATE_MS }
}
