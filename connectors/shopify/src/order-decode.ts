import { Problem } from '@linchpin/connector'
import { isZero, subtract, sum, sumMoney } from '@linchpin/model'
import type { z } from 'zod'
import { accountOfLocation } from './company-row.ts'
import type { Metafield } from './metafield-list.ts'
import { pricedCharges, pricedLine, type Pricing } from './order-lines.ts'
import { orderRow, type OrderRow } from './order-row.ts'
import type { RefundRow } from './refund-row.ts'
import type { Settings } from './settings.ts'
import { wire, type WireCharge, type WireLine, type WireOrder } from './order-wire.ts'

/** The lists of an order, to their ends. */
interface OrderLists {
  readonly lines: readonly WireLine[]
  /** For shipping. */
  readonly charges: readonly WireCharge[]
  readonly metafields: readonly Metafield[]
}

/** The row of an answer: all its lines, less what its refunds took off before it left, and what they add up to. */
export function decodeOrder(
  order: WireOrder,
  { lines, charges: shipping, metafields }: OrderLists,
  refunds: readonly RefundRow[],
  { companies, namespace }: Settings,
): OrderRow {
  const pricing: Pricing = { currency: order.currencyCode, taxesIncluded: order.taxesIncluded }
  const tips = order.totalTipReceivedSet.shopMoney.amount
  const priced = lines.map(line => pricedLine(line, pricing, refunds, !isZero(tips)))
  const charges = pricedCharges(order, shipping, pricing)
  const all = [...priced.map(({ line }) => line), ...charges]
  const total = (field: 'net' | 'tax' | 'gross') =>
    sumMoney(
      all.map(each => each[field]),
      pricing.currency,
    )
  const takenOff = sum(priced.map(({ takenOff: amount }) => amount))
  const payable = subtract(order.totalPriceSet.shopMoney.amount, takenOff)
  const row = orderRow.safeParse({
    ...order,
    number: order.name.replace(/^#/, ''),
    company: companyOf(order, companies),
    lines: priced.map(({ line }) => line),
    charges,
    orderDiscounts: orderDiscounts(all, pricing.currency),
    payments: paymentsOf(order),
    payable,
    net: total('net'),
    tax: total('tax'),
    rounding: subtract(payable, total('gross')),
    own: Object.fromEntries(
      metafields.filter(each => each.namespace === namespace).map(({ key, value }) => [key, value]),
    ),
    metafields,
    lineItems: undefined,
    shippingLines: undefined,
    additionalFees: undefined,
    transactions: undefined,
    purchasingEntity: undefined,
  })
  if (!row.success) throw surprise(row.error)
  return row.data
}

export function wireOf(answered: unknown): WireOrder {
  const found = wire.safeParse(answered)
  if (!found.success) throw surprise(found.error)
  return found.data
}

/** Whether refunds have to be read to know what is left of it. */
export function isReduced(order: WireOrder): boolean {
  return (
    !isZero(order.totalRefundedSet.shopMoney.amount) ||
    order.currentSubtotalLineItemsQuantity < order.subtotalLineItemsQuantity
  )
}

type Discount = OrderRow['orderDiscounts'][number]

/** The sums of the shares that lines and shipping have in a discount of the whole order. */
function orderDiscounts(
  parts: readonly { readonly discounts: readonly Discount[] }[],
  currency: string,
): Discount[] {
  const found = new Map<string, Discount>()
  for (const each of parts.flatMap(({ discounts }) => discounts)) {
    if (each.of !== 'document') continue
    const amount = sumMoney([found.get(each.index)?.amount ?? '0', each.amount], currency)
    found.set(each.index, { ...each, amount })
  }
  return [...found.values()]
}

function companyOf({ purchasingEntity }: WireOrder, companies: boolean) {
  if (!purchasingEntity?.company || !purchasingEntity.location) return null
  const { company, location, contact } = purchasingEntity
  return {
    ...purchasingEntity,
    account: companies ? accountOfLocation(location.id) : null,
    name: company.name,
    vatId: location.taxSettings.taxRegistrationId ?? null,
    taxExempt: location.taxSettings.taxExempt,
    contact: contact?.id ?? null,
  }
}

/** Money that came in, or may. An authorization that was captured is the capture; one that was voided is none. */
function paymentsOf({ transactions }: WireOrder) {
  const ended = new Set(
    transactions
      .filter(({ kind, status }) => (kind === 'CAPTURE' || kind === 'VOID') && status === 'SUCCESS')
      .map(({ parentTransaction }) => parentTransaction?.id),
  )
  return transactions
    .filter(
      ({ id, kind }) => kind === 'SALE' || kind === 'CAPTURE' || (kind === 'AUTHORIZATION' && !ended.has(id)),
    )
    .map(each => ({
      ...each,
      method: each.formattedGateway ?? each.gateway ?? 'unknown',
      amount: each.amountSet.shopMoney.amount,
    }))
}

function surprise(error: z.ZodError): Problem {
  const where = error.issues[0]?.path.join('.') ?? ''
  return new Problem('surprise', `Shopify told an order in a way that we do not understand (${where}).`)
}
