import { Problem, Unanswered, type Outcome, type Write, type Writer } from '@linchpin/connector'
import { addressPartner } from './addresses.ts'
import { versionOf } from './changes.ts'
import { call, needNumber, type Session } from './client.ts'
import { customValues } from './custom-fields.ts'
import { companyOf, pricelistFor, pricelistIn } from './lookups.ts'
import { cancelOrder } from './order-cancel.ts'
import { editOrder } from './order-edit.ts'
import { writeDraftLines } from './order-draft.ts'
import { wantedLines, type WantedLine } from './order-lines.ts'
import { meetTotals } from './order-totals.ts'
import { readState, type OrderState } from './order-state.ts'
import { readOrders } from './order-rows.ts'
import { orderWrite, orderWriteMapping, type OrderWrite } from './order-write-row.ts'
import { idOfKey, upsert, writeEach } from './writing.ts'

export type { OrderWrite }

export const orderWriter: Writer<Session, OrderWrite> = {
  schema: orderWrite,
  mapping: orderWriteMapping,
  batch: 1,
  // The header is upserted under our key; lines are written as a whole while it is a draft.
  repeat: 'safe',
  write: (session, writes) => writeEach(session, writes, writeOrder),
}

/** All that can be wrong with the order is found before anything of it is in Odoo. */
export interface Plan {
  readonly row: OrderWrite
  readonly lines: readonly WantedLine[]
  readonly partner: number
  readonly header: Readonly<Record<string, unknown>>
  readonly custom: Readonly<Record<string, unknown>>
}

async function writeOrder(session: Session, write: Write<OrderWrite>): Promise<Outcome> {
  const { key, row } = write
  const known = write.id === null ? await idOfKey(session, 'sale.order', key) : needNumber(write.id, 'Order')
  const there = known === null ? null : await readState(session, known)
  if (there === null && write.id !== null)
    throw new Problem(
      'refused',
      `Order ${row.origin} is no longer in Odoo (it was ${write.id}). Someone deleted it there.`,
    )
  // A cancellation needs no plan, so an order that could no longer be entered can still be cancelled.
  const plan = there && row.cancelled ? null : await planOf(session, row)
  const order = there ?? (await create(session, key, row))
  const rest = await converge(session, order, row, plan)
  const [now] = await readOrders(session, [order.id])
  return {
    key,
    is: 'applied',
    id: String(order.id),
    version: now ? versionOf(now) : null,
    number: order.name,
    ...(rest && { rest }),
  }
}

async function planOf(session: Session, row: OrderWrite): Promise<Plan> {
  const partner = needNumber(row.partner_id, 'Account')
  const lines = await wantedLines(session, row)
  const pricelist = await pricelistFor(session, row.currency)
  const { warehouse } = session.settings
  const header = {
    client_order_ref: row.client_order_ref,
    origin: row.origin,
    date_order: row.date_order,
    partner_shipping_id: await addressPartner(session, partner, 'delivery', row.deliveries[0]),
    partner_invoice_id: await addressPartner(session, partner, 'invoice', row.partner_invoice),
    ...(pricelist !== null && { pricelist_id: pricelist }),
    ...(warehouse !== undefined && { warehouse_id: warehouse }),
  }
  return { row, lines, partner, header, custom: await customValues(session, 'sale.order', row.custom, OURS) }
}

/** What this writer decides, or Odoo by way of it. */
const OURS = [
  'partner_id',
  'company_id',
  'client_order_ref',
  'origin',
  'date_order',
  'partner_shipping_id',
  'partner_invoice_id',
  'pricelist_id',
  'currency_id',
  'warehouse_id',
  'order_line',
  'name',
  'state',
  'locked',
]

/** Only the header: `load` would add the lines once more each time it is called. */
async function create(session: Session, key: string, row: OrderWrite): Promise<OrderState> {
  const { id: company } = await companyOf(session)
  const { client_order_ref, origin } = row
  const values = {
    partner_id: needNumber(row.partner_id, 'Account'),
    company_id: company,
    client_order_ref,
    origin,
  }
  const order = await readState(session, await upsert(session, 'sale.order', key, values))
  if (order === null) throw new Problem('surprise', `Odoo made order ${origin} and does not show it to us.`)
  return order
}

/** Brings the order to what it shall be. What cannot be is told, not thrown: the order itself is there. */
async function converge(
  session: Session,
  order: OrderState,
  row: OrderWrite,
  plan: Plan | null,
): Promise<Problem | null> {
  try {
    if (row.cancelled || plan === null) return await cancelOrder(session, order, row)
    if (order.state === 'cancel')
      return refused(
        `Order ${order.name} is cancelled in Odoo, and open in the shop. Cancel it there, or set it to draft here.`,
      )
    if (order.state === 'draft' || order.state === 'sent') return await fillAndConfirm(session, order, plan)
    return await editOrder(session, order, plan)
  } catch (error) {
    if (error instanceof Problem && !(error instanceof Unanswered)) return error
    throw error
  }
}

async function fillAndConfirm(session: Session, order: OrderState, plan: Plan): Promise<Problem | null> {
  const drafted = await inCurrency(session, await writeDraftLines(session, order, plan), plan.row.currency)
  const problem = await meetTotals(session, drafted, plan)
  if (problem) return problem
  if (plan.row.deliveries.length > 1)
    return refused(
      `Order ${order.name} goes to ${plan.row.deliveries.length} addresses, and an order in Odoo to one. Split it there, then confirm.`,
    )
  if (!session.settings.confirm) return null
  const refusal = await call(session, 'sale.order', 'action_confirm', { ids: [order.id] }).then(
    () => null,
    (error: unknown) => {
      if (error instanceof Problem && error.kind === 'refused') return error
      throw error
    },
  )
  // It may be confirmed all the same: by a person a moment ago, or by our own earlier request that was late.
  const after = await readState(session, order.id)
  if (after?.state === 'sale') return null
  if (refusal) return refusal
  return refused(
    `Odoo did not confirm order ${order.name}: it is ${after?.state ?? 'gone'}. Look at it there.`,
  )
}

/** A customer's own pricelist may bring another currency; the shop's is what was promised. */
async function inCurrency(session: Session, order: OrderState, currency: string): Promise<OrderState> {
  if (order.currency === currency) return order
  const pricelist_id = await pricelistIn(session, currency)
  await call(session, 'sale.order', 'write', { ids: [order.id], args: { vals: { pricelist_id } } })
  return (await readState(session, order.id)) ?? order
}

function refused(words: string): Problem {
  return new Problem('refused', words)
}
