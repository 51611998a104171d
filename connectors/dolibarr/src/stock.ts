import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { compare, subtract } from '@linchpin/model'
import { z } from 'zod'
import { changesOf, type Source } from './changes.ts'
import type { Row } from './client.ts'
import { matchProducts } from './products.ts'
import { figure, rowsIn, rowsOf, snapshotOf, textIn } from './rows.ts'
import type { Session } from './session.ts'

const stockRow = z.looseObject({
  id: figure,
  ref: z.string(),
  /** In all warehouses, and what is left of it (or comes to it) by open orders. */
  stock_reel: figure.optional(),
  stock_theorique: figure.optional(),
  on_hand: z.string(),
  /** What the virtual stock is less than the real one: open orders of customers. */
  reserved: z.string(),
  available: z.string(),
})
type StockRow = z.infer<typeof stockRow>

const mapping: Mapping = {
  from: 'dolibarr.StockLevel',
  to: 'StockLevel',
  fields: {
    id: { format: 'text', of: 'id' },
    product: { format: 'text', of: 'id' },
    sku: 'ref',
    onHand: 'on_hand',
    reserved: 'reserved',
    available: 'available',
  },
}

const productsInLines: Source['of'] = async (_, rows) =>
  rows.flatMap(row => rowsIn(row['lines']).flatMap(line => textIn(line['fk_product']) || []))

/** A movement moves the product's own `tms`; what an order or a shipment takes of it does not. */
const sources: readonly [Source, ...Source[]] = [
  { path: '/products', where: '(t.fk_product_type:=:0)' },
  { path: '/orders', of: productsInLines },
  { path: '/shipments', of: productsInLines },
]

export const stock: Entity<Session, 'StockLevel', StockRow> = {
  schema: stockRow,
  mapping,
  changes: (session, after, limit) => changesOf<StockRow>(session, sources, { after, limit, get: getStock }),
  get: getStock,
  match: matchProducts,
}

async function getStock(session: Session, ids: readonly string[]) {
  const rows = await rowsOf(session, '/products', ids, { includestockdata: 1 })
  return rows
    .filter(row => textIn(row['type']) === '0')
    .map(row => snapshotOf(withLevels(session, row) as unknown as StockRow))
}

/**
 * The virtual stock is what is there, less what open orders still get, plus what suppliers will bring; the API does
 * not tell the three apart. Whatever suppliers bring, no more is promised than there is.
 */
function withLevels({ settings }: Session, row: Row): Row {
  const real = textIn(row['stock_reel']) || '0'
  const open = subtract(real, textIn(row['stock_theorique']) || real)
  const reserved = compare(open, '0') > 0 ? open : '0'
  const shelf = (row['stock_warehouse'] as Row | undefined)?.[String(settings.warehouse)] as Row | undefined
  const on_hand = settings.warehouse === undefined ? real : textIn(shelf?.['real']) || '0'
  return { ...row, on_hand, reserved, available: subtract(on_hand, reserved) }
}
