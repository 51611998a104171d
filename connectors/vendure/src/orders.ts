import type { Entity } from '@linchpin/connector'
import { snapshotOf } from './listing.ts'
import { changesOfOrders } from './order-changes.ts'
import { orderMapping } from './order-mapping.ts'
import { orderWriter, type OrderWrite } from './order-writer.ts'
import { readOrders } from './order-list.ts'
import { orderRow, type OrderRow } from './order-row.ts'
import { dashboardUrl } from './pages.ts'
import type { Session } from './session.ts'

/** Orders that were placed: carts, drafts and the parts of an order that a marketplace splits are left out. */
export const salesOrder: Entity<Session, 'SalesOrder', OrderRow, OrderWrite> = {
  schema: orderRow,
  mapping: orderMapping,
  changes: changesOfOrders,
  get: async (session, ids) => (await readOrders(session, ids)).map(snapshotOf),
  url: ({ settings }, id) => dashboardUrl(settings.url, `orders/${encodeURIComponent(id)}`),
  writer: orderWriter,
}
