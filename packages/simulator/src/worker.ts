import { parentPort, workerData } from 'node:worker_threads'
import { openPostgresLane } from './beside.ts'
import { planOf, remembering, type Plan } from './plan.ts'
import { schemaOf } from './postgres.ts'
import { runSmall } from './small-world.ts'
import { run, type Outcome, type RunOptions } from './run.ts'

/** What one thread does at a time. */
export interface Job {
  readonly seed: number
  readonly plan?: Plan
  /** A second time, too: what happens must depend on nothing but the seed. */
  readonly twice?: boolean
}
/** Runs of the small world with crashes at these awaits, or without any to learn which there are. */
export interface CrashJob {
  readonly seed: number
  readonly crashes: readonly (readonly number[])[]
}
export interface Crashed {
  readonly points: readonly number[]
  readonly violations: readonly string[]
}
export type Answer =
  | { readonly outcome: Outcome }
  | { readonly failed: string }
  | { readonly awaits: readonly string[]; readonly crashed: readonly Crashed[] }

const { number, database } = workerData as { readonly number: number; readonly database?: string }

async function answer(job: Job | CrashJob): Promise<Answer> {
  try {
    if ('crashes' in job) return await crash(job)
    return { outcome: await tried(job) }
  } catch (error) {
    return { failed: `it threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` }
  }
}

async function crash({ seed, crashes }: CrashJob): Promise<Answer> {
  if (crashes.length === 0) {
    const { awaits, violations } = await runSmall(seed, [])
    return { awaits: violations.length === 0 ? awaits : [], crashed: [] }
  }
  const crashed: Crashed[] = []
  for (const points of crashes)
    crashed.push({ points, violations: (await runSmall(seed, points)).violations })
  return { awaits: [], crashed }
}

async function tried({ seed, plan, twice }: Job): Promise<Outcome> {
  const whole = plan ?? planOf(seed)
  const options = { plan: database === undefined ? whole : remembering(whole) }
  const outcome = await run(seed, options)
  if (database !== undefined)
    return same(outcome, await onPostgres(seed, options), 'in memory and on PostgreSQL')
  return twice ? same(outcome, await run(seed, options), 'when it was run a second time') : outcome
}

function same(first: Outcome, second: Outcome, when: string): Outcome {
  const { violations } = second
  if (first.traceHash === second.traceHash) return second
  return { ...second, violations: [...violations, `this seed went different ways ${when}`] }
}

async function onPostgres(seed: number, options: RunOptions): Promise<Outcome> {
  const lane = await openPostgresLane(database ?? '', schemaOf(number))
  try {
    return await run(seed, { ...options, lane })
  } finally {
    await lane.close()
  }
}

parentPort?.on(
  'message',
  (job: Job | CrashJob) => void answer(job).then(each => parentPort?.postMessage(each)),
)
