import { Decimal } from 'decimal.js'
import type { Row } from './client.ts'

/** Field name → Odoo's type of it: 'char', 'many2one', 'monetary' … */
export type FieldTypes = ReadonlyMap<string, string>

/** Odoo says `false` for "nothing" in every field but a boolean, and money as a JSON float. */
export function decoded(row: Readonly<Record<string, unknown>>, types: FieldTypes): Row {
  const fields = Object.entries(row).map(([name, value]) => [name, decodedValue(value, types.get(name))])
  return Object.fromEntries(fields) as Row
}

function decodedValue(value: unknown, type: string | undefined): unknown {
  if (type === 'boolean') return value
  if (type === 'float' || type === 'monetary') return decimalText(typeof value === 'number' ? value : 0)
  return value === false ? null : value
}

/**
 * A float of Odoo as the decimal that it stands for. Fifteen significant digits are what a float keeps of any decimal;
 * nine decimals are more than any precision that Odoo can be set to, and fewer than the noise of its sums.
 */
export function decimalText(value: number): string {
  if (!Number.isFinite(value)) return '0'
  const plain = new Decimal(value.toPrecision(15)).toDecimalPlaces(9)
  return plain.isZero() ? '0' : plain.toFixed()
}

/** A value that must be text to us: nothing and what is no text count as empty. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** The same for figures, which are texts once decoded. */
export function figureOf(value: unknown): string {
  return textOf(value) || '0'
}
