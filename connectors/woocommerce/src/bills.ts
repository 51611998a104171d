import type { Entity, Outcome, Write } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { contentHash, sum } from '@linchpin/model'
import { z } from 'zod'
import { attach, idOf, placeOf, readEntries, type Kind } from './attachment.ts'
import type { Session } from './client.ts'
import { metaOf, metaWrite } from './meta.ts'
import { noteOnce } from './order-notes.ts'
import { present } from './party-mapping.ts'
import { oneByOne, outcomeOf } from './settle.ts'
import { billNote } from './words.ts'

/** An invoice or a credit note as it stands in the meta of each order that it bills. */
const billValue = z.looseObject({
  key: z.string(),
  number: z.string(),
  status: z.string(),
  issued_on: z.string(),
  currency: z.string(),
  total: z.string(),
  /** Where its PDF can be fetched. */
  url: z.string(),
})
type BillValue = z.infer<typeof billValue>

const billWrite = z.object({
  /** The shop's orders that it bills; needed to create. */
  order_ids: z.array(z.string()).optional(),
  number: z.string(),
  status: z.string().default('posted'),
  issued_on: z.string().default(''),
  currency: z.string().default(''),
  total: z.string().default(''),
  url: z.string().default(''),
  /** For the order's meta. */
  meta_data: metaWrite,
})
export type BillWrite = z.infer<typeof billWrite>

const billRow = billValue.extend({ id: z.string(), order_id: z.number(), prices_include_tax: z.boolean() })
export type BillRow = z.infer<typeof billRow>

const invoiceKind: Kind<BillValue> = {
  prefix: '_linchpin_invoice_',
  derived: (_, values) => {
    const issued = [...values.values()].filter(isIssued)
    const totals = issued.map(({ total }) => total).filter(total => total !== '')
    return issued.length === 0 ? [] : [{ key: '_linchpin_invoiced', value: sum(totals) }]
  },
}
const creditNoteKind: Kind<BillValue> = { prefix: '_linchpin_credit_note_', derived: () => [] }

/**
 * WooCommerce has no invoices. Number and link stand in the order's meta, for themes and plugins, and a note to the
 * customer carries the link by e-mail and into "My account". The PDF itself stays with us: WordPress would serve an
 * upload to the whole world.
 */
export const invoices: Entity<Session, 'Invoice', BillRow, BillWrite> = billing(
  'Invoice',
  'invoice',
  invoiceKind,
)
export const creditNotes: Entity<Session, 'CreditNote', BillRow, BillWrite> = billing(
  'CreditNote',
  'creditNote',
  creditNoteKind,
)

function billing(
  name: 'Invoice' | 'CreditNote',
  word: 'invoice' | 'creditNote',
  kind: Kind<BillValue>,
): Entity<Session, 'Invoice', BillRow, BillWrite> & Entity<Session, 'CreditNote', BillRow, BillWrite> {
  return {
    schema: billRow,
    mapping: readMapping(name),
    get: async (session, ids) =>
      (await readEntries(session, kind, ids)).map(({ id, value, order }) => {
        const row = { ...value, id, order_id: order.id, prices_include_tax: order.prices_include_tax }
        return { id, version: contentHash(row), row }
      }),
    writer: {
      schema: billWrite,
      mapping: writeMapping(name),
      batch: 25,
      repeat: 'safe',
      write: (session, writes) => oneByOne(writes, write => writeBill(session, word, kind, write)),
    },
  }
}

function writeBill(
  session: Session,
  word: 'invoice' | 'creditNote',
  kind: Kind<BillValue>,
  write: Write<BillWrite>,
): Promise<Outcome> {
  return outcomeOf(write, async () => {
    const { order_ids: orders = [], meta_data: custom, ...told } = billWrite.parse(write.row)
    const value: BillValue = { ...told, key: write.key }
    const first = placeOf(write.id, write.key, orders[0])
    const places = [first, ...orders.map(order => ({ ...first, order: Number(order) }))]
    let version: string | null = null
    for (const place of new Map(places.map(each => [each.order, each])).values())
      await session.alone(`order ${place.order}`, async () => {
        const order = await attach(
          session,
          kind,
          place,
          value,
          write.id !== null && place.order === first.order,
          metaOf(custom),
        )
        if (isIssued(value))
          await noteOnce(session, order.id, billNote(session.settings.language, word, value))
        const row = {
          ...value,
          id: idOf(place),
          order_id: order.id,
          prices_include_tax: order.prices_include_tax,
        }
        version ??= contentHash(row)
      })
    return { id: idOf(first), version, number: told.number }
  })
}

function isIssued({ status }: BillValue): boolean {
  return status === 'posted' || status === 'paid'
}

/** The shop holds a bill's number and total, not its lines. */
function readMapping(name: string): Mapping {
  return {
    from: `woocommerce.${name}`,
    to: name,
    fields: {
      id: 'id',
      number: 'number',
      orders: { each: { constant: [{}] }, as: { value: { format: 'text', of: '$.order_id' } } },
      status: 'status',
      issuedOn: present('issued_on'),
      currency: 'currency',
      taxInclusive: 'prices_include_tax',
      lines: { constant: [] },
      charges: { constant: [] },
      'totals.net': { first: ['total', { constant: '0' }] },
      'totals.tax': { constant: '0' },
      'totals.payable': { first: ['total', { constant: '0' }] },
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

function writeMapping(name: string): Mapping {
  return {
    from: name,
    to: `woocommerce.${name}`,
    fields: {
      order_ids: { each: 'orders', as: { value: { link: 'SalesOrder', of: '.' } } },
      number: 'number',
      status: 'status',
      issued_on: 'issuedOn',
      currency: 'currency',
      total: 'totals.payable',
      url: 'document.url',
    },
  }
}
