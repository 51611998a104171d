import { decimalsIn, negate, isNegative, round, sum, multiply } from './decimal.ts'
import type { Amount, Currency, Decimal } from './values.ts'

/**
 * Amounts in a currency: rounding, minor units, and sharing out without losing a cent. The arithmetic itself (add,
 * subtract, compare …) is in decimal.ts. Nothing else in Linchpin rounds money.
 */

/** How many decimals a currency has by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. */
export function decimalsOf(currency: Currency): number {
  return unusualDecimals[currency] ?? 2
}

/** Half up to the currency's decimals, padded: '1.005' EUR → '1.01', '10' EUR → '10.00', '10.4' JPY → '10'. */
export function roundMoney(amount: Amount, currency: Currency): Amount {
  return round(amount, decimalsOf(currency))
}

/** As people write it, never rounded: '333.5' EUR → '333.50', '10.005' EUR → '10.005'. */
export function padMoney(amount: Amount, currency: Currency): Amount {
  return round(amount, Math.max(decimalsOf(currency), decimalsIn(amount)))
}

/** The sum, written with the currency's decimals. Operands with more decimals are rounded once, at the end. */
export function sumMoney(amounts: Iterable<Amount>, currency: Currency): Amount {
  return roundMoney(sum(amounts), currency)
}

/** False when an amount has a fraction of the smallest coin: '10.005' in EUR. */
export function fitsCurrency(amount: Amount, currency: Currency): boolean {
  return decimalsIn(amount) <= decimalsOf(currency)
}

/** The smallest coin: '0.01' for EUR, '1' for JPY. */
export function minorUnit(currency: Currency): Amount {
  return fromUnits(1n, decimalsOf(currency))
}

/** Cents to an amount: 1999 EUR → '19.99', 1999 JPY → '1999'. A fraction of a cent is a RangeError. */
export function fromMinor(minor: number | bigint | string, currency: Currency): Amount {
  if (!/^-?\d+$/.test(String(minor)) || (typeof minor === 'number' && !Number.isSafeInteger(minor)))
    throw new RangeError(`${minor} is not a whole number of ${currency} minor units.`)
  return fromUnits(BigInt(minor), decimalsOf(currency))
}

/** An amount to cents: '19.99' EUR → 1999. It never rounds: what does not fit is a RangeError. */
export function toMinor(amount: Amount, currency: Currency): number {
  if (!fitsCurrency(amount, currency))
    throw new RangeError(`${amount} ${currency} is not a whole number of minor units; round it first.`)
  const minor = Number(toUnits(amount, decimalsOf(currency)))
  if (!Number.isSafeInteger(minor))
    throw new RangeError(`${amount} ${currency} is too large for minor units.`)
  return minor
}

/**
 * Shares an amount out by weight with the largest remainders first: the shares add up to the amount exactly, each is
 * within one minor unit of its exact part, and none has the wrong sign. A weight of zero or less gets nothing; where
 * no weight is above zero all count alike. Of equal remainders the earlier comes first.
 */
export function allocate(amount: Amount, weights: readonly Decimal[], currency: Currency): Amount[] {
  if (isNegative(amount))
    return allocate(negate(amount), weights, currency).map(share => padMoney(negate(share), currency))
  const decimals = Math.max(decimalsOf(currency), decimalsIn(amount))
  const units = toUnits(amount, decimals)
  if (weights.length === 0 && units !== 0n)
    throw new RangeError(`${amount} ${currency} cannot be shared among nobody.`)
  return share(units, wholeWeights(weights)).map(part => fromUnits(part, decimals))
}

function share(units: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((left, right) => left + right, 0n)
  if (total === 0n) return []
  const shares = weights.map(weight => (units * weight) / total)
  const missing = Number(units - shares.reduce((left, right) => left + right, 0n))
  for (const index of byRemainder(units, weights, total).slice(0, missing)) shares[index]! += 1n
  return shares
}

function byRemainder(units: bigint, weights: readonly bigint[], total: bigint): number[] {
  const remainders = weights.map((weight, index) => ({ index, remainder: (units * weight) % total }))
  remainders.sort((left, right) =>
    left.remainder === right.remainder ? left.index - right.index : left.remainder > right.remainder ? -1 : 1,
  )
  return remainders.map(({ index }) => index)
}

function wholeWeights(weights: readonly Decimal[]): bigint[] {
  const decimals = Math.max(0, ...weights.map(decimalsIn))
  const whole = weights.map(weight => (isNegative(weight) ? 0n : toUnits(weight, decimals)))
  return whole.some(weight => weight > 0n) ? whole : whole.map(() => 1n)
}

function toUnits(value: Decimal, decimals: number): bigint {
  return BigInt(multiply(value, `1${'0'.repeat(decimals)}`))
}

function fromUnits(units: bigint, decimals: number): Amount {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const sign = units < 0n ? '-' : ''
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`
}

// ISO 4217 list one (2024). Intl.NumberFormat is no substitute: it follows CLDR's habits of writing, which give HUF,
// COP and IDR no decimals and IQD none instead of three, and it changes with the version of Node.
const unusualDecimals: Readonly<Record<string, number>> = {
  ...alike(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...alike(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...alike(4, 'CLF UYW'),
}

function alike(decimals: number, currencies: string): Record<string, number> {
  return Object.fromEntries(currencies.split(' ').map(currency => [currency, decimals]))
}
