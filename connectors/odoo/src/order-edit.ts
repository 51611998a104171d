import { Problem } from '@linchpin/connector'
import { call, dialect, searchRead, type Session } from './client.ts'
import { customChanges } from './custom-fields.ts'
import { changedHeader, lineValues, sameLine } from './order-draft.ts'
import type { WantedLine } from './order-lines.ts'
import { readState, roundingLine, type OrderState, type StateLine } from './order-state.ts'
import { meetTotals } from './order-totals.ts'
import type { Plan } from './order-writer.ts'
import type { Dialect } from './versions.ts'

/** Changes a confirmed order as far as Odoo lets one; the rest is told in words for a person. */
export async function editOrder(session: Session, order: OrderState, plan: Plan): Promise<Problem | null> {
  const rounding = await roundingLine(session, order)
  const there = order.lines.filter(line => line !== rounding && line.product !== null)
  const wanted = plan.lines.filter(line => line.product !== null)
  const said = await dialect(session)
  await editHeader(session, order, plan)
  const edits = editsOf(there, wanted, said)
  if (edits.length === 0) return null
  const words = edits.map(edit => edit.words).join('; ')
  if (order.locked) return byHand(order, 'it is locked', words)
  if (there.some(line => line.delivered > 0 || line.invoiced > 0))
    return byHand(order, 'some of it is delivered or invoiced', words)
  const order_line = edits.map(edit => edit.command)
  await call(session, 'sale.order', 'write', { ids: [order.id], args: { vals: { order_line } } })
  const after = (await readState(session, order.id)) ?? order
  return (await meetTotals(session, after, plan)) ?? (await leftToPick(session, after))
}

/** References and custom fields at any time; addresses as long as nothing went there. */
async function editHeader(session: Session, order: OrderState, { header, custom }: Plan): Promise<void> {
  const { client_order_ref, origin, partner_shipping_id, partner_invoice_id } = header
  const delivered = order.lines.some(line => line.delivered > 0)
  const invoiced = order.lines.some(line => line.invoiced > 0)
  const changed = changedHeader(order, {
    client_order_ref,
    origin,
    ...(!delivered && { partner_shipping_id }),
    ...(!invoiced && { partner_invoice_id }),
  })
  const vals = { ...changed, ...(await customChanges(session, 'sale.order', order.id, custom)) }
  if (order.locked || Object.keys(vals).length === 0) return
  // Without this Odoo leaves the old address on what is to be delivered.
  const context = { update_delivery_shipping_partner: true }
  await call(session, 'sale.order', 'write', { ids: [order.id], args: { vals }, context })
}

interface Edit {
  readonly command: readonly unknown[]
  readonly words: string
}

function editsOf(there: readonly StateLine[], wanted: readonly WantedLine[], said: Dialect): Edit[] {
  const left = [...there]
  const take = (fits: (line: StateLine) => boolean): StateLine | undefined => {
    const index = left.findIndex(fits)
    return index < 0 ? undefined : left.splice(index, 1)[0]
  }
  const other = wanted.filter(line => take(each => sameLine(each, line)) === undefined)
  const edits = other.map(line => {
    const old = take(each => each.product === line.product)
    return old ? changeOf(old, line, said) : additionOf(line, there.length, said)
  })
  // Odoo lets nobody remove a line of a confirmed order: it is set to zero.
  return [...edits, ...left.filter(line => line.quantity !== 0).map(removalOf)]
}

function changeOf(old: StateLine, line: WantedLine, said: Dialect): Edit {
  const { sequence: _, product_id: __, ...values } = lineValues(line, 0, said)
  const price = old.priceUnit === line.priceUnit ? '' : ` at ${line.priceUnit}`
  return { command: [1, old.id, values], words: `"${line.name}": ${old.quantity} → ${line.quantity}${price}` }
}

function additionOf(line: WantedLine, index: number, said: Dialect): Edit {
  return { command: [0, 0, lineValues(line, index, said)], words: `add ${line.quantity} × "${line.name}"` }
}

function removalOf(line: StateLine): Edit {
  return { command: [1, line.id, { product_uom_qty: 0 }], words: `"${line.name}": ${line.quantity} → 0` }
}

/** Odoo raises what is to be picked with an order, but does not always lower it. */
async function leftToPick(session: Session, order: OrderState): Promise<Problem | null> {
  const moves = await searchRead(session, 'stock.move', {
    domain: [
      ['sale_line_id', 'in', order.lines.map(line => line.id)],
      ['state', 'not in', ['done', 'cancel']],
      ['picking_id.picking_type_id.code', '=', 'outgoing'],
    ],
    fields: ['sale_line_id', 'product_uom_qty'],
  })
  const planned = (line: StateLine) =>
    moves
      .filter(move => Array.isArray(move['sale_line_id']) && move['sale_line_id'][0] === line.id)
      .reduce((sum, move) => sum + Number(move['product_uom_qty']), 0)
  const tooMuch = order.lines.filter(line => planned(line) > line.quantity - line.delivered)
  if (tooMuch.length === 0) return null
  const words = tooMuch.map(line => `"${line.name}": ${planned(line)} → ${line.quantity}`).join('; ')
  return byHand(order, 'its delivery still has more than was ordered', words)
}

function byHand(order: OrderState, why: string, words: string): Problem {
  return new Problem(
    'refused',
    `Order ${order.name} was changed in the shop, and in Odoo ${why}. Change it there by hand: ${words}.`,
  )
}
