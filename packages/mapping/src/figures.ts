import { plain, type Decimal } from '@linchpin/model'
import { Decimal as Exact } from 'decimal.js'
import { shown } from './wrong.ts'

/**
 * Any figure as a plain decimal text: '19.90' → '19.9', 19.989999999 → '19.989999999' (its shortest text, which is
 * what the sender wrote), '1E-7' → '0.0000001'. Anything else is a RangeError.
 */
export function decimalOf(value: unknown): Decimal {
  const text = typeof value === 'string' ? value.trim() : numeral(value)
  if (PLAIN.test(text) && text.length <= LONGEST) return text
  const parts = /^\+?(-?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,3}))?$/.exec(text)
  if (!parts) throw new RangeError(`${shown(value)} is not a number.${hint(text)}`)
  if (text.length > LONGEST || Math.abs(Number(parts[2] ?? 0)) > LONGEST)
    throw new RangeError(`${shown(value)} is not a figure of trade: it has over ${LONGEST} digits.`)
  return plain(new Exact(text.replace(/^\+/, '')).toFixed())
}

/** A whole number from zero to a hundred: how many decimals to keep. */
export function scaleOf(value: unknown): number {
  const scale = Number(decimalOf(value))
  if (!Number.isInteger(scale) || scale < 0 || scale > LONGEST)
    throw new RangeError(`A scale is a whole number from 0 to ${LONGEST}, not ${shown(value)}.`)
  return scale
}

/** A decimal as a JSON number, when no digit is lost. */
export function numberOf(value: unknown): number {
  const text = decimalOf(value)
  const number = Number(text)
  if (decimalOf(number) !== text) throw new RangeError(`${text} has more digits than a JSON number can hold.`)
  return number
}

// Most figures are written plainly already; to see that is much faster than to convert them.
const PLAIN = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/

// Beyond any figure in trade, and far enough below the precision that model's arithmetic is exact at.
const LONGEST = 100

function numeral(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : ''
}

function hint(text: string): string {
  return /^-?\d[\d.]*,\d+$/.test(text) ? ' Decimals are written with a point, like 12.50.' : ''
}
