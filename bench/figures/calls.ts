import type { Contestant } from '../children.ts'
import { measure, type StandIns } from '../measure.ts'

/** What it costs the two systems: requests at the source, calls at the target. */
export interface Calls {
  readonly what: string
  readonly reads: number
  readonly creates: number
  readonly finds: number
  readonly confirms: number
  /** No program that delivers every change could make fewer calls to the target. */
  readonly leastCalls: number
}

export async function countCalls(contestant: Contestant, standIns: StandIns): Promise<readonly Calls[]> {
  const burst = await measure(contestant, standIns, { records: 1, revisions: 50, connections: 1, delay: 20 })
  const many = await measure(contestant, standIns, { records: 1_000, delay: 0 })
  return [
    { what: '50 changes of one record, one after the other', ...burst.calls, leastCalls: 1 },
    { what: '1,000 changed records', ...many.calls, leastCalls: 1_000 },
  ]
}
