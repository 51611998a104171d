import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { budget, mutants } from './mutants.ts'
import { planInWords, planOf } from './plan.ts'
import { run, type Outcome } from './run.ts'

/** `npm run simulate -- --seeds 200 [--from N] [--seed N] [--json] [--mutants [name]]` */
async function main(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
    },
  })
  if (values.mutants) return killMutants(positionals)
  if (values.seed !== undefined) return replay(Number(values.seed))
  const first = Number(values.from)
  const fresh = Array.from({ length: Number(values.seeds) }, (_each, index) => first + index)
  return simulate([...regressions(), ...fresh], values.json)
}

/** Seeds that once failed are tried for ever. */
function regressions(): readonly number[] {
  const text = readFileSync(new URL('../regressions.txt', import.meta.url), 'utf8')
  const lines = text.split('\n').filter(line => /^\d/.test(line))
  return lines.map(line => Number.parseInt(line, 10))
}

async function simulate(seeds: readonly number[], json: boolean): Promise<boolean> {
  const began = performance.now()
  const totals = { passed: 0, failed: 0, orders: 0, events: 0, slowestMs: 0 }
  for (const [index, seed] of seeds.entries()) {
    const outcome = await tried(seed, index % 100 === 0)
    const failed = outcome.violations.length > 0
    totals[failed ? 'failed' : 'passed'] += 1
    totals.orders += outcome.orders
    totals.events += outcome.events
    totals.slowestMs = Math.max(totals.slowestMs, outcome.convergedMs ?? 0)
    if (json)
      console.log(JSON.stringify({ seed, violations: outcome.violations, convergedMs: outcome.convergedMs }))
    else if (failed) tell(outcome)
    if (!json && (index + 1) % 20 === 0) console.error(`${index + 1} of ${seeds.length} seeds …`)
  }
  const seconds = (performance.now() - began) / 1000
  if (!json)
    console.log(
      `${totals.orders} orders, ${totals.events} events, ${seconds.toFixed(0)} s, slowest to converge ${totals.slowestMs / 1000} s`,
    )
  console.log(`${totals.passed} passed, ${totals.failed} failed`)
  return totals.failed === 0
}

/** One seed; twice, when asked: what happens must depend on nothing but the seed. */
async function tried(seed: number, twice: boolean): Promise<Outcome> {
  const outcome = await run(seed)
  if (!twice) return outcome
  const again = await run(seed)
  if (again.traceHash === outcome.traceHash) return outcome
  return { ...outcome, violations: [...outcome.violations, 'two runs of this seed went different ways'] }
}

function tell({ seed, plan, violations, journal }: Outcome): void {
  console.log(`\nSeed ${seed} failed. Its plan: ${planInWords(plan)}`)
  for (const words of violations) console.log(`  ${words}`)
  console.log('  The last lines of the journal:')
  for (const line of journal.slice(-15)) console.log(`    ${line}`)
  console.log(`  Again: npm run simulate -- --seed ${seed}`)
}

async function replay(seed: number): Promise<boolean> {
  console.log(planInWords(planOf(seed)))
  const outcome = await run(seed, { keepTrace: true })
  for (const line of outcome.trace.slice(-200)) console.log(line)
  for (const line of outcome.journal) console.log(line)
  const failed = outcome.violations.length > 0
  if (failed) tell(outcome)
  console.log(failed ? '0 passed, 1 failed' : '1 passed, 0 failed')
  return !failed
}

/** A simulator that no longer notices a known mistake is broken. */
async function killMutants(names: readonly string[]): Promise<boolean> {
  const chosen = mutants.filter(mutant => names.length === 0 || names.includes(mutant.name))
  let [passed, failed] = [0, 0]
  for (const mutant of chosen) {
    const caught = await firstCaught(mutant)
    if (caught === null) failed += 1
    else passed += 1
    const words =
      caught === null ? `NOT caught in ${budget} seeds` : `caught at seed ${caught.turn}: ${caught.words}`
    console.log(`${mutant.name}: ${words}`)
  }
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0
}

async function firstCaught(
  mutant: (typeof mutants)[number],
): Promise<{ readonly turn: number; readonly words: string } | null> {
  for (let turn = 1; turn <= budget; turn += 1) {
    const plan = mutant.plan(planOf(10_000 + turn))
    const { violations } = await run(plan.seed, { mutation: mutant.mutation(plan), plan })
    if (violations[0] !== undefined) return { turn, words: violations[0] }
  }
  return null
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1
