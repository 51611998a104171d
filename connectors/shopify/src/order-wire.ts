import { z } from 'zod'
import { pageOf } from './inner-list.ts'
import { metafield } from './metafield-list.ts'
import { discountAllocation, moneyBag, orderAddress, taxLine } from './order-row.ts'

const text = z.string()
const maybe = text.nullish()
const attributes = z.array(z.looseObject({ key: text, value: maybe }))

export const wireLine = z.looseObject({
  id: text,
  name: text,
  title: text,
  sku: maybe,
  quantity: z.int(),
  currentQuantity: z.int(),
  isGiftCard: z.boolean(),
  requiresShipping: z.boolean(),
  variant: z.looseObject({ id: text }).nullish(),
  product: z.looseObject({ id: text }).nullish(),
  originalUnitPriceSet: moneyBag,
  discountAllocations: z.array(discountAllocation),
  taxLines: z.array(taxLine),
  customAttributes: attributes,
})
export type WireLine = z.infer<typeof wireLine>

export const wireCharge = z.looseObject({
  id: maybe,
  title: text,
  code: maybe,
  originalPriceSet: moneyBag,
  discountAllocations: z.array(discountAllocation),
  taxLines: z.array(taxLine),
})
export type WireCharge = z.infer<typeof wireCharge>

/** An order as it comes. */
export const wire = z.looseObject({
  id: text,
  name: text,
  currencyCode: text,
  taxesIncluded: z.boolean(),
  dutiesIncluded: z.boolean(),
  billingAddress: orderAddress.nullable(),
  shippingAddress: orderAddress.nullable(),
  purchasingEntity: z
    .looseObject({
      company: z.looseObject({ id: text, name: text }).optional(),
      contact: z.looseObject({ id: text }).nullish(),
      location: z
        .looseObject({
          id: text,
          taxSettings: z.looseObject({ taxRegistrationId: maybe, taxExempt: z.boolean() }),
        })
        .optional(),
    })
    .nullable(),
  lineItems: pageOf(wireLine),
  shippingLines: pageOf(wireCharge),
  additionalFees: z.array(
    z.looseObject({ id: text, name: text, price: moneyBag, taxLines: z.array(taxLine) }),
  ),
  originalTotalDutiesSet: moneyBag.nullish(),
  transactions: z.array(
    z.looseObject({
      id: text,
      kind: text,
      status: text,
      gateway: maybe,
      formattedGateway: maybe,
      paymentId: maybe,
      processedAt: maybe,
      amountSet: moneyBag,
      parentTransaction: z.looseObject({ id: text }).nullish(),
    }),
  ),
  totalPriceSet: z.looseObject({
    shopMoney: z.looseObject({ amount: text }),
    presentmentMoney: z.looseObject({ amount: text }),
  }),
  totalTipReceivedSet: moneyBag,
  totalRefundedSet: moneyBag,
  subtotalLineItemsQuantity: z.int(),
  currentSubtotalLineItemsQuantity: z.int(),
  metafields: pageOf(metafield),
})
export type WireOrder = z.infer<typeof wire>
