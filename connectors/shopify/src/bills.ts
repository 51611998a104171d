import { Problem, writeEach, type Entity, type Outcome, type Write } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { billsIn, type BillRow, billRow, type BilledOrder } from './bill-list.ts'
import { gid } from './ids.ts'
import { changeOwn } from './metafields.ts'
import { adminPage } from './pages.ts'
import type { Session } from './session.ts'

const text = z.string()

/** What a customer is told of an invoice or credit note. */
export const billWrite = z.object({
  orders: z.array(text).min(1),
  number: text.min(1),
  status: z.enum(['draft', 'posted', 'paid', 'cancelled']),
  payable: text,
  currency: text,
  issuedOn: text.optional(),
  /** Where the customer gets the PDF. */
  url: text.optional(),
})
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
      mapping: writeMapping(name),
      batch: 1,
      repeat: 'safe',
      write: (session, writes) =>
        writeEach(writes, session.io.signal, write => writeBill(session, field, title, write)),
    },
  }
}

function writeMapping(name: string): Mapping {
  return {
    from: name,
    to: `shopify.${name}`,
    fields: {
      orders: { each: 'orders', as: { value: { link: 'SalesOrder', of: '.' } } },
      number: 'number',
      status: 'status',
      payable: 'totals.payable',
      currency: 'currency',
      issuedOn: 'issuedOn',
      url: 'document.url',
    },
  }
}

/** Its place in the metafield is its number, so writing it twice is writing it once. */
async function writeBill(
  session: Session,
  field: 'invoices' | 'credit_notes',
  title: string,
  { key, row }: Write<BillWrite>,
): Promise<Outcome> {
  if (row.status === 'draft')
    throw new Problem('refused', `${title} ${row.number} is a draft; customers are shown posted ones only.`)
  const orders = await billsIn(session, field, row.orders)
  const missing = row.orders.find(each => !orders.some(order => order.id === each))
  if (missing !== undefined)
    throw new Problem(
      'refused',
      `Order ${missing} of ${title.toLowerCase()} ${row.number} is not in Shopify.`,
    )
  for (const order of orders) await show(session, field, order, row)
  return { key, is: 'applied', id: `${row.orders[0]}/${row.number}`, version: null, number: row.number }
}

async function show(
  session: Session,
  field: 'invoices' | 'credit_notes',
  { id, name, bills, seen }: BilledOrder,
  row: BillWrite,
): Promise<void> {
  const { orders: _, ...bill } = row
  const others = bills.filter(({ number }) => number !== bill.number)
  const value = JSON.stringify([...others, bill])
  if (value === JSON.stringify(bills)) return
  await changeOwn(session, gid('Order', id), field, { seen, value }, `Order ${name} of Shopify`)
}
