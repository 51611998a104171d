import { readFileSync } from 'node:fs'
import type { Outcome } from '@linchpin/connector'
import { makeLab } from '@linchpin/connector/conformance'
import { applyMapping, compileMapping, type Mapping } from '@linchpin/mapping'
import { openSession } from './client.ts'
import { fakeAt, settings } from './rig-tools.ts'
import type { Settings } from './settings.ts'

export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'))
}

/** A row as the engine makes it canonical, or a canonical record as it becomes a row to write. */
export function mapped(mapping: Mapping, row: unknown, ids: Readonly<Record<string, string>> = {}): unknown {
  const link = ({ id }: { id: string }) => ids[id] ?? null
  return applyMapping(compileMapping(mapping), row, { link }).value
}

/** A shop that is a look-alike, a session with it, and a clock that stands still until it is moved. */
export function shopWith(different: Partial<Settings> = {}, pricesIncludeTax = false) {
  const clock = { now: Date.UTC(2030, 0, 1) }
  const { fake } = fakeAt(() => clock.now, pricesIncludeTax)
  const lab = makeLab(fake.fetch, clock)
  const session = openSession({ ...settings, ...different }, lab)
  return { fake, lab, session }
}

export function problemOf(outcome: Outcome | undefined): string {
  return outcome !== undefined && 'problem' in outcome ? outcome.problem.message : ''
}
