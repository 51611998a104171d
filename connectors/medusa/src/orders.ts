import type { Entity } from '@linchpin/connector'
import { snapshotOf } from './listing.ts'
import { changesOfOrders } from './order-changes.ts'
import { readOrders } from './order-list.ts'
import { orderMapping } from './order-mapping.ts'
import { orderRow, type OrderRow } from './order-row.ts'
import { orderWriter, type OrderWrite } from './order-writer.ts'
import { adminUrl } from './pages.ts'
import type { Session } from './session.ts'

/** Orders that were placed; drafts are none yet. */
export const salesOrder: Entity<Session, 'SalesOrder', OrderRow, OrderWrite> = {
  schema: orderRow,
  mapping: orderMapping,
  changes: changesOfOrders,
  get: async (session, ids) => (await readOrders(session, ids)).map(snapshotOf),
  url: (session, id) => adminUrl(session, `orders/${encodeURIComponent(id)}`),
  writer: orderWriter,
}
