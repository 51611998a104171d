import { decimalsIn, divide, floorDivide, multiply, subtract } from './decimal.ts'
import type { Decimal } from './values.ts'

/**
 * Quantities are decimals in a unit of measure: added and compared with decimal.ts. Here is what is special to them.
 */

/** What is left to deliver and bill of a line: ordered less cancelled. */
export function quantityLeft(line: { quantity: Decimal; cancelled?: Decimal | undefined }): Decimal {
  return subtract(line.quantity, line.cancelled ?? '0')
}

/**
 * How many whole units a quantity holds: '2.9' → '2'; with a factor, how many boxes of 12: '35.9' → '2'. Never more
 * than there is, so '-0.5' → '-1'.
 */
export function wholeUnits(quantity: Decimal, factor: Decimal = '1'): Decimal {
  return floorDivide(quantity, factor)
}

/** False for half a piece. */
export function isWhole(quantity: Decimal): boolean {
  return decimalsIn(quantity) === 0
}

/**
 * A quantity in the stock's unit, from a quantity in another one: 3 boxes of 12 are '36' pieces. `factor` is how many
 * stock units one unit holds, above zero.
 */
export function toStockUnit(quantity: Decimal, factor: Decimal = '1'): Decimal {
  return multiply(quantity, factor)
}

/** The way back: 30 pieces are '2.5' boxes of 12. At most ten decimals, rounded half up. */
export function fromStockUnit(quantity: Decimal, factor: Decimal = '1'): Decimal {
  return divide(quantity, factor)
}
