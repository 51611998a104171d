import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf, idsIn, snapshotOf, type Source } from './changes.ts'
import { numbersOf, type Session } from './client.ts'
import { orderWriter, type OrderWrite } from './order-writer.ts'
import { readOrders } from './order-rows.ts'
import { accountFields, addressFields, decimal, many2one, partnerRow, text } from './partners.ts'
import { ordersOf, reconciled } from './reconciled.ts'

const line = z.looseObject({
  id: z.number(),
  display_type: text.optional(),
  name: text,
  product_id: many2one.optional(),
  product_uom_qty: decimal,
  qty_delivered: decimal.optional(),
  qty_invoiced: decimal.optional(),
  price_unit: decimal,
  discount: decimal,
  price_subtotal: decimal,
  price_tax: decimal,
  price_total: decimal,
  /** What this line is for us, by its product and `is_delivery`. */
  role: z.enum(['item', 'service', 'shipping', 'fee', 'rounding', 'note']),
  default_code: text,
  /** `discount` is a percentage; here it is money, in the basis of `price_unit`. */
  discounts: z.array(z.object({ amount: decimal, base: decimal })),
  /** The records of `tax_id` (`tax_ids` from 19 on), each with its share of `price_tax`. */
  taxes: z.array(
    z.looseObject({
      id: z.number(),
      name: z.string(),
      rate: decimal,
      included: z.boolean(),
      amount: decimal,
    }),
  ),
})

export const orderRow = z.looseObject({
  id: z.number(),
  name: z.string(),
  state: z.string(),
  date_order: text,
  write_date: text,
  client_order_ref: text,
  origin: text,
  partner_id: many2one,
  partner_invoice_id: many2one,
  partner_shipping_id: many2one,
  currency_id: many2one,
  amount_untaxed: decimal,
  amount_tax: decimal,
  amount_total: decimal,
  invoice_status: text,
  delivery_status: text.optional(),
  /** The whole lines, in place of their ids. */
  order_line: z.array(line),
  /** The posted invoices and credit notes, in place of the ids of all. */
  invoice_ids: z.array(z.looseObject({ id: z.number(), name: text, payment_state: text })),
  /** Whether `price_unit` contains the tax, by the taxes of the lines. */
  price_include: z.boolean(),
  /** What the posted invoices say of the money that came in. */
  payment_state: z.enum(['not_paid', 'partial', 'paid', 'reversed']),
  partner: partnerRow.nullable(),
  partner_invoice: partnerRow.nullable(),
  partner_shipping: partnerRow.nullable(),
})
export type OrderRow = z.infer<typeof orderRow>

const taxFields = {
  each: 'taxes',
  as: { rate: 'rate', amount: { format: 'decimal', of: 'amount' }, name: 'name' },
} as const
const money = (of: string) => ({ format: 'decimal', of }) as const
const isLine = { in: ['role', ['item', 'service']] } as const
const isCharge = { in: ['role', ['shipping', 'fee']] } as const
const counted = { in: ['role', ['item', 'service', 'shipping', 'fee']] } as const
const sumOf = (field: string) =>
  ({ calculate: 'sum', of: [{ each: 'order_line', where: counted, as: { value: field } }] }) as const

const orderMapping: Mapping = {
  from: 'odoo.SalesOrder',
  to: 'SalesOrder',
  tables: {
    status: { draft: 'draft', sent: 'draft', sale: 'open', done: 'closed', cancel: 'cancelled' },
    fulfilment: { full: 'complete', partial: 'partial' },
    payment: { not_paid: 'unpaid', partial: 'partial', paid: 'paid', reversed: 'refunded' },
    charge: { shipping: 'shipping', fee: 'payment' },
    kind: { item: 'item', service: 'service' },
  },
  fields: {
    id: { format: 'text', of: 'id' },
    number: 'name',
    issuedAt: { format: 'instant', of: { first: ['date_order', 'write_date'] } },
    modifiedAt: { format: 'instant', of: 'write_date' },
    status: {
      when: {
        all: [
          { is: ['delivery_status', { constant: 'full' }] },
          { is: ['invoice_status', { constant: 'invoiced' }] },
          { is: ['state', { constant: 'sale' }] },
        ],
      },
      then: { constant: 'closed' },
      else: { lookup: 'status', of: 'state', else: { constant: 'held' } },
    },
    fulfilment: { lookup: 'fulfilment', of: 'delivery_status', else: { constant: 'none' } },
    invoicing: {
      when: { in: ['invoice_status', ['invoiced', 'upselling']] },
      then: { constant: 'complete' },
      else: { when: { has: 'invoice_ids' }, then: { constant: 'partial' }, else: { constant: 'none' } },
    },
    payment: { lookup: 'payment', of: 'payment_state' },
    currency: 'currency_id[1]',
    taxInclusive: 'price_include',
    buyer: { object: accountFields('partner') },
    buyerReference: 'client_order_ref',
    billingAddress: { object: addressFields('partner_invoice') },
    'deliveries[0]': {
      object: {
        id: { format: 'text', of: 'partner_shipping_id[0]' },
        address: { object: addressFields('partner_shipping') },
      },
    },
    lines: {
      each: 'order_line',
      where: isLine,
      as: {
        id: { format: 'text', of: 'id' },
        kind: { lookup: 'kind', of: 'role' },
        product: { format: 'text', of: 'product_id[0]' },
        sku: 'default_code',
        name: { first: ['name', 'product_id[1]'] },
        quantity: 'product_uom_qty',
        unitPrice: 'price_unit',
        discounts: { each: 'discounts', as: { amount: 'amount', base: 'base', of: { constant: 'line' } } },
        net: money('price_subtotal'),
        tax: money('price_tax'),
        gross: money('price_total'),
        taxes: taxFields,
      },
    },
    charges: {
      each: 'order_line',
      where: isCharge,
      as: {
        id: { format: 'text', of: 'id' },
        kind: { lookup: 'charge', of: 'role' },
        name: { first: ['name', 'product_id[1]'] },
        code: 'default_code',
        net: money('price_subtotal'),
        tax: money('price_tax'),
        gross: money('price_total'),
        taxes: taxFields,
      },
    },
    totals: {
      object: {
        net: sumOf('price_subtotal'),
        tax: sumOf('price_tax'),
        rounding: {
          calculate: 'subtract',
          of: ['amount_total', sumOf('price_subtotal'), sumOf('price_tax')],
        },
        payable: money('amount_total'),
      },
    },
    'extra.origin': 'origin',
  },
}

const sources: readonly Source[] = [
  { model: 'sale.order' },
  // A picking that is done changes what the order shows, and not always its write_date.
  {
    model: 'stock.picking',
    domain: [['sale_id', '!=', false]],
    fields: ['sale_id'],
    of: idsIn('sale_id'),
    optional: true,
  },
  // A payment changes what the order shows, and touches neither the order nor always its invoice.
  { ...reconciled, of: ordersOf },
]

export const orders: Entity<Session, 'SalesOrder', OrderRow, OrderWrite> = {
  schema: orderRow,
  mapping: orderMapping,
  changes: (session, after, limit) => changesOf(session, sources, { after, limit, rows: readOrders }),
  get: async (session, ids) => (await readOrders(session, numbersOf(ids))).map(snapshotOf),
  url: (session, id) =>
    `${session.settings.url.replace(/\/+$/, '')}/web#id=${id}&model=sale.order&view_type=form`,
  writer: orderWriter,
}
