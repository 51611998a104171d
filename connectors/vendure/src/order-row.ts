import { z } from 'zod'
import { custom, type Facts } from './session.ts'

const text = z.string()
const maybe = z.string().nullish()

export const orderAddress = z.looseObject({
  fullName: maybe,
  company: maybe,
  streetLine1: maybe,
  streetLine2: maybe,
  city: maybe,
  province: maybe,
  postalCode: maybe,
  countryCode: maybe,
  phoneNumber: maybe,
})

export const orderDiscount = z.looseObject({
  adjustmentSource: text,
  type: text,
  description: text,
  amount: text,
  amountWithTax: text,
  /** The promotion that `adjustmentSource` names. */
  promotion: z.looseObject({ id: text, couponCode: maybe }).nullish(),
})

/** `amount` is this rate's share of the tax of its line, which Vendure tells as one sum. */
const taxLine = z.looseObject({ description: text, taxRate: text, amount: text })

const line = z.looseObject({
  id: text,
  productVariant: z.looseObject({ id: text, sku: text, name: text }),
  quantity: z.int(),
  orderPlacedQuantity: z.int(),
  unitPrice: text,
  unitPriceWithTax: text,
  proratedLinePrice: text,
  proratedLinePriceWithTax: text,
  discounts: z.array(orderDiscount),
  taxLines: z.array(taxLine),
})

const payment = z.looseObject({
  id: text,
  createdAt: text,
  method: text,
  amount: text,
  state: text,
  transactionId: maybe,
  refunds: z.array(
    z.looseObject({
      id: text,
      createdAt: text,
      updatedAt: text,
      total: text,
      state: text,
      reason: maybe,
      transactionId: maybe,
      lines: z.array(z.looseObject({ orderLineId: text, quantity: z.int() })),
    }),
  ),
})

/** An order as Vendure tells it, with its Money as decimal text. */
export const orderRow = z.looseObject({
  id: text,
  code: text,
  state: text,
  updatedAt: text,
  orderPlacedAt: text,
  currencyCode: text,
  /** The channel that we are connected to. */
  channel: z.looseObject({ code: text, pricesIncludeTax: z.boolean() }),
  customer: z
    .looseObject({
      id: text,
      emailAddress: text,
      firstName: text,
      lastName: text,
      phoneNumber: maybe,
      /** People who bought without registering have a customer in Vendure, and no user. */
      user: z.looseObject({ id: text }).nullable(),
      /** By the custom field that the settings name. */
      vatId: maybe,
    })
    .nullable(),
  billingAddress: orderAddress.nullable(),
  shippingAddress: orderAddress.nullable(),
  lines: z.array(line),
  shippingLines: z.array(
    z.looseObject({ id: text, shippingMethod: z.looseObject({ code: text, name: text }) }),
  ),
  /** Shipping lines and surcharges in one list, since they are one list to us. */
  charges: z.array(
    z.looseObject({
      id: text,
      kind: z.enum(['shipping', 'other']),
      name: text,
      code: maybe,
      net: text,
      gross: text,
      discounts: z.array(orderDiscount),
      /** Vendure does not tell the rate of shipping: it is the one of `taxSummary` that fits the prices. */
      taxLines: z.array(taxLine),
    }),
  ),
  /** What was given on the whole order and is spread over its lines. */
  orderDiscounts: z.array(orderDiscount),
  payments: z.array(payment),
  fulfillments: z.array(
    z.looseObject({
      id: text,
      createdAt: text,
      updatedAt: text,
      state: text,
      method: text,
      trackingCode: maybe,
      lines: z.array(z.looseObject({ orderLineId: text, quantity: z.int() })),
    }),
  ),
  totalWithTax: text,
  notes: z.array(
    z.looseObject({ id: text, createdAt: text, isPublic: z.boolean(), data: z.looseObject({ note: text }) }),
  ),
  customFields: z.record(text, z.unknown()).nullish(),
})
export type OrderRow = z.infer<typeof orderRow>

/** What is asked of an order, with all of the shop's custom fields that are plain values. */
export function orderSelection({ customFields }: Facts): string {
  return `id type code state createdAt updatedAt orderPlacedAt currencyCode couponCodes
    customer { id emailAddress firstName lastName phoneNumber user { id } ${custom(customFields('Customer'))} }
    billingAddress { ${addressFields} } shippingAddress { ${addressFields} }
    lines { id productVariant { id sku name } quantity orderPlacedQuantity unitPrice unitPriceWithTax
      proratedLinePrice proratedLinePriceWithTax discounts { ${discountFields} } taxLines { description taxRate }
      ${custom(customFields('OrderLine'))} }
    surcharges { id description sku price priceWithTax taxLines { description taxRate } }
    promotions { id couponCode name }
    shippingLines { id shippingMethod { code name } price priceWithTax discountedPrice discountedPriceWithTax
      discounts { ${discountFields} } }
    payments { id createdAt method amount state transactionId
      refunds { id createdAt updatedAt total state reason transactionId lines { orderLineId quantity } } }
    fulfillments { id createdAt updatedAt state method trackingCode lines { orderLineId quantity } }
    taxSummary { description taxRate taxBase taxTotal } total totalWithTax
    notes: history(options: { filter: { type: { eq: "ORDER_NOTE" } }, sort: { createdAt: ASC } }) {
      items { id createdAt isPublic data } }
    events: history { totalItems }
    ${custom(customFields('Order'))}`
}

const addressFields =
  'fullName company streetLine1 streetLine2 city province postalCode countryCode phoneNumber'
const discountFields = 'adjustmentSource type description amount amountWithTax'
