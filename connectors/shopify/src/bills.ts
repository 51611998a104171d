import { writeEach, type Entity, type Outcome, type Write } from '@linchpin/connector'
import { billFields, billWrite, checkBill } from '@linchpin/connector/shop'
import type { z } from 'zod'
import { billsIn, billRow, type Bill, type BilledOrder, type BillRow } from './bill-list.ts'
import { gid } from './ids.ts'
import { changeOwn } from './metafields.ts'
import { adminPage } from './pages.ts'
import type { Session } from './session.ts'

export type BillWrite = z.infer<typeof billWrite>

export const invoice = billEntity('Invoice', 'invoices', 'Invoice')
export const creditNote = billEntity('CreditNote', 'credit_notes', 'Credit note')

/**
 * Shopify has no invoices of others. What is told of one stands in a metafield of each of its orders, where a theme, a
 * mail or a customer account extension can show it. Its id is 'order/number', with the first of its orders.
 */
function billEntity<Name extends 'Invoice' | 'CreditNote'>(
  name: Name,
  field: 'invoices' | 'credit_notes',
  title: string,
): Entity<Session, Name, BillRow, BillWrite> {
  return {
    schema: billRow,
    mapping: {
      from: `shopify.${name}`,
      to: name,
      fields: { id: 'id', number: 'number', 'orders[0]': 'order' },
    },
    url: ({ settings }, id) =>
      adminPage(settings.url, `orders/${encodeURIComponent(id.split('/')[0] ?? '')}`),
    writer: {
      schema: billWrite,
      mapping: { from: name, to: `shopify.${name}`, fields: billFields },
      batch: 1,
      repeat: 'safe',
      write: (session, writes) =>
        writeEach(writes, session.io.signal, write => writeBill(session, field, title, write)),
    },
  }
}

/** Its place in the metafield is its number, so writing it twice is writing it once. `fresh` is for one that is not there. */
export async function writeBill(
  session: Session,
  field: 'invoices' | 'credit_notes',
  title: string,
  { key, row }: Write<BillWrite>,
  fresh: Pick<Bill, 'refunds'> = {},
): Promise<Outcome> {
  const orders = await billsIn(session, field, row.orders)
  checkBill(row, orders, { title, shop: 'Shopify' })
  const { orders: _, ...bill } = row
  for (const order of orders) {
    const { refunds } = order.bills.find(({ number }) => number === row.number) ?? fresh
    await show(session, field, order, { ...bill, ...(refunds && { refunds }) })
  }
  return { key, is: 'applied', id: `${row.orders[0]}/${row.number}`, version: null, number: row.number }
}

/** Puts it in the place of what stands there under its number. */
export async function show(
  session: Session,
  field: 'invoices' | 'credit_notes',
  { id, name, bills, seen }: BilledOrder,
  bill: { readonly number: string; readonly [field: string]: unknown },
): Promise<void> {
  const others = bills.filter(({ number }) => number !== bill.number)
  const value = JSON.stringify([...others, bill])
  if (value === JSON.stringify(bills)) return
  await changeOwn(session, gid('Order', id), field, { seen, value }, `Order ${name} of Shopify`)
}
