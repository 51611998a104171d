import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Result } from '@linchpin/connector/conformance/run'
import { z } from 'zod'

const Tally = z.strictObject({
  passed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  doesNotApply: z.int().nonnegative(),
})
const Run = z.strictObject({
  /** What answered: a look-alike, or a real system with its version. */
  against: z.string().min(1),
  date: z.iso.date(),
  /** Entity → how its checks ended; several rigs of one entity are added up. */
  entities: z.record(z.string(), Tally),
})
export type Tally = z.infer<typeof Tally>
export type Run = z.infer<typeof Run>

export const recordOf = (id: string) => `connectors/${id}/conformance.json`

/** What is recorded of a connector, the look-alike's run first. Empty when there is no record. */
export function runsOf(id: string): readonly Run[] {
  const path = recordOf(id)
  if (!existsSync(path)) return []
  return z.array(Run).parse(JSON.parse(readFileSync(path, 'utf8')))
}

export function keep(id: string, run: Run): void {
  writeFileSync(recordOf(id), inJson(withRun(runsOf(id), run)))
}

/** A run takes the place of what was recorded against the same target; a look-alike's stands first. */
export function withRun(runs: readonly Run[], run: Run): readonly Run[] {
  const others = runs.filter(({ against }) => against !== run.against)
  return isLookAlike(run) ? [run, ...others.filter(other => !isLookAlike(other))] : [...others, run]
}

export const isLookAlike = ({ against }: Run) => against.startsWith('look-alike')

export function tallyOf(results: readonly Pick<Result, 'is'>[]): Tally {
  const count = (is: Result['is']) => results.filter(result => result.is === is).length
  return { passed: count('passed'), failed: count('failed'), doesNotApply: count('does not apply') }
}

export function sum(one: Tally, other: Tally = { passed: 0, failed: 0, doesNotApply: 0 }): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    doesNotApply: one.doesNotApply + other.doesNotApply,
  }
}

/** The UTC day of an instant: 2026-11-25. */
export const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

/** One line an entity, so that a change of the record can be read. */
function inJson(runs: readonly Run[]): string {
  const flat = (_all: string, inner: string) => `{ ${inner.trim().replace(/\n\s*/g, ' ')} }`
  return `${JSON.stringify(runs, null, 2).replace(/\{(\s+"passed"[^}]*)\}/g, flat)}\n`
}
