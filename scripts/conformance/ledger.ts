import type { Check } from '@linchpin/connector/conformance'
import type { Result } from '@linchpin/connector/conformance/run'
import { dayOf, keep, runsOf, tallyOf, type Tally } from './record.ts'

/** How the checks of a run under a test runner ended, for the connector's record. */
export interface Ledger {
  /** The check's `run`, which also notes how it ended. Asked for each check, also one that does not apply. */
  readonly noted: (entity: string, check: Check) => () => Promise<void>
  /** The entities of which every check that applies was begun; a filter or a bench that is missing leaves some out. */
  readonly whole: () => Readonly<Record<string, Tally>>
}

export function ledger(): Ledger {
  const entities: Record<string, Record<string, Result['is'] | null>> = {}
  return {
    noted: (entity, { name, skip, run }) => {
      const checks = (entities[entity] ??= {})
      checks[name] = skip === null ? null : 'does not apply'
      return async () => {
        // Failed until it has passed: the runner lets go of a check that takes too long.
        checks[name] = 'failed'
        await run()
        checks[name] = 'passed'
      }
    },
    whole: () =>
      Object.fromEntries(
        Object.entries(entities).flatMap(([entity, checks]) => {
          const ended = Object.values(checks).flatMap(is => (is === null ? [] : [{ is }]))
          return ended.length === Object.keys(checks).length ? [[entity, tallyOf(ended)]] : []
        }),
      ),
  }
}

/** Writes what was tried in whole, at the instant `at` (ms), into the connector's record; nothing when nothing was. */
export function keepWhole(id: string, against: string, { whole }: Ledger, at: number): void {
  const entities = whole()
  if (Object.keys(entities).length === 0) return
  const date = dayOf(at)
  const before = runsOf(id).find(run => run.against === against && run.date === date)
  keep(id, { against, date, entities: { ...before?.entities, ...entities } })
}
