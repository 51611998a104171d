import { z } from 'zod'

/**
 * The small values that every record is made of. Amounts and quantities are decimal strings, never floats; times are
 * UTC instants; every id inside a record belongs to the connection that the record came from.
 */

/** A decimal number as text: '-12.50', '3', '0.3333'. No exponent, no thousands separator, no plus sign. */
export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'a decimal number as text, like "12.50"')
/** Money in the currency that its document or price names. */
export const amount = decimal
/** ISO 4217, in capitals. */
export const currency = z.string().regex(/^[A-Z]{3}$/, 'a currency of three capitals (ISO 4217), like "EUR"')
/** A moment in UTC: '2026-11-23T10:15:00Z', with up to nine decimals of a second. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, 'an instant in UTC, like "2026-11-23T10:15:00Z"')
/** A calendar day of the business, without a zone: '2026-11-23'. */
export const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a day, like "2026-11-23"')
/** ISO 3166-1 alpha-2, in capitals. */
export const country = z.string().regex(/^[A-Z]{2}$/, 'a country of two capitals (ISO 3166-1), like "DE"')
/** A record's own id in its own system. */
export const id = z.string().min(1)
/** UN/ECE Recommendation 20: 'C62' is one piece, 'KGM' a kilogram, 'MTR' a metre. */
export const unit = z.string().min(1)
/** A percentage as text: '19', '5.5'. */
export const percent = decimal
/** What a system holds beyond our model, by its own names: custom fields are reachable, never dropped. */
export const extra = z.record(
  z.string(),
  z.unknown().refine(isJson, 'This is no value of JSON.') as z.ZodType<Json>,
)

export type Decimal = string
export type Amount = string
export type Currency = string
export type Instant = string
export type Day = string

/** An amount that stands alone. Inside a document the document names the currency once. */
export const money = z.object({ amount, currency })
export type Money = z.infer<typeof money>

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** zod's own schema of it refers to itself: what holds such a part is never compiled, and is read in a slower way. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean'
  if (value === null) return true
  if (Array.isArray(value)) return value.every(isJson)
  const kind: unknown = Object.getPrototypeOf(value)
  return (kind === Object.prototype || kind === null) && Object.values(value).every(isJson)
}
