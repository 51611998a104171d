import type { Entity, Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { changesOf, type Source } from './changes.ts'
import { address, addressFields, addressIn, addressObject, decimalText, idText, named } from './fields.ts'
import {
  billed,
  billedLine,
  chargeFields,
  isCharge,
  isItem,
  itemFields,
  lineFields,
  rawLine,
  totalsFields,
} from './lines.ts'
import { orderRow, orderWriteMapping } from './order-row.ts'
import { findOrders, writeOrders } from './order-writer.ts'
import { numbers, searchRead, type Session } from './session.ts'

/** An order with its lines, and of each line the stock moves and invoice lines that came of it. */
export const saleRow = z.looseObject({
  id: z.int(),
  number: z.string().nullable(),
  reference: z.string().nullable(),
  state: z.enum(['draft', 'quotation', 'confirmed', 'processing', 'done', 'cancelled']),
  invoice_state: z.string(),
  shipment_state: z.string(),
  sale_date: z.string().nullable(),
  create_date: z.string(),
  write_date: z.string().nullable(),
  description: z.string().nullable(),
  comment: z.string().nullable(),
  currency: z.looseObject({ code: z.string() }),
  party: z.looseObject({ id: z.int(), name: z.string(), email: z.string().nullable() }),
  invoice_address: address.nullable(),
  shipment_address: address.nullable(),
  /** The one address, as a list, and the comment likewise. */
  shipment_addresses: z.array(z.looseObject({ id: z.int(), address })),
  comments: z.array(z.object({ text: z.string() })),
  payment_term: named.nullable(),
  untaxed_amount: z.string(),
  tax_amount: z.string(),
  total_amount: z.string(),
  rounding_amount: z.string(),
  /** Without the rounding lines. */
  net_amount: z.string(),
  invoices_ignored: z.array(z.int()),
  invoices: z.array(
    z.looseObject({ id: z.int(), state: z.string(), total_amount: z.string(), amount_to_pay: z.string() }),
  ),
  lines: z.array(
    billedLine.extend({
      moves: z.array(z.looseObject({ id: z.int(), state: z.string(), quantity: z.number() })),
      moves_ignored: z.array(z.int()),
      invoice_lines: z.array(z.looseObject({ id: z.int(), quantity: z.number() })),
    }),
  ),
})
export type SaleRow = z.infer<typeof saleRow>

const FIELDS = [
  ...'number reference state invoice_state shipment_state sale_date create_date write_date'.split(' '),
  ...'description comment currency.code party.name party.email payment_term.name'.split(' '),
  ...'untaxed_amount tax_amount total_amount shipments invoices_ignored'.split(' '),
  ...'invoices.state invoices.total_amount invoices.amount_to_pay'.split(' '),
  ...addressFields('invoice_address'),
  ...addressFields('shipment_address'),
  ...lineFields,
  ...[
    'moves.state',
    'moves.quantity',
    'moves_ignored',
    'invoice_lines.quantity',
    'invoice_lines.invoice.state',
  ].map(name => `lines.${name}`),
]

async function getOrders(session: Session, ids: readonly string[]): Promise<readonly Snapshot<SaleRow>[]> {
  const wanted = numbers(ids)
  if (wanted.length === 0) return []
  const fields = [...FIELDS, ...(session.settings.fields.SalesOrder ?? [])]
  const { company } = await session.client.context()
  const where = [
    ['id', 'in', wanted],
    ['company', '=', company],
  ]
  const found = await searchRead(session, 'sale.sale', RAW, { where, fields })
  return found.map(raw => {
    const { shipment_address, comment } = raw
    const lists = {
      shipment_addresses: shipment_address ? [{ id: shipment_address.id, address: shipment_address }] : [],
      comments: comment ? [{ text: comment }] : [],
    }
    const row = saleRow.parse({ ...raw, ...billed(session, raw), ...lists })
    return { id: String(row.id), version: contentHash(row), row }
  })
}

/**
 * An order's own stamp stands still when part of it ships, and when a line is edited by a program; measured on 6.0.29.
 * Its lines, their stock moves and their invoices tell.
 */
const ofLine = [['origin', 'like', 'sale.line,%']]
const SOURCES: readonly [Source, ...Source[]] = [
  { model: 'sale.sale' },
  { model: 'sale.line', target: 'sale' },
  { model: 'stock.move', where: ofLine, target: 'origin' },
  {
    model: 'account.invoice.line',
    via: 'invoice',
    where: [...ofLine, ['invoice', '!=', null]],
    target: 'origin',
  },
]

/** From the 'sale.line,7' of a move or an invoice line to the order of line 7. */
async function ordersOfLines(
  session: Session,
  _source: Source,
  values: readonly unknown[],
): Promise<readonly (string | null)[]> {
  const lineOf = (value: unknown) => /^sale\.line,(\d+)$/.exec(String(value))?.[1]
  const lines = [...new Set(values.flatMap(value => lineOf(value) ?? []))]
  const where = [['id', 'in', numbers(lines)]]
  const found =
    lines.length === 0 ? [] : await searchRead(session, 'sale.line', LINES, { where, fields: ['sale'] })
  const sales = new Map(found.map(line => [String(line.id), String(line.sale)]))
  return values.map(value =>
    typeof value === 'number' ? String(value) : (sales.get(lineOf(value) ?? '') ?? null),
  )
}

const moveDone = { is: ['state', { constant: 'done' }] } as const
const doneMoves = { each: 'moves', where: moveDone, as: { value: 'id' } } as const
/** Goods that left. An order whose every move was cancelled and ignored is `sent` in Tryton's eyes too. */
const somethingLeft = { has: { each: 'lines', where: { has: doneMoves }, as: { value: 'id' } } } as const
const givenUp = {
  any: [
    { has: { each: 'lines', where: { has: 'moves_ignored' }, as: { value: 'id' } } },
    { has: 'invoices_ignored' },
  ],
} as const
const invoicedQuantity = {
  first: [
    {
      calculate: 'sum',
      of: [{ each: 'invoice_lines', as: { value: { format: 'decimal', of: 'quantity' } } }],
    },
    { constant: '0' },
  ],
} as const
const openLines = {
  each: 'lines',
  where: {
    all: [{ is: ['type', { constant: 'line' }] }, { greater: [decimalText('quantity'), invoicedQuantity] }],
  },
  as: { value: 'id' },
} as const
const liveInvoices = {
  each: 'invoices',
  where: { not: { is: ['state', { constant: 'cancelled' }] } },
  as: { value: 'id' },
} as const
const unpaidInvoices = {
  each: 'invoices',
  where: { not: { in: ['state', ['paid', 'cancelled']] } },
  as: { value: 'id' },
} as const
const paidInvoices = {
  each: 'invoices',
  where: {
    any: [
      { is: ['state', { constant: 'paid' }] },
      { all: [{ is: ['state', { constant: 'posted' }] }, { greater: ['total_amount', 'amount_to_pay'] }] },
    ],
  },
  as: { value: 'id' },
} as const

export const orders: Entity<Session, 'SalesOrder', SaleRow, z.infer<typeof orderRow>> = {
  schema: saleRow,
  mapping: {
    from: 'tryton.SalesOrder',
    to: 'SalesOrder',
    fields: {
      id: { format: 'text', of: 'id' },
      number: { first: ['number', { template: 'Draft {id}' }] },
      issuedAt: 'create_date',
      modifiedAt: { first: ['write_date', 'create_date'] },
      status: {
        when: { all: [{ is: ['state', { constant: 'done' }] }, { not: somethingLeft }, givenUp] },
        then: { constant: 'cancelled' },
        else: {
          lookup: {
            draft: 'draft',
            quotation: 'held',
            confirmed: 'open',
            processing: 'open',
            done: 'closed',
            cancelled: 'cancelled',
          },
          of: 'state',
        },
      },
      fulfilment: {
        when: { not: somethingLeft },
        then: { constant: 'none' },
        else: {
          when: { is: ['shipment_state', { constant: 'sent' }] },
          then: { constant: 'complete' },
          else: { constant: 'partial' },
        },
      },
      invoicing: {
        when: { has: liveInvoices },
        then: { when: { has: openLines }, then: { constant: 'partial' }, else: { constant: 'complete' } },
        else: { constant: 'none' },
      },
      payment: {
        when: { has: paidInvoices },
        then: {
          when: { any: [{ has: unpaidInvoices }, { has: openLines }] },
          then: { constant: 'partial' },
          else: { constant: 'paid' },
        },
        else: { constant: 'unpaid' },
      },
      currency: 'currency.code',
      taxInclusive: { constant: false },
      buyer: {
        object: {
          id: { format: 'text', of: 'party.id' },
          kind: { constant: 'person' },
          name: 'party.name',
          email: 'party.email',
        },
      },
      paymentTerms: 'payment_term.name',
      buyerReference: 'reference',
      billingAddress: addressIn('invoice_address'),
      deliveries: {
        each: 'shipment_addresses',
        as: { id: idText('id'), address: { object: addressObject('address') } },
      },
      lines: { each: 'lines', where: isItem, as: itemFields },
      charges: { each: 'lines', where: isCharge, as: chargeFields },
      totals: totalsFields,
      notes: { each: 'comments', as: { text: 'text', by: { constant: 'seller' } } },
    },
  },
  changes: changesOf({ sources: SOURCES, resolve: ordersOfLines, get: getOrders }),
  get: getOrders,
  url: ({ settings }, id) =>
    `${settings.url.replace(/\/*$/, '')}/#${settings.database}/model/sale.sale/${id}`,
  writer: {
    schema: orderRow,
    mapping: orderWriteMapping,
    batch: 10,
    repeat: 'find',
    find: findOrders,
    // A request is cut off by trytond's own transaction: what arrives late is there within its retries, some seconds.
    settleMs: 15_000,
    write: (session, writes) => writeOrders(session, writes, getOrders),
  },
}

const RAW = z.array(
  z.looseObject({
    id: z.int(),
    currency: z.looseObject({ code: z.string() }),
    untaxed_amount: z.string(),
    tax_amount: z.string(),
    shipment_address: address.nullable(),
    comment: z.string().nullable(),
    lines: z.array(rawLine),
  }),
)
const LINES = z.array(z.looseObject({ id: z.int(), sale: z.int() }))
