import { writeEach, type Entity, type Outcome, type Snapshot, type Write } from '@linchpin/connector'
import { billFields, billWrite, checkBill } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { snapshotOf, versionOf } from './listing.ts'
import { metadataInput } from './metadata.ts'
import { readOrders } from './order-list.ts'
import type { OrderRow } from './order-row.ts'
import { updateOrder } from './order-writer.ts'
import type { Session } from './session.ts'

const text = z.string()

/** An invoice or credit note as it stands in its order's metadata, for the storefront to show. */
const billValue = z.looseObject({
  number: text,
  status: text,
  total: text,
  currency: text,
  issued_on: text.nullish(),
  /** Where the customer gets the PDF. */
  url: text.nullish(),
})
const billRow = billValue.extend({ id: text, order: text, inclusive: z.boolean() })
type BillRow = z.infer<typeof billRow>

export type BillWrite = z.infer<typeof billWrite>

export const invoice = billEntity('Invoice', 'Invoice', 'linchpin_invoice_')
export const creditNote = billEntity('CreditNote', 'Credit note', 'linchpin_credit_note_')

/**
 * Medusa has no invoices. Each stands in its order's metadata under a name of its own, made from its number: so two
 * that are written at once do not take each other's away. Its id is 'order/name', with the first of its orders.
 */
function billEntity<Name extends 'Invoice' | 'CreditNote'>(
  name: Name,
  title: string,
  prefix: string,
): Entity<Session, Name, BillRow, BillWrite> {
  return {
    schema: billRow,
    mapping: readMapping(name),
    get: (session, ids) => getBills(session, prefix, ids),
    writer: {
      schema: billWrite,
      mapping: { from: name, to: `medusa.${name}`, fields: billFields },
      batch: 1,
      repeat: 'safe',
      write: (session, writes) =>
        writeEach(writes, session.io.signal, write => writeBill(session, title, prefix, write)),
    },
  }
}

/** The shop holds a bill's number and total, not its lines. */
function readMapping(name: string): Mapping {
  return {
    from: `medusa.${name}`,
    to: name,
    fields: {
      id: 'id',
      number: 'number',
      orders: { each: { constant: [{}] }, as: { value: '$.order' } },
      status: 'status',
      issuedOn: 'issued_on',
      currency: 'currency',
      taxInclusive: 'inclusive',
      lines: { constant: [] },
      charges: { constant: [] },
      'totals.net': 'total',
      'totals.tax': { constant: '0' },
      'totals.payable': 'total',
      document: {
        when: { has: 'url' },
        then: {
          object: {
            id: 'id',
            name: { template: '{number}.pdf' },
            mediaType: { constant: 'application/pdf' },
            url: 'url',
          },
        },
      },
    },
  }
}

async function writeBill(
  session: Session,
  title: string,
  prefix: string,
  { key, id, row }: Write<BillWrite>,
): Promise<Outcome> {
  const orders = await readOrders(session, row.orders)
  checkBill(row, orders, { title, shop: 'Medusa' })
  const name = id?.split('/')[1] ?? prefix + contentHash(row.number).slice(0, 12)
  const value = {
    number: row.number,
    status: row.status,
    total: row.payable,
    currency: row.currency,
    issued_on: row.issuedOn ?? null,
    url: row.url ?? null,
  }
  for (const order of orders) {
    const input = metadataInput(order.metadata, undefined, { [name]: value })
    if (input.metadata) await updateOrder(session, order.id, input)
  }
  const first = orders.find(each => each.id === row.orders[0])
  const shown = first && rowOf(first, name, value)
  return {
    key,
    is: 'applied',
    id: `${row.orders[0]}/${name}`,
    version: shown ? versionOf(shown) : null,
    number: row.number,
  }
}

async function getBills(
  session: Session,
  prefix: string,
  ids: readonly string[],
): Promise<readonly Snapshot<BillRow>[]> {
  const orders = await readOrders(session, [...new Set(ids.map(id => id.split('/')[0] ?? ''))])
  return orders.flatMap(order =>
    Object.entries(order.metadata ?? {}).flatMap(([name, value]) => {
      const found = billValue.safeParse(value)
      const isWanted = name.startsWith(prefix) && ids.includes(`${order.id}/${name}`)
      return isWanted && found.success ? [snapshotOf(rowOf(order, name, found.data))] : []
    }),
  )
}

function rowOf(order: OrderRow, name: string, value: z.infer<typeof billValue>): BillRow {
  return { ...value, id: `${order.id}/${name}`, order: order.id, inclusive: order.inclusive }
}
