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
import { payBack } from './refund-writer.ts'
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
  if (write.id !== null && row.status === 'paid' && (await leaveToPeople(session, row))) {
    const words = `Credit note ${row.number} was not given back while it was open, and now it is paid: if that was not done otherwise, give it back in Shopify. Then skip it here.`
    const settled = await writeBill(session, 'credit_notes', 'Credit note', { ...write, row })
    return { ...settled, ...(await restOf(() => Promise.reject(new Problem('refused', words)))) }
  }
  const fresh = write.id === null ? { refunds: [] } : {}
  const shown = await writeBill(session, 'credit_notes', 'Credit note', { ...write, row }, fresh)
  return { ...shown, ...(await restOf(() => giveBack(session, write))) }
}

/**
 * It was to be given back, that failed, and then somebody settled it: perhaps they paid it themselves. The mark goes first,
 * so that no later try pays it after all. Answers whether it was so.
 */
async function leaveToPeople(session: Session, { number, orders }: CreditNoteWrite): Promise<boolean> {
  let isLeft = false
  for (const order of await billsIn(session, 'credit_notes', orders)) {
    const open = order.bills.find(
      each => each.number === number && each.status === 'posted' && each.refunds?.length === 0,
    )
    if (!open) continue
    const { refunds: _, ...bill } = open
    await show(session, 'credit_notes', order, bill)
    isLeft = true
  }
  return isLeft
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
      each.refunds === undefined && each.status !== 'cancelled' ? [each.payable] : [],
    )
    const refunds = await payBack(session, { key, row, order: order.id, claimed, earlier })
    const bill = order.bills.find(({ number }) => number === row.number)
    await show(session, 'credit_notes', order, { ...bill, number: row.number, refunds })
  })
}
