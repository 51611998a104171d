import { Problem, type Write } from '@linchpin/connector'
import { saleNow } from '@linchpin/connector/shop'
import { add, compare, divide, equal, isNegative, multiply, roundMoney } from '@linchpin/model'
import type { PriceWrite, VariantPrice } from './prices.ts'
import type { Facts, Session } from './session.ts'

/** What is to be sent for one price. */
export interface PricePlan {
  readonly key: string
  readonly variant: string
  readonly product: string
  /** Null when it is there already. */
  readonly input: { readonly price: string; readonly compareAtPrice: string | null } | null
  /** Write again at this instant (ms since 1970). */
  readonly again: number | null
}

export function pricePlan(
  { settings, io }: Session,
  shop: Facts['shop'],
  there: VariantPrice,
  { key, row }: Write<PriceWrite>,
): PricePlan {
  const name = there.sku ?? there.id
  if (row.currency !== shop.currencyCode)
    throw new Problem(
      'refused',
      `The price of ${name} is in ${row.currency}; the shop has its prices in ${shop.currencyCode}.`,
    )
  const inBasis = (amount: string) => converted(amount, row.taxInclusive, shop, settings.priceTaxRate, name)
  const { isOn, again } = saleNow(row, io.now())
  const list = inBasis(row.list)
  const now = isOn && row.sale ? inBasis(row.sale.amount) : list
  if (isNegative(now)) throw new Problem('refused', `The price of ${name} is negative: ${now}.`)
  const input = { price: now, compareAtPrice: compare(list, now) > 0 ? list : null }
  return {
    key,
    variant: there.id,
    product: there.product.id,
    input: isSame(there, input) ? null : input,
    again,
  }
}

function isSame(there: VariantPrice, { price, compareAtPrice }: NonNullable<PricePlan['input']>): boolean {
  const had = there.compareAtPrice ?? null
  const sameCompare =
    had === null || compareAtPrice === null ? had === compareAtPrice : equal(had, compareAtPrice)
  return equal(there.price, price) && sameCompare
}

/** Shopify knows no rate of tax for an article: that depends on who buys it and where. */
export function converted(
  amount: string,
  taxInclusive: boolean,
  { currencyCode, taxesIncluded }: Facts['shop'],
  rate: string | undefined,
  name: string,
): string {
  if (taxInclusive === taxesIncluded) return roundMoney(amount, currencyCode)
  if (rate === undefined)
    throw new Problem(
      'settings',
      `The price of ${name} is ${taxInclusive ? 'with' : 'without'} tax, and the shop's prices are ${taxesIncluded ? 'with' : 'without'}. Send a price list of the same kind, or set priceTaxRate.`,
    )
  const factor = add('1', divide(rate, '100'))
  return roundMoney(taxInclusive ? divide(amount, factor) : multiply(amount, factor), currencyCode)
}
