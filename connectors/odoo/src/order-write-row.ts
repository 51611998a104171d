import type { Mapping } from '@linchpin/mapping'
import { address, amount, decimal } from '@linchpin/model'
import { z } from 'zod'
import { customWrite } from './custom-fields.ts'

const lineAmounts = {
  id: z.string(),
  name: z.string(),
  /** The rates of its taxes; one with no rate may still have a tax, which is then found by its amount. */
  rates: z.array(decimal).default([]),
  price_subtotal: amount,
  price_tax: amount,
  price_total: amount,
}

/** What an order shall be in Odoo: Odoo's names, the source's amounts, and rates in place of tax ids. */
export const orderWrite = z.object({
  partner_id: z.string(),
  client_order_ref: z.string(),
  origin: z.string(),
  date_order: z.string(),
  currency: z.string(),
  cancelled: z.boolean(),
  tax_included: z.boolean(),
  amount_tax: amount,
  amount_total: amount,
  rounding: amount.default('0'),
  partner_invoice: address.optional(),
  deliveries: z.array(address).default([]),
  order_line: z.array(
    z.object({
      ...lineAmounts,
      kind: z.string(),
      product_id: z.string().optional(),
      product_uom_qty: decimal,
      price_unit: decimal,
    }),
  ),
  charges: z.array(z.object({ ...lineAmounts, kind: z.string() })).default([]),
  notes: z.array(z.string()).default([]),
  custom: customWrite,
})
export type OrderWrite = z.infer<typeof orderWrite>

const amounts = {
  id: 'id',
  name: 'name',
  rates: { each: 'taxes', as: { value: 'rate' } },
  price_subtotal: 'net',
  price_tax: 'tax',
  price_total: 'gross',
} as const

export const orderWriteMapping: Mapping = {
  from: 'SalesOrder',
  to: 'odoo.SalesOrder',
  fields: {
    partner_id: { link: 'Account', of: 'buyer.id', by: { email: 'buyer.email', vatId: 'buyer.vatId' } },
    client_order_ref: { first: ['buyerReference', 'number'] },
    origin: 'number',
    date_order: { format: 'spacedTime', of: 'issuedAt' },
    currency: 'currency',
    cancelled: {
      when: { is: ['status', { constant: 'cancelled' }] },
      then: { constant: true },
      else: { constant: false },
    },
    tax_included: 'taxInclusive',
    amount_tax: 'totals.tax',
    amount_total: 'totals.payable',
    rounding: 'totals.rounding',
    partner_invoice: 'billingAddress',
    deliveries: { each: 'deliveries', where: { has: 'address' }, as: { value: 'address' } },
    order_line: {
      each: 'lines',
      where: { not: { is: ['kind', { constant: 'note' }] } },
      as: {
        ...amounts,
        kind: 'kind',
        product_id: {
          when: { has: 'product' },
          then: { link: 'Product', of: 'product', by: { sku: 'sku' } },
        },
        product_uom_qty: {
          when: { has: 'cancelled' },
          then: { calculate: 'subtract', of: ['quantity', 'cancelled'] },
          else: 'quantity',
        },
        price_unit: 'unitPrice',
      },
    },
    charges: { each: 'charges', as: { ...amounts, kind: 'kind' } },
    notes: { each: 'notes', where: { is: ['by', { constant: 'buyer' }] }, as: { value: 'text' } },
  },
}
