import { lineAmounts, sum } from './amounts.ts'
import { userError } from './errors.ts'
import type { Behaviour, Orm, Stored } from './orm.ts'
import { taxesField, timeOf, toInvoice } from './sales.ts'
import type { Compute, Computes } from './schema.ts'

const amountsOf = (orm: Orm, line: Stored) =>
  lineAmounts(orm, {
    priceUnit: Number(line['price_unit']),
    discount: Number(line['discount'] ?? 0),
    quantity: Number(line['quantity']),
    taxes: orm.ids('account.move.line', line, 'tax_ids'),
  })
const total =
  (which: 'net' | 'tax' | 'total'): Compute =>
  (orm, move) =>
    sum(invoiceLines(orm, move).map(line => amountsOf(orm, line)[which]))
const paidOf = (orm: Orm, move: Stored): number =>
  sum(
    orm
      .all('account.payment')
      .filter(payment => (payment['reconciled_invoice_ids'] as number[])?.includes(move.id))
      .map(payment => Number(payment['amount'])),
  )
const creditedOf = (orm: Orm, move: Stored): number =>
  sum(
    orm
      .all('account.move')
      .filter(each => each['reversed_entry_id'] === move.id && each['state'] === 'posted')
      .map(each => orm.number('account.move', each, 'amount_total')),
  )
const residual: Compute = (orm, move) => {
  if (move['state'] !== 'posted') return 0
  if (move['move_type'] === 'out_refund') return 0
  return Math.max(
    0,
    sum([orm.number('account.move', move, 'amount_total'), -paidOf(orm, move), -creditedOf(orm, move)]),
  )
}

export function invoiceLines(orm: Orm, move: Stored): Stored[] {
  return orm.ids('account.move', move, 'invoice_line_ids').map(id => orm.need('account.move.line', id))
}

export const accountingComputes: Computes = {
  'account.move': {
    amount_untaxed: total('net'),
    amount_tax: total('tax'),
    amount_total: total('total'),
    amount_residual: residual,
    payment_state: (orm, move) => {
      if (move['state'] !== 'posted') return 'not_paid'
      const whole = orm.number('account.move', move, 'amount_total')
      if (move['move_type'] === 'out_refund') return 'paid'
      if (creditedOf(orm, move) >= whole && whole > 0) return 'reversed'
      const left = Number(residual(orm, move, {}))
      return left <= 0 ? 'paid' : left < whole ? 'partial' : 'not_paid'
    },
  },
  'account.move.line': {
    price_subtotal: (orm, line) => amountsOf(orm, line).net,
    price_total: (orm, line) => amountsOf(orm, line).total,
  },
}

export const accountingBehaviours: Readonly<Record<string, Behaviour>> = {
  'account.move': {
    defaults: orm => ({
      state: 'draft',
      move_type: 'out_invoice',
      name: '/',
      company_id: orm.all('res.company')[0]?.id ?? false,
      currency_id: orm.all('res.company')[0]?.['currency_id'] ?? false,
    }),
  },
  'account.move.line': {
    defaults: () => ({ display_type: 'product', quantity: 1, discount: 0, sequence: 10 }),
  },
}

/** A posted invoice of all that may be billed of this order now. */
export function invoiceOrder(orm: Orm, orderId: number): number {
  const order = orm.need('sale.order', orderId)
  const lines = orm.ids('sale.order', order, 'order_line').map(id => orm.need('sale.order.line', id))
  const due = lines.filter(line => !line['display_type'] && toInvoice(orm, line) > 0)
  if (due.length === 0) throw userError('Cannot create an invoice. No items are available to invoice.')
  const move = orm.create('account.move', {
    partner_id: order['partner_invoice_id'],
    partner_shipping_id: order['partner_shipping_id'],
    currency_id: orm.value('sale.order', order, 'currency_id'),
    invoice_origin: order['name'],
    ref: order['client_order_ref'],
  })
  for (const line of due)
    orm.create('account.move.line', {
      move_id: move.id,
      sequence: line['sequence'],
      name: line['name'],
      product_id: line['product_id'],
      quantity: toInvoice(orm, line),
      price_unit: line['price_unit'],
      discount: line['discount'],
      tax_ids: [[6, 0, orm.ids('sale.order.line', line, taxesField(orm))]],
      sale_line_ids: [[6, 0, [line.id]]],
    })
  post(orm, move.id)
  return move.id
}

export function post(orm: Orm, id: number): void {
  const move = orm.need('account.move', id)
  if (move['state'] !== 'draft') throw userError('The entry is already posted.')
  const year = timeOf(orm).slice(0, 4)
  const prefix = move['move_type'] === 'out_refund' ? 'RINV' : 'INV'
  const number = String(orm.next(`${prefix}/${year}`)).padStart(5, '0')
  const day = timeOf(orm).slice(0, 10)
  orm.write('account.move', [id], {
    state: 'posted',
    name: `${prefix}/${year}/${number}`,
    invoice_date: day,
    invoice_date_due: day,
  })
}

/** Registers a payment of all that is open, or of a part. Odoo writes no new date on the invoice then. */
export function payInvoice(orm: Orm, id: number, part?: number): number {
  const move = orm.need('account.move', id)
  const amount = part ?? orm.number('account.move', move, 'amount_residual')
  if (amount <= 0) throw userError('Nothing is left to be paid on this invoice.')
  const journal = orm.all('account.journal').find(each => each['type'] === 'bank')
  const payment = orm.create('account.payment', {
    name: `PBNK1/${timeOf(orm).slice(0, 4)}/${String(orm.next('account.payment.name')).padStart(5, '0')}`,
    payment_type: 'inbound',
    state: orm.major >= 18 ? 'paid' : 'posted',
    partner_id: move['partner_id'],
    currency_id: move['currency_id'],
    journal_id: journal?.id ?? false,
    amount,
    date: timeOf(orm).slice(0, 10),
    [orm.major >= 18 ? 'memo' : 'ref']: move['name'],
    reconciled_invoice_ids: [[6, 0, [id]]],
  })
  reconcile(orm, id, id, amount)
  return payment.id
}

/** A posted credit note for the whole invoice. */
export function creditInvoice(orm: Orm, id: number, reason: string): number {
  const move = orm.need('account.move', id)
  const { partner_id, partner_shipping_id, currency_id, invoice_origin } = move
  const note = orm.create('account.move', {
    move_type: 'out_refund',
    reversed_entry_id: id,
    ref: `Reversal of: ${String(move['name'])}, ${reason}`,
    partner_id,
    partner_shipping_id,
    currency_id,
    invoice_origin,
  })
  for (const line of invoiceLines(orm, move)) {
    const { sequence, name, product_id, quantity, price_unit, discount, tax_ids, sale_line_ids } = line
    orm.create('account.move.line', {
      move_id: note.id,
      sequence,
      name,
      product_id,
      quantity,
      price_unit,
      discount,
      tax_ids: [[6, 0, tax_ids]],
      sale_line_ids: [[6, 0, sale_line_ids]],
    })
  }
  post(orm, note.id)
  reconcile(orm, id, note.id, orm.number('account.move', orm.need('account.move', note.id), 'amount_total'))
  return note.id
}

function reconcile(orm: Orm, debit: number, credit: number, amount: number): void {
  const first = (move: number) => invoiceLines(orm, orm.need('account.move', move))[0]?.id ?? false
  orm.create('account.partial.reconcile', {
    debit_move_id: first(debit),
    credit_move_id: first(credit),
    amount,
  })
}
