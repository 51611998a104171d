import { lineAmounts, sum } from './amounts.ts'
import { kept } from './catalogue.ts'
import { userError } from './errors.ts'
import type { Behaviour, Orm, Stored } from './orm.ts'
import type { Compute, Computes } from './schema.ts'
import { adjustMoves, cancelPickings, pickOrder } from './stock.ts'

export const taxesField = (orm: Orm) => (orm.major >= 19 ? 'tax_ids' : 'tax_id')

const amountsOf = (orm: Orm, line: Stored) =>
  line['display_type']
    ? { net: 0, tax: 0, total: 0 }
    : lineAmounts(orm, {
        priceUnit: Number(line['price_unit']),
        discount: Number(line['discount'] ?? 0),
        quantity: Number(line['product_uom_qty']),
        taxes: orm.ids('sale.order.line', line, taxesField(orm)),
      })
const orderLines = (orm: Orm, order: Stored) =>
  orm.ids('sale.order', order, 'order_line').map(id => orm.need('sale.order.line', id))
const total =
  (which: 'net' | 'tax' | 'total'): Compute =>
  (orm, order) =>
    sum(orderLines(orm, order).map(line => amountsOf(orm, line)[which]))

export const salesComputes: Computes = {
  'sale.order': {
    amount_untaxed: total('net'),
    amount_tax: total('tax'),
    amount_total: total('total'),
    invoice_ids: (orm, order) => {
      const lines = orderLines(orm, order).map(line => line.id)
      const billed = orm
        .all('account.move.line')
        .filter(line => (line['sale_line_ids'] as number[])?.some(id => lines.includes(id)))
      return [...new Set(billed.map(line => Number(line['move_id'])))]
    },
    currency_id: (orm, order) =>
      orm.related('sale.order', order, 'pricelist_id')?.['currency_id'] ??
      orm.all('res.company')[0]?.['currency_id'] ??
      false,
    delivery_status: (orm, order) => {
      const pickings = orm
        .having('stock.picking', 'sale_id', order.id)
        .filter(each => each['state'] !== 'cancel')
      if (pickings.length === 0) return false
      const done = pickings.filter(each => each['state'] === 'done').length
      return done === pickings.length ? 'full' : done > 0 ? 'partial' : 'pending'
    },
    invoice_status: (orm, order) => {
      if (order['state'] !== 'sale') return 'no'
      const lines = orderLines(orm, order).filter(line => !line['display_type'])
      if (lines.some(line => toInvoice(orm, line) > 0)) return 'to invoice'
      const billed =
        lines.length > 0 && lines.every(line => invoiced(orm, line) >= Number(line['product_uom_qty']))
      return billed ? 'invoiced' : 'no'
    },
  },
  'sale.order.line': {
    price_subtotal: (orm, line) => amountsOf(orm, line).net,
    price_tax: (orm, line) => amountsOf(orm, line).tax,
    price_total: (orm, line) => amountsOf(orm, line).total,
    qty_delivered: delivered,
    qty_invoiced: invoiced,
  },
}

function delivered(orm: Orm, line: Stored): number {
  const moves = orm.having('stock.move', 'sale_line_id', line.id).filter(move => move['state'] === 'done')
  return sum(moves.map(move => Number(move['quantity'])))
}

function invoiced(orm: Orm, line: Stored): number {
  const billed = orm
    .all('account.move.line')
    .filter(each => (each['sale_line_ids'] as number[])?.includes(line.id))
  return sum(
    billed.map(each => {
      const move = orm.need('account.move', Number(each['move_id']))
      if (move['state'] === 'cancel') return 0
      return Number(each['quantity']) * (move['move_type'] === 'out_refund' ? -1 : 1)
    }),
  )
}

/** How much of a line may be billed now: what was ordered, or what was delivered, by the product's policy. */
export function toInvoice(orm: Orm, line: Stored): number {
  const product = orm.related('sale.order.line', line, 'product_id')
  const policy = product && orm.value('product.product', product, 'invoice_policy')
  const due = policy === 'delivery' ? delivered(orm, line) : Number(line['product_uom_qty'])
  return sum([due, -invoiced(orm, line)])
}

export const salesBehaviours: Readonly<Record<string, Behaviour>> = {
  'sale.order': {
    defaults: (orm, vals) => ({
      name: `S${String(orm.next('sale.order.name')).padStart(5, '0')}`,
      state: 'draft',
      locked: false,
      date_order: timeOf(orm),
      partner_invoice_id: vals['partner_id'],
      partner_shipping_id: vals['partner_id'],
      company_id: orm.all('res.company')[0]?.id ?? false,
      warehouse_id: orm.all('stock.warehouse')[0]?.id ?? false,
      pricelist_id:
        orm.get('res.partner', Number(vals['partner_id']))?.['property_product_pricelist'] ?? false,
    }),
    writing: (_, order, vals) => {
      if (
        order['state'] === 'sale' &&
        'pricelist_id' in vals &&
        vals['pricelist_id'] !== order['pricelist_id']
      )
        throw userError('You cannot change the pricelist of a confirmed order !')
      // The addresses follow the partner unless they are given too, also when the partner stays the same.
      if (!('partner_id' in vals)) return vals
      return { partner_invoice_id: vals['partner_id'], partner_shipping_id: vals['partner_id'], ...vals }
    },
    written: (orm, order, before) => {
      const moved = order['partner_shipping_id'] !== before['partner_shipping_id']
      if (!moved || orm.context['update_delivery_shipping_partner'] !== true) return
      const open = orm.having('stock.picking', 'sale_id', order.id).filter(each => each['state'] !== 'done')
      orm.write(
        'stock.picking',
        open.map(each => each.id),
        { partner_id: order['partner_shipping_id'] },
      )
    },
  },
  'sale.order.line': {
    defaults: lineDefaults,
    normal: keptLine,
    created: (orm, line) => {
      const order = orm.need('sale.order', Number(line['order_id']))
      checkOpen(order)
      if (order['state'] === 'sale') pickOrder(orm, order, [line])
    },
    writing: (orm, line, vals) => {
      checkOpen(orm.need('sale.order', Number(line['order_id'])))
      return vals
    },
    written: (orm, line, before) => {
      const order = orm.need('sale.order', Number(line['order_id']))
      if (order['state'] === 'sale') adjustMoves(orm, order, line, Number(before['product_uom_qty']))
    },
    unlinking: (orm, line) => {
      const order = orm.need('sale.order', Number(line['order_id']))
      if (order['state'] === 'sale' && !line['display_type'])
        throw userError(
          "Once a sales order is confirmed, you can't remove one of its lines (we need to track if something gets invoiced or delivered). Set the quantity to 0 instead.",
        )
    },
  },
}

function lineDefaults(orm: Orm, vals: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const product = orm.get('product.product', Number(vals['product_id']))
  if (!product && !vals['display_type'])
    throw userError('Missing required fields on accountable sale order line.')
  if (!product) return { sequence: 10 }
  const own = orm.fiscalTrap ? [] : orm.ids('product.product', product, 'taxes_id')
  return {
    sequence: 10,
    name: orm.nameOf('product.product', product),
    product_uom_qty: 1,
    price_unit: orm.number('product.product', product, 'lst_price'),
    discount: 0,
    [taxesField(orm)]: [[6, 0, own]],
    [orm.major >= 19 ? 'product_uom_id' : 'product_uom']: orm.value('product.product', product, 'uom_id'),
  }
}

/** Floats are kept with the decimals that the operator set under Decimal Accuracy. */
function keptLine(orm: Orm, vals: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const unit = orm.major >= 19 ? 'Product Unit' : 'Product Unit of Measure'
  return {
    ...vals,
    ...('price_unit' in vals && { price_unit: kept(orm, vals['price_unit'], 'Product Price') }),
    ...('discount' in vals && { discount: kept(orm, vals['discount'], 'Discount') }),
    ...('product_uom_qty' in vals && { product_uom_qty: kept(orm, vals['product_uom_qty'], unit) }),
  }
}

function checkOpen(order: Stored): void {
  if (order['locked'] === true)
    throw userError('It is forbidden to modify the following fields in a locked order: order lines.')
  if (order['state'] === 'cancel') throw userError('A cancelled order cannot be changed.')
}

export function confirmOrder(orm: Orm, id: number): void {
  const order = orm.need('sale.order', id)
  if (order['state'] !== 'draft' && order['state'] !== 'sent')
    throw userError(
      `The following orders are not in a state requiring confirmation: ${String(order['name'])}`,
    )
  orm.write('sale.order', [id], { state: 'sale', date_order: timeOf(orm) })
  pickOrder(orm, orm.need('sale.order', id), orderLines(orm, order))
}

/** Without `disable_cancel_warning` Odoo answers with a dialogue, and the order stays as it is. */
export function cancelOrder(orm: Orm, id: number, quiet: boolean): unknown {
  const order = orm.need('sale.order', id)
  if (order['locked'] === true) throw userError('You cannot cancel a locked order. Please unlock it first.')
  if (!quiet && order['state'] !== 'draft')
    return { type: 'ir.actions.act_window', res_model: 'sale.order.cancel', target: 'new' }
  cancelPickings(orm, order)
  orm.write('sale.order', [id], { state: 'cancel' })
  return true
}

export function timeOf(orm: Orm): string {
  return new Date(orm.now()).toISOString().slice(0, 19).replace('T', ' ')
}
