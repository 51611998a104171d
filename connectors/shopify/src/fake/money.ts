import type { ShopFacts } from './books.ts'

/** As Shopify writes an amount: '10.0', '12.5', '28.88'. */
function amountOf(cents: number): string {
  const text = (cents / 100).toString()
  return text.includes('.') ? text : `${text}.0`
}

/** As it writes a variant's price: '10.00'. */
export const priceOf = (cents: number): string => (cents / 100).toFixed(2)
export const centsOf = (amount: string): number => Math.round(Number(amount) * 100)

export function bag(cents: number, { currency }: ShopFacts): object {
  const money = { amount: amountOf(cents), currencyCode: currency }
  return { shopMoney: money, presentmentMoney: money }
}

/** Tax of an amount that holds it or not. */
export function taxOf(cents: number, rate: number, { taxesIncluded }: ShopFacts): number {
  return Math.round(taxesIncluded ? (cents * rate) / (100 + rate) : (cents * rate) / 100)
}
