import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { exhaust } from './exhaustive.ts'
import { freshSeeds, sourcesHash } from './fresh.ts'
import { budget, kill } from './mutants/kill.ts'
import { mutants } from './mutants.ts'
import { planInWords, planOf, type Plan } from './plan.ts'
import { openDatabase } from './postgres.ts'
import { summary, tell, tellShortest } from './report.ts'
import { run, type Outcome } from './run.ts'
import { changedBy, shrink } from './shrink.ts'
import type { Answer } from './worker.ts'
import { startWorkers, type Workers } from './workers.ts'

/** `npm run simulate -- --seeds 200 [--fresh | --from N] [--store postgres] [--seed N [--plan JSON]] [--json] [--mutants [name]] [--exhaustive]` */
async function main(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '200' },
      fresh: { type: 'boolean', default: false },
      from: { type: 'string' },
      seed: { type: 'string' },
      plan: { type: 'string', default: '{}' },
      store: { type: 'string', default: 'memory' },
      threads: { type: 'string' },
      json: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      exhaustive: { type: 'boolean', default: false },
    },
  })
  if (values.mutants) return killMutants(positionals)
  if (values.exhaustive) return exhaust()
  if (values.seed !== undefined) return replay(Number(values.seed), values.plan)
  const { first, from } = beginning(values)
  if (!values.json && from !== null) console.log(`The first seed, ${first}, comes from ${from}.`)
  const fresh = Array.from({ length: Number(values.seeds) }, (_each, index) => first + index)
  const threads = Number(values.threads ?? availableParallelism())
  if (values.store === 'postgres') return simulateOnPostgres(fresh, values.json, threads)
  const old = regressions()
  const words = `${old.length} seeds that once failed, then ${first} to ${first + fresh.length - 1}, on the store's twin in memory.`
  return simulate([...old, ...fresh], { json: values.json, words, threads })
}

/** `--fresh`: of this version; `--from`: what somebody chose; else others with each run. */
function beginning({ fresh, from }: { readonly fresh: boolean; readonly from?: string | undefined }): {
  readonly first: number
  readonly from: string | null
} {
  if (fresh && from !== undefined)
    throw new Error('Either --fresh or --from: both say where the seeds begin.')
  if (fresh) return freshSeeds(sourcesHash())
  return { first: Number(from ?? Math.floor(Date.now() / 1000)), from: null }
}

/** Lane B: the same worlds on a real PostgreSQL, whose answers and whose story must be the twin's. */
async function simulateOnPostgres(
  seeds: readonly number[],
  json: boolean,
  threads: number,
): Promise<boolean> {
  const database = await openDatabase(threads)
  const range = `${seeds[0]} to ${seeds.at(-1)}`
  const words = `${range}, each on the twin in memory, then on PostgreSQL ${database.version} beside it, answer for answer.`
  try {
    return await simulate(seeds, { json, words, threads, database: database.url })
  } finally {
    await database.stop()
  }
}

/** Seeds that once failed are tried for ever. */
function regressions(): readonly number[] {
  const text = readFileSync(new URL('../regressions.txt', import.meta.url), 'utf8')
  const lines = text.split('\n').filter(line => /^\d/.test(line))
  return lines.map(line => Number.parseInt(line, 10))
}

/** One in so many seeds is run twice. */
const TWICE_EVERY = 50
/** Shrinking takes up to 150 runs each: the first few failures tell the most. */
const SHRUNK_AT_MOST = 2

interface Choice {
  readonly json: boolean
  readonly words: string
  readonly threads: number
  readonly database?: string
}

async function simulate(seeds: readonly number[], choice: Choice): Promise<boolean> {
  const workers = await startWorkers(choice)
  try {
    if (!choice.json) console.log(choice.words)
    return await inWorkers(seeds, choice, workers)
  } finally {
    await workers.end()
  }
}

async function inWorkers(seeds: readonly number[], choice: Choice, workers: Workers): Promise<boolean> {
  const began = performance.now()
  const { json } = choice
  const store = choice.database === undefined ? 'in memory' : 'on PostgreSQL'
  let done = 0
  const outcomes = await Promise.all(
    seeds.map(async (seed, index) => {
      const answer = await workers.ask({ seed, twice: index % TWICE_EVERY === 0 })
      const outcome = outcomeOf(seed, planOf(seed), answer)
      const { violations, convergedMs } = outcome
      if (json) console.log(JSON.stringify({ seed, violations, convergedMs }))
      else if (violations.length > 0) tell(outcome, store)
      done += 1
      if (!json && done % 20 === 0) console.error(`${done} of ${seeds.length} seeds …`)
      return outcome
    }),
  )
  const seconds = (performance.now() - began) / 1000
  const failed = outcomes.filter(({ violations }) => violations.length > 0)
  for (const outcome of json ? [] : failed.slice(0, SHRUNK_AT_MOST)) await shorten(outcome, workers)
  if (!json) console.log(summary({ store, seeds: seeds.length, outcomes, failed: failed.length, seconds }))
  console.log(`${outcomes.length - failed.length} passed, ${failed.length} failed`)
  return failed.length === 0
}

function outcomeOf(seed: number, plan: Plan, answer: Answer): Outcome {
  if ('outcome' in answer) return answer.outcome
  if (!('failed' in answer)) throw new Error('That is the answer to another question.')
  const nothing = { traceHash: 0, events: 0, faults: 0, orders: 0, convergedMs: null, journal: [], trace: [] }
  return { seed, plan, violations: [answer.failed], ...nothing }
}

async function shorten({ seed, plan }: Outcome, workers: Workers): Promise<void> {
  console.log(`\nLooking for the shortest story of seed ${seed} …`)
  const outcome = async (shorter: Plan) =>
    outcomeOf(seed, shorter, await workers.ask({ seed, plan: shorter }))
  const shortest = await shrink(plan, async shorter => (await outcome(shorter)).violations.length > 0)
  tellShortest(await outcome(shortest.plan), shortest.plan, shortest.tries)
}

async function replay(seed: number, said: string): Promise<boolean> {
  const plan = changedBy(planOf(seed), JSON.parse(said) as Readonly<Record<string, unknown>>)
  console.log(planInWords(plan))
  const outcome = await run(seed, { keepTrace: true, plan })
  for (const line of outcome.trace.slice(-200)) console.log(line)
  for (const line of outcome.journal) console.log(line)
  const failed = outcome.violations.length > 0
  if (failed) tell(outcome, 'in memory')
  console.log(failed ? '0 passed, 1 failed' : '1 passed, 0 failed')
  return !failed
}

/** A simulator that no longer notices a known mistake is broken. */
async function killMutants(names: readonly string[]): Promise<boolean> {
  const chosen = mutants.filter(mutant => names.length === 0 || names.includes(mutant.name))
  let [passed, failed] = [0, 0]
  for (const mutant of chosen) {
    const { turn, seed, words } = await kill(mutant)
    if (turn === null) failed += 1
    else passed += 1
    const caught = turn === null ? `NOT caught in ${budget} seeds` : `caught at seed ${turn} (${seed})`
    console.log(`${mutant.name}: ${caught}: ${words}`)
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
