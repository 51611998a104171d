import { Problem } from '@linchpin/connector'
import { equal } from '@linchpin/model'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid } from './ids.ts'
import { allOf, beginningOf, pageOf, type InnerList } from './inner-list.ts'
import { moneyBag } from './order-row.ts'
import { shop } from './order-selection.ts'
import type { Session } from './session.ts'

const text = z.string()

const refundableLine = z.object({
  id: text,
  sku: text.nullish(),
  variant: z.object({ id: text }).nullish(),
  refundableQuantity: z.int(),
})
type RefundableLine = z.infer<typeof refundableLine>
export const refundableLines: InnerList<RefundableLine> = {
  name: 'RefundableLines',
  type: 'Order',
  field: 'lineItems',
  selection: 'id sku variant { id } refundableQuantity',
  schema: refundableLine,
  first: 50,
  more: 100,
}

const suggestedTransaction = z.object({
  gateway: text.nullable(),
  formattedGateway: text.nullish(),
  amountSet: moneyBag,
  maximumRefundableSet: moneyBag.nullish(),
  parentTransaction: z.object({ id: text, manualPaymentGateway: z.boolean() }).nullable(),
})

/** What can be given back of an order, in the shop's currency, by Shopify's own reckoning. */
export interface Refundable {
  readonly name: string
  readonly currencyCode: string
  readonly presentmentCurrencyCode: string
  readonly transactions: readonly { readonly id: string; readonly kind: string; readonly status: string }[]
  readonly lines: readonly RefundableLine[]
  readonly suggested: readonly z.infer<typeof suggestedTransaction>[]
}

export async function readRefundable(session: Session, id: string): Promise<Refundable> {
  const { order } = await session.client.ask(refundable, { id: gid('Order', id) })
  if (!order) throw new Problem('refused', `Order ${id} is not in Shopify (any more).`)
  return {
    ...order,
    lines: await allOf(session, refundableLines, id, order.lineItems),
    suggested: order.suggestedRefund?.suggestedTransactions ?? [],
  }
}

export interface RefundedLine {
  readonly lineItemId: string
  readonly quantity: number
  readonly restockType: 'NO_RESTOCK'
}

/**
 * Which goods a refund of this amount is for: these lines, with or without the charge for shipping, if Shopify reckons the
 * same amount for them. Else it is for none, as a price reduction is.
 */
export async function goodsOf(
  { client }: Session,
  id: string,
  amount: string,
  lines: readonly RefundedLine[],
): Promise<{
  readonly refundLineItems?: readonly RefundedLine[]
  readonly shipping?: { readonly fullRefund: true }
}> {
  const { order } = await client.ask(suggesting, { id: gid('Order', id), lines })
  const isIt = (told: { amountSet: z.infer<typeof moneyBag> } | null | undefined) =>
    told ? equal(told.amountSet.shopMoney.amount, amount) : false
  if (lines.length > 0 && isIt(order?.goods)) return { refundLineItems: lines }
  if (isIt(order?.withShipping)) return { refundLineItems: lines, shipping: { fullRefund: true } }
  return {}
}

const refundableData = z.object({
  order: z
    .object({
      name: text,
      currencyCode: text,
      presentmentCurrencyCode: text,
      transactions: z.array(z.object({ id: text, kind: text, status: text })),
      lineItems: pageOf(refundableLine),
      suggestedRefund: z.object({ suggestedTransactions: z.array(suggestedTransaction) }).nullable(),
    })
    .nullable(),
})
export const refundable: Operation<z.infer<typeof refundableData>> = {
  text: `query Refundable($id: ID!) { order(id: $id) { name currencyCode presentmentCurrencyCode
    transactions { id kind status } ${beginningOf(refundableLines)}
    suggestedRefund(suggestFullRefund: true) { suggestedTransactions { gateway formattedGateway
      amountSet { ${shop} } maximumRefundableSet { ${shop} } parentTransaction { id manualPaymentGateway } } } } }`,
  data: refundableData,
}

const suggestion = z.object({ amountSet: moneyBag }).nullable()
const suggestedData = z.object({
  order: z.object({ goods: suggestion, withShipping: suggestion }).nullable(),
})
export const suggesting: Operation<z.infer<typeof suggestedData>> = {
  text: `query SuggestRefund($id: ID!, $lines: [RefundLineItemInput!]) { order(id: $id) {
    goods: suggestedRefund(refundLineItems: $lines) { amountSet { ${shop} } }
    withShipping: suggestedRefund(refundLineItems: $lines, refundShipping: true) { amountSet { ${shop} } } } }`,
  data: suggestedData,
}
