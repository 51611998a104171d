import { z } from 'zod'
import { account, address } from './party.ts'
import { amount, currency, decimal, extra, id, instant, percent, unit } from './values.ts'

/**
 * The parts that orders, invoices and credit notes share, and the order itself. One document has one currency; all
 * its amounts are in it. `taxInclusive` says whether unit prices and discounts are gross (as in a consumer shop) or
 * net. Whatever that is, every line and charge carries `net`, `tax` and `gross` after all discounts, so a document
 * adds up by adding: payable = Σ net + Σ tax + rounding. See totals.ts.
 */

/** Tax on one line or charge at one rate, as the source computed it: a fact to keep, not a figure to compute again. */
export const tax = z.object({
  rate: percent,
  amount,
  /** UNCL 5305: S standard, Z zero, E exempt, AE reverse charge, K intra-community, G export, O out of scope. */
  category: z.string().optional(),
  name: z.string().optional(),
})
export type Tax = z.infer<typeof tax>

/** A reduction on a line. Its amount is in the document's price basis (gross when `taxInclusive`). */
export const lineDiscount = z.object({
  amount,
  /** What the reduction was taken from, where the source says so. */
  base: amount.optional(),
  /** Given on this line, or this line's share of a discount on the whole document. */
  of: z.enum(['line', 'document']),
  discount: id.optional(),
  code: z.string().optional(),
  reason: z.string().optional(),
})
export type LineDiscount = z.infer<typeof lineDiscount>

/** A discount on the whole document; the lines hold its allocation, so this is never subtracted again. */
export const documentDiscount = z.object({
  id,
  amount,
  base: amount.optional(),
  code: z.string().optional(),
  reason: z.string().optional(),
})
export type DocumentDiscount = z.infer<typeof documentDiscount>

/** Gift cards sold, tips and deposits are lines of their own kind: they are not goods and often carry no tax. */
export const lineKind = z.enum(['item', 'bundle', 'service', 'giftCard', 'tip', 'deposit', 'note'])

export const documentLine = z.object({
  id,
  kind: lineKind,
  product: id.optional(),
  sku: z.string().optional(),
  name: z.string(),
  quantity: decimal,
  unit: unit.optional(),
  /** How many of the product's stock unit one `unit` holds: '12' for a box of 12 pieces. One where it is missing. */
  unitFactor: decimal.optional(),
  /** One unit before discounts, in the document's price basis; may have more decimals than the currency. */
  unitPrice: decimal,
  discounts: z.array(lineDiscount).optional(),
  net: amount,
  tax: amount,
  gross: amount,
  taxes: z.array(tax).optional(),
  /** How many of `quantity` were cancelled; the amounts are those of what is left. */
  cancelled: decimal.optional(),
  cancelReason: z.string().optional(),
  /** The delivery (see `deliveries`) that this line goes with. */
  delivery: id.optional(),
  /** The parts of a bundle, sold at the bundle's price: how many of each in one bundle. */
  parts: z
    .array(z.object({ product: id.optional(), sku: z.string().optional(), quantity: decimal }))
    .optional(),
  /** The order line that this line of an invoice or credit note bills. */
  orderLine: id.optional(),
  order: id.optional(),
  /** The line's amounts in the presentment currency, where the source tells them. */
  presentment: z.object({ net: amount, tax: amount, gross: amount }).optional(),
  extra: extra.optional(),
})
export type DocumentLine = z.infer<typeof documentLine>

/** Shipping, handling, a payment fee: money that is not for goods, with a tax of its own. */
export const charge = z.object({
  id,
  kind: z.enum(['shipping', 'handling', 'payment', 'deposit', 'other']),
  name: z.string(),
  code: z.string().optional(),
  discounts: z.array(lineDiscount).optional(),
  net: amount,
  tax: amount,
  gross: amount,
  taxes: z.array(tax).optional(),
  delivery: id.optional(),
})
export type Charge = z.infer<typeof charge>

/** The sums. `payable` is the figure that the customer was shown. */
export const totals = z.object({
  net: amount,
  tax: amount,
  /** What was added to reach a payable figure: cash rounding, or a cent that taxes per line and per document differ by. */
  rounding: amount.optional(),
  payable: amount,
})
export type Totals = z.infer<typeof totals>

/** The same document in the currency that the customer saw, kept beside ours and never mixed with it. */
export const presentment = z.object({
  currency,
  net: amount.optional(),
  tax: amount.optional(),
  rounding: amount.optional(),
  payable: amount,
  /** One unit of the document's currency in the presentment currency. */
  rate: decimal.optional(),
  rateSource: z.string().optional(),
})
export type Presentment = z.infer<typeof presentment>

export const orderPayment = z.object({
  id,
  method: z.string(),
  provider: z.string().optional(),
  reference: z.string().optional(),
  kind: z.enum(['payment', 'giftCard', 'storeCredit']),
  status: z.enum(['pending', 'authorized', 'captured', 'failed', 'voided', 'refunded']),
  amount,
  at: instant.optional(),
})
export type OrderPayment = z.infer<typeof orderPayment>

/** One place that goods of this order go to. */
export const delivery = z.object({
  id,
  address: address.optional(),
  method: z.string().optional(),
  requestedOn: z.string().optional(),
  /** What the customer tells the carrier: 'leave it with the neighbour'. */
  instructions: z.string().optional(),
})

/** UBL Order. Its three axes move on their own; they are never merged into one status. */
export const salesOrder = z.object({
  id,
  number: z.string(),
  issuedAt: instant,
  modifiedAt: instant.optional(),
  /** `draft` is not yet a promise; `held` waits for someone; only `open` orders are carried to the ERP. */
  status: z.enum(['draft', 'held', 'open', 'closed', 'cancelled']),
  fulfilment: z.enum(['none', 'partial', 'complete']),
  invoicing: z.enum(['none', 'partial', 'complete']),
  payment: z.enum(['unpaid', 'authorized', 'partial', 'paid', 'partiallyRefunded', 'refunded']),
  cancelledAt: instant.optional(),
  cancelReason: z.string().optional(),
  channel: z.string().optional(),
  currency,
  presentment: presentment.optional(),
  taxInclusive: z.boolean(),
  /** The account, whole, as it stood when the order was placed. */
  buyer: account,
  /** The person who ordered for a company. */
  contact: id.optional(),
  paymentTerms: z.string().optional(),
  /** The customer's own purchase order number (EN 16931 BT-13). */
  buyerReference: z.string().optional(),
  billingAddress: address.optional(),
  deliveries: z.array(delivery),
  lines: z.array(documentLine),
  charges: z.array(charge),
  discounts: z.array(documentDiscount).optional(),
  payments: z.array(orderPayment).optional(),
  totals,
  notes: z
    .array(
      z.object({
        id: id.optional(),
        text: z.string(),
        by: z.enum(['buyer', 'seller']),
        at: instant.optional(),
      }),
    )
    .optional(),
  extra: extra.optional(),
})
export type SalesOrder = z.infer<typeof salesOrder>
