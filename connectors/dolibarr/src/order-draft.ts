import { Problem } from '@linchpin/connector'
import { add, equal, isZero, subtract } from '@linchpin/model'
import type { Row } from './client.ts'
import { serviceProduct } from './lookups.ts'
import { mayDiffer, sameLines, type OrderLine } from './order-lines.ts'
import type { Plan } from './order-plan.ts'
import { orderNow, pathOf, startedOn, warehouseOf } from './order-state.ts'
import type { OrderWrite } from './order-write-row.ts'
import { rowsIn, textIn } from './rows.ts'
import type { Session } from './session.ts'

/**
 * Brings an order to its lines and its total, and validates it. One that is validated goes back to draft for a change,
 * as its people would do it, as long as nothing of it was sent or billed. Nothing is written that is right already.
 */
export async function fillDraft(
  session: Session,
  order: Row,
  row: OrderWrite,
  plan: Plan,
): Promise<Problem | null> {
  const rounding = await serviceProduct(session, 'rounding')
  const there = linesBut(order, rounding)
  const same = sameLines(there, plan.lines)
  const validated = textIn(order['statut']) !== '0'
  await editHeader(session, order, plan)
  if (validated && same) return equal(totalOf(order), row.total_ttc) ? null : unequal(order, row)
  if (validated) {
    const started = await startedOn(session, order)
    if (started !== null) return byHand(order, row, started)
    await session.client.send('POST', `${pathOf(order)}/settodraft`, warehouseOf(session))
  }
  if (same) return meetTotal(session, order, row, rounding)
  await replaceLines(session, order, plan.lines)
  return meetTotal(session, await orderNow(session, order), row, rounding)
}

/** `PUT` writes the whole order again from what it read, so it is sent only for what differs. */
async function editHeader(session: Session, order: Row, { header, socid }: Plan): Promise<void> {
  const { date_commande: _, ...rest } = header
  const draft = textIn(order['statut']) === '0'
  const wanted = { ...rest, ...(draft && { socid }) }
  const changed = Object.entries(wanted).filter(([name, value]) => !says(order[name], value))
  if (changed.length === 0) return
  await session.client.send('PUT', pathOf(order), Object.fromEntries(changed))
}

const says = (held: unknown, wanted: unknown): boolean =>
  wanted !== null && typeof wanted === 'object'
    ? Object.entries(wanted).every(([name, value]) => says((held as Row | undefined)?.[name], value))
    : textIn(held) === textIn(wanted)

async function replaceLines(session: Session, order: Row, lines: readonly OrderLine[]): Promise<void> {
  for (const line of rowsIn(order['lines']))
    await session.client.send('DELETE', `${pathOf(order)}/lines/${textIn(line['id'])}`)
  for (const line of lines) await session.client.send('POST', `${pathOf(order)}/lines`, line)
}

/** The total that the customer was shown is the truth. What is left by rounding becomes a line; more stops the order. */
async function meetTotal(
  session: Session,
  order: Row,
  row: OrderWrite,
  rounding: number,
): Promise<Problem | null> {
  const old = rowsIn(order['lines']).find(line => textIn(line['fk_product']) === String(rounding))
  const missing = subtract(row.total_ttc, totalOf(order))
  const needed = add(missing, textIn(old?.['subprice']) || '0')
  if (mayDiffer(session, row, needed)) return unequal(order, row)
  if (!isZero(missing)) {
    if (old) await session.client.send('DELETE', `${pathOf(order)}/lines/${textIn(old['id'])}`)
    if (!isZero(needed))
      await session.client.send('POST', `${pathOf(order)}/lines`, roundingLine(rounding, needed))
  }
  const after = isZero(missing) ? order : await orderNow(session, order)
  if (!equal(totalOf(after), row.total_ttc)) return unequal(after, row)
  return session.settings.validate ? validate(session, after, row) : null
}

const roundingLine = (fk_product: number, subprice: string): OrderLine => ({
  fk_product,
  product_type: 1,
  desc: 'Rounding: the shop rounds taxes differently',
  qty: '1',
  subprice,
  remise_percent: '0',
  tva_tx: '0',
})

/**
 * Dolibarr validates whatever it is asked to: an order that is being sent falls back to 1, and a cancelled one lives
 * again (both seen on 16.0.3). So it is asked for a draft only.
 */
async function validate(session: Session, order: Row, row: OrderWrite): Promise<Problem | null> {
  const places = row.deliveries?.length ?? 0
  if (places > 1)
    return new Problem(
      'refused',
      `Order ${row.ref_client} goes to ${places} addresses, and an order in Dolibarr to one. Split it there, then validate it.`,
    )
  await session.client.send('POST', `${pathOf(order)}/validate`, warehouseOf(session, 0))
  const after = await orderNow(session, order)
  if (Number(textIn(after['statut'])) > 0) return null
  return new Problem(
    'refused',
    `Dolibarr did not validate order ${textIn(order['ref'])} (${row.ref_client}). Look at it there.`,
  )
}

const totalOf = (order: Row) => textIn(order['total_ttc']) || '0'
const linesBut = (order: Row, product: number) =>
  rowsIn(order['lines']).filter(line => textIn(line['fk_product']) !== String(product))

function unequal(order: Row, row: OrderWrite): Problem {
  const what =
    textIn(order['statut']) === '0'
      ? 'The draft waits there: correct its prices or taxes and validate it'
      : 'Correct it there by hand'
  return new Problem(
    'refused',
    `Order ${row.ref_client} comes to ${row.total_ttc} ${row.currency} in the shop, and order ${textIn(order['ref'])} in Dolibarr to ${round2(totalOf(order))}. ${what}.`,
  )
}
const round2 = (figure: string) => figure.replace(/(\.\d\d)0+$/, '$1')

function byHand(order: Row, row: OrderWrite, why: string): Problem {
  return new Problem(
    'refused',
    `Order ${row.ref_client} was changed in the shop, and order ${textIn(order['ref'])} in Dolibarr can no longer be: ${why}. Change it there by hand.`,
  )
}
