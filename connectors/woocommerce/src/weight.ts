import { divide, multiply } from '@linchpin/model'

// Exact by definition: the international pound is 0.45359237 kg (1959), an ounce a sixteenth of it.
const KILOGRAMS: Readonly<Record<string, string>> = {
  kg: '1',
  g: '0.001',
  lbs: '0.45359237',
  oz: '0.028349523125',
}

/** Empty for an empty weight, and for a unit that we do not know. */
export function toKilograms(weight: string | undefined, unit: string): string {
  const factor = KILOGRAMS[unit]
  return factor && weight && /^\d+(\.\d+)?$/.test(weight) ? multiply(weight, factor) : ''
}

export function fromKilograms(kilograms: string, unit: string): string {
  return divide(kilograms, KILOGRAMS[unit] ?? '1', 6)
}
