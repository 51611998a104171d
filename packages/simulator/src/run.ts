import { START, Stuck } from './kernel.ts'
import { comparedWrongs } from './oracles/compared.ts'
import { wrongs } from './oracles.ts'
import { planOf, type Plan } from './plan.ts'
import { createWorld, type World, type WorldOptions } from './world/world.ts'

export interface Outcome {
  readonly seed: number
  readonly plan: Plan
  readonly violations: readonly string[]
  readonly traceHash: number
  readonly events: number
  /** Draws for a fault of the network or of a process that said yes; outages, lags and webhooks are not counted. */
  readonly faults: number
  readonly orders: number
  /** How long after the last fault everything was as it should be, in ms; null: never. */
  readonly convergedMs: number | null
  readonly journal: readonly string[]
  readonly trace: readonly string[]
}

/** Then nothing may be written any more: systems that answer each other's echo never come to rest. */
const QUIET_MS = 3 * 60_000
const LOOK_MS = 30_000

export interface RunOptions extends WorldOptions {
  readonly plan?: Plan
}

/** One seed: a time of faults, a time of healing, a time of quiet. */
export async function run(seed: number, options: RunOptions = {}): Promise<Outcome> {
  const plan = options.plan ?? planOf(seed)
  const world = createWorld(plan, options)
  const { kernel, violations } = world
  const convergedMs = await live(world).catch((error: unknown) => {
    if (!(error instanceof Stuck)) throw error
    violations.push(`it gets nowhere: ${error.message}`)
    return null
  })
  violations.push(...((await options.lane?.differences(world.twin)) ?? []))
  return {
    seed,
    plan,
    violations: violations.slice(0, 20),
    traceHash: kernel.traceHash(),
    events: kernel.events(),
    faults: kernel.faults(),
    orders: world.shops.reduce((sum, shop) => sum + shop.rows('orders').length, 0),
    convergedMs,
    journal: journalOf(world),
    trace: kernel.trace,
  }
}

async function live(world: World): Promise<number | null> {
  const { kernel, healAt, violations } = world
  await kernel.run(healAt)
  const convergedMs = await heal(world)
  if (violations.length === 0 && convergedMs === null)
    violations.push(...wrongs(world).map(words => `after healing: ${words}`))
  if (violations.length === 0) await rest(world)
  if (violations.length === 0 && world.plan.layers.compared) violations.push(...(await comparedWrongs(world)))
  return convergedMs
}

/** How long it took until everything was as it should be; null: it never was. */
async function heal(world: World): Promise<number | null> {
  const { kernel, plan, healAt, violations } = world
  while (violations.length === 0 && kernel.now() < healAt + plan.convergeMinutes * 60_000) {
    await kernel.run(kernel.now() + LOOK_MS)
    if (settled(world)) return kernel.now() - healAt
  }
  return null
}

async function rest(world: World): Promise<void> {
  const { kernel, violations, effects } = world
  const before = effects.length
  await kernel.run(kernel.now() + QUIET_MS)
  const restless = effects
    .slice(before)
    .map(({ remote, table, id }) => `${table} ${id} of ${remote} was written without need`)
  violations.push(...[...restless, ...wrongs(world)].map(words => `in the quiet: ${words}`))
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
