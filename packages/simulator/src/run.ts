import { START } from './kernel.ts'
import type { Mutation } from './mutants.ts'
import { wrongs } from './oracles.ts'
import { planOf, type Plan } from './plan.ts'
import { createWorld, type World } from './world/world.ts'

export interface Outcome {
  readonly seed: number
  readonly plan: Plan
  readonly violations: readonly string[]
  readonly traceHash: number
  readonly events: number
  readonly orders: number
  /** How long after the last fault everything was as it should be, in ms; null: never. */
  readonly convergedMs: number | null
  readonly journal: readonly string[]
  readonly trace: readonly string[]
}

/** So long after the last fault everything must be as it should be. */
const CONVERGE_MS = 30 * 60_000
/** And then nothing may be written any more: systems that answer each other's echo never come to rest. */
const QUIET_MS = 3 * 60_000
const LOOK_MS = 30_000

/** One seed: a time of faults, a time of healing, a time of quiet. */
export async function run(
  seed: number,
  options: { readonly keepTrace?: boolean; readonly mutation?: Mutation; readonly plan?: Plan } = {},
): Promise<Outcome> {
  const plan = options.plan ?? planOf(seed)
  const world = createWorld(plan, options)
  const { kernel, healAt, violations, effects } = world
  await kernel.run(healAt)
  let convergedMs: number | null = null
  while (violations.length === 0 && kernel.now() < healAt + CONVERGE_MS) {
    await kernel.run(kernel.now() + LOOK_MS)
    if (!settled(world)) continue
    convergedMs = kernel.now() - healAt
    break
  }
  if (violations.length === 0 && convergedMs === null)
    violations.push(...wrongs(world).map(words => `after healing: ${words}`))
  if (violations.length === 0) {
    const before = effects.length
    await kernel.run(kernel.now() + QUIET_MS)
    const restless = effects
      .slice(before)
      .map(({ remote, table, id }) => `${table} ${id} of ${remote} was written without need`)
    violations.push(...[...restless, ...wrongs(world)].map(words => `in the quiet: ${words}`))
  }
  return {
    seed,
    plan,
    violations: violations.slice(0, 20),
    traceHash: kernel.traceHash(),
    events: kernel.events(),
    orders: world.shops.reduce((sum, shop) => sum + shop.rows('orders').length, 0),
    convergedMs,
    journal: journalOf(world),
    trace: kernel.trace,
  }
}

function settled(world: World): boolean {
  // Whoever works in the systems has gone home: the last shipment follows its order within three minutes.
  return world.kernel.now() > world.livelyAt() + 4 * 60_000 && wrongs(world).length === 0
}

function journalOf({ twin }: World): readonly string[] {
  return twin.tables.journal
    .slice(-200)
    .map(
      entry =>
        `${((entry.at - START) / 1000).toFixed(1)} ${entry.connection ?? ''} ${entry.entity ?? ''} ${entry.id ?? ''} ${entry.what}: ${entry.words}`,
    )
}
