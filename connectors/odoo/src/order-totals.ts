import { Problem } from '@linchpin/connector'
import { Decimal } from 'decimal.js'
import { call, dialect, type Session } from './client.ts'
import { digitsOf, serviceProduct } from './lookups.ts'
import { readState, roundingLine, type OrderState } from './order-state.ts'
import type { Plan } from './order-writer.ts'

/**
 * The money gate: Odoo's own total must be the shop's. A cent a line is what two honest systems differ by when they
 * round taxes at different places; it goes on a line that says so. More is for a person. Null when the totals meet.
 */
export async function meetTotals(session: Session, order: OrderState, plan: Plan): Promise<Problem | null> {
  const { row } = plan
  if (order.currency !== row.currency)
    return refused(
      `Order ${order.name} is in ${order.currency} in Odoo and in ${row.currency} in the shop. Its pricelist decides that: check it.`,
    )
  const allowed = allowance(session, plan)
  const missing = new Decimal(row.amount_total).sub(order.total)
  const rounding = await roundingLine(session, order)
  const needed = missing.add(rounding?.priceUnit ?? 0)
  if (needed.sub(row.rounding).abs().gt(allowed) || differs(order.tax, row.amount_tax, allowed))
    return unequal(session, order, plan)
  if (missing.isZero()) return null
  await writeRounding(session, order, rounding?.id, needed)
  const after = (await readState(session, order.id)) ?? order
  return new Decimal(after.total).eq(row.amount_total) ? null : unequal(session, after, plan)
}

function allowance(session: Session, { row }: Plan): Decimal {
  const lines = row.order_line.length + row.charges.length
  return new Decimal(session.settings.tolerance).mul(Math.max(lines, 1))
}

function differs(left: string, right: string, allowed: Decimal): boolean {
  return new Decimal(left).sub(right).abs().gt(allowed)
}

async function writeRounding(
  session: Session,
  order: OrderState,
  line: number | undefined,
  amount: Decimal,
): Promise<void> {
  const { lineTaxes } = await dialect(session)
  const product_id = await serviceProduct(session, session.settings.roundingCode)
  const price_unit = amount.toNumber()
  const name = 'Rounding: the shop rounds taxes differently'
  const added = {
    product_id,
    name,
    product_uom_qty: 1,
    price_unit,
    sequence: 9999,
    [lineTaxes]: [[6, 0, []]],
  }
  const order_line = [line === undefined ? [0, 0, added] : [1, line, { price_unit }]]
  await call(session, 'sale.order', 'write', { ids: [order.id], args: { vals: { order_line } } })
}

async function unequal(session: Session, order: OrderState, { row }: Plan): Promise<Problem> {
  const theirs = `${order.total} ${order.currency} with ${order.tax} of tax`
  const ours = `${row.amount_total} ${row.currency} with ${row.amount_tax} of tax`
  const what =
    order.state === 'sale' ? 'Correct it there' : 'It stays unconfirmed. Correct it there and confirm it'
  const digits = await digitsOf(session, 'Product Price')
  const fine = row.order_line.find(line => new Decimal(line.price_unit).decimalPlaces() > digits)
  const hint = fine
    ? ` Odoo keeps ${digits} decimals of a price and "${fine.name}" costs ${fine.price_unit}: raise them there (Decimal Accuracy).`
    : ''
  return refused(
    `Order ${order.name} comes to ${theirs} in Odoo and to ${ours} in the shop. ${what}, or correct the taxes and try again.${hint}`,
  )
}

function refused(words: string): Problem {
  return new Problem('refused', words)
}
