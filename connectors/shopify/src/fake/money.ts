import { fromMinor, plain, roundMoney, toMinor } from '@linchpin/model'
import type { ShopFacts } from './books.ts'

/** Its shops count in hundredths. */
const CURRENCY = 'EUR'

/** As Shopify writes an amount: '10.0', '12.5', '28.88'. */
function amountOf(cents: number): string {
  const text = plain(fromMinor(cents, CURRENCY))
  return text.includes('.') ? text : `${text}.0`
}

/** As it writes a variant's price: '10.00'. */
export const priceOf = (cents: number): string => fromMinor(cents, CURRENCY)
export const centsOf = (amount: string): number => toMinor(roundMoney(amount, CURRENCY), CURRENCY)

export function bag(cents: number, { currency }: ShopFacts): object {
  const money = { amount: amountOf(cents), currencyCode: currency }
  return { shopMoney: money, presentmentMoney: money }
}

/** Tax of an amount that holds it or not. */
export function taxOf(cents: number, rate: number, { taxesIncluded }: ShopFacts): number {
  return Math.round(taxesIncluded ? (cents * rate) / (100 + rate) : (cents * rate) / 100)
}
