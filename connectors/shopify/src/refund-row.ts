import { z } from 'zod'
import { beginningOf, pageOf, type InnerList } from './inner-list.ts'
import { moneyBag } from './order-row.ts'
import { shop } from './order-selection.ts'

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
  /** Of one that we made for a credit note: which, 'order/number'. */
  creditNote: maybe,
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

const wireRefundLine = z.looseObject({
  quantity: z.int(),
  restockType: text,
  lineItem: z.looseObject({ id: text }),
  subtotalSet: moneyBag,
  totalTaxSet: moneyBag,
})
const wireRefundCharge = z.looseObject({
  shippingLine: z.looseObject({ id: maybe, title: text }),
  subtotalAmountSet: moneyBag,
  taxAmountSet: moneyBag,
})
const wireTransaction = z.looseObject({
  id: text,
  status: text,
  parentTransaction: z.looseObject({ id: text }).nullish(),
})

export const refundLines: InnerList<z.infer<typeof wireRefundLine>> = {
  name: 'RefundLines',
  type: 'Refund',
  field: 'refundLineItems',
  selection: `quantity restockType subtotalSet { ${shop} } totalTaxSet { ${shop} } lineItem { id sku variant { id } }`,
  schema: wireRefundLine,
  first: 50,
  more: 100,
}
export const refundCharges: InnerList<z.infer<typeof wireRefundCharge>> = {
  name: 'RefundCharges',
  type: 'Refund',
  field: 'refundShippingLines',
  selection: `id subtotalAmountSet { ${shop} } taxAmountSet { ${shop} } shippingLine { id title }`,
  schema: wireRefundCharge,
  first: 10,
  more: 50,
}
export const refundTransactions: InnerList<z.infer<typeof wireTransaction>> = {
  name: 'RefundTransactions',
  type: 'Refund',
  field: 'transactions',
  selection: 'id status parentTransaction { id }',
  schema: wireTransaction,
  first: 10,
  more: 50,
}

/** Taken back before it left, or given back after. */
export const refundSelection = `id createdAt updatedAt note totalRefundedSet { ${shop} } return { id }
  ${[refundLines, refundCharges, refundTransactions].map(beginningOf).join(' ')}`

/** A refund as it comes. */
export const wireRefund = z.looseObject({
  id: text,
  createdAt: maybe,
  updatedAt: text,
  note: maybe,
  totalRefundedSet: moneyBag,
  refundLineItems: pageOf(wireRefundLine),
  refundShippingLines: pageOf(wireRefundCharge),
  transactions: pageOf(wireTransaction),
})
export type WireRefund = z.infer<typeof wireRefund>
