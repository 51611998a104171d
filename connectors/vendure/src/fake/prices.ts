import { type Books, coupon, type Order, type OrderLine } from './books.ts'

/**
 * Vendure's sums: floats, rounded where a figure is shown (entity/order-line, common/tax-utils). A cancelled unit takes
 * its share of the discounts with it.
 */
export function lineView({ channel, variants }: Books, line: OrderLine) {
  const { listPrice, taxRate, quantity, orderPlacedQuantity, share } = line
  const unit = quantity === 0 ? listPrice : listPrice + share / Math.max(orderPlacedQuantity, quantity)
  const net = (price: number) => (channel.pricesIncludeTax ? price / (1 + taxRate / 100) : price)
  const gross = (price: number) => (channel.pricesIncludeTax ? price : price * (1 + taxRate / 100))
  const variant = variants.get(line.variant)
  const given = (share / Math.max(orderPlacedQuantity, quantity)) * quantity
  return {
    id: line.id,
    productVariant: { id: line.variant, sku: variant?.sku ?? '', name: variant?.name ?? '' },
    quantity,
    orderPlacedQuantity,
    unitPrice: Math.round(net(listPrice)),
    unitPriceWithTax: Math.round(gross(listPrice)),
    proratedLinePrice: Math.round(net(unit) * quantity),
    proratedLinePriceWithTax: Math.round(gross(unit) * quantity),
    discounts:
      share === 0
        ? []
        : [
            {
              adjustmentSource: `PROMOTION:${coupon.id}`,
              type: 'DISTRIBUTED_ORDER_PROMOTION',
              description: coupon.name,
              amount: Math.round(net(given)),
              amountWithTax: Math.round(gross(given)),
            },
          ],
    taxLines: [{ description: `${taxRate} %`, taxRate }],
  }
}

/** Shipping is taxed at 19 %. Its price is not rounded when the channel's prices are with tax. */
export function shippingView({ channel }: Books, { id, listPrice, cancelled }: Order['shipping']) {
  const price = channel.pricesIncludeTax ? listPrice / 1.19 : listPrice
  const priceWithTax = Math.round(channel.pricesIncludeTax ? listPrice : listPrice * 1.19)
  return {
    id,
    shippingMethod: { code: 'parcel', name: 'Parcel' },
    price,
    priceWithTax,
    discountedPrice: cancelled ? 0 : Math.round(price),
    discountedPriceWithTax: cancelled ? 0 : priceWithTax,
    discounts: cancelled
      ? [
          {
            adjustmentSource: 'CANCEL_ORDER',
            type: 'OTHER',
            description: 'shipping cancellation',
            amount: -Math.round(price),
            amountWithTax: -priceWithTax,
          },
        ]
      : [],
  }
}

/** Cents shared by weight; the largest remainders come first. */
export function prorate(weights: readonly number[], amount: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const exact = weights.map(weight => (total === 0 ? 0 : (amount * weight) / total))
  const shares = exact.map(Math.trunc)
  let rest = amount - shares.reduce((sum, share) => sum + share, 0)
  const order = exact
    .map((share, index) => ({ index, remainder: Math.abs(share - Math.trunc(share)) }))
    .toSorted((left, right) => right.remainder - left.remainder)
  for (const { index } of order) {
    if (rest === 0) break
    shares[index]! += Math.sign(rest)
    rest -= Math.sign(rest)
  }
  return shares
}
