import type { Entity, Snapshot } from '@linchpin/connector'
import { add, contentHash, plain, subtract, sum } from '@linchpin/model'
import { z } from 'zod'
import { changesOf } from './changes.ts'
import { idText, unitName } from './fields.ts'
import { warehouseOf } from './lookups.ts'
import { matchProducts } from './products.ts'
import { numbers, searchRead, type Session } from './session.ts'
import { wire } from './wire.ts'

/**
 * How much of a product is in the warehouse, its input and output zones included. `forecast_quantity` looks at every
 * planned move, so what is reserved is what it lacks of what is there and still to come.
 */
const stockRow = z.looseObject({
  id: z.int(),
  code: z.string().nullable(),
  quantity: z.string(),
  forecast_quantity: z.string(),
  incoming_quantity: z.string(),
  reserved_quantity: z.string(),
  available_quantity: z.string(),
  warehouse: z.object({ id: z.int(), name: z.string() }),
  default_uom: z.looseObject({ symbol: z.string() }),
})
type StockRow = z.infer<typeof stockRow>

async function getStock(session: Session, texts: readonly string[]): Promise<readonly Snapshot<StockRow>[]> {
  const wanted = numbers(texts)
  if (wanted.length === 0) return []
  const warehouse = await warehouseOf(session)
  const context = { locations: [warehouse.id], with_childs: true, stock_date_end: wire.date('9999-12-31') }
  const where = [
    ['id', 'in', wanted],
    ['type', 'in', ['goods', 'assets']],
  ]
  const fields = ['code', 'quantity', 'forecast_quantity', 'default_uom.symbol']
  const found = await searchRead(session, 'product.product', RAW, { where, fields, context })
  const incoming = await incomingOf(
    session,
    warehouse.id,
    found.map(each => each.id),
  )
  return found.map(raw => {
    const quantity = text(raw.quantity)
    const coming = incoming.get(raw.id) ?? '0'
    const forecast = text(raw.forecast_quantity)
    const reserved = subtract(add(quantity, coming), forecast)
    const row = stockRow.parse({
      ...raw,
      quantity,
      forecast_quantity: forecast,
      incoming_quantity: coming,
      reserved_quantity: reserved,
      available_quantity: subtract(quantity, reserved),
      warehouse: { id: warehouse.id, name: warehouse.name },
    })
    return { id: String(row.id), version: contentHash(row), row }
  })
}

async function incomingOf(
  session: Session,
  warehouse: number,
  wanted: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (wanted.length === 0) return new Map()
  const where = [
    ['product', 'in', wanted],
    ['state', 'in', ['draft', 'assigned']],
    ['to_location', 'child_of', [warehouse], 'parent'],
    ['from_location', 'not child_of', [warehouse], 'parent'],
  ]
  const moves = await searchRead(session, 'stock.move', MOVES, {
    where,
    fields: ['product', 'internal_quantity'],
  })
  const products = new Set(moves.map(move => move.product))
  const of = (product: number) =>
    moves.filter(move => move.product === product).map(move => text(move.internal_quantity))
  return new Map([...products].map(product => [product, sum(of(product))]))
}

/** Quantities are floats in Tryton: 0.1 + 0.2 comes as 0.30000000000000004. Units have at most a few decimals. */
const text = (quantity: number) => plain(quantity.toFixed(6))

export const stock: Entity<Session, 'StockLevel', StockRow> = {
  schema: stockRow,
  mapping: {
    from: 'tryton.StockLevel',
    to: 'StockLevel',
    fields: {
      id: idText('id'),
      product: idText('id'),
      sku: 'code',
      location: idText('warehouse.id'),
      unit: unitName('default_uom.symbol'),
      onHand: 'quantity',
      reserved: 'reserved_quantity',
      incoming: 'incoming_quantity',
      available: 'available_quantity',
    },
  },
  changes: changesOf({
    sources: [{ model: 'product.product' }, { model: 'stock.move', target: 'product' }],
    get: getStock,
  }),
  get: getStock,
  match: matchProducts,
}

const RAW = z.array(z.looseObject({ id: z.int(), quantity: z.number(), forecast_quantity: z.number() }))
const MOVES = z.array(z.looseObject({ id: z.int(), product: z.int(), internal_quantity: z.number() }))
