import { accountingComputes } from './accounting.ts'
import type { Orm, Stored, Value } from './orm.ts'
import { catalogueComputes } from './catalogue.ts'
import { salesComputes } from './sales.ts'
import { stockComputes } from './stock.ts'

export interface Field {
  readonly type:
    | 'char'
    | 'text'
    | 'boolean'
    | 'integer'
    | 'float'
    | 'monetary'
    | 'date'
    | 'datetime'
    | 'selection'
    | 'binary'
    | 'many2one'
    | 'one2many'
    | 'many2many'
  readonly relation?: string
  /** Of one2many: the many2one on the other side. */
  readonly inverse?: string
  readonly required?: boolean
  /** Not kept, but worked out when it is read. */
  readonly compute?: Compute
}
export type Compute = (orm: Orm, row: Stored, context: Context) => Value
export type Context = Readonly<Record<string, unknown>>
/** Model → computed field → how. */
export type Computes = Readonly<Record<string, Readonly<Record<string, Compute>>>>
export type Model = Readonly<Record<string, Field>>

const char: Field = { type: 'char' }
const text: Field = { type: 'text' }
const flag: Field = { type: 'boolean' }
const int: Field = { type: 'integer' }
const float: Field = { type: 'float' }
const money: Field = { type: 'monetary' }
const select: Field = { type: 'selection' }
const day: Field = { type: 'date' }
const time: Field = { type: 'datetime' }
const one = (relation: string, required = false): Field => ({ type: 'many2one', relation, required })
const lines = (relation: string, inverse: string): Field => ({ type: 'one2many', relation, inverse })
const many = (relation: string): Field => ({ type: 'many2many', relation })
const must = (field: Field): Field => ({ ...field, required: true })

/** The models of the modules sale, stock, sale_stock, stock_delivery and account that a connector meets. */
export function schemaOf(major: number, without: readonly string[]): Readonly<Record<string, Model>> {
  const tracking: Model = without.includes('stock_delivery')
    ? {}
    : { carrier_tracking_ref: char, carrier_id: one('delivery.carrier') }
  const models: Record<string, Record<string, Field>> = {
    'res.partner': {
      name: must(char),
      company_name: char,
      parent_id: one('res.partner'),
      child_ids: lines('res.partner', 'parent_id'),
      is_company: flag,
      type: select,
      ref: char,
      vat: char,
      lang: char,
      street: char,
      street2: char,
      city: char,
      zip: char,
      country_id: one('res.country'),
      country_code: char,
      state_id: one('res.country.state'),
      email: char,
      phone: char,
      property_product_pricelist: one('product.pricelist'),
      ...(major < 19 && { mobile: char }),
      active: flag,
    },
    'res.country': { name: must(char), code: char },
    'res.country.state': { name: must(char), code: char, country_id: one('res.country') },
    'res.currency': { name: must(char), active: flag },
    'res.company': { name: must(char), currency_id: one('res.currency'), country_id: one('res.country') },
    'res.users': { name: char, login: must(char), company_id: one('res.company'), active: flag },
    'decimal.precision': { name: must(char), digits: int },
    'ir.model.data': { module: must(char), name: must(char), model: must(char), res_id: int },
    'ir.module.module': { name: char, state: select },
    'ir.attachment': {
      name: must(char),
      mimetype: char,
      res_model: char,
      res_id: int,
      datas: { type: 'binary' },
      file_size: int,
    },
    'account.tax': {
      name: must(char),
      amount: float,
      amount_type: select,
      type_tax_use: select,
      price_include: flag,
      company_id: one('res.company'),
      sequence: int,
      active: flag,
    },
    'uom.uom': { name: must(char), active: flag },
    'product.category': { name: must(char), complete_name: char },
    'product.attribute': { name: must(char) },
    'product.template.attribute.value': {
      name: must(char),
      attribute_id: one('product.attribute'),
      product_tmpl_id: one('product.template'),
      price_extra: float,
    },
    'product.template': {
      name: must(char),
      type: select,
      ...(major >= 18 ? { is_storable: flag } : { detailed_type: select }),
      list_price: float,
      description_sale: text,
      taxes_id: many('account.tax'),
      uom_id: one('uom.uom'),
      categ_id: one('product.category'),
      sale_ok: flag,
      purchase_ok: flag,
      invoice_policy: select,
      product_variant_ids: lines('product.product', 'product_tmpl_id'),
      product_variant_count: int,
      active: flag,
    },
    'product.product': {
      product_tmpl_id: one('product.template'),
      default_code: char,
      barcode: char,
      weight: float,
      product_template_attribute_value_ids: many('product.template.attribute.value'),
      lst_price: float,
      currency_id: one('res.currency'),
      qty_available: float,
      free_qty: float,
      incoming_qty: float,
      outgoing_qty: float,
      virtual_available: float,
      active: flag,
    },
    'product.pricelist': {
      name: must(char),
      currency_id: one('res.currency'),
      company_id: one('res.company'),
      sequence: int,
      item_ids: lines('product.pricelist.item', 'pricelist_id'),
      active: flag,
    },
    'product.pricelist.item': {
      pricelist_id: one('product.pricelist', true),
      applied_on: select,
      product_tmpl_id: one('product.template'),
      product_id: one('product.product'),
      compute_price: select,
      fixed_price: float,
      percent_price: float,
      min_quantity: float,
      date_start: time,
      date_end: time,
    },
    'sale.order': {
      name: char,
      state: select,
      locked: flag,
      date_order: time,
      commitment_date: time,
      client_order_ref: char,
      origin: char,
      note: text,
      partner_id: one('res.partner', true),
      partner_invoice_id: one('res.partner'),
      partner_shipping_id: one('res.partner'),
      currency_id: one('res.currency'),
      pricelist_id: one('product.pricelist'),
      company_id: one('res.company'),
      warehouse_id: one('stock.warehouse'),
      order_line: lines('sale.order.line', 'order_id'),
      picking_ids: lines('stock.picking', 'sale_id'),
      invoice_ids: many('account.move'),
      amount_untaxed: money,
      amount_tax: money,
      amount_total: money,
      invoice_status: select,
      delivery_status: select,
    },
    'sale.order.line': {
      order_id: one('sale.order', true),
      sequence: int,
      display_type: select,
      name: text,
      product_id: one('product.product'),
      product_uom_qty: float,
      [major >= 19 ? 'product_uom_id' : 'product_uom']: one('uom.uom'),
      qty_delivered: float,
      qty_invoiced: float,
      price_unit: float,
      discount: float,
      [major >= 19 ? 'tax_ids' : 'tax_id']: many('account.tax'),
      price_subtotal: money,
      price_tax: float,
      price_total: money,
      is_delivery: flag,
    },
    'delivery.carrier': { name: must(char), active: flag },
    'stock.warehouse': {
      name: must(char),
      code: char,
      lot_stock_id: one('stock.location'),
      company_id: one('res.company'),
    },
    'stock.location': { name: must(char), usage: select },
    'stock.picking.type': { name: must(char), code: select, warehouse_id: one('stock.warehouse') },
    'stock.quant': {
      product_id: one('product.product', true),
      location_id: one('stock.location', true),
      quantity: float,
      reserved_quantity: float,
      inventory_quantity: float,
    },
    'stock.picking': {
      name: char,
      state: select,
      origin: char,
      partner_id: one('res.partner'),
      sale_id: one('sale.order'),
      picking_type_id: one('stock.picking.type'),
      picking_type_code: select,
      backorder_id: one('stock.picking'),
      scheduled_date: time,
      date_done: time,
      move_ids: lines('stock.move', 'picking_id'),
      ...tracking,
    },
    'stock.move': {
      picking_id: one('stock.picking'),
      product_id: one('product.product', true),
      sale_line_id: one('sale.order.line'),
      product_uom_qty: float,
      quantity: float,
      picked: flag,
      state: select,
      date: time,
    },
    'account.move': {
      name: char,
      move_type: select,
      state: select,
      payment_state: select,
      partner_id: one('res.partner'),
      partner_shipping_id: one('res.partner'),
      currency_id: one('res.currency'),
      company_id: one('res.company'),
      invoice_date: day,
      invoice_date_due: day,
      invoice_origin: char,
      ref: char,
      reversed_entry_id: one('account.move'),
      invoice_line_ids: lines('account.move.line', 'move_id'),
      amount_untaxed: money,
      amount_tax: money,
      amount_total: money,
      amount_residual: money,
      invoice_pdf_report_id: one('ir.attachment'),
    },
    'account.move.line': {
      move_id: one('account.move', true),
      sequence: int,
      display_type: select,
      name: char,
      product_id: one('product.product'),
      quantity: float,
      price_unit: float,
      discount: float,
      tax_ids: many('account.tax'),
      price_subtotal: money,
      price_total: money,
      sale_line_ids: many('sale.order.line'),
    },
    'account.payment': {
      name: char,
      payment_type: select,
      state: select,
      partner_id: one('res.partner'),
      currency_id: one('res.currency'),
      journal_id: one('account.journal'),
      amount: money,
      date: day,
      [major >= 18 ? 'memo' : 'ref']: char,
      reconciled_invoice_ids: many('account.move'),
    },
    'account.journal': { name: must(char), type: select },
    'account.partial.reconcile': {
      debit_move_id: one('account.move.line'),
      credit_move_id: one('account.move.line'),
      amount: money,
    },
  }
  return withComputes(models)
}

const common: Model = {
  id: { type: 'integer' },
  display_name: char,
  create_date: time,
  write_date: time,
}

function withComputes(models: Readonly<Record<string, Model>>): Readonly<Record<string, Model>> {
  const computes = [catalogueComputes, salesComputes, stockComputes, accountingComputes]
  const whole = Object.entries(models).map(([name, fields]) => {
    const computed = Object.assign({}, ...computes.map(each => each[name] ?? {})) as Record<string, Compute>
    const own = Object.entries(fields).map(([field, made]) => {
      const compute = computed[field]
      return [field, compute ? { ...made, compute } : made]
    })
    return [name, { ...common, ...Object.fromEntries(own) }]
  })
  return Object.fromEntries(whole) as Readonly<Record<string, Model>>
}
