import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { accountFields, thirdPartyRow } from './accounts.ts'
import { addressFields, addressShape } from './addresses.ts'
import { changesOf, type Source } from './changes.ts'
import type { Row } from './client.ts'
import { chargesOf, lineShape, linesOf, lineTotals } from './document-lines.ts'
import { ordersOfInvoices } from './invoice-rows.ts'
import { getOrders } from './order-rows.ts'
import { orderWriter, type OrderWrite } from './order-writer.ts'
import { arrayOptions, figure, numberOrDraft, text } from './rows.ts'
import { pageUrl, type Session } from './session.ts'
import { ordersOfShipments } from './shipment-rows.ts'

const contact = z.looseObject({ id: figure, name: z.string(), ...addressShape })
const orderRow = z.looseObject({
  id: figure,
  ref: z.string(),
  /** Its ref, once it is one. */
  number: z.string().nullable(),
  ref_client: text,
  ref_ext: text,
  /** -1 cancelled, 0 draft, 1 validated, 2 being sent, 3 closed. */
  statut: figure,
  /** The day of the order; the instant of its making. */
  date: figure.optional(),
  date_creation: figure.optional(),
  date_modification: figure.optional(),
  socid: figure,
  multicurrency_code: text,
  total_ht: figure,
  total_tva: figure,
  total_ttc: figure,
  note_public: text,
  array_options: arrayOptions,
  /** Each line with its role, by its product's ref, and how much of it was sent. */
  lines: z.array(z.looseObject(lineShape)),
  /** The whole third party, and the contacts linked as SHIPPING (one at most) and BILLING. */
  thirdparty: thirdPartyRow.nullable(),
  shipping: z.array(contact),
  billing: contact.nullable(),
  /** By its shipments and its invoices. */
  fulfilment: z.enum(['none', 'partial', 'complete']),
  invoicing: z.enum(['none', 'partial', 'complete']),
  payment: z.enum(['unpaid', 'partial', 'paid']),
})
export type OrderRow = z.infer<typeof orderRow>

const mapping: Mapping = {
  from: 'dolibarr.SalesOrder',
  to: 'SalesOrder',
  tables: { status: { '-1': 'cancelled', '0': 'draft', '1': 'open', '2': 'open', '3': 'closed' } },
  fields: {
    id: { format: 'text', of: 'id' },
    number: numberOrDraft,
    issuedAt: { format: 'instant', of: { first: ['date_creation', 'date'] } },
    modifiedAt: { format: 'instant', of: 'date_modification' },
    status: {
      when: {
        all: [
          { in: ['statut', ['1', '2']] },
          { is: ['fulfilment', { constant: 'complete' }] },
          { is: ['invoicing', { constant: 'complete' }] },
        ],
      },
      then: { constant: 'closed' },
      else: { lookup: 'status', of: 'statut', else: { constant: 'held' } },
    },
    fulfilment: 'fulfilment',
    invoicing: 'invoicing',
    payment: 'payment',
    currency: { first: ['multicurrency_code', { constant: 'EUR' }] },
    taxInclusive: { constant: false },
    buyer: { object: accountFields('thirdparty') },
    buyerReference: 'ref_client',
    billingAddress: {
      when: { has: 'billing.id' },
      then: { object: addressFields('billing') },
      else: { object: addressFields('thirdparty') },
    },
    deliveries: {
      each: 'shipping',
      as: { id: { format: 'text', of: 'id' }, address: { object: addressFields('') } },
    },
    lines: linesOf('lines'),
    charges: chargesOf('lines'),
    totals: lineTotals('lines', 'total_ttc'),
    'extra.ref_ext': 'ref_ext',
  },
}

/** What leaves, and what is billed, changes what an order shows and not always its own stamp. */
const sources: readonly [Source, ...Source[]] = [
  { path: '/orders' },
  { path: '/shipments', of: async (session, rows) => orderIds(await ordersOfShipments(session, rows)) },
  { path: '/invoices', of: async (session, rows) => orderIds(await ordersOfInvoices(session, rows)) },
]
const orderIds = (found: ReadonlyMap<string, readonly string[]>) => [...found.values()].flat()

export const orders: Entity<Session, 'SalesOrder', OrderRow, OrderWrite> = {
  schema: orderRow,
  mapping,
  changes: (session, after, limit) =>
    changesOf<OrderRow & Row>(session, sources, { after, limit, get: getOrders }),
  get: getOrders,
  url: (session, id) => pageUrl(session, `/commande/card.php?id=${id}`),
  writer: orderWriter,
}
