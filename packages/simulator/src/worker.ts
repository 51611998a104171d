import { parentPort, workerData } from 'node:worker_threads'
import { openPostgresLane } from './beside.ts'
import type { Plan } from './plan.ts'
import { schemaOf } from './postgres.ts'
import { run, type Outcome, type RunOptions } from './run.ts'

/** What one thread does at a time. */
export interface Job {
  readonly seed: number
  readonly plan?: Plan
  /** A second time, too: what happens must depend on nothing but the seed. */
  readonly twice?: boolean
}
export type Answer = { readonly outcome: Outcome } | { readonly failed: string }

const { number, database } = workerData as { readonly number: number; readonly database?: string }

async function answer(job: Job): Promise<Answer> {
  try {
    return { outcome: await tried(job) }
  } catch (error) {
    return { failed: `it threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` }
  }
}

async function tried({ seed, plan, twice }: Job): Promise<Outcome> {
  const options = plan === undefined ? {} : { plan }
  const outcome = await run(seed, options)
  if (database !== undefined) return same(outcome, await onPostgres(seed, options), 'in memory and on PostgreSQL')
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

parentPort?.on('message', (job: Job) => void answer(job).then(each => parentPort?.postMessage(each)))
