import { execFileSync } from 'node:child_process'
import { planInWords, planOf, type Plan } from './plan.ts'
import type { Outcome } from './run.ts'
import { difference } from './shrink.ts'

/** Everything that a person needs to see a failure again, and to understand it. */
export function tell({ seed, plan, violations, journal }: Outcome, store: string): void {
  console.log(`\nSeed ${seed} failed (${store}). Its plan: ${planInWords(plan)}`)
  for (const words of violations) console.log(`  ${words}`)
  console.log('  The last lines of the journal:')
  for (const line of journal.slice(-15)) console.log(`    ${line}`)
  console.log(`  Again: ${again(seed, plan)}`)
}

/** The shortest plan that still fails. */
export function tellShortest({ seed, violations, journal }: Outcome, plan: Plan, tries: number): void {
  console.log(`  The shortest plan that still fails, after ${tries} tries: ${planInWords(plan)}`)
  for (const words of violations) console.log(`    ${words}`)
  console.log('    Its journal:')
  for (const line of journal.slice(-40)) console.log(`      ${line}`)
  console.log(`    Again: ${again(seed, plan)}`)
}

function again(seed: number, plan: Plan): string {
  const said = JSON.stringify(difference(planOf(seed), plan))
  return `npm run simulate -- --seed ${seed}${said === '{}' ? '' : ` --plan '${said}'`}`
}

export interface Totals {
  readonly store: string
  readonly seeds: number
  readonly outcomes: readonly Outcome[]
  readonly failed: number
  readonly seconds: number
}

/** What was shown, and what it was shown for: never more. */
export function summary({ store, seeds, outcomes, failed, seconds }: Totals): string {
  const sum = (figure: (outcome: Outcome) => number) => outcomes.reduce((all, each) => all + figure(each), 0)
  const count = (pattern: RegExp) => sum(each => each.violations.filter(words => pattern.test(words)).length)
  const slowest = Math.max(0, ...outcomes.map(each => each.convergedMs ?? 0)) / 1000
  const verdict = `${count(LOST)} lost, ${count(DOUBLED)} doubled`
  const rest = failed === 0 ? '' : `; ${failed} seeds failed`
  return [
    `${verdict} in ${sum(each => each.orders)} orders over ${seeds} seeds with ${sum(each => each.faults)} faults, ${store} (${commit()})${rest}`,
    `Faults that were on: ${faultsOf(outcomes).join(', ')}.`,
    `${sum(each => each.events)} events in ${seconds.toFixed(0)} s, ${((seeds / seconds) * 60).toFixed(0)} seeds a minute; the slowest world converged ${slowest} s after its last fault.`,
  ].join('\n')
}

const LOST = / is lost/
const DOUBLED = / stands twice in | \d+ times/

/** The names of what at least one plan had switched on. */
function faultsOf(outcomes: readonly Outcome[]): readonly string[] {
  const on = new Set<string>()
  for (const { plan } of outcomes)
    for (const [name, group] of Object.entries(plan as unknown as Readonly<Record<string, unknown>>))
      if (typeof group === 'object')
        for (const [part, value] of Object.entries(group as object))
          if (value !== 0 && value !== false && !/Max|stampMs/.test(part)) on.add(`${name}.${part}`)
  return [...on].toSorted()
}

function commit(): string {
  try {
    const git = (...args: readonly string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim()
    const changed = git('status', '--porcelain', '--untracked-files=no') !== ''
    return `commit ${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`
  } catch {
    return 'no commit'
  }
}
