import {
  orProblem,
  Problem,
  shotNow,
  writeEach,
  type Outcome,
  type Write,
  type Writer,
} from '@linchpin/connector'
import type { Row } from './client.ts'
import { cancelOrder } from './order-cancel.ts'
import { linkAddresses } from './order-addresses.ts'
import { fillDraft } from './order-draft.ts'
import { planOf, type Plan } from './order-plan.ts'
import { getOrders } from './order-rows.ts'
import { readOrder } from './order-state.ts'
import { orderWrite, orderWriteMapping, type OrderWrite } from './order-write-row.ts'
import { create, externalRef, findByRef, SETTLE_MS } from './outcomes.ts'
import { textIn } from './rows.ts'
import type { Session } from './session.ts'

export type { OrderWrite }

export const orderWriter: Writer<Session, OrderWrite> = {
  schema: orderWrite,
  mapping: orderWriteMapping,
  batch: 1,
  // The same ref_ext twice makes two orders (seen on 16.0.3), so it is looked for first.
  repeat: 'find',
  find: (session, writes) => findByRef(session, '/orders', writes),
  settleMs: SETTLE_MS,
  write: (session, writes) => writeEach(writes, session.io.signal, write => writeOrder(session, write)),
}

async function writeOrder(session: Session, write: Write<OrderWrite>): Promise<Outcome> {
  const { key, row } = write
  const known = write.id ?? (await findByRef(session, '/orders', [write])).get(key)
  const there = known === undefined ? null : await readOrder(session, known)
  if (known !== undefined && there === null)
    throw new Problem(
      'refused',
      `Order ${row.ref_client} is no longer in Dolibarr (it was ${known}). Someone deleted it there.`,
    )
  // A cancellation needs no plan, so an order that could no longer be entered can still be cancelled.
  const plan = known !== undefined && row.cancelled ? null : await planOf(session, row)
  const id = known ?? (await make(session, key, row, plan))
  const rest = await orProblem(converge(session, there ?? id, row, plan))
  const shot = await shotNow(session, id, getOrders)
  const number = shot?.row.number
  return {
    key,
    is: 'applied',
    id,
    version: shot?.version ?? null,
    ...(number && { number }),
    ...(rest && { rest }),
  }
}

/** With all its lines in one request, which is one transaction there. */
async function make(session: Session, key: string, row: OrderWrite, plan: Plan | null): Promise<string> {
  if (row.cancelled || plan === null)
    throw new Problem(
      'refused',
      `Order ${row.ref_client} was cancelled before it reached Dolibarr; there is nothing to cancel.`,
    )
  return create(session, '/orders', {
    socid: plan.socid,
    date: row.date ?? Math.floor(session.io.now() / 1000),
    ref_ext: externalRef(key),
    module_source: 'linchpin',
    ...plan.header,
    lines: plan.lines,
  })
}

/** Looks how far the order is (one just made by its id) and does what is missing. Answers what cannot be done. */
async function converge(
  session: Session,
  known: Row | string,
  row: OrderWrite,
  plan: Plan | null,
): Promise<Problem | null> {
  const order = typeof known === 'string' ? await readOrder(session, known) : known
  if (order === null) return refused(`Dolibarr no longer has the order ${row.ref_client}.`)
  if (row.cancelled || plan === null) return cancelOrder(session, order, row)
  if (textIn(order['statut']) === '-1')
    return refused(
      `Order ${textIn(order['ref'])} is cancelled in Dolibarr, and ${row.ref_client} is open in the shop. Cancel it there, or reopen it here.`,
    )
  await linkAddresses(session, order, plan.socid, row)
  return fillDraft(session, order, row, plan)
}

function refused(words: string): Problem {
  return new Problem('refused', words)
}
