import type { Entity, Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { sendToSellables } from './sellable-writer.ts'
import type { Session } from './client.ts'
import { present } from './party-mapping.ts'
import { changedSellables, readSellables } from './product-read.ts'
import { stockRow, stockRowOf, type Sellable, type StockRow } from './product-row.ts'
import { matchBySku } from './products.ts'

const stockWrite = z.object({
  /** The product: '12', or '10/12' for a variation. */
  product: z.string().optional(),
  /** How many may be sold, absolute. */
  stock_quantity: z.int(),
})
export type StockWrite = z.infer<typeof stockWrite>

/** One number for each product or variation: WooCommerce has no places, and reserves only while someone pays. */
export const stock: Entity<Session, 'StockLevel', StockRow, StockWrite> = {
  schema: stockRow,
  mapping: {
    from: 'woocommerce.StockLevel',
    to: 'StockLevel',
    fields: {
      id: 'record_id',
      product: 'record_id',
      sku: present('sku'),
      onHand: { format: 'decimal', of: { first: ['stock_quantity', { constant: 0 }] } },
      available: { format: 'decimal', of: { first: ['stock_quantity', { constant: 0 }] } },
    },
  },
  changes: (session, after, limit) =>
    changedSellables(session, after, limit, async sellable => stockRowOf(sellable), snapshot, isCounted),
  get: async (session, ids) =>
    (await readSellables(session, ids))
      .filter(isCounted)
      .map(sellable => snapshot(stockRowOf(sellable), sellable.id)),
  match: matchBySku,
  writer: {
    schema: stockWrite,
    mapping: {
      from: 'StockLevel',
      to: 'woocommerce.StockLevel',
      fields: {
        product: { link: 'Product', of: 'product', by: { sku: 'sku' } },
        // A negative number would be shown to nobody; it only makes the first pieces that come in vanish.
        stock_quantity: {
          when: { greater: ['available', { constant: '0' }] },
          then: { format: 'integer', of: 'available' },
          else: { constant: 0 },
        },
      },
    },
    batch: 100,
    repeat: 'safe',
    write: (session, writes) =>
      sendToSellables(session, writes, {
        productOf: row => row.product,
        fieldsOf: async row => ({ manage_stock: true, stock_quantity: row.stock_quantity }),
        versionOf: async sellable => versionOf(sellable),
      }),
  },
}

/** What is not counted is always in stock: it has no stock level. */
function isCounted({ raw }: Sellable): boolean {
  return raw.manage_stock !== false
}

function snapshot(row: StockRow, id: string): Snapshot<StockRow> {
  return { id, version: contentHash(row), row }
}

function versionOf(sellable: Sellable): string {
  return contentHash(stockRowOf(sellable))
}
