import type { Mapping } from '@linchpin/mapping'
import { address, amount, decimal } from '@linchpin/model'
import { z } from 'zod'
import { arrayOptions } from './rows.ts'

const priced = {
  name: z.string(),
  /** The rates of its taxes: Dolibarr has one a line. */
  rates: z.array(decimal).optional(),
  net: amount,
  tax: amount,
  gross: amount,
}

/** What an order shall be in Dolibarr: its names, and the source's amounts. */
export const orderWrite = z.object({
  socid: z.string(),
  ref_client: z.string(),
  /** Seconds since 1970. */
  date: z.number().optional(),
  currency: z.string(),
  cancelled: z.boolean(),
  tax_included: z.boolean(),
  total_ttc: amount,
  rounding: amount.optional(),
  note_public: z.string().optional(),
  billing: address.optional(),
  deliveries: z.array(address).optional(),
  lines: z.array(
    z.object({
      ...priced,
      kind: z.string(),
      fk_product: z.string().optional(),
      qty: decimal,
      unit_price: decimal,
    }),
  ),
  charges: z.array(z.object({ ...priced, kind: z.string() })).optional(),
  array_options: arrayOptions,
})
export type OrderWrite = z.infer<typeof orderWrite>

const amounts = {
  name: 'name',
  rates: { each: 'taxes', as: { value: 'rate' } },
  net: 'net',
  tax: 'tax',
  gross: 'gross',
} as const

export const orderWriteMapping: Mapping = {
  from: 'SalesOrder',
  to: 'dolibarr.SalesOrder',
  fields: {
    socid: { link: 'Account', of: 'buyer.id', by: { email: 'buyer.email', vatId: 'buyer.vatId' } },
    ref_client: 'number',
    date: { format: 'epoch', of: 'issuedAt' },
    currency: 'currency',
    cancelled: {
      when: { is: ['status', { constant: 'cancelled' }] },
      then: { constant: true },
      else: { constant: false },
    },
    tax_included: 'taxInclusive',
    total_ttc: 'totals.payable',
    rounding: 'totals.rounding',
    note_public: {
      format: 'join',
      of: { each: 'notes', where: { is: ['by', { constant: 'buyer' }] }, as: { value: 'text' } },
      with: { separator: { constant: '\n' } },
    },
    billing: 'billingAddress',
    deliveries: { each: 'deliveries', where: { has: 'address' }, as: { value: 'address' } },
    lines: {
      each: 'lines',
      where: { not: { is: ['kind', { constant: 'note' }] } },
      as: {
        ...amounts,
        kind: 'kind',
        fk_product: {
          when: { has: 'product' },
          then: { link: 'Product', of: 'product', by: { sku: 'sku' } },
        },
        qty: {
          when: { has: 'cancelled' },
          then: { calculate: 'subtract', of: ['quantity', 'cancelled'] },
          else: 'quantity',
        },
        unit_price: 'unitPrice',
      },
    },
    charges: { each: 'charges', as: { ...amounts, kind: 'kind' } },
  },
}
