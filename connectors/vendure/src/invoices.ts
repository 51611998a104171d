import { writeEach, type Entity, type Outcome, type Write } from '@linchpin/connector'
import { billFields, billWrite, checkBill } from '@linchpin/connector/shop'
import { z } from 'zod'
import { addNote, changeNote } from './notes.ts'
import { readOrders } from './order-list.ts'
import type { OrderRow } from './order-row.ts'
import { setOrderFields } from './order-writer.ts'
import type { Session } from './session.ts'

const text = z.string()

export type BillWrite = z.infer<typeof billWrite>

const billRow = z.looseObject({ id: text, order: text, number: text })
type BillRow = z.infer<typeof billRow>

export const invoice = billEntity('Invoice', 'Invoice')
export const creditNote = billEntity('CreditNote', 'Credit note')

/**
 * Vendure has no invoices. What the customer sees of one is a public note of the order, and an entry in the order's
 * custom field where the shop has one. Its id is 'order/number', with the first of its orders.
 */
function billEntity<Name extends 'Invoice' | 'CreditNote'>(
  name: Name,
  title: string,
): Entity<Session, Name, BillRow, BillWrite> {
  return {
    schema: billRow,
    mapping: {
      from: `vendure.${name}`,
      to: name,
      fields: { id: 'id', number: 'number', 'orders[0]': 'order' },
    },
    writer: {
      schema: billWrite,
      mapping: { from: name, to: `vendure.${name}`, fields: billFields },
      batch: 1,
      repeat: 'find',
      write: (session, writes) =>
        writeEach(writes, session.io.signal, write => writeBill(session, title, write)),
      find: (session, writes) => findBills(session, title, writes),
      // As long as a mutation can take until Vendure's database gives up on it.
      settleMs: 60_000,
    },
  }
}

async function writeBill(session: Session, title: string, { key, row }: Write<BillWrite>): Promise<Outcome> {
  const orders = await readOrders(session, row.orders)
  checkBill(row, orders, { title, shop: 'Vendure' })
  for (const order of orders) await show(session, order, title, row)
  return { key, is: 'applied', id: idOf(row), version: null, number: row.number }
}

async function show(session: Session, order: OrderRow, title: string, row: BillWrite): Promise<void> {
  const words = wordsOf(title, row)
  const there = noteOf(order, title, row.number)
  // The field first: the note is what we are found by, so it is the last thing to be there.
  await tellInField(session, order, title, row)
  if (!there) await addNote(session, order.id, words, true)
  else if (there.data.note !== words) await changeNote(session, there.id, words)
}

/** One that is with some of its orders only does not count: writing it again completes it. */
async function findBills(
  session: Session,
  title: string,
  writes: readonly Write<BillWrite>[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { key, row } of writes) {
    const orders = await readOrders(session, row.orders)
    const shown = orders.filter(order => noteOf(order, title, row.number) !== undefined)
    if (shown.length === row.orders.length) found.set(key, idOf(row))
  }
  return found
}

/** One text for each bill, in a list that the customer may read. */
async function tellInField(session: Session, order: OrderRow, title: string, row: BillWrite): Promise<void> {
  const field = session.settings.customFields.orderInvoices
  if (!(await session.facts()).customFields('Order').includes(field)) return
  const now = z.array(text).safeParse(order.customFields?.[field]).data ?? []
  const words = wordsOf(title, row)
  const others = now.filter(each => !isAbout(each, title, row.number))
  if (now.includes(words) && others.length === now.length - 1) return
  await session.client.ask(setOrderFields, {
    input: { id: order.id, customFields: { [field]: [...others, words] } },
  })
}

/** 'Invoice INV/2026/00042 (119.00 EUR): https://…' */
function wordsOf(title: string, { number, payable, currency, url, status }: BillWrite): string {
  const about = status === 'cancelled' ? 'cancelled' : `${payable} ${currency}`
  return `${title} ${number} (${about})${url === undefined ? '' : `: ${url}`}`
}

function noteOf(order: OrderRow, title: string, number: string): OrderRow['notes'][number] | undefined {
  return order.notes.find(({ data, isPublic }) => isPublic && isAbout(data.note, title, number))
}

function isAbout(words: string, title: string, number: string): boolean {
  return words.startsWith(`${title} ${number} (`)
}

function idOf({ orders, number }: BillWrite): string {
  return `${orders[0]}/${number}`
}
