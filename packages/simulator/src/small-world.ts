import { setUp, type Setup } from '@linchpin/engine'
import { START, Stuck } from './kernel.ts'
import { CALM, planOf, type Plan } from './plan.ts'
import type { Remote } from './world/remote.ts'
import { createWorld, type World } from './world/world.ts'

/** One run of the small world: what its node awaited while the order was under way, and what was wrong in the end. */
export interface SmallRun {
  readonly awaits: readonly string[]
  readonly violations: readonly string[]
}

/** The small world: one shop, one ERP, one node, one order, and no trouble but the crashes that are asked for. */
function smallPlan(seed: number): Plan {
  const plan = planOf(seed)
  const off = (group: object) =>
    Object.fromEntries(
      Object.entries(group).map(([name, value]) => [name, typeof value === 'boolean' ? false : 0]),
    )
  const others = Object.entries(plan as unknown as Readonly<Record<string, unknown>>).filter(
    (entry): entry is [string, object] => typeof entry[1] === 'object',
  )
  const calm = Object.fromEntries(others.map(([name, group]) => [name, off(group)]))
  const small = {
    seed,
    nodes: 1,
    orders: 1,
    batch: 1,
    repeat: 'find' as const,
    faultMinutes: 4,
    clockSkewMs: 0,
  }
  return { ...plan, ...calm, ...CALM, ...small, remote: { ...plan.remote, ...off(plan.remote), stampMs: 1 } }
}

const SHOP = 'north'
/** Restarts, leases and the time until a lost create is looked for, twice over. */
const LONGEST_MS = 8 * 60_000
const LOOK_MS = 5_000

/** Crashes the node at the awaits of these numbers, counted from when the order is placed. */
export async function runSmall(seed: number, points: readonly number[]): Promise<SmallRun> {
  const awaits: string[] = []
  const fatal = new Set(points)
  let world: World | null = null
  const crashesAt = (label: string) => {
    if (world === null || !underWay(world)) return false
    awaits.push(kindOf(label))
    return fatal.has(awaits.length - 1)
  }
  world = createWorld(smallPlan(seed), { setup: onlyOrders, crashesAt })
  try {
    await rest(world)
  } catch (error) {
    if (!(error instanceof Stuck)) throw error
    return { awaits, violations: [`it gets nowhere: ${error.message}`] }
  }
  return { awaits, violations: [...world.violations, ...wrongs(world)] }
}

/** The order goes to the ERP, its customer before it, and its state comes back. */
function onlyOrders(setup: Setup): Setup {
  const flows = setup.flows.filter(
    ({ entity, from, to }) => [from, to].includes(SHOP) && ['SalesOrder', 'Account'].includes(entity),
  )
  const connections = [...setup.connections.values()].filter(({ name }) => name === SHOP || name === 'erp')
  return setUp(connections, flows)
}

const kindOf = (label: string) => label.replace(/^node\d+\.\d+ /, '')

const shopOf = ({ shops }: World) => shops.find(({ name }) => name === SHOP) as Remote

function underWay(world: World): boolean {
  return shopOf(world).rows('orders').length > 0 && !isDone(world)
}

function isDone(world: World): boolean {
  const { twin } = world
  const open = [...twin.tables.deliveries.values()].some(
    row => row.state !== 'done' && row.state !== 'skipped',
  )
  return (
    twin.tables.deliveries.size > 0 && !open && twin.tables.notices.size === 0 && wrongs(world).length === 0
  )
}

async function rest(world: World): Promise<void> {
  const { kernel, violations } = world
  await kernel.run(START + LONGEST_MS, () => shopOf(world).rows('orders').length > 0)
  const until = kernel.now() + LONGEST_MS
  while (violations.length === 0 && kernel.now() < until && !isDone(world))
    await kernel.run(kernel.now() + LOOK_MS)
}

function wrongs({ twin, erp, shops }: World): readonly string[] {
  const orders = shops.filter(({ name }) => name === SHOP).flatMap(shop => shop.rows('orders'))
  const missing = orders.flatMap(order => {
    const copies = erp.rows('orders').filter(row => row.key === `${SHOP}/SalesOrder/${order.id}`)
    const { payable } = order.fields['totals'] as { readonly payable: string }
    if (copies.length !== 1) return [`order ${order.id} is in the ERP ${copies.length} times`]
    return copies[0]?.fields['total'] === payable ? [] : [`order ${order.id} has another total in the ERP`]
  })
  const emails = erp.rows('accounts').map(row => row.fields['email'])
  const open = [...twin.tables.deliveries.values()].filter(
    row => row.intent !== null || (row.state !== 'done' && row.state !== 'skipped'),
  )
  return [
    ...missing,
    ...(emails.length === new Set(emails).size ? [] : ['a customer is in the ERP twice']),
    ...open.map(row => `${row.flow} ${row.id} is ${row.state}: ${row.problem ?? row.intent ?? 'no words'}`),
  ]
}
