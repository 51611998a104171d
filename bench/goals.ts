import type { Goal, Results, Summary } from './summary.ts'

/** What the project set itself, against what this run found. */
export function goalsOf({
  entrants,
  calls,
  claim,
  workers,
}: Pick<Results, 'entrants' | 'calls' | 'claim' | 'workers'>): readonly Goal[] {
  const one = entrants.find(({ name }) => name === 'linchpin-1')
  const two = entrants.find(({ name }) => name === 'linchpin-2')
  const rate = (name: string) => entrants.find(entrant => entrant.name === name)?.ratio.fast.median
  const queue = Math.max(...['pg-boss', 'graphile-worker', 'bullmq'].map(name => rate(name) ?? 0))
  const ours = rate('linchpin-1')
  const [, many] = calls
  const owed = (count: number) => claim.find(cost => cost.owed === count)?.p50Ms
  const speed = (count: number) => workers.find(each => each.workers === count)?.perSecond
  return [
    atLeast('Job 1, to the minimal inbox', 1.2, ours),
    atLeast('Job 1, to the best queue library', 1.5, over(ours, queue)),
    atLeast('Job 1, to Node-RED', 5, over(ours, rate('node-red'))),
    atLeast('Job 1, to n8n', 50, over(ours, rate('n8n'))),
    atLeast('Job 2, to the minimal inbox', 0.6, rate('linchpin-2')),
    atMost('Event to target call at half load, p50 in ms', 20, one?.median.callP50),
    atMost('Event to target call at half load, p99 in ms', 100, one?.median.callP99),
    atMost('Calls for 1,000 changed records', many?.leastCalls ?? 1_000, many?.creates),
    atMost('A claim with 10 million owed, to one with 1 thousand', 1.5, over(owed(10_000_000), owed(1_000))),
    atMost('A claim with 100 thousand owed, to one with 1 thousand', 1.5, over(owed(100_000), owed(1_000))),
    atLeast('4 workers, to one, against a 20 ms target', 3.5, over(speed(4), speed(1))),
    atMost('Lost, doubled or out of order', 0, faultsOf([one, two])),
  ]
}

const faultsOf = (ours: readonly (Summary | undefined)[]) =>
  ours.reduce(
    (sum, each) => sum + (each ? each.faults.lost + each.faults.doubled + each.faults.reordered : 0),
    0,
  )

const over = (left: number | undefined, right: number | undefined) =>
  left === undefined || !right ? undefined : left / right

const atLeast = (what: string, goal: number, value: number | undefined): Goal =>
  judged(what, `≥ ${goal}`, value, each => each >= goal)
const atMost = (what: string, goal: number, value: number | undefined): Goal =>
  judged(what, `≤ ${goal}`, value, each => each <= goal)

function judged(
  what: string,
  goal: string,
  value: number | undefined,
  met: (value: number) => boolean,
): Goal {
  return value === undefined ? { what, goal, value: null, met: null } : { what, goal, value, met: met(value) }
}
