import { idOf, idsOf } from './changes.ts'
import { dialect, readRows, type Row, type Session } from './client.ts'
import { textOf } from './decode.ts'
import { serviceProduct } from './lookups.ts'

/** What a writer needs to know of an order that is there. */
export interface OrderState {
  readonly id: number
  readonly name: string
  readonly state: string
  readonly locked: boolean
  readonly partner: number | null
  readonly currency: string
  readonly total: string
  readonly tax: string
  readonly lines: readonly StateLine[]
  /** The header as it stands, to leave alone what is right. */
  readonly row: Row
}
export interface StateLine {
  readonly id: number
  readonly product: number | null
  readonly name: string
  readonly quantity: number
  readonly delivered: number
  readonly invoiced: number
  readonly priceUnit: number
  readonly discount: number
  readonly taxes: readonly number[]
}

export async function readState(session: Session, id: number): Promise<OrderState | null> {
  const [order] = await readRows(session, 'sale.order', [id], headerFields)
  if (!order) return null
  const lines = await readRows(session, 'sale.order.line', idsOf(order['order_line']), lineFields)
  const { lineTaxes } = await dialect(session)
  return {
    id,
    name: String(order['name']),
    state: String(order['state']),
    locked: order['locked'] === true,
    partner: idOf(order['partner_id']),
    currency: Array.isArray(order['currency_id']) ? String(order['currency_id'][1]) : '',
    total: String(order['amount_total']),
    tax: String(order['amount_tax']),
    lines: lines.toSorted(bySequence).map(row => stateLine(row, lineTaxes)),
    row: order,
  }
}

/** The line that makes totals meet: it is ours, so it is never compared with the shop's lines. */
export async function roundingLine(session: Session, order: OrderState): Promise<StateLine | undefined> {
  const product = await serviceProduct(session, session.settings.roundingCode)
  return order.lines.find(line => line.product === product)
}

const headerFields = [
  'name',
  'state',
  'locked',
  'partner_id',
  'partner_shipping_id',
  'partner_invoice_id',
  'pricelist_id',
  'currency_id',
  'client_order_ref',
  'origin',
  'date_order',
  'warehouse_id',
  'amount_total',
  'amount_tax',
  'order_line',
]
const lineFields = [
  'sequence',
  'name',
  'product_id',
  'product_uom_qty',
  'qty_delivered',
  'qty_invoiced',
  'price_unit',
  'discount',
  'tax_id',
  'tax_ids',
]

function stateLine(row: Row, lineTaxes: string): StateLine {
  return {
    id: row.id,
    product: idOf(row['product_id']),
    name: textOf(row['name']),
    quantity: Number(row['product_uom_qty']),
    delivered: Number(row['qty_delivered'] ?? 0),
    invoiced: Number(row['qty_invoiced'] ?? 0),
    priceUnit: Number(row['price_unit']),
    discount: Number(row['discount']),
    taxes: idsOf(row[lineTaxes]),
  }
}

function bySequence(left: Row, right: Row): number {
  return Number(left['sequence'] ?? 0) - Number(right['sequence'] ?? 0) || left.id - right.id
}
