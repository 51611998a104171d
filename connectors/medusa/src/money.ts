import { Problem } from '@linchpin/connector'
import { divide, equal, multiply, subtract, sum } from '@linchpin/model'

/**
 * Medusa reckons with exact decimals, rounds nothing, and tells its figures as JSON numbers of whole units: a tax of
 * 1.85409 EUR. Here they become decimal text.
 */
export function decimal(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text
}

/** The way back. What a JSON number would change is refused rather than a cent off. */
export function jsonNumber(text: string): number {
  const number = Number(text)
  if (Number.isFinite(number) && equal(String(number), text)) return number
  throw new Problem(
    'refused',
    `Medusa cannot be told ${text} exactly: it has too many digits for a JSON number.`,
  )
}

export interface Priced {
  readonly amount: string
  /** Whether `amount` is with tax. */
  readonly inclusive: boolean
  /** In percent; Medusa adds up the rates of several taxes. */
  readonly rates: readonly string[]
}

/** A price without tax and with it, exactly as Medusa reckons (@medusajs/utils, totals/line-item). */
export function withAndWithout({ amount, inclusive, rates }: Priced): {
  readonly net: string
  readonly gross: string
} {
  const factor = divide(sum(['100', ...rates]), '100', 10)
  return inclusive
    ? { net: divide(amount, factor, 20), gross: amount }
    : { net: amount, gross: multiply(amount, factor) }
}

export function less(left: { net: string; gross: string }, right: { net: string; gross: string }) {
  return { net: subtract(left.net, right.net), gross: subtract(left.gross, right.gross) }
}
