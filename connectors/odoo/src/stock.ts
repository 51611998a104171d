import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf, idsIn, snapshotOf, type Source } from './changes.ts'
import { numbersOf, readRows, type Session } from './client.ts'
import { decimal, many2one, text } from './partners.ts'
import { units } from './products.ts'

const stockRow = z.looseObject({
  id: z.number(),
  default_code: text,
  type: z.string(),
  uom_id: many2one,
  qty_available: decimal,
  free_qty: decimal,
  incoming_qty: decimal,
  outgoing_qty: decimal,
})
type StockRow = z.infer<typeof stockRow>

const mapping: Mapping = {
  from: 'odoo.StockLevel',
  to: 'StockLevel',
  tables: { units },
  fields: {
    id: { format: 'text', of: 'id' },
    product: { format: 'text', of: 'id' },
    sku: 'default_code',
    unit: { lookup: 'units', of: 'uom_id[1]', else: 'uom_id[1]' },
    onHand: 'qty_available',
    reserved: { calculate: 'subtract', of: ['qty_available', 'free_qty'] },
    incoming: 'incoming_qty',
    available: 'free_qty',
  },
}

/** A product's own write_date stands still when its stock moves. */
const sources: readonly Source[] = [
  { model: 'product.product' },
  { model: 'stock.quant', fields: ['product_id'], of: idsIn('product_id') },
  { model: 'stock.move', fields: ['product_id'], of: idsIn('product_id') },
]

export const stock: Entity<Session, 'StockLevel', StockRow> = {
  schema: stockRow,
  mapping,
  changes: (session, after, limit) => changesOf(session, sources, { after, limit, rows: readStock }),
  get: async (session, ids) => (await readStock(session, numbersOf(ids))).map(snapshotOf),
}

const fields = ['default_code', 'type', 'uom_id', 'qty_available', 'free_qty', 'incoming_qty', 'outgoing_qty']

/** What is kept in stock, counted in the warehouse (or location) of the settings; services are left out. */
async function readStock(session: Session, ids: readonly number[]): Promise<StockRow[]> {
  const { warehouse, location } = session.settings
  const where =
    location !== undefined
      ? { location }
      : // The name of this key changed after 17.
        warehouse !== undefined && { warehouse, warehouse_id: warehouse }
  const rows = await readRows(session, 'product.product', ids, fields, where || {})
  return rows.filter(row => row['type'] !== 'service') as unknown as StockRow[]
}
