import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { addressRow, addressWrite } from './fields.ts'

const taxRow = z.looseObject({ rate: z.string(), amount: z.string() })
/** The identity of a candidate: metasfresh's index ignores blank ones, and then takes everything twice. */
const lineId = z.string().trim().min(1)

export const lineRow = z.looseObject({
  externalLineId: lineId,
  kind: z.string(),
  /** A metasfresh id, or an identifier such as 'val-GIFT'. */
  productIdentifier: z.string().optional(),
  productDescription: z.string(),
  qty: z.string(),
  uomCode: z.string().optional(),
  /** After all discounts, without tax. */
  net: z.string(),
  tax: z.string(),
  taxes: z.array(taxRow).optional(),
})
export const chargeRow = lineRow.omit({ productIdentifier: true, qty: true, uomCode: true })
export type LineRow = z.infer<typeof lineRow>
export type ChargeRow = z.infer<typeof chargeRow>

/** What an order shall be. It becomes one order candidate (C_OLCand) a line. */
export const orderRow = z.looseObject({
  /** The shop's number; our external header id is added behind it. */
  poReference: z.string(),
  state: z.enum(['held', 'open', 'cancelled']),
  dateOrdered: z.string(),
  dateRequired: z.string().optional(),
  bPartnerIdentifier: z.string(),
  bpartnerName: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  billAddress: addressRow.optional(),
  shipAddress: addressRow.optional(),
  /** How many different places it goes to; metasfresh sends one order to one. */
  places: z.array(z.string()).optional(),
  currencyCode: z.string(),
  lines: z.array(lineRow),
  charges: z.array(chargeRow),
  total: z.string(),
  /**
   * Further fields of each candidate (JsonOLCandCreateRequest), such as orderDocType, paymentRule, paymentTerm, shipper,
   * deliveryRule or warehouseCode: what one installation wants and another does not, for an operator's own mapping.
   */
  candidate: z.looseObject({}).optional(),
})
export type OrderRow = z.infer<typeof orderRow>

const taxList = { each: 'taxes', as: { rate: 'rate', amount: 'amount' } } as const

export const orderWriteMapping: Mapping = {
  from: 'SalesOrder',
  to: 'metasfresh.SalesOrder',
  fields: {
    poReference: 'number',
    state: {
      lookup: { draft: 'held', held: 'held', open: 'open', closed: 'open', cancelled: 'cancelled' },
      of: 'status',
    },
    dateOrdered: { format: 'day', of: 'issuedAt' },
    dateRequired: { format: 'day', of: 'deliveries[0].requestedOn' },
    bPartnerIdentifier: {
      link: 'Account',
      of: 'buyer.id',
      by: { email: 'buyer.email', vatId: 'buyer.vatId' },
    },
    bpartnerName: 'buyer.name',
    email: 'buyer.email',
    phone: 'buyer.phone',
    billAddress: addressWrite('billingAddress'),
    shipAddress: addressWrite('deliveries[0].address'),
    places: {
      each: 'deliveries',
      as: {
        value: { template: '{address.name} {address.streetName} {address.postalZone} {address.cityName}' },
      },
    },
    currencyCode: 'currency',
    lines: {
      each: 'lines',
      where: { not: { is: ['kind', { constant: 'note' }] } },
      as: {
        externalLineId: 'id',
        kind: 'kind',
        productIdentifier: {
          when: { any: [{ has: 'product' }, { has: 'sku' }] },
          then: {
            when: { in: ['kind', ['item', 'bundle', 'service']] },
            then: { link: 'Product', of: { first: ['product', 'sku'] }, by: { sku: 'sku' } },
            else: { link: 'Product', of: { first: ['product', 'sku'] }, by: { sku: 'sku' }, optional: true },
          },
        },
        productDescription: 'name',
        qty: 'quantity',
        net: 'net',
        tax: 'tax',
        taxes: taxList,
      },
    },
    charges: {
      each: 'charges',
      as: {
        externalLineId: { template: 'charge-{id}' },
        kind: 'kind',
        productDescription: 'name',
        net: 'net',
        tax: 'tax',
        taxes: taxList,
      },
    },
    total: 'totals.payable',
  },
}
