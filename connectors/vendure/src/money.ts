import { divide, multiply, round } from '@linchpin/model'

/**
 * Vendure's Money is an integer of 10^-precision of the currency's unit, where the precision belongs to the server and
 * not to the currency: with the usual 2, ¥100 are 10000. Some fields are not rounded (ShippingLine.price).
 */
function amountOf(money: number, precision: number): string {
  const exact = divide(plain(money), scaleOf(precision), precision + 10)
  return Number.isInteger(money) ? round(exact, precision) : exact
}

/** A decimal amount in Vendure's integers, half up. */
export function moneyOf(amount: string, precision: number): number {
  return Number(round(multiply(amount, scaleOf(precision)), 0))
}

/** A JSON number as decimal text: 1e-7 has an exponent when printed. */
export function plain(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text
}

/** The row with all its Money as decimal text; everything else as it came. */
export function withAmounts(value: unknown, precision: number): unknown {
  if (Array.isArray(value)) return value.map(each => withAmounts(each, precision))
  if (value === null || typeof value !== 'object') return value
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    typeof field === 'number' && moneyFields.has(name)
      ? amountOf(field, precision)
      : plainFields.has(name)
        ? field
        : withAmounts(field, precision),
  ])
  return Object.fromEntries(fields) as unknown
}

/** What a shop or its payment provider put there is none of our business. */
const plainFields = new Set(['customFields', 'metadata'])

const moneyFields = new Set(
  `adjustment amount amountWithTax discountedLinePrice discountedLinePriceWithTax discountedPrice
  discountedPriceWithTax items linePrice linePriceWithTax lineTax price priceWithTax proratedLinePrice
  proratedLinePriceWithTax shipping shippingWithTax subTotal subTotalWithTax taxBase taxTotal total totalWithTax
  unitPrice unitPriceWithTax`.split(/\s+/),
)

function scaleOf(precision: number): string {
  return `1${'0'.repeat(precision)}`
}
