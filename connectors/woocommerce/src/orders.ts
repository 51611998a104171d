import { inTurn, type Entity, type Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { changed, sortable } from './changes.ts'
import { list, type Session } from './client.ts'
import { inChunks, numberOf } from './ids.ts'
import { orderMapping } from './order-mapping.ts'
import { withRefunds } from './order-read.ts'
import { orderRow, type OrderRow, type RawOrder } from './order-row.ts'
import { orderWriter, type OrderWrite } from './order-writer.ts'
import { instantOf } from './wire.ts'

/** Orders. They are born in the shop, so of them only the status and the ERP's number are written. */
export const orders: Entity<Session, 'SalesOrder', OrderRow, OrderWrite> = {
  schema: orderRow,
  mapping: orderMapping,
  changes: (session, after, limit) =>
    changed<OrderRow>({
      session,
      after,
      limit,
      // Drafts of the checkout block have no buyer yet and become orders of another status.
      sources: [{}, { status: 'trash' }].map(query => ({
        path: '/orders',
        query,
        stampOf: raw => instantOf((raw as RawOrder).date_modified_gmt),
        rows: raws => inTurn(raws as RawOrder[], raw => withRefunds(session, raw)),
      })),
      position: row => ({ stamp: instantOf(row.date_modified_gmt), id: sortable(row.id) }),
      snapshot,
      isGone: row => row.status === 'trash',
    }),
  get: async (session, ids) => {
    const rows: OrderRow[] = []
    for (const chunk of inChunks(ids.flatMap(id => numberOf(id) ?? []))) {
      const found = await list<RawOrder>(session, '/orders', { include: chunk.join(','), per_page: 100 })
      for (const raw of found) rows.push(await withRefunds(session, raw))
    }
    return rows.map(snapshot)
  },
  url: ({ settings }, id) =>
    `${settings.url.replace(/\/+$/, '')}/wp-admin/admin.php?page=wc-orders&action=edit&id=${encodeURIComponent(id)}`,
  writer: orderWriter,
}

function snapshot(row: OrderRow): Snapshot<OrderRow> {
  return { id: String(row.id), version: contentHash(row), row }
}
