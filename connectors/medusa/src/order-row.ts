import { z } from 'zod'

const text = z.string()
const maybe = text.nullish()
const metadata = z.record(text, z.unknown()).nullish()

export const orderAddress = z.looseObject({
  first_name: maybe,
  last_name: maybe,
  company: maybe,
  address_1: maybe,
  address_2: maybe,
  city: maybe,
  province: maybe,
  postal_code: maybe,
  country_code: maybe,
  phone: maybe,
})

/** What was given on one line or charge, in the order's price basis and rounded; of the order when `whole`. */
const given = z.object({ id: text, code: maybe, whole: z.boolean(), amount: text })

/** What one tax comes to on one line or charge, rounded. */
const tax = z.object({ rate: text, name: maybe, amount: text })

/** Rounded, after discounts; of all pieces, those that came back included. */
const amounts = z.object({ net: text, tax: text, gross: text })

const item = z.looseObject({
  id: text,
  product_title: maybe,
  title: text,
  variant_title: maybe,
  variant_id: maybe,
  variant_sku: maybe,
  quantity: z.number(),
  requires_shipping: z.boolean(),
  is_giftcard: z.boolean(),
  detail: z.looseObject({
    fulfilled_quantity: z.number(),
    shipped_quantity: z.number(),
    delivered_quantity: z.number(),
    return_received_quantity: z.number(),
    return_dismissed_quantity: z.number(),
  }),
  /** One piece before discounts, in the order's price basis. */
  price: text,
  amounts,
  taxes: z.array(tax),
  discounts: z.array(given),
})

const charge = z.looseObject({
  id: text,
  name: text,
  shipping_option_id: maybe,
  amounts,
  taxes: z.array(tax),
  discounts: z.array(given),
})

const payment = z.looseObject({
  id: text,
  provider_id: maybe,
  amount: z.number(),
  /** Rounded. */
  value: text,
  created_at: text,
  captured_at: maybe,
  canceled_at: maybe,
  captures: z.array(z.looseObject({ id: text, amount: z.number() })),
  refunds: z.array(z.looseObject({ id: text, amount: z.number(), created_at: text, note: maybe })),
})

const fulfillment = z.looseObject({
  id: text,
  created_at: text,
  updated_at: text,
  location_id: maybe,
  packed_at: maybe,
  shipped_at: maybe,
  delivered_at: maybe,
  canceled_at: maybe,
  metadata,
  items: z.array(z.looseObject({ line_item_id: maybe, quantity: z.number(), sku: maybe, title: maybe })),
  labels: z.array(z.looseObject({ id: text, tracking_number: text, tracking_url: maybe })),
})

/** An order as Medusa tells it, with what its figures come to once they are rounded. */
export const orderRow = z.looseObject({
  id: text,
  display_id: z.number(),
  status: text,
  created_at: text,
  updated_at: text,
  canceled_at: maybe,
  currency_code: text,
  email: maybe,
  sales_channel: z.looseObject({ id: text, name: text }).nullish(),
  customer: z
    .looseObject({
      id: text,
      email: maybe,
      first_name: maybe,
      last_name: maybe,
      company_name: maybe,
      phone: maybe,
      has_account: z.boolean(),
      created_by: maybe,
      metadata,
    })
    .nullish(),
  billing_address: orderAddress.nullish(),
  shipping_address: orderAddress.nullish(),
  items: z.array(item),
  /** Shipping. */
  charges: z.array(charge),
  /** Whether prices and discounts of the order are with tax: as those of most of its lines. */
  inclusive: z.boolean(),
  /** How far the goods have left. */
  shipped: z.enum(['none', 'partial', 'complete']),
  /** What was given on the whole order and is spread over its lines. */
  order_discounts: z.array(given.omit({ whole: true })),
  sums: z.object({
    net: text,
    tax: text,
    rounding: text,
    payable: text,
    captured: text,
    refunded: text,
    authorized: text,
  }),
  payments: z.array(payment),
  fulfillments: z.array(fulfillment),
  metadata,
})
export type OrderRow = z.infer<typeof orderRow>

/** All that is asked of an order. Medusa reckons `total` and the states only where their parts are asked for, too. */
export const orderFields = [
  'id,display_id,status,created_at,updated_at,canceled_at,currency_code,email,metadata,total',
  '*items,*items.tax_lines,*items.adjustments,*items.detail',
  '*shipping_methods,*shipping_methods.tax_lines,*shipping_methods.adjustments',
  '*billing_address,*shipping_address,*customer,sales_channel.id,sales_channel.name',
  'promotions.id,promotions.application_method.target_type,*credit_lines',
  '*payment_collections,*payment_collections.payments,*payment_collections.payments.captures',
  '*payment_collections.payments.refunds,*fulfillments,*fulfillments.items,*fulfillments.labels',
].join(',')
