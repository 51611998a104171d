import { sum } from './amounts.ts'
import { userError } from './errors.ts'
import type { Behaviour, Orm, Stored } from './orm.ts'
import { timeOf } from './sales.ts'
import type { Compute, Computes, Context } from './schema.ts'

const isInternal = (orm: Orm, quant: Stored, context: Context): boolean => {
  const location = context['location']
  if (typeof location === 'number') return quant['location_id'] === location
  const warehouse = orm.get('stock.warehouse', Number(context['warehouse_id'] ?? context['warehouse']))
  if (warehouse) return quant['location_id'] === warehouse['lot_stock_id']
  return orm.get('stock.location', Number(quant['location_id']))?.['usage'] === 'internal'
}
const quantSum =
  (amount: (quant: Stored) => number): Compute =>
  (orm, product, context) =>
    sum(
      orm
        .all('stock.quant')
        .filter(quant => quant['product_id'] === product.id && isInternal(orm, quant, context))
        .map(amount),
    )
const moving =
  (code: 'incoming' | 'outgoing'): Compute =>
  (orm, product) => {
    const open = orm.having('stock.move', 'product_id', product.id).filter(move => {
      if (['done', 'cancel'].includes(String(move['state']))) return false
      const picking = orm.get('stock.picking', Number(move['picking_id']))
      return picking && orm.value('stock.picking', picking, 'picking_type_code') === code
    })
    return sum(open.map(move => Number(move['product_uom_qty'])))
  }
const onHand = quantSum(quant => Number(quant['quantity']))
const free = quantSum(quant => sum([Number(quant['quantity']), -Number(quant['reserved_quantity'])]))

export const stockComputes: Computes = {
  'product.product': {
    qty_available: onHand,
    free_qty: free,
    incoming_qty: moving('incoming'),
    outgoing_qty: moving('outgoing'),
    virtual_available: (orm, row, context) =>
      sum([
        Number(onHand(orm, row, context)),
        Number(moving('incoming')(orm, row, context)),
        -Number(moving('outgoing')(orm, row, context)),
      ]),
  },
  'stock.picking': {
    picking_type_code: (orm, row) => orm.related('stock.picking', row, 'picking_type_id')?.['code'] ?? false,
  },
}

export const stockBehaviours: Readonly<Record<string, Behaviour>> = {
  'stock.quant': { defaults: () => ({ quantity: 0, reserved_quantity: 0, inventory_quantity: 0 }) },
  'stock.picking': {
    defaults: orm => ({
      name: `WH/OUT/${String(orm.next('stock.picking.name')).padStart(5, '0')}`,
      state: 'confirmed',
      scheduled_date: timeOf(orm),
    }),
  },
  'stock.move': { defaults: orm => ({ state: 'confirmed', quantity: 0, picked: false, date: timeOf(orm) }) },
}

/** An inventory adjustment: so many are there now. */
export function applyInventory(orm: Orm, quantIds: readonly number[]): void {
  for (const id of quantIds) {
    const quant = orm.need('stock.quant', id)
    orm.write('stock.quant', [id], { quantity: quant['inventory_quantity'], inventory_quantity: 0 })
  }
}

export function adjustStock(orm: Orm, product: number, quantity: number): void {
  const quant = quantOf(orm, product)
  orm.write('stock.quant', [quant.id], { inventory_quantity: quantity })
  applyInventory(orm, [quant.id])
}

function quantOf(orm: Orm, product: number): Stored {
  const location = Number(orm.all('stock.warehouse')[0]?.['lot_stock_id'])
  const found = orm
    .all('stock.quant')
    .find(each => each['product_id'] === product && each['location_id'] === location)
  return found ?? orm.create('stock.quant', { product_id: product, location_id: location })
}

const open = (row: Stored) => row['state'] !== 'done' && row['state'] !== 'cancel'

/** What is to leave for these lines: one picking an order, goods only, reserved as far as there is stock. */
export function pickOrder(orm: Orm, order: Stored, lines: readonly Stored[]): void {
  const goods = lines.filter(line => {
    const product = orm.related('sale.order.line', line, 'product_id')
    return (
      product &&
      orm.value('product.product', product, 'type') !== 'service' &&
      Number(line['product_uom_qty']) > 0
    )
  })
  if (goods.length === 0) return
  const picking = orm.having('stock.picking', 'sale_id', order.id).find(open) ?? newPicking(orm, order)
  for (const line of goods)
    orm.create('stock.move', {
      picking_id: picking.id,
      product_id: line['product_id'],
      sale_line_id: line.id,
      product_uom_qty: line['product_uom_qty'],
    })
  assign(orm, picking.id)
}

function newPicking(orm: Orm, order: Stored): Stored {
  const type = orm.all('stock.picking.type').find(each => each['code'] === 'outgoing')
  return orm.create('stock.picking', {
    sale_id: order.id,
    origin: order['name'],
    partner_id: order['partner_shipping_id'],
    picking_type_id: type?.id ?? false,
  })
}

/** Reserves what is free; a picking is ready when all of it is. */
export function assign(orm: Orm, picking: number): void {
  for (const move of movesOf(orm, picking).filter(open)) {
    const product = orm.need('product.product', Number(move['product_id']))
    const lacks = sum([Number(move['product_uom_qty']), -Number(move['quantity'])])
    const storable =
      orm.major >= 18
        ? orm.value('product.product', product, 'is_storable') === true
        : orm.value('product.product', product, 'type') === 'product'
    const got = storable
      ? Math.min(lacks, Math.max(0, orm.number('product.product', product, 'free_qty')))
      : lacks
    if (storable) reserve(orm, product.id, got)
    const quantity = sum([Number(move['quantity']), got])
    const state =
      quantity >= Number(move['product_uom_qty'])
        ? 'assigned'
        : quantity > 0
          ? 'partially_available'
          : 'confirmed'
    orm.write('stock.move', [move.id], { quantity, state })
  }
  const left = movesOf(orm, picking).filter(open)
  const ready = left.length > 0 && left.every(move => move['state'] === 'assigned')
  orm.write('stock.picking', [picking], { state: ready ? 'assigned' : 'confirmed' })
}

function reserve(orm: Orm, product: number, quantity: number): void {
  const quant = quantOf(orm, product)
  orm.write('stock.quant', [quant.id], {
    reserved_quantity: sum([Number(quant['reserved_quantity']), quantity]),
  })
}

export function movesOf(orm: Orm, picking: number): Stored[] {
  return orm.having('stock.move', 'picking_id', picking)
}

/** A confirmed order was changed: more is to be picked, or less. */
export function adjustMoves(orm: Orm, order: Stored, line: Stored, before: number): void {
  const more = sum([Number(line['product_uom_qty']), -before])
  if (more === 0 || (more < 0 && orm.keepsMoves)) return
  const move = orm.having('stock.move', 'sale_line_id', line.id).find(open)
  if (!move) {
    if (more > 0) pickOrder(orm, order, [{ ...line, product_uom_qty: more } as Stored])
    return
  }
  const wanted = Math.max(0, sum([Number(move['product_uom_qty']), more]))
  release(orm, move)
  orm.write('stock.move', [move.id], {
    product_uom_qty: wanted,
    quantity: 0,
    ...(wanted === 0 && { state: 'cancel' }),
  })
  settle(orm, Number(move['picking_id']))
}

function settle(orm: Orm, picking: number): void {
  const moves = movesOf(orm, picking)
  if (moves.some(open)) assign(orm, picking)
  else if (moves.every(move => move['state'] === 'cancel'))
    orm.write('stock.picking', [picking], { state: 'cancel' })
}

function release(orm: Orm, move: Stored): void {
  const quant = quantOf(orm, Number(move['product_id']))
  const reserved = Math.max(0, sum([Number(quant['reserved_quantity']), -Number(move['quantity'])]))
  orm.write('stock.quant', [quant.id], { reserved_quantity: reserved })
}

export function cancelPickings(orm: Orm, order: Stored): void {
  for (const picking of orm.having('stock.picking', 'sale_id', order.id).filter(open)) {
    for (const move of movesOf(orm, picking.id).filter(open)) {
      release(orm, move)
      orm.write('stock.move', [move.id], { quantity: 0, state: 'cancel' })
    }
    orm.write('stock.picking', [picking.id], { state: 'cancel' })
  }
}

/**
 * The goods leave: of each move so many, or all that is reserved. What stays behind becomes a backorder, as the
 * dialogue of Odoo proposes. Answers the id of the backorder, if any.
 */
export function validate(orm: Orm, picking: number, parts?: ReadonlyMap<number, number>): number | null {
  const row = orm.need('stock.picking', picking)
  if (!open(row)) throw userError(`${String(row['name'])} is already ${String(row['state'])}.`)
  const moves = movesOf(orm, picking).filter(open)
  const leaving = (move: Stored) =>
    Math.min(Number(move['product_uom_qty']), parts ? (parts.get(move.id) ?? 0) : Number(move['quantity']))
  if (moves.every(move => leaving(move) <= 0))
    throw userError('You cannot validate a transfer if no quantities are reserved.')
  const left = moves.filter(move => leaving(move) < Number(move['product_uom_qty']))
  const backorder = left.length > 0 ? backorderOf(orm, row) : null
  for (const move of moves) leave(orm, move, leaving(move), backorder)
  orm.write('stock.picking', [picking], { state: 'done', date_done: timeOf(orm) })
  if (backorder !== null) assign(orm, backorder)
  return backorder
}

function backorderOf(orm: Orm, row: Stored): number {
  const { sale_id, origin, partner_id, picking_type_id } = row
  return orm.create('stock.picking', { sale_id, origin, partner_id, picking_type_id, backorder_id: row.id })
    .id
}

function leave(orm: Orm, move: Stored, quantity: number, backorder: number | null): void {
  const rest = sum([Number(move['product_uom_qty']), -quantity])
  release(orm, move)
  if (rest > 0 && backorder !== null && quantity <= 0) {
    orm.write('stock.move', [move.id], {
      picking_id: backorder,
      quantity: 0,
      picked: false,
      state: 'confirmed',
    })
    return
  }
  const { product_id, sale_line_id } = move
  if (rest > 0 && backorder !== null)
    orm.create('stock.move', { picking_id: backorder, product_id, sale_line_id, product_uom_qty: rest })
  const quant = quantOf(orm, Number(product_id))
  orm.write('stock.quant', [quant.id], { quantity: sum([Number(quant['quantity']), -quantity]) })
  orm.write('stock.move', [move.id], {
    product_uom_qty: quantity,
    quantity,
    picked: true,
    state: 'done',
    date: timeOf(orm),
  })
}
