import { idOf } from './changes.ts'
import { call, dialect, type Session } from './client.ts'
import { customChanges } from './custom-fields.ts'
import type { WantedLine } from './order-lines.ts'
import { readState, roundingLine, type OrderState, type StateLine } from './order-state.ts'
import type { Plan } from './order-writer.ts'
import type { Dialect } from './versions.ts'

/** Header and lines of a draft in one transaction: the old lines go, the wanted ones come. Nothing when it is right. */
export async function writeDraftLines(session: Session, order: OrderState, plan: Plan): Promise<OrderState> {
  const rounding = await roundingLine(session, order)
  const header = {
    ...changedHeader(order, { ...plan.header, partner_id: plan.partner }),
    ...(await customChanges(session, 'sale.order', order.id, plan.custom)),
  }
  const lines = sameLines(
    order.lines.filter(line => line !== rounding),
    plan.lines,
  )
  if (lines && Object.keys(header).length === 0) return order
  const said = await dialect(session)
  const order_line = [[5, 0, 0], ...plan.lines.map((line, index) => [0, 0, lineValues(line, index, said)])]
  const vals = { ...header, ...(lines ? {} : { order_line }) }
  await call(session, 'sale.order', 'write', { ids: [order.id], args: { vals } })
  return (await readState(session, order.id)) ?? order
}

/** Taxes stand on each line explicitly: a fiscal position of Odoo's own choice would silently change them. */
export function lineValues(line: WantedLine, index: number, { lineTaxes }: Dialect): Record<string, unknown> {
  const sequence = 10 * (index + 1)
  if (line.product === null) return { sequence, display_type: 'line_note', name: line.name }
  return {
    sequence,
    product_id: line.product,
    name: line.name,
    product_uom_qty: line.quantity,
    price_unit: line.priceUnit,
    discount: line.discount,
    [lineTaxes]: [[6, 0, line.taxes]],
  }
}

/** The fields of the header that are not yet as wanted. */
export function changedHeader(
  order: OrderState,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const differs = ([name, value]: [string, unknown]) => {
    const there = order.row[name]
    return (typeof value === 'number' ? idOf(there) : there) !== value
  }
  return Object.fromEntries(Object.entries(wanted).filter(differs))
}

function sameLines(there: readonly StateLine[], wanted: readonly WantedLine[]): boolean {
  return there.length === wanted.length && wanted.every((line, index) => sameLine(there[index], line))
}

export function sameLine(there: StateLine | undefined, wanted: WantedLine): boolean {
  if (!there || there.product !== wanted.product) return false
  if (wanted.product === null) return there.name === wanted.name
  return (
    there.quantity === wanted.quantity &&
    there.priceUnit === wanted.priceUnit &&
    there.discount === wanted.discount &&
    sameSet(there.taxes, wanted.taxes)
  )
}

function sameSet(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every(id => right.includes(id))
}
