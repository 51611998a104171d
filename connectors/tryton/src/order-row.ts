import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { addressRow, addressWrite } from './addresses.ts'
import { chargeRow, lineRow } from './order-lines.ts'
import { ownFields } from './own-fields.ts'

/** What we want an order to be. Amounts are the shop's; Tryton's own must come to the same. */
export const orderRow = z.looseObject({
  reference: z.string(),
  description: z.string().optional(),
  comment: z.string().optional(),
  party: z.string(),
  state: z.enum(['draft', 'processing', 'cancelled']),
  currency: z.string(),
  sale_date: z.string().optional(),
  invoice_address: addressRow.optional(),
  shipment_address: addressRow.optional(),
  /** How many different places it goes to; Tryton sends one order to one. */
  places: z.array(z.string()).optional(),
  lines: z.array(lineRow),
  charges: z.array(chargeRow),
  rounding_amount: z.string().optional(),
  total_amount: z.string(),
  fields: ownFields,
})
export type OrderRow = z.infer<typeof orderRow>

const taxList = { each: 'taxes', as: { rate: 'rate', amount: 'amount' } } as const
const discountNote = {
  format: 'join',
  of: { each: 'discounts', as: { value: { template: 'Discount {amount} {code} {reason}' } } },
  with: { separator: { constant: '; ' } },
} as const

export const orderWriteMapping: Mapping = {
  from: 'SalesOrder',
  to: 'tryton.SalesOrder',
  fields: {
    reference: 'number',
    description: { when: { has: 'buyerReference' }, then: { template: 'Your reference {buyerReference}' } },
    comment: {
      format: 'join',
      of: { each: 'notes', as: { value: 'text' } },
      with: { separator: { constant: '\n' } },
    },
    party: { link: 'Account', of: 'buyer.id', by: { email: 'buyer.email', vatId: 'buyer.vatId' } },
    state: {
      lookup: {
        draft: 'draft',
        held: 'draft',
        open: 'processing',
        closed: 'processing',
        cancelled: 'cancelled',
      },
      of: 'status',
    },
    currency: 'currency',
    sale_date: { format: 'day', of: 'issuedAt' },
    invoice_address: addressWrite('billingAddress'),
    shipment_address: addressWrite('deliveries[0].address'),
    places: {
      each: 'deliveries',
      as: {
        value: { template: '{address.name} {address.streetName} {address.postalZone} {address.cityName}' },
      },
    },
    lines: {
      each: 'lines',
      as: {
        kind: 'kind',
        product: {
          when: { any: [{ has: 'product' }, { has: 'sku' }] },
          then: {
            when: { in: ['kind', ['item', 'bundle', 'service']] },
            then: { link: 'Product', of: { first: ['product', 'sku'] }, by: { sku: 'sku' } },
            else: { link: 'Product', of: { first: ['product', 'sku'] }, by: { sku: 'sku' }, optional: true },
          },
        },
        description: 'name',
        note: discountNote,
        quantity: 'quantity',
        amount: 'net',
        tax_amount: 'tax',
        taxes: taxList,
      },
    },
    charges: {
      each: 'charges',
      as: {
        kind: 'kind',
        description: 'name',
        note: discountNote,
        amount: 'net',
        tax_amount: 'tax',
        taxes: taxList,
      },
    },
    rounding_amount: 'totals.rounding',
    total_amount: 'totals.payable',
  },
}
