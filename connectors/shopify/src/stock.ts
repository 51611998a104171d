import type { Entity } from '@linchpin/connector'
import { stockFields, stockWrite } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { snapshotOf } from './listing.ts'
import { readLevels, stockRow, type StockRow } from './stock-row.ts'
import { writeStock, type StockWrite } from './stock-writer.ts'
import type { Session } from './session.ts'

const stockMapping: Mapping = {
  from: 'shopify.StockLevel',
  to: 'StockLevel',
  fields: {
    id: 'id',
    product: 'id',
    sku: 'sku',
    location: 'location',
    onHand: { format: 'decimal', of: 'quantities.on_hand' },
    reserved: { format: 'decimal', of: 'quantities.committed' },
    incoming: { format: 'decimal', of: 'quantities.incoming' },
    available: { format: 'decimal', of: 'quantities.available' },
  },
}

const stockWriteMapping: Mapping = {
  from: 'StockLevel',
  to: 'shopify.StockLevel',
  fields: stockFields,
}

/** The stock of a variant at the location that the settings name. */
export const stockLevel: Entity<Session, 'StockLevel', StockRow, StockWrite> = {
  schema: stockRow,
  mapping: stockMapping,
  get: async (session, ids) => (await readLevels(session, ids)).map(snapshotOf),
  writer: {
    schema: stockWrite,
    mapping: stockWriteMapping,
    batch: 250,
    repeat: 'safe',
    write: writeStock,
  },
}
