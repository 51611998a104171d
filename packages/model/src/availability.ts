import { larger, subtract } from './decimal.ts'
import { wholeUnits } from './quantity.ts'
import type { Decimal } from './values.ts'

/**
 * How many whole units may still be promised: what the ERP has available, less what was ordered and is not yet in the
 * ERP, less the safety buffer. Never negative, never rounded up.
 *
 * All quantities are in the stock's unit. `unitFactor` is how many of them one unit for sale holds (12 for a box of 12).
 */
export function availableToPromise(stock: {
  readonly available: Decimal
  readonly openDemand?: Decimal | undefined
  readonly buffer?: Decimal | undefined
  readonly unitFactor?: Decimal | undefined
}): Decimal {
  const free = subtract(subtract(stock.available, stock.openDemand ?? '0'), stock.buffer ?? '0')
  return wholeUnits(larger(free, '0'), stock.unitFactor)
}
