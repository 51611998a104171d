import { divide, isZero, multiply, roundMoney, subtract, sum, sumMoney } from '@linchpin/model'
import type { OrderRow } from './order-row.ts'
import type { WireCharge, WireLine, WireOrder } from './order-wire.ts'
import type { RefundRow } from './refund-row.ts'

export interface Pricing {
  readonly currency: string
  /** Whether prices and discounts are gross. */
  readonly taxesIncluded: boolean
}
type Allocation = WireLine['discountAllocations'][number]
type TaxLine = WireLine['taxLines'][number]

/** A line's amounts after all discounts, of what is left of it. `takenOff` is the gross amount of what is not. */
export function pricedLine(
  line: WireLine,
  pricing: Pricing,
  refunds: readonly RefundRow[],
  hasTips: boolean,
): { readonly line: OrderRow['lines'][number]; readonly takenOff: string } {
  const discounts = discountsOf(line.discountAllocations)
  const unitPrice = line.originalUnitPriceSet.shopMoney.amount
  const base = subtract(multiply(unitPrice, String(line.quantity)), sum(discounts.map(each => each.amount)))
  const taxes = taxesOf(line.taxLines)
  const full = amountsOf(base, sum(taxes.map(each => each.amount)), pricing)
  const { count, base: offBase, tax: offTax } = cancelledOf(line, base, full.tax, pricing, refunds)
  const left = amountsOf(subtract(base, offBase), subtract(full.tax, offTax), pricing)
  return {
    line: {
      ...line,
      kind: kindOf(line, hasTips),
      cancelled: count,
      unitPrice,
      discounts,
      ...left,
      taxes: count === 0 ? taxes : scaled(taxes, left.tax, full.tax, pricing.currency),
    },
    takenOff: subtract(full.gross, left.gross),
  }
}

/** Shipping, fees and duties. */
export function pricedCharges(
  order: WireOrder,
  charges: readonly WireCharge[],
  pricing: Pricing,
): OrderRow['charges'] {
  const shipping = charges.map((each, at) => {
    const discounts = discountsOf(each.discountAllocations)
    const base = subtract(each.originalPriceSet.shopMoney.amount, sum(discounts.map(one => one.amount)))
    const taxes = taxesOf(each.taxLines)
    const id = `shipping-${each.id ?? at + 1}`
    const amounts = amountsOf(base, sum(taxes.map(one => one.amount)), pricing)
    return { ...each, id, kind: 'shipping' as const, discounts, taxes, ...amounts }
  })
  const fees = order.additionalFees.map(each => {
    const taxes = taxesOf(each.taxLines)
    const amounts = amountsOf(each.price.shopMoney.amount, sum(taxes.map(one => one.amount)), pricing)
    return {
      id: `fee-${each.id}`,
      kind: 'other' as const,
      title: each.name,
      discounts: [],
      taxes,
      ...amounts,
    }
  })
  return [...shipping, ...fees, ...dutiesOf(order)]
}

/** Duties that are in the prices already are no charge of their own. */
function dutiesOf({ originalTotalDutiesSet, dutiesIncluded }: WireOrder): OrderRow['charges'] {
  const amount = originalTotalDutiesSet?.shopMoney.amount ?? '0'
  if (dutiesIncluded || isZero(amount)) return []
  return [
    {
      id: 'duties',
      kind: 'other',
      title: 'Duties',
      discounts: [],
      taxes: [],
      net: amount,
      tax: '0',
      gross: amount,
    },
  ]
}

function amountsOf(base: string, tax: string, { currency, taxesIncluded }: Pricing) {
  const rounded = (amount: string) => roundMoney(amount, currency)
  return taxesIncluded
    ? { net: rounded(subtract(base, tax)), tax: rounded(tax), gross: rounded(base) }
    : { net: rounded(base), tax: rounded(tax), gross: sumMoney([base, tax], currency) }
}

/**
 * What was taken off a line before it left: by refunds that say so, or by an edit of the order, which says only how many
 * are left. Goods that came back stay sold; their money is a Refund.
 */
function cancelledOf(
  { id, quantity, currentQuantity }: WireLine,
  base: string,
  tax: string,
  { currency }: Pricing,
  refunds: readonly RefundRow[],
) {
  const refunded = refunds.flatMap(refund => refund.lines.filter(each => each.lineItem.id === id))
  const cancelled = refunded.filter(({ restockType }) => restockType === 'CANCEL')
  const count = (of: typeof refunded) => of.reduce((total, each) => total + each.quantity, 0)
  const edited = Math.max(0, quantity - currentQuantity - count(refunded))
  const share = (amount: string) =>
    roundMoney(divide(multiply(amount, String(edited)), String(quantity || 1)), currency)
  return {
    count: count(cancelled) + edited,
    base: sum([...cancelled.map(each => each.subtotal), share(base)]),
    tax: sum([...cancelled.map(each => each.tax), share(tax)]),
  }
}

/** A tip is a line without a product. */
function kindOf(line: WireLine, hasTips: boolean): OrderRow['lines'][number]['kind'] {
  if (line.isGiftCard) return 'giftCard'
  if (line.requiresShipping || line.product) return line.requiresShipping ? 'item' : 'service'
  return hasTips && line.title === 'Tip' ? 'tip' : 'service'
}

function discountsOf(allocations: readonly Allocation[]): OrderRow['orderDiscounts'] {
  return allocations.map(({ allocatedAmountSet, discountApplication: { index, ...application } }) => ({
    ...application,
    index: String(index),
    amount: allocatedAmountSet.shopMoney.amount,
    of: application.allocationMethod === 'ACROSS' ? 'document' : 'line',
  }))
}

function taxesOf(taxLines: readonly TaxLine[]): OrderRow['lines'][number]['taxes'] {
  return taxLines.map(({ title, ratePercentage, priceSet }) => ({
    title,
    rate: String(ratePercentage ?? 0),
    amount: priceSet.shopMoney.amount,
  }))
}

/** What is left of the tax, by rate in the proportion of before; the last rate takes what rounding leaves. */
function scaled(
  taxes: OrderRow['lines'][number]['taxes'],
  left: string,
  full: string,
  currency: string,
): OrderRow['lines'][number]['taxes'] {
  const parts = taxes.map(({ amount }) =>
    isZero(full) ? '0' : roundMoney(divide(multiply(amount, left), full), currency),
  )
  const others = sum(parts.slice(0, -1))
  return taxes.map((each, at) => ({
    ...each,
    amount: at === taxes.length - 1 ? subtract(left, others) : (parts[at] ?? '0'),
  }))
}
