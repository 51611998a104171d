import { recover } from '@linchpin/engine'
import { keyOf } from '@linchpin/engine/steps'
import { ERP } from './setup.ts'
import type { World } from './world.ts'

const EVERY_MS = 60_000
/** A person looks into the ERP before answering, and not in the first moments. */
const PATIENCE_MS = 150_000

/** The person who looks after Linchpin: answers "Did it arrive?" by looking, and retries what is parked, once in a while. */
export function startOperator(world: World): void {
  const { kernel, plan, healAt } = world
  const chance = kernel.chance('operator')
  const visit = () => {
    if (world.calm() || plan.people.operators) {
      answer(world)
      if (world.calm() || chance.happens(0.3)) retry(world)
      if (world.calm()) unlinkMerged(world)
      if (world.calm()) void goOn(world)
      void bringBack(world)
    }
    kernel.at(kernel.now() + EVERY_MS, 'the operator looks', visit)
  }
  kernel.at(kernel.now() + EVERY_MS, 'the operator looks', visit)
  if (plan.people.operators) pauses(world, healAt)
}

function answer({ kernel, twin, erp, shops }: World): void {
  const remotes = new Map([erp, ...shops].map(remote => [remote.name, remote]))
  for (const row of twin.tables.deliveries.values()) {
    if (row.state !== 'parked' || row.intent === null || kernel.now() - (row.sendBy ?? 0) < PATIENCE_MS)
      continue
    const table = TABLES[row.entity] ?? `${row.entity.toLowerCase()}s`
    const found = remotes
      .get(row.to)
      ?.rows(table)
      .find(each => each.key === keyOf(row))
    void twin
      .answerUnknown({ flow: row.flow, id: row.id }, found?.id ?? null, 'operator', kernel.now())
      .catch(() => {})
  }
}

const TABLES: Readonly<Record<string, string>> = { SalesOrder: 'orders', CreditNote: 'credits' }

/** Orders that were thrown away are back by then, and what was parked for want of them can go on. */
const TIDY_MS = 4 * 60_000

/** What is parked for a reason that is gone is tried again; poison parks again. */
function retry({ kernel, twin, healAt }: World): void {
  const ids = [...twin.tables.deliveries.values()]
    .filter(row => row.state === 'parked' && row.intent === null && (row.parkedAt ?? 0) < healAt + TIDY_MS)
    .map(row => row.id)
  if (ids.length > 0) void twin.retryParked({ ids }, 'operator', kernel.now())
}

/** Clerks merged a customer into another one: whoever orders as that one is made anew in the ERP, and the order goes on. */
function unlinkMerged({ kernel, twin, erp }: World): void {
  for (const { flow, id, from, state, problem } of twin.tables.deliveries.values()) {
    const [, customer] = /There is no customer (\d+)/.exec((state === 'parked' && problem) || '') ?? []
    if (customer === undefined || erp.row('accounts', customer)) continue
    const account = { entity: 'Account' as const, connection: ERP, id: customer, to: from }
    void twin
      .unlink({ ...account, who: 'operator' }, kernel.now())
      .then(() => twin.retryParked({ flow, ids: [id] }, 'operator', kernel.now()))
  }
}

/** What Linchpin stopped to ask about: the records are all there, so it may go on. So may what they resumed, and was forgotten. */
async function goOn({ kernel, twin }: World): Promise<void> {
  for (const { name, paused } of await twin.flows())
    if (paused) await twin.resume({ flow: name }, 'operator', kernel.now())
  for (const { name, paused } of await twin.connections())
    if (paused?.by === 'operator') await twin.resume({ connection: name }, 'operator', kernel.now())
}

/** What Linchpin found to have been restored from a backup. A person knows whether it was. */
async function bringBack(world: World): Promise<void> {
  const { kernel, twin, nodes } = world
  for (const { name, paused } of await twin.connections()) {
    if (paused?.kind !== 'restored') continue
    const [node] = nodes.flatMap(each => each.running() ?? [])
    if (!world.wasRestored() || name !== ERP) {
      if (world.calm()) await twin.resume({ connection: name }, 'operator', kernel.now())
    } else if (node) {
      const { reading, delivering } = node.engine
      const ask = (since: { since?: number }) =>
        recover({ connection: name, who: 'operator', ...since }, { ...reading, ...delivering })
      await ask({})
        .catch((error: unknown) =>
          /Say it: --since/.test(String(error)) ? ask({ since: world.backedUpAt() }) : null,
        )
        .catch(() => {})
    }
  }
}

function pauses({ kernel, twin }: World, healAt: number): void {
  const chance = kernel.chance('pauses')
  const target = chance.pick([
    { flow: 'SalesOrder north erp' },
    { connection: 'erp' },
    { connection: 'south' },
  ])
  const at = chance.between(kernel.now() + 60_000, healAt - 60_000)
  const [who, reason] = ['operator', 'Stocktaking.']
  kernel.at(
    at,
    'the operator pauses',
    () => void twin.pause({ target, who, reason, kind: null }, kernel.now()),
  )
  const lift = async () => {
    // Not what Linchpin asks about meanwhile.
    const asked = (await twin.connections()).some(
      ({ name, paused }) => 'connection' in target && name === target.connection && paused?.kind,
    )
    if (!asked) await twin.resume(target, who, kernel.now())
  }
  kernel.at(Math.min(at + 90_000, healAt), 'the operator resumes', () => void lift())
}
