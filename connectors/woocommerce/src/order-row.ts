import { z } from 'zod'
import { metaData, metaValue, money, postal, stamp } from './wire.ts'

const lineTax = z.looseObject({ id: z.number(), total: z.string() })
const line = z.looseObject({
  id: z.number(),
  name: z.string(),
  total: money,
  total_tax: money,
  taxes: z.array(lineTax).optional(),
  meta_data: metaData.optional(),
})
const lineItem = line.extend({
  product_id: z.number(),
  variation_id: z.number().optional(),
  quantity: z.number(),
  subtotal: money,
  subtotal_tax: money,
  sku: z.string().nullish(),
})
const shippingLine = line
  .omit({ name: true })
  .extend({ method_id: z.string().optional(), method_title: z.string() })
const taxLine = z.looseObject({
  rate_id: z.number(),
  label: z.string().optional(),
  rate_percent: z.number().nullish(),
})
const couponLine = z.looseObject({ id: z.number(), code: z.string(), discount: money, discount_tax: money })

/** A refund, with its lines: their quantities and totals are negative, and `_refunded_item_id` names the order's line. */
export const refundRow = z.looseObject({
  id: z.number(),
  date_created_gmt: stamp.optional(),
  amount: z.string().optional(),
  /** The amount as the order's own list of refunds tells it: with a minus before it. */
  total: z.string().optional(),
  reason: z.string().nullish(),
  line_items: z.array(lineItem).optional(),
  shipping_lines: z.array(shippingLine).optional(),
  fee_lines: z.array(line).optional(),
})
export type RefundRow = z.infer<typeof refundRow>

/** An order as WooCommerce answers it. */
export const rawOrder = z.looseObject({
  id: z.number(),
  number: z.string().optional(),
  status: z.string(),
  currency: z.string(),
  prices_include_tax: z.boolean(),
  date_created_gmt: stamp,
  date_modified_gmt: stamp,
  date_paid_gmt: stamp.optional(),
  date_completed_gmt: stamp.optional(),
  customer_id: z.number(),
  billing: postal,
  shipping: postal,
  total: money,
  total_tax: money,
  created_via: z.string().optional(),
  customer_note: z.string().optional(),
  payment_method: z.string().optional(),
  payment_method_title: z.string().optional(),
  transaction_id: z.string().nullish(),
  line_items: z.array(lineItem),
  fee_lines: z.array(line),
  shipping_lines: z.array(shippingLine),
  tax_lines: z.array(taxLine),
  coupon_lines: z.array(couponLine),
  refunds: z.array(refundRow),
  meta_data: metaData,
})
export type RawOrder = z.infer<typeof rawOrder>

const item = z.looseObject({
  id: z.number(),
  name: z.string(),
  product_id: z.number().optional(),
  variation_id: z.number().optional(),
  sku: z.string().nullish(),
  method_id: z.string().optional(),
  quantity: z.number(),
  order_item_type: z.enum(['line_item', 'tip', 'gift_card', 'fee', 'shipping']),
  /** What is left after cancelled pieces: net and tax. */
  left: z.object({ total: z.string(), total_tax: z.string() }),
  /** Per piece before discounts, in the order's price basis. */
  unit_price: z.string(),
  /** How many pieces were given back before they left the house. */
  cancelled_quantity: z.string(),
  discounts: z.array(z.object({ coupon_id: z.number().nullable(), code: z.string(), amount: z.string() })),
  taxes: z.array(z.object({ rate_percent: z.string(), label: z.string(), amount: z.string() })),
})
export type OrderItem = z.infer<typeof item>

const payment = z.looseObject({
  payment_method: z.string(),
  payment_method_title: z.string(),
  transaction_id: z.string(),
  kind: z.enum(['payment', 'giftCard']),
  status: z.enum(['pending', 'captured', 'failed', 'voided']),
  amount: z.string(),
  date_paid_gmt: stamp,
})

/**
 * The order with its refunds whole, and `order_items` (the name of WooCommerce's own table): lines, fees and shipping
 * in one list, each with the facts that stand elsewhere in the order — rate and label of its taxes, its share of the
 * coupons, what of it was refunded.
 * `payments` says in one list what stands in five fields and in the fees of gift card plugins.
 */
export const orderRow = rawOrder.extend({
  coupon_lines: z.array(couponLine.extend({ allocated: z.string() })),
  order_items: z.array(item),
  payments: z.array(payment),
  /** By how much WooCommerce's total differs from the sum of what it shows: it keeps more decimals than it tells. */
  rounding: z.string(),
})
export type OrderRow = z.infer<typeof orderRow>
export type LineItem = z.infer<typeof lineItem>
export type Line = z.infer<typeof line>

export const trackingItem = z.looseObject({
  tracking_id: z.string().optional(),
  tracking_number: z.string(),
  tracking_provider: z.string().optional(),
  custom_tracking_provider: z.string().optional(),
  custom_tracking_link: z.string().optional(),
  date_shipped: z.union([z.string(), z.number()]).optional(),
  products_list: z
    .array(z.looseObject({ item_id: z.number(), product: z.number().optional(), qty: z.number() }))
    .optional(),
})
export type TrackingItem = z.infer<typeof trackingItem>

export const TRACKING = '_wc_shipment_tracking_items'

/** The parcels that the order's meta names; what a plugin wrote in another shape counts for nothing. */
export function trackingItems(order: Pick<RawOrder, 'meta_data'>): readonly TrackingItem[] {
  return z.array(trackingItem).catch([]).parse(metaValue(order, TRACKING))
}
