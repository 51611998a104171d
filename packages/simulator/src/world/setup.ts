import { setUp, type Batch, type Connection, type Flow, type Setup } from '@linchpin/engine'
import type { EntityName } from '@linchpin/model'
import type { Mutation } from '../mutants/mutant.ts'
import { chanceOf } from '../chance.ts'
import type { Plan } from '../plan.ts'
import { erpConnector, shopConnector } from './connectors.ts'
import { newNameOf, type Drift } from './drift.ts'

export const SHOPS = ['north', 'south'] as const
export const ERP = 'erp'
export const BUFFER = '1'

/**
 * How the simulated company has configured Linchpin: two shops that know nothing of each other, and one ERP. From its
 * second edition on the operator also sends which channel an order came through.
 */
export function setupOf(
  { plan, mutation, edition }: { plan: Plan; mutation: Mutation; edition: 1 | 2 },
  { drifted }: Drift,
  secretOf: (connection: string) => string,
): Setup {
  const { connection: changed = same, flow: changedFlow = same } = mutation
  const connection = (name: string): Connection =>
    changed({
      name,
      connector: name === ERP ? erpConnector(plan) : shopConnector(plan),
      settings: { url: `https://${name}.sim`, secret: secretOf(name) },
      ...(edition === 2 && plan.drift.forGood && drifted.remote === name
        ? { mappings: renamed(drifted) }
        : {}),
    })
  const flows = SHOPS.flatMap(shop => [
    ...(plan.people.prices ? [flowOf('Price', ERP, shop, 7, {})] : []),
    ...flowsOf(shop).map(flow => (plan.layers.alone ? comparedAlone(flow) : flow)),
    ...(isBothWays(plan) ? [backFlow(shop)] : []),
  ])
  return setUp(
    [ERP, ...SHOPS].map(connection),
    flows.map(flow => changedFlow(inBatches(edition === 2 ? withChannel(flow) : flow, plan, edition))),
  )
}

const same = <Value>(value: Value): Value => value

const withChannel = (flow: Flow): Flow =>
  flow.entity === 'SalesOrder' && flow.to === ERP
    ? { ...flow, mapping: { fields: { channel: { constant: CHANNEL } } } }
    : flow

const CHANNEL = 'web'

/** Which flows work in batches is another question in each edition: an upgrade moves some of them, while they are busy. */
function inBatches(flow: Flow, { seed, people }: Plan, edition: 1 | 2): Flow {
  const chance = chanceOf(seed, `batches of ${flow.name} in edition ${edition}`)
  // Two shops that sell the last piece live by stock that is told at once.
  const mayWait = !people.lastPiece || (flow.entity !== 'StockLevel' && flow.entity !== 'SalesOrder')
  if (!people.batches || !mayWait || !chance.happens(0.4)) return flow
  const batch: Batch = { missed: chance.pick(['once', 'all', 'skip']), holds: chance.happens(0.8) }
  const schedule = chance.pick([{ everyMs: 120_000 }, { cron: '*/2 * * * *', zone: 'Europe/Berlin' }])
  return { ...flow, batch, schedule }
}

/** Nothing but the comparison hears of a new figure. */
const comparedAlone = (flow: Flow): Flow =>
  flow.entity === 'StockLevel' ? { ...flow, continuous: true, schedule: { everyMs: DAY_MS } } : flow

const DAY_MS = 24 * 3_600_000

/** The operator's own mapping of the field that has another name now. */
function renamed({ table, field }: Drift['drifted']): NonNullable<Connection['mappings']> {
  const read = { first: [newNameOf(field), field] }
  if (table === 'stock') return { StockLevel: { fields: { onHand: read, available: read } } }
  const entity = READ_FROM[table]
  return entity === undefined ? {} : { [entity]: { fields: { [field]: read } } }
}

const READ_FROM: Readonly<Record<string, EntityName>> = {
  orders: 'SalesOrder',
  invoices: 'Invoice',
  products: 'Product',
}

const isBothWays = ({ people }: Plan) => people.quarrel || people.contrary || people.renames

/** Customers go both ways. */
const backFlow = (shop: string): Flow => flowOf('Account', ERP, shop, 8, { create: false })

function flowOf(
  entity: EntityName,
  from: string,
  to: string,
  priority: number,
  different: Partial<Flow>,
): Flow {
  return {
    name: `${entity} ${from} ${to}`,
    entity,
    from,
    to,
    priority,
    trigger: 'change',
    create: true,
    update: true,
    match: false,
    since: 0,
    buffer: BUFFER,
    schedule: { everyMs: 30_000 },
    ...different,
  }
}

function flowsOf(shop: string): readonly Flow[] {
  return [
    flowOf('SalesOrder', shop, ERP, 1, {}),
    flowOf('Account', shop, ERP, 2, { trigger: 'asked', match: true }),
    flowOf('SalesOrder', ERP, shop, 3, { create: false }),
    flowOf('Shipment', ERP, shop, 4, {}),
    flowOf('Invoice', ERP, shop, 5, {}),
    flowOf('CreditNote', ERP, shop, 5, {}),
    flowOf('StockLevel', ERP, shop, 6, {}),
    flowOf('Product', ERP, shop, 7, { match: true }),
  ]
}
