import { Decimal } from 'decimal.js'
import { idOf, idsOf } from './changes.ts'
import { dialect, readRows, type Row, type Session } from './client.ts'
import { figureOf } from './decode.ts'
import { productCodes, taxesById, type SalesTax } from './lookups.ts'
import type { OrderRow } from './orders.ts'
import { partnerIdsOf, readPartners } from './partners.ts'
import type { Settings } from './settings.ts'

const orderFields = [
  'name',
  'state',
  'locked',
  'date_order',
  'commitment_date',
  'client_order_ref',
  'origin',
  'partner_id',
  'partner_invoice_id',
  'partner_shipping_id',
  'currency_id',
  'pricelist_id',
  'company_id',
  'warehouse_id',
  'amount_untaxed',
  'amount_tax',
  'amount_total',
  'invoice_status',
  'delivery_status',
  'picking_ids',
  'invoice_ids',
  'order_line',
  'note',
  'write_date',
]
const lineFields = [
  'order_id',
  'sequence',
  'display_type',
  'name',
  'product_id',
  'product_uom_qty',
  'product_uom',
  'product_uom_id',
  'qty_delivered',
  'qty_invoiced',
  'price_unit',
  'discount',
  'tax_id',
  'tax_ids',
  'price_subtotal',
  'price_tax',
  'price_total',
  'is_delivery',
]

/** Orders with all that belongs to them: lines, taxes, partners and what their invoices say. */
export async function readOrders(session: Session, ids: readonly number[]): Promise<OrderRow[]> {
  const orders = await readRows(session, 'sale.order', ids, orderFields)
  const lines = await linesById(session, orders)
  const partnerIds = partnerIdsOf(orders, 'partner_id', 'partner_invoice_id', 'partner_shipping_id')
  const partners = await readPartners(session, partnerIds)
  const invoices = await invoicesById(session, orders)
  return orders.map(order => {
    const own = idsOf(order['order_line']).flatMap(id => lines.get(id) ?? [])
    const posted = idsOf(order['invoice_ids']).flatMap(id => invoices.get(id) ?? [])
    const taxes = own.flatMap(line => line['taxes'] as SalesTax[])
    const row = {
      ...order,
      order_line: own.toSorted(bySequence),
      invoice_ids: posted,
      price_include: taxes.length > 0 && taxes.every(tax => tax.included),
      payment_state: paymentState(order, posted),
      partner: partners.get(idOf(order['partner_id']) ?? 0) ?? null,
      partner_invoice: partners.get(idOf(order['partner_invoice_id']) ?? 0) ?? null,
      partner_shipping: partners.get(idOf(order['partner_shipping_id']) ?? 0) ?? null,
    }
    return row as unknown as OrderRow
  })
}

async function linesById(session: Session, orders: readonly Row[]): Promise<Map<number, Row>> {
  const ids = orders.flatMap(order => idsOf(order['order_line']))
  const rows = await readRows(session, 'sale.order.line', ids, lineFields)
  const { lineTaxes } = await dialect(session)
  const taxes = await taxesById(
    session,
    rows.flatMap(row => idsOf(row[lineTaxes])),
  )
  const products = await productCodes(
    session,
    rows.flatMap(row => idOf(row['product_id']) ?? []),
  )
  return new Map(
    rows.map(row => {
      const product = products.get(idOf(row['product_id']) ?? 0)
      const own = idsOf(row[lineTaxes]).flatMap(id => taxes.get(id) ?? [])
      return [row.id, withMeaning(row, product, own, session.settings)]
    }),
  )
}

/** The same for order lines and invoice lines: what the line is, its discount as money, its tax per rate. */
export function withMeaning(
  row: Row,
  product: Row | undefined,
  taxes: readonly SalesTax[],
  settings: Settings,
): Row {
  const code = (product?.['default_code'] ?? null) as string | null
  return {
    ...row,
    role: roleOf(row, product, code, settings),
    default_code: code,
    discounts: discountsOf(row),
    taxes: shares(taxes, new Decimal(figureOf(row['price_tax']))),
  }
}

function roleOf(row: Row, product: Row | undefined, code: string | null, settings: Settings): string {
  const display = row['display_type']
  if (typeof display === 'string' && display !== 'product') return 'note'
  if (row['is_delivery'] === true || code === settings.shippingCode) return 'shipping'
  if (code === settings.feeCode) return 'fee'
  if (code === settings.roundingCode) return 'rounding'
  return product?.['type'] === 'service' ? 'service' : 'item'
}

function discountsOf(row: Row): { amount: string; base: string }[] {
  const percent = new Decimal(figureOf(row['discount']))
  if (percent.isZero()) return []
  const base = new Decimal(String(row['price_unit'])).mul(String(row['product_uom_qty'] ?? row['quantity']))
  return [{ amount: base.mul(percent).div(100).toDecimalPlaces(2).toFixed(), base: base.toFixed() }]
}

/** Odoo tells one amount of tax a line; with several taxes each gets its part by rate, the last the rest. */
function shares(taxes: readonly SalesTax[], total: Decimal): (SalesTax & { amount: string })[] {
  const rates = taxes.reduce((sum, tax) => sum.add(tax.rate), new Decimal(0))
  let left = total
  return taxes.map((tax, index) => {
    const last = index === taxes.length - 1 || rates.isZero()
    const amount = last ? left : total.mul(tax.rate).div(rates).toDecimalPlaces(2)
    left = left.sub(amount)
    return { ...tax, amount: amount.toFixed() }
  })
}

async function invoicesById(session: Session, orders: readonly Row[]): Promise<Map<number, Row>> {
  const ids = orders.flatMap(order => idsOf(order['invoice_ids']))
  const fields = ['name', 'state', 'move_type', 'payment_state', 'amount_total', 'amount_residual']
  const rows = await readRows(session, 'account.move', ids, fields)
  return new Map(rows.filter(row => row['state'] === 'posted').map(row => [row.id, row]))
}

function paymentState(order: Row, posted: readonly Row[]): OrderRow['payment_state'] {
  const invoices = posted.filter(row => row['move_type'] === 'out_invoice')
  if (invoices.length > 0 && invoices.every(row => row['payment_state'] === 'reversed')) return 'reversed'
  const sum = (field: string) =>
    invoices.reduce((total, row) => total.add(String(row[field])), new Decimal(0))
  const paid = sum('amount_total').sub(sum('amount_residual'))
  if (paid.lte(0)) return 'not_paid'
  return paid.gte(String(order['amount_total'])) ? 'paid' : 'partial'
}

function bySequence(left: Row, right: Row): number {
  return Number(left['sequence'] ?? 0) - Number(right['sequence'] ?? 0) || left.id - right.id
}
