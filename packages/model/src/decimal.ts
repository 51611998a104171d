import type { Decimal } from './values.ts'

/**
 * Exact arithmetic on decimals written as text: amounts, quantities, rates. Answers have no exponent, no '-0' and no
 * zeros at the end ('1.50' + '1.50' = '3'); `round` alone pads. A text that is no decimal number is a RangeError.
 */
export function add(left: Decimal, right: Decimal): Decimal {
  return text(plus(exact(left), exact(right)))
}

export function subtract(left: Decimal, right: Decimal): Decimal {
  return text(plus(exact(left), negated(exact(right))))
}

export function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO
  for (const value of values) total = plus(total, exact(value))
  return text(total)
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  const [one, other] = [exact(left), exact(right)]
  return text({ units: one.units * other.units, scale: one.scale + other.scale })
}

/** The quotient, rounded half up to at most so many decimals. Dividing by zero is a RangeError. */
export function divide(left: Decimal, right: Decimal, decimals = 10): Decimal {
  const [above, below] = quotient(left, right)
  return text({ units: halfUp(above * tenTo(decimals), below), scale: decimals })
}

/** -1, 0 or 1: usable for sorting. */
export function compare(left: Decimal, right: Decimal): -1 | 0 | 1 {
  const { units } = plus(exact(left), negated(exact(right)))
  return units === 0n ? 0 : units < 0n ? -1 : 1
}

export function equal(left: Decimal, right: Decimal): boolean {
  return compare(left, right) === 0
}

export function isZero(value: Decimal): boolean {
  return exact(value).units === 0n
}

export function isNegative(value: Decimal): boolean {
  return exact(value).units < 0n
}

export function isPositive(value: Decimal): boolean {
  return exact(value).units > 0n
}

export function negate(value: Decimal): Decimal {
  return text(negated(exact(value)))
}

export function absolute(value: Decimal): Decimal {
  const { units, scale } = exact(value)
  return text({ units: size(units), scale })
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
  const written = plain(value)
  const point = written.indexOf('.')
  return point === -1 ? 0 : written.length - point - 1
}

/** Half up as merchants do it (away from zero: '-0.005' → '-0.01'), padded to exactly so many decimals. */
export function round(value: Decimal, decimals: number): Decimal {
  const { units, scale } = exact(value)
  return fromUnits(halfUp(units * tenTo(decimals), tenTo(scale)), decimals)
}

/** The next whole number that is not larger than the quotient: 29 by 12 → '2', '-0.5' by 1 → '-1'. */
export function floorDivide(left: Decimal, right: Decimal): Decimal {
  const [above, below] = quotient(left, right)
  const whole = above / below
  return String(whole * below > above ? whole - 1n : whole)
}

/** So many of the smallest unit as text: 1999 with 2 decimals → '19.99'. */
export function fromUnits(units: bigint, decimals: number): Decimal {
  if (decimals === 0) return String(units)
  const digits = String(size(units)).padStart(decimals + 1, '0')
  const point = digits.length - decimals
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** A whole number of units, each of them a one behind so many zeros: '12.5' is 125 with a scale of 1. */
interface Exact {
  readonly units: bigint
  readonly scale: number
}

const ZERO: Exact = { units: 0n, scale: 0 }
const FIGURE = /^-?\d+(\.\d+)?$/

function exact(value: Decimal): Exact {
  if (!FIGURE.test(value)) throw new RangeError(`"${value}" is not a decimal number like "12.50".`)
  const point = value.indexOf('.')
  if (point === -1) return { units: BigInt(value), scale: 0 }
  return { units: BigInt(value.slice(0, point) + value.slice(point + 1)), scale: value.length - point - 1 }
}

function text({ units, scale }: Exact): Decimal {
  const written = fromUnits(units, scale)
  return scale === 0 ? written : written.replace(/\.?0+$/, '')
}

function plus(left: Exact, right: Exact): Exact {
  if (left.scale === right.scale) return { units: left.units + right.units, scale: left.scale }
  const scale = Math.max(left.scale, right.scale)
  return { units: unitsAt(left, scale) + unitsAt(right, scale), scale }
}

const unitsAt = ({ units, scale }: Exact, finer: number) => units * tenTo(finer - scale)
const negated = ({ units, scale }: Exact): Exact => ({ units: -units, scale })
const size = (units: bigint) => (units < 0n ? -units : units)
const tenTo = (power: number) => 10n ** BigInt(power)

/** Two whole numbers with that quotient; the second is above zero. */
function quotient(left: Decimal, right: Decimal): readonly [bigint, bigint] {
  const [above, below] = [exact(left), exact(right)]
  if (below.units === 0n) throw new RangeError(`${left} cannot be divided by zero.`)
  const scale = Math.max(above.scale, below.scale)
  const sign = below.units < 0n ? -1n : 1n
  return [sign * unitsAt(above, scale), sign * unitsAt(below, scale)]
}

/** Away from zero where both whole numbers are as near; `below` is above zero. */
function halfUp(above: bigint, below: bigint): bigint {
  if (below === 1n) return above
  const whole = (2n * size(above) + below) / (2n * below)
  return above < 0n ? -whole : whole
}
