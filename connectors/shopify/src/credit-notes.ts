import {
  inTurn,
  Problem,
  restOf,
  writeEach,
  type Entity,
  type Outcome,
  type Write,
} from '@linchpin/connector'
import { billFields, billWrite } from '@linchpin/connector/shop'
import { isZero } from '@linchpin/model'
import { z } from 'zod'
import { billsIn, type BillRow } from './bill-list.ts'
import { creditNote, show, writeBill } from './bills.ts'
import { refundNote } from './refund-note.ts'
import { payBack, standsOrMay } from './refund-writer.ts'
import type { Session } from './session.ts'

const text = z.string()

/** A credit note whose money is given back, with the goods that it is for. */
const creditNoteWrite = billWrite.extend({
  lines: z.array(z.object({ product: text.optional(), sku: text.optional(), quantity: text })).optional(),
})
export type CreditNoteWrite = z.infer<typeof creditNoteWrite>

/** The credit notes of a shop whose settings say that their money is given back: it is, once they are shown. */
export const creditNoteToPayBack: Entity<Session, 'CreditNote', BillRow, CreditNoteWrite> = {
  ...creditNote,
  writer: {
    schema: creditNoteWrite,
    mapping: {
      from: 'CreditNote',
      to: 'shopify.CreditNote',
      fields: {
        ...billFields,
        lines: {
          each: 'lines',
          where: { is: ['kind', { constant: 'item' }] },
          as: {
            // Money does not wait for goods that the shop does not know.
            product: { link: 'Product', of: 'product', by: { sku: 'sku' }, optional: true },
            sku: 'sku',
            quantity: 'quantity',
          },
        },
      },
    },
    batch: 1,
    // Each refund bears a mark of ours, and Shopify makes it once for a key.
    repeat: 'safe',
    write: (session, writes) =>
      writeEach(writes, session.io.signal, write => writeCreditNote(session, write)),
  },
}

async function writeCreditNote(session: Session, write: Write<CreditNoteWrite>): Promise<Outcome> {
  const { lines: _, ...row } = write.row
  const showAs = (status: CreditNoteWrite['status']) =>
    writeBill(session, 'credit_notes', 'Credit note', { ...write, row: { ...row, status } })
  const open = write.id !== null && row.status === 'paid' ? await stillOpen(session, write.row) : []
  if (open.length > 0 && !(await isBegun(session, write, open))) {
    await leaveToPeople(session, row, open)
    const words = `Credit note ${row.number} was not given back while it was open, and now it is paid: if that was not done otherwise, give it back in Shopify. Then skip it here.`
    return {
      ...(await showAs('paid')),
      ...(await restOf(() => Promise.reject(new Problem('refused', words)))),
    }
  }
  if (open.length > 0) {
    // What becomes of it comes first: once it is shown as paid, nobody knows any more that it was open.
    const left = await restOf(() => giveBack(session, write))
    if (left.rest) return { ...(await showAs('posted')), ...left }
  }
  const fresh = write.id === null ? { refunds: [] } : {}
  const shown = await writeBill(session, 'credit_notes', 'Credit note', { ...write, row }, fresh)
  return { ...shown, ...(await restOf(() => giveBack(session, write))) }
}

/** The orders at which it is shown as one that is to be given back, and was not when it was last written. */
async function stillOpen(session: Session, { number, orders, payable }: CreditNoteWrite) {
  if (isZero(payable)) return []
  const all = await billsIn(session, 'credit_notes', orders)
  return all.filter(({ bills }) =>
    bills.some(each => each.number === number && each.status === 'posted' && each.refunds?.length === 0),
  )
}
type OrderBills = Awaited<ReturnType<typeof billsIn>>[number]

/** An answer was lost, or the payment provider takes its time: then it was we who paid it, or are about to. */
async function isBegun(
  session: Session,
  { key, row }: Write<CreditNoteWrite>,
  orders: readonly OrderBills[],
): Promise<boolean> {
  for (const { id } of orders) if (await standsOrMay(session, id, refundNote(row.number, key))) return true
  return false
}

/**
 * It was to be given back, that failed, and then somebody settled it: perhaps they paid it themselves. The mark goes first,
 * so that no later try pays it after all.
 */
async function leaveToPeople(
  session: Session,
  { number }: Pick<CreditNoteWrite, 'number'>,
  orders: readonly OrderBills[],
): Promise<void> {
  for (const order of orders) {
    const bill = order.bills.find(each => each.number === number)
    if (!bill) continue
    const { refunds: _, ...rest } = bill
    await show(session, 'credit_notes', order, rest)
  }
}

/** The money of what was shown before anybody asked for this is not ours to give back: its entry says nothing of refunds. */
async function giveBack(session: Session, { key, row }: Write<CreditNoteWrite>): Promise<void> {
  if (row.status === 'cancelled' || isZero(row.payable)) return
  const orders = await billsIn(session, 'credit_notes', row.orders)
  const due = orders.filter(({ bills }) =>
    bills.some(each => each.number === row.number && each.refunds?.length === 0),
  )
  await inTurn(due, async order => {
    const claimed = order.bills.flatMap(({ refunds }) => refunds ?? [])
    const earlier = order.bills.flatMap(each =>
      each.refunds === undefined && each.status !== 'cancelled' && !isZero(each.payable)
        ? [each.payable]
        : [],
    )
    const refunds = await payBack(session, { key, row, order: order.id, claimed, earlier })
    const bill = order.bills.find(({ number }) => number === row.number)
    await show(session, 'credit_notes', order, { ...bill, number: row.number, refunds })
  })
}
