import { parentPort, workerData } from 'node:worker_threads'
import type { Plan } from './plan.ts'
import { run, type Outcome } from './run.ts'

/** What one thread does at a time. */
export interface Job {
  readonly seed: number
  readonly plan?: Plan
  /** A second time, too: what happens must depend on nothing but the seed. */
  readonly twice?: boolean
}
export type Answer = { readonly outcome: Outcome } | { readonly failed: string }

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
  if (!twice) return outcome
  const again = await run(seed, options)
  if (again.traceHash === outcome.traceHash) return outcome
  return { ...outcome, violations: [...outcome.violations, 'two runs of this seed went different ways'] }
}

parentPort?.on('message', (job: Job) => void answer(job).then(each => parentPort?.postMessage(each)))
void workerData
