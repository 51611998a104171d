import type { Entity } from '@linchpin/connector'
import type { Expression, Fields, Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf, snapshotOf, type Source } from './changes.ts'
import { numbersOf, type Session } from './client.ts'
import { invoiceFile } from './invoice-file.ts'
import { readInvoices, type MoveType } from './invoice-rows.ts'
import { entriesOf, reconciled } from './reconciled.ts'
import { addressFields, decimal, many2one, partnerRow, text } from './partners.ts'

const line = z.looseObject({
  id: z.number(),
  name: text,
  product_id: many2one,
  default_code: text,
  quantity: decimal,
  price_unit: decimal,
  price_subtotal: decimal,
  price_total: decimal,
  /** `price_total` less `price_subtotal`: invoice lines do not say it. */
  price_tax: decimal,
  role: z.enum(['item', 'service', 'shipping', 'fee', 'rounding', 'note']),
  discounts: z.array(z.object({ amount: decimal, base: decimal })),
  taxes: z.array(
    z.looseObject({
      id: z.number(),
      name: z.string(),
      rate: decimal,
      included: z.boolean(),
      amount: decimal,
    }),
  ),
  /** The first of `sale_line_ids`, and the order that it belongs to. */
  sale_line: z.number().nullable(),
  sale_order: z.number().nullable(),
})

export const invoiceRow = z.looseObject({
  id: z.number(),
  name: z.string(),
  move_type: z.string(),
  state: z.string(),
  payment_state: text,
  invoice_date: text,
  invoice_date_due: text,
  invoice_origin: text,
  ref: text,
  partner_id: many2one,
  currency_id: many2one,
  reversed_entry_id: many2one,
  amount_untaxed: decimal,
  amount_tax: decimal,
  amount_total: decimal,
  amount_residual: decimal,
  write_date: text,
  /** The whole lines of products, in place of their ids. */
  invoice_line_ids: z.array(line),
  /** The sales orders that the lines bill. */
  sale_order_ids: z.array(z.number()),
  price_include: z.boolean(),
  partner: partnerRow.nullable(),
  /** The printed invoice, once there is one. */
  pdf: z.looseObject({ id: z.number(), name: z.string(), mimetype: text }).nullable(),
})
export type InvoiceRow = z.infer<typeof invoiceRow>

const money = (of: string) => ({ format: 'decimal', of }) as const
const common = {
  id: { format: 'text', of: 'id' },
  name: { first: ['name', 'product_id[1]'] },
  net: money('price_subtotal'),
  tax: money('price_tax'),
  gross: money('price_total'),
  taxes: { each: 'taxes', as: { rate: 'rate', amount: money('amount'), name: 'name' } },
} as const
const sumOf = (field: string): Expression => ({
  calculate: 'sum',
  of: [
    {
      each: 'invoice_line_ids',
      where: { in: ['role', ['item', 'service', 'shipping', 'fee']] },
      as: { value: field },
    },
  ],
})

const billing: Fields = {
  id: { format: 'text', of: 'id' },
  number: 'name',
  orders: { each: 'sale_order_ids', as: { value: { format: 'text', of: '.' } } },
  status: {
    when: { is: ['state', { constant: 'posted' }] },
    then: { lookup: 'paid', of: 'payment_state', else: { constant: 'posted' } },
    else: { lookup: 'state', of: 'state', else: { constant: 'draft' } },
  },
  issuedOn: 'invoice_date',
  currency: 'currency_id[1]',
  taxInclusive: 'price_include',
  account: { format: 'text', of: 'partner_id[0]' },
  buyerReference: 'ref',
  billingAddress: { when: { has: 'partner.id' }, then: { object: addressFields('partner') } },
  lines: {
    each: 'invoice_line_ids',
    where: { in: ['role', ['item', 'service']] },
    as: {
      ...common,
      kind: 'role',
      product: { when: { has: 'product_id[0]' }, then: { format: 'text', of: 'product_id[0]' } },
      sku: 'default_code',
      quantity: 'quantity',
      unitPrice: 'price_unit',
      discounts: { each: 'discounts', as: { amount: 'amount', base: 'base', of: { constant: 'line' } } },
      orderLine: { when: { has: 'sale_line' }, then: { format: 'text', of: 'sale_line' } },
      order: { when: { has: 'sale_order' }, then: { format: 'text', of: 'sale_order' } },
    },
  },
  charges: {
    each: 'invoice_line_ids',
    where: { in: ['role', ['shipping', 'fee']] },
    as: {
      ...common,
      kind: { lookup: { shipping: 'shipping', fee: 'payment' }, of: 'role' },
      code: 'default_code',
    },
  },
  totals: {
    object: {
      net: sumOf('price_subtotal'),
      tax: sumOf('price_tax'),
      rounding: { calculate: 'subtract', of: ['amount_total', sumOf('price_subtotal'), sumOf('price_tax')] },
      payable: money('amount_total'),
    },
  },
  balance: money('amount_residual'),
  document: {
    when: { has: 'pdf.id' },
    then: {
      object: {
        id: { format: 'text', of: 'pdf.id' },
        name: 'pdf.name',
        mediaType: { first: ['pdf.mimetype', { constant: 'application/pdf' }] },
      },
    },
  },
  modifiedAt: { format: 'instant', of: 'write_date' },
}
const tables = { paid: { paid: 'paid', in_payment: 'paid' }, state: { cancel: 'cancelled' } }

const invoiceMapping: Mapping = {
  from: 'odoo.Invoice',
  to: 'Invoice',
  tables,
  fields: { ...billing, dueOn: 'invoice_date_due' },
}
const creditNoteMapping: Mapping = {
  from: 'odoo.CreditNote',
  to: 'CreditNote',
  tables,
  fields: {
    ...billing,
    invoice: { when: { has: 'reversed_entry_id[0]' }, then: { format: 'text', of: 'reversed_entry_id[0]' } },
    reason: 'ref',
  },
}

export const invoices: Entity<Session, 'Invoice', InvoiceRow> = entity('out_invoice', invoiceMapping)
export const creditNotes: Entity<Session, 'CreditNote', InvoiceRow> = entity('out_refund', creditNoteMapping)

function entity(type: MoveType, mapping: Mapping) {
  const rows = (session: Session, ids: readonly number[]) => readInvoices(session, type, ids)
  return {
    schema: invoiceRow,
    mapping,
    changes: (session: Session, after: string | null, limit: number) =>
      changesOf(session, sourcesOf(type), { after, limit, rows }),
    get: async (session: Session, ids: readonly string[]) =>
      (await rows(session, numbersOf(ids))).map(snapshotOf),
    file: invoiceFile,
    url: (session: Session, id: string) =>
      `${session.settings.url.replace(/\/+$/, '')}/web#id=${id}&model=account.move&view_type=form`,
  }
}

/** A payment changes what an invoice shows, and not always its write_date; so does printing it. */
function sourcesOf(type: MoveType): readonly Source[] {
  return [
    { model: 'account.move', domain: [['move_type', '=', type]] },
    { ...reconciled, of: entriesOf },
    {
      model: 'ir.attachment',
      domain: [
        ['res_model', '=', 'account.move'],
        ['mimetype', '=', 'application/pdf'],
      ],
      fields: ['res_id'],
      optional: true,
      of: async (_, rows) => rows.map(row => [Number(row['res_id'])]),
    },
  ]
}
