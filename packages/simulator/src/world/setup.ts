import { setUp, type Connection, type Flow, type Setup } from '@linchpin/engine'
import type { EntityName } from '@linchpin/model'
import type { Plan } from '../plan.ts'
import { erpConnector, shopConnector } from './connectors.ts'

export const SHOPS = ['north', 'south'] as const
export const ERP = 'erp'
export const BUFFER = '1'

/** How the simulated company has configured Linchpin: two shops that know nothing of each other, and one ERP. */
export function setupOf(plan: Plan, change: (connection: Connection) => Connection = same => same): Setup {
  const connection = (name: string): Connection =>
    change({
      name,
      connector: name === ERP ? erpConnector(plan) : shopConnector(plan),
      settings: { url: `https://${name}.sim` },
    })
  return setUp([ERP, ...SHOPS].map(connection), SHOPS.flatMap(flowsOf))
}

function flowsOf(shop: string): readonly Flow[] {
  const flow = (
    entity: EntityName,
    from: string,
    to: string,
    priority: number,
    different: Partial<Flow>,
  ): Flow => ({
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
  })
  return [
    flow('SalesOrder', shop, ERP, 1, {}),
    flow('Account', shop, ERP, 2, { trigger: 'asked', match: true }),
    flow('SalesOrder', ERP, shop, 3, { create: false }),
    flow('Shipment', ERP, shop, 4, {}),
    flow('Invoice', ERP, shop, 5, {}),
    flow('StockLevel', ERP, shop, 6, {}),
    flow('Product', ERP, shop, 7, { match: true }),
  ]
}
