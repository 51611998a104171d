import { absolute, add, compare, multiply } from './decimal.ts'
import { minorUnit } from './money.ts'
import type { BillingDocument } from './totals.ts'
import type { Amount, Currency } from './values.ts'

/** Where the smallest coin is larger than the smallest amount, cash is rounded by at most half of it. */
const HALF_COIN: Readonly<Record<Currency, Amount>> = {
  AUD: '0.03',
  CAD: '0.03',
  CHF: '0.03',
  CZK: '0.5',
  DKK: '0.25',
  EUR: '0.03',
  HUF: '2.5',
  ISK: '0.5',
  NOK: '0.5',
  NZD: '0.05',
  PLN: '0.03',
  SEK: '0.5',
}

/**
 * Why what a document calls its rounding is none; null when it may be. A source whose parts do not add up tells the
 * difference as rounding: a cent for each net and each tax, and half a coin, is rounding; more is money that nobody
 * has explained.
 */
export function roundingProblem({ currency, lines, charges, totals }: BillingDocument): string | null {
  const { rounding = '0', payable } = totals
  const parts = lines.length + charges.length
  const most = add(multiply(minorUnit(currency), String(2 * parts)), HALF_COIN[currency] ?? '0')
  if (compare(absolute(rounding), most) <= 0) return null
  return `Payable is ${payable} ${currency}, which is ${rounding} off the sum of lines, charges and taxes; rounding explains ${most} at most.`
}
