import {
  add,
  allocate,
  compare,
  decimalsOf,
  divide,
  isPositive,
  isZero,
  multiply,
  negate,
  plain,
  round,
  subtract,
  sum,
} from '@linchpin/model'
import {
  trackingItems,
  type Line,
  type LineItem,
  type OrderItem,
  type OrderRow,
  type RawOrder,
  type RefundRow,
  type TrackingItem,
} from './order-row.ts'
import { instantOf, metaValue } from './wire.ts'

export function orderRowOf(order: RawOrder, refunds: readonly RefundRow[]): OrderRow {
  const { _links: _, ...rest } = order as RawOrder & { _links?: unknown }
  const whole = new Map(refunds.map(refund => [refund.id, withoutLinks(refund)]))
  const row = { ...rest, refunds: order.refunds.map(refund => ({ ...refund, ...whole.get(refund.id) })) }
  const items = [
    ...row.line_items.map(each => lineOf(each, row)),
    ...row.fee_lines.map(each => partOf(each, feeType(each), row)),
    ...row.shipping_lines.map(each => partOf({ ...each, name: each.method_title }, 'shipping', row)),
  ]
  const coupon_lines = row.coupon_lines.map(coupon => ({
    ...coupon,
    allocated: allocatedOf(coupon.id, items),
  }))
  return {
    ...row,
    coupon_lines,
    order_items: items,
    payments: paymentsOf(row, items),
    rounding: roundingOf(row),
  }
}

/** What the lines bear of a coupon. WooCommerce's own figure can be a cent beside it, or stand for cancelled pieces. */
function allocatedOf(coupon: number, items: readonly OrderItem[]): string {
  const shares = items.flatMap(each => each.discounts).filter(share => share.coupon_id === coupon)
  return sum(shares.map(share => share.amount))
}

function roundingOf(order: RawOrder): string {
  const parts = [...order.line_items, ...order.fee_lines, ...order.shipping_lines]
  return subtract(
    amount(order.total),
    sum(parts.flatMap(part => [amount(part.total), amount(part.total_tax)])),
  )
}

function paymentsOf(order: RawOrder, items: readonly OrderItem[]): OrderRow['payments'] {
  const cards = items
    .filter(each => each.order_item_type === 'gift_card')
    .map(card => ({
      payment_method: 'gift_card',
      payment_method_title: String(card.name),
      transaction_id: '',
      kind: 'giftCard' as const,
      status: 'captured' as const,
      amount: negate(add(card.left.total, card.left.total_tax)),
      date_paid_gmt: order.date_paid_gmt ?? order.date_created_gmt,
    }))
  if (!order.payment_method) return cards
  const main = {
    payment_method: order.payment_method,
    payment_method_title: order.payment_method_title ?? order.payment_method,
    transaction_id: order.transaction_id ?? '',
    kind: 'payment' as const,
    status: order.date_paid_gmt ? ('captured' as const) : (unpaid[order.status] ?? ('pending' as const)),
    amount: amount(order.total),
    date_paid_gmt: order.date_paid_gmt ?? null,
  }
  return [main, ...cards]
}

const unpaid: Readonly<Record<string, 'failed' | 'voided'>> = { failed: 'failed', cancelled: 'voided' }

function lineOf(item: LineItem, order: RawOrder): OrderItem {
  const cancelled = cancelledOf(item, order)
  const decimals = decimalsOf(order.currency)
  const left = {
    total: round(subtract(amount(item.total), cancelled.total), decimals),
    total_tax: round(subtract(amount(item.total_tax), cancelled.totalTax), decimals),
  }
  const basis = order.prices_include_tax
    ? add(amount(item.subtotal), amount(item.subtotal_tax))
    : amount(item.subtotal)
  const quantity = String(item.quantity)
  const unitPrice = isZero(quantity) ? '0' : divide(basis, quantity, 6)
  const shown = order.prices_include_tax ? add(left.total, left.total_tax) : left.total
  const discount = round(
    subtract(multiply(unitPrice, subtract(quantity, cancelled.quantity)), shown),
    decimals,
  )
  return {
    ...item,
    order_item_type: 'line_item',
    left,
    unit_price: unitPrice,
    cancelled_quantity: cancelled.quantity,
    discounts: discountsOf(discount, order),
    taxes: taxesOf(item, left.total_tax, order),
  }
}

function partOf(part: Line, type: OrderItem['order_item_type'], order: RawOrder): OrderItem {
  const left = leftOf(part, order)
  return {
    ...part,
    order_item_type: type,
    quantity: 1,
    left,
    unit_price: order.prices_include_tax ? add(left.total, left.total_tax) : left.total,
    cancelled_quantity: '0',
    discounts: [],
    taxes: taxesOf(part, left.total_tax, order),
  }
}

// WooCommerce has no line for a tip or a redeemed gift card; plugins add fees, and only their names tell.
const TIP = /^(tips?|gratuity|trinkgeld|pourboire)\b/i
const GIFT_CARD = /^(gift ?card|gift certificate|geschenkgutschein|geschenkkarte|wertgutschein)\b/i

function feeType(fee: Line): 'tip' | 'gift_card' | 'fee' {
  if (TIP.test(fee.name)) return 'tip'
  return GIFT_CARD.test(fee.name) && isPositive(negate(amount(fee.total))) ? 'gift_card' : 'fee'
}

/** The coupons' shares of a line's discount. Without coupons a price was lowered by hand, on the line itself. */
function discountsOf(discount: string, order: RawOrder): OrderItem['discounts'] {
  if (isZero(discount)) return []
  const coupons = order.coupon_lines.filter(coupon => isPositive(amount(coupon.discount)))
  if (coupons.length === 0) return [{ coupon_id: null, code: '', amount: discount }]
  const weights = coupons.map(coupon => amount(coupon.discount))
  const shares = allocate(discount, weights, order.currency)
  return coupons.map(({ id, code }, at) => ({ coupon_id: id, code, amount: shares[at] ?? '0' }))
}

/** The line's tax by rate. The rates' amounts have more decimals than the line's tax, so that is shared out by them. */
function taxesOf(part: Pick<Line, 'taxes'>, tax: string, order: RawOrder): OrderItem['taxes'] {
  const taxes = (part.taxes ?? []).filter(({ total }) => total !== '')
  if (taxes.length === 0) return []
  const shares = allocate(
    round(tax, decimalsOf(order.currency)),
    taxes.map(({ total }) => total),
    order.currency,
  )
  return taxes.map(({ id }, at) => {
    const rate = order.tax_lines.find(each => each.rate_id === id)
    return {
      rate_percent: plain(String(rate?.rate_percent ?? 0)),
      label: rate?.label ?? '',
      amount: shares[at] ?? '0',
    }
  })
}

/** What was refunded before it was shipped was cancelled; what was refunded later came back, and the order stays. */
function cancelledOf(item: LineItem, order: RawOrder) {
  const cancelled = { quantity: '0', total: '0', totalTax: '0' }
  for (const refund of order.refunds) {
    const refunded = refundedIn(refund.line_items, item)
    if (!refunded) continue
    const quantity = negate(String(refunded.quantity))
    // Money without pieces is a price reduction after the fact. Of a line that is partly shipped, pieces that came
    // back cannot be told from pieces that never left, unless fewer are left than were given back.
    if (!isPositive(quantity) || compare(quantity, unshipped(item, order, refund)) > 0) continue
    cancelled.quantity = add(cancelled.quantity, quantity)
    cancelled.total = subtract(cancelled.total, amount(refunded.total))
    cancelled.totalTax = subtract(cancelled.totalTax, amount(refunded.total_tax))
  }
  return cancelled
}

/** What is left of a fee or of shipping, when some was given back before anything was shipped. */
function leftOf(part: Line, order: RawOrder): OrderItem['left'] {
  const refunded = order.refunds
    .filter(refund => !hasShipped(order, instantOf(refund.date_created_gmt)))
    .flatMap(
      ({ shipping_lines = [], fee_lines = [] }) => refundedIn([...shipping_lines, ...fee_lines], part) ?? [],
    )
  return {
    total: sum([amount(part.total), ...refunded.map(({ total }) => amount(total))]),
    total_tax: sum([amount(part.total_tax), ...refunded.map(each => amount(each.total_tax))]),
  }
}

function refundedIn<Part extends Pick<Line, 'meta_data'>>(
  parts: readonly Part[] | undefined,
  item: { id: number },
): Part | undefined {
  return parts?.find(each => Number(metaValue(each, '_refunded_item_id')) === item.id)
}

function hasShipped(order: RawOrder, at: string): boolean {
  const completed = order.date_completed_gmt
  return (!!completed && instantOf(completed) < at) || trackingItems(order).some(item => shippedAt(item) < at)
}

/** How many of a line had not been shipped when this refund was made. */
function unshipped(item: LineItem, order: RawOrder, refund: RefundRow): string {
  const at = instantOf(refund.date_created_gmt)
  if (order.date_completed_gmt && instantOf(order.date_completed_gmt) < at) return '0'
  const shipped = trackingItems(order)
    .filter(tracking => shippedAt(tracking) < at)
    .flatMap(tracking => tracking.products_list ?? [])
    .filter(product => product.item_id === item.id)
  return subtract(String(item.quantity), sum(shipped.map(({ qty }) => String(qty))))
}

function shippedAt({ date_shipped: seconds }: TrackingItem): string {
  return new Date((Number(seconds) || 0) * 1000).toISOString()
}

function withoutLinks<Row extends object>(row: Row): Row {
  const { _links: _, ...rest } = row as Row & { _links?: unknown }
  return rest as Row
}

function amount(text: string): string {
  return text === '' ? '0' : text
}
