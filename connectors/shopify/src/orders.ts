import type { Cursor, Entity, Page } from '@linchpin/connector'
import { snapshotOf, sweepIds } from './listing.ts'
import { loadThenSweep } from './load.ts'
import { readOrders } from './order-list.ts'
import { orderLoad } from './order-load.ts'
import { orderMapping } from './order-mapping.ts'
import { orderRow, type OrderRow } from './order-row.ts'
import { orderWriter, type OrderWrite } from './order-writer.ts'
import { adminPage } from './pages.ts'
import type { Session } from './session.ts'

export const salesOrder: Entity<Session, 'SalesOrder', OrderRow, OrderWrite> = {
  schema: orderRow,
  mapping: orderMapping,
  changes: (session, after, limit) => loadThenSweep(session, load, after, limit),
  get: async (session, ids) => (await readOrders(session, ids)).map(snapshotOf),
  url: ({ settings }, id) => adminPage(settings.url, `orders/${encodeURIComponent(id)}`),
  writer: orderWriter,
}

const load = orderLoad(changesOfOrders)

/** What is listed and cannot be read any more was deleted in between. */
async function changesOfOrders(
  session: Session,
  after: Cursor | null,
  limit: number,
): Promise<Page<OrderRow>> {
  const { items, ...page } = await sweepIds(session, 'orders', after, limit)
  const rows = new Map(
    (
      await readOrders(
        session,
        items.map(({ id }) => id),
      )
    ).map(row => [row.id, row]),
  )
  return {
    ...page,
    items: items.map(({ id }) => (rows.has(id) ? snapshotOf(rows.get(id)!) : { id, gone: true })),
  }
}
