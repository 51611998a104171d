import { reconcile, type Discrepancy, type Reconciliation } from '@linchpin/engine'
import type { DeliveryRow } from '../twin/tables.ts'
import type { World } from '../world/world.ts'

type Engine = NonNullable<ReturnType<World['nodes'][number]['running']>>['engine']

/** The engine's own comparison of each flow finds nothing, but for what people have done and what is parked with words. */
export async function comparedWrongs(world: World): Promise<readonly string[]> {
  const engine = world.nodes.flatMap(node => node.running()?.engine ?? [])[0]
  if (!engine) return ['no node runs that could compare']
  const found: string[] = []
  for (const { name } of engine.reading.setup.flows) {
    const compared = await compare(world, engine, name)
    if (compared?.done !== true) found.push(`the comparison of ${name} does not end`)
    else
      found.push(
        ...compared.discrepancies
          .filter(each => !isKnown(world, each))
          .map(each => `compared: ${name} ${each.id ?? each.targetId} is ${each.is}: ${each.words}`),
      )
  }
  return found
}

const TURNS = 10
const PATIENCE_MS = 5 * 60_000

/** Another comparison may be under way: then it is asked for again. */
async function compare(world: World, engine: Engine, flow: string): Promise<Reconciliation | null> {
  const { kernel } = world
  for (let turn = 0; turn < TURNS; turn += 1) {
    const answer: { is?: Reconciliation; over?: true } = {}
    reconcile({ flow, full: turn === 0, goOn: true }, { ...engine.reading, ...engine.delivering })
      .then(is => Object.assign(answer, { is }))
      .catch(() => Object.assign(answer, { over: true }))
    await kernel.run(kernel.now() + PATIENCE_MS, () => answer.is !== undefined || answer.over === true)
    if (answer.is?.done) return answer.is
    await kernel.run(kernel.now() + 10_000)
  }
  return null
}

function isKnown(world: World, { is, flow, entity, id, targetId }: Discrepancy): boolean {
  const { twin, plan, binned } = world
  const { meddling, merges, quarrel, contrary, renames } = plan.people
  const delivery = [...twin.tables.deliveries.values()].find(row => row.flow === flow && row.id === id)
  if (delivery?.state === 'parked') return true
  if (delivery !== undefined && binned.has(`${delivery.from}/${entity}/${id}`)) return true
  if (binned.has(`${flow.split(' ').at(-1)}/${entity}/${targetId}`)) return true
  // Called off here in the moment in which it was shipped there: both stay what they are, and people see it.
  if (entity === 'SalesOrder' && delivery && isCrossed(world, delivery)) return true
  // A clerk's copy of an order is one too many, and is told as that.
  if (is === 'duplicate' || is === 'stray') return meddling
  // Where customers go both ways, guests are nobody whom their shop knows by an id.
  return entity === 'Account' && (merges || quarrel || contrary || renames)
}

function isCrossed({ erp, shops }: World, { from, to, id }: DeliveryRow): boolean {
  const shop = shops.find(({ name }) => name === (from === erp.name ? to : from))
  const order = erp
    .rows('orders')
    .find(row => (from === erp.name ? row.id === id : row.key === `${from}/SalesOrder/${id}`))
  const placed = shop?.row('orders', order?.key?.split('/').at(-1) ?? '')
  return placed?.fields['status'] === 'cancelled' && order?.fields['status'] === 'closed'
}
