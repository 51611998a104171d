import { Decimal as Exact } from 'decimal.js'
import type { Decimal } from './values.ts'

/**
 * Exact arithmetic on decimals written as text: amounts, quantities, rates. Answers have no exponent, no '-0' and no
 * zeros at the end ('1.50' + '1.50' = '3'); `round` alone pads. A text that is no decimal number is a RangeError.
 */
export function add(left: Decimal, right: Decimal): Decimal {
  return text(exact(left).plus(exact(right)))
}

export function subtract(left: Decimal, right: Decimal): Decimal {
  return text(exact(left).minus(exact(right)))
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = exact('0')
  for (const value of values) total = total.plus(exact(value))
  return text(total)
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return text(exact(left).times(exact(right)))
}

/** The quotient, rounded half up to at most so many decimals. Dividing by zero is a RangeError. */
export function divide(left: Decimal, right: Decimal, decimals = 10): Decimal {
  if (isZero(right)) throw new RangeError(`${left} cannot be divided by zero.`)
  return text(exact(left).div(exact(right)).toDecimalPlaces(decimals, Exact.ROUND_HALF_UP))
}

/** -1, 0 or 1: usable for sorting. */
export function compare(left: Decimal, right: Decimal): -1 | 0 | 1 {
  return exact(left).comparedTo(exact(right)) as -1 | 0 | 1
}

export function equal(left: Decimal, right: Decimal): boolean {
  return compare(left, right) === 0
}

export function isZero(value: Decimal): boolean {
  return exact(value).isZero()
}

export function isNegative(value: Decimal): boolean {
  return compare(value, '0') < 0
}

export function isPositive(value: Decimal): boolean {
  return compare(value, '0') > 0
}

export function negate(value: Decimal): Decimal {
  return text(exact(value).negated())
}

export function absolute(value: Decimal): Decimal {
  return text(exact(value).abs())
}

export function smaller(left: Decimal, right: Decimal): Decimal {
  return compare(left, right) <= 0 ? plain(left) : plain(right)
}

export function larger(left: Decimal, right: Decimal): Decimal {
  return compare(left, right) >= 0 ? plain(left) : plain(right)
}

/** The one way to write a number: '007.10' → '7.1', '-0.0' → '0'. */
export function plain(value: Decimal): Decimal {
  return text(exact(value))
}

/** How many decimals a number really has: 2 for '1.25', 1 for '1.50', 0 for '100'. */
export function decimalsIn(value: Decimal): number {
  return exact(value).decimalPlaces()
}

/** Half up as merchants do it (away from zero: '-0.005' → '-0.01'), padded to exactly so many decimals. */
export function round(value: Decimal, decimals: number): Decimal {
  return text(exact(value).toDecimalPlaces(decimals, Exact.ROUND_HALF_UP), decimals)
}

/** The next whole number that is not larger than the quotient: 29 by 12 → '2', '-0.5' by 1 → '-1'. */
export function floorDivide(left: Decimal, right: Decimal): Decimal {
  if (isZero(right)) throw new RangeError(`${left} cannot be divided by zero.`)
  return text(exact(left).div(exact(right)).floor())
}

// decimal.js rounds to so many significant digits. A thousand is far beyond any figure in trade, so sums and products
// stay exact, and a quotient is never rounded twice to a visible effect.
const Wide = Exact.clone({ precision: 1000, defaults: true })

function exact(value: Decimal): Exact {
  // decimal.js would also read '1e5', '0x10', 'Infinity' and 'NaN'. None of them is a figure on a document.
  if (!/^-?\d+(\.\d+)?$/.test(value)) throw new RangeError(`"${value}" is not a decimal number like "12.50".`)
  return new Wide(value)
}

function text(value: Exact, decimals?: number): Decimal {
  return decimals === undefined ? value.toFixed() : value.toFixed(decimals)
}
