import { z } from 'zod'
import { moneyBag } from './order-row.ts'

const text = z.string()
const maybe = text.nullish()

/** A refund of an order. Its id is 'order/refund', since its order tells of it. */
export const refundRow = z.looseObject({
  id: text,
  order: text,
  createdAt: maybe,
  updatedAt: text,
  note: maybe,
  currencyCode: text,
  amount: text,
  status: z.enum(['pending', 'settled', 'failed']),
  return: z.looseObject({ id: text }).nullish(),
  payment: maybe,
  lines: z.array(
    z.looseObject({
      quantity: z.int(),
      restockType: text,
      lineItem: z.looseObject({
        id: text,
        sku: maybe,
        variant: z.looseObject({ id: text }).nullish(),
      }),
      /** In the order's price basis. */
      subtotal: text,
      tax: text,
      gross: text,
    }),
  ),
  charges: z.array(
    z.looseObject({ shippingLine: z.looseObject({ id: maybe, title: text }), gross: text, tax: text }),
  ),
})
export type RefundRow = z.infer<typeof refundRow>

/** A refund as it comes. */
export const wireRefund = z.looseObject({
  id: text,
  createdAt: maybe,
  updatedAt: text,
  totalRefundedSet: moneyBag,
  refundLineItems: z.object({
    nodes: z.array(
      z.looseObject({
        quantity: z.int(),
        restockType: text,
        lineItem: z.looseObject({ id: text }),
        subtotalSet: moneyBag,
        totalTaxSet: moneyBag,
      }),
    ),
  }),
  refundShippingLines: z.object({
    nodes: z.array(
      z.looseObject({
        shippingLine: z.looseObject({ id: maybe, title: text }),
        subtotalAmountSet: moneyBag,
        taxAmountSet: moneyBag,
      }),
    ),
  }),
  transactions: z.object({
    nodes: z.array(
      z.looseObject({
        id: text,
        status: text,
        parentTransaction: z.looseObject({ id: text }).nullish(),
      }),
    ),
  }),
})
