import { Decimal } from 'decimal.js'
import { idOf, idsOf } from './changes.ts'
import { readRows, searchRead, type Row, type Session } from './client.ts'
import type { InvoiceRow } from './invoices.ts'
import { productCodes, taxesById, type SalesTax } from './lookups.ts'
import { withMeaning } from './order-rows.ts'
import { partnerIdsOf, readPartners } from './partners.ts'

export type MoveType = 'out_invoice' | 'out_refund'

const moveFields = [
  'name',
  'move_type',
  'state',
  'payment_state',
  'invoice_date',
  'invoice_date_due',
  'invoice_origin',
  'ref',
  'partner_id',
  'partner_shipping_id',
  'currency_id',
  'company_id',
  'reversed_entry_id',
  'amount_untaxed',
  'amount_tax',
  'amount_total',
  'amount_residual',
  'invoice_line_ids',
  'write_date',
]
const lineFields = [
  'move_id',
  'sequence',
  'display_type',
  'name',
  'product_id',
  'quantity',
  'price_unit',
  'discount',
  'tax_ids',
  'price_subtotal',
  'price_total',
  'sale_line_ids',
]

/** Posted invoices (or credit notes), and those cancelled after they were; a draft is nobody's business yet. */
export async function readInvoices(
  session: Session,
  type: MoveType,
  ids: readonly number[],
): Promise<InvoiceRow[]> {
  const all = await readRows(session, 'account.move', ids, moveFields)
  const moves = all.filter(
    row =>
      row['move_type'] === type && row['state'] !== 'draft' && row['name'] !== '/' && row['name'] !== null,
  )
  if (moves.length === 0) return []
  const lines = await linesOf(session, moves)
  const partners = await readPartners(session, partnerIdsOf(moves, 'partner_id'))
  const papers = await papersOf(
    session,
    moves.map(row => row.id),
  )
  return moves.map(row => {
    const own = lines.filter(line => idOf(line['move_id']) === row.id)
    const taxes = own.flatMap(line => line['taxes'] as SalesTax[])
    return {
      ...row,
      invoice_line_ids: own,
      sale_order_ids: [...new Set(own.flatMap(line => (line['sale_order'] as number | null) ?? []))],
      price_include: taxes.length > 0 && taxes.every(tax => tax.included),
      partner: partners.get(idOf(row['partner_id']) ?? 0) ?? null,
      pdf: papers.get(row.id) ?? null,
    } as unknown as InvoiceRow
  })
}

async function linesOf(session: Session, moves: readonly Row[]): Promise<Row[]> {
  const ids = moves.flatMap(row => idsOf(row['invoice_line_ids']))
  const rows = await readRows(session, 'account.move.line', ids, lineFields)
  const taxes = await taxesById(
    session,
    rows.flatMap(row => idsOf(row['tax_ids'])),
  )
  const products = await productCodes(
    session,
    rows.flatMap(row => idOf(row['product_id']) ?? []),
  )
  const sold = await readRows(
    session,
    'sale.order.line',
    rows.flatMap(row => idsOf(row['sale_line_ids'])),
    ['order_id'],
  )
  const orders = new Map(sold.map(line => [line.id, idOf(line['order_id'])]))
  const whole = rows.map(row => {
    const price_tax = new Decimal(String(row['price_total'])).sub(String(row['price_subtotal'])).toFixed()
    const own = idsOf(row['tax_ids']).flatMap(id => taxes.get(id) ?? [])
    const sale_line = idsOf(row['sale_line_ids'])[0] ?? null
    const sale_order = orders.get(sale_line ?? 0) ?? null
    const product = products.get(idOf(row['product_id']) ?? 0)
    return { ...withMeaning({ ...row, price_tax }, product, own, session.settings), sale_line, sale_order }
  })
  return whole.toSorted((a: Row, b: Row) => Number(a['sequence']) - Number(b['sequence']) || a.id - b.id)
}

/** The newest PDF of each invoice. Odoo makes one when the invoice is printed or sent. */
export async function papersOf(session: Session, moves: readonly number[]): Promise<Map<number, Row>> {
  const rows = await searchRead(session, 'ir.attachment', {
    domain: [
      ['res_model', '=', 'account.move'],
      ['res_id', 'in', moves],
      ['mimetype', '=', 'application/pdf'],
    ],
    fields: ['name', 'mimetype', 'res_id', 'file_size'],
    order: 'id',
  })
  return new Map(rows.map(row => [Number(row['res_id']), row]))
}
