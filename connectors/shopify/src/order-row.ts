import { z } from 'zod'
import { metafield } from './metafield-list.ts'

const text = z.string()
const maybe = text.nullish()

export const orderAddress = z.looseObject({
  name: maybe,
  company: maybe,
  address1: maybe,
  address2: maybe,
  city: maybe,
  provinceCode: maybe,
  zip: maybe,
  countryCodeV2: maybe,
  phone: maybe,
})

export const moneyBag = z.looseObject({ shopMoney: z.looseObject({ amount: text }) })

export const taxLine = z.looseObject({
  title: text,
  ratePercentage: z.number().nullish(),
  priceSet: moneyBag,
})

/** `index` is that of the discount among those of its order. */
const discountApplication = z.looseObject({
  index: z.int(),
  targetType: text,
  allocationMethod: text,
  code: maybe,
  title: maybe,
})
export const discountAllocation = z.looseObject({
  allocatedAmountSet: moneyBag,
  discountApplication,
})

/** Its share of a discount, and the rates of its tax, as texts. */
const discount = z.looseObject({
  index: text,
  amount: text,
  of: z.enum(['line', 'document']),
  code: maybe,
  title: maybe,
})
const tax = z.looseObject({ title: text, rate: text, amount: text })

const line = z.looseObject({
  id: text,
  name: text,
  sku: maybe,
  kind: z.enum(['item', 'service', 'giftCard', 'tip']),
  quantity: z.int(),
  /** How many were taken off the order before they left. */
  cancelled: z.int(),
  variant: z.looseObject({ id: text }).nullish(),
  unitPrice: text,
  net: text,
  tax: text,
  gross: text,
  discounts: z.array(discount),
  taxes: z.array(tax),
  customAttributes: z.array(z.looseObject({ key: text, value: maybe })),
})

const charge = z.looseObject({
  id: text,
  kind: z.enum(['shipping', 'other']),
  title: text,
  code: maybe,
  net: text,
  tax: text,
  gross: text,
  discounts: z.array(discount),
  taxes: z.array(tax),
})

/** An order as Shopify tells it; its money is added up line by line, see order-decode.ts. */
export const orderRow = z.looseObject({
  id: text,
  /** '#1001' */
  name: text,
  /** `name` without its '#'. */
  number: text,
  processedAt: text,
  updatedAt: text,
  cancelledAt: maybe,
  cancelReason: maybe,
  closedAt: maybe,
  confirmed: z.boolean(),
  currencyCode: text,
  presentmentCurrencyCode: text,
  taxesIncluded: z.boolean(),
  displayFinancialStatus: maybe,
  displayFulfillmentStatus: text,
  email: maybe,
  phone: maybe,
  customerLocale: maybe,
  poNumber: maybe,
  note: maybe,
  sourceName: maybe,
  tags: z.array(text),
  customAttributes: z.array(z.looseObject({ key: text, value: maybe })),
  customer: z
    .looseObject({
      id: text,
      displayName: text,
      firstName: maybe,
      lastName: maybe,
      taxExempt: z.boolean(),
      defaultEmailAddress: z.looseObject({ emailAddress: text }).nullish(),
      defaultPhoneNumber: z.looseObject({ phoneNumber: text }).nullish(),
    })
    .nullable(),
  /** Of an order for a company: null for all others. */
  company: z
    .looseObject({
      /** Where companies are accounts: which one. */
      account: maybe,
      name: text,
      vatId: maybe,
      taxExempt: z.boolean(),
      contact: maybe,
    })
    .nullable(),
  paymentTerms: z.looseObject({ paymentTermsName: text }).nullish(),
  billingAddress: orderAddress.nullable(),
  shippingAddress: orderAddress.nullable(),
  lines: z.array(line),
  charges: z.array(charge),
  orderDiscounts: z.array(discount),
  payments: z.array(
    z.looseObject({
      id: text,
      kind: text,
      status: text,
      method: text,
      gateway: maybe,
      paymentId: maybe,
      processedAt: maybe,
      amount: text,
    }),
  ),
  /** What the customer pays, and what it is more than the lines and charges add up to. */
  payable: text,
  rounding: text,
  net: text,
  tax: text,
  totalPriceSet: z.looseObject({
    shopMoney: z.looseObject({ amount: text }),
    presentmentMoney: z.looseObject({ amount: text }),
  }),
  /** Our own metafields by their keys. */
  own: z.record(text, text),
  metafields: z.array(metafield),
})
export type OrderRow = z.infer<typeof orderRow>
