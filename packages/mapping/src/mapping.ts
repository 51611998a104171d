import type { EntityName } from '@linchpin/model'

/**
 * A mapping is data: it can be stored, compared, checked and shown, and nothing in it can loop for ever or reach the
 * network. It turns one record into another: a vendor's row into our canonical record, or ours into a vendor's row.
 */
export interface Mapping {
  /** What it reads: 'woocommerce.SalesOrder' or 'SalesOrder'. Shown to people; the checker is given the schemas. */
  readonly from: string
  readonly to: string
  readonly fields: Fields
  /** Lookup tables by name, for `lookup`. */
  readonly tables?: Readonly<Record<string, Table>>
}

/**
 * An operator's own mapping: it lies over a connector's, field by field, and tables row by row. A field set to null
 * takes the connector's out. `lines[].sku` is the field `sku` in each item of the connector's `lines`.
 */
export interface OwnMapping {
  readonly from?: string
  readonly to?: string
  readonly fields?: Readonly<Record<string, Expression | null>>
  readonly tables?: Readonly<Record<string, Table | null>>
}

/** Target field → how to fill it. A dotted name ('totals.net', 'meta_data[key=po].value') fills inside an object or list. */
export type Fields = Readonly<Record<string, Expression>>
export type Table = Readonly<Record<string, Json>>
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/**
 * How one value is found. A bare string is a path.
 *
 * Paths: `billing.email`, `lines[0].id`, `meta_data[key=po_number].value` (the first item whose key is po_number),
 * `$.currency` for the whole record while inside `each`, `.` for the item itself, `extra["a.b"]` for odd names. What is
 * not there, and null, is *nothing*: a field whose expression comes to nothing is left out of the target.
 */
export type Expression =
  | string
  | { readonly path: string }
  | { readonly constant: Json }
  /** Text with paths in braces: 'Order {number}'. A path that comes to nothing leaves an empty text. */
  | { readonly template: string }
  /**
   * A value translated by a table: a name in `tables`, or the table itself. `else` is for nothing and for a value that
   * the table does not have; without it such a value is an error (`else: { constant: null }` makes it nothing).
   */
  | { readonly lookup: string | Table; readonly of: Expression; readonly else?: Expression }
  | {
      readonly format: FormatName
      readonly of: Expression
      readonly with?: Readonly<Record<string, Expression>>
    }
  /** The first that comes to something other than nothing or an empty text: this is how defaults are written. */
  | { readonly first: readonly Expression[] }
  | { readonly when: Condition; readonly then: Expression; readonly else?: Expression }
  /**
   * A list: each item that passes `where` becomes what `as` makes of it; paths in both start at the item. `as` with
   * `value` and nothing else makes a list of values, and leaves out those that come to nothing.
   */
  | {
      readonly each: Expression
      readonly where?: Condition
      readonly as: Fields | { readonly value: Expression }
    }
  /** An object; it comes to nothing when all its fields do. */
  | { readonly object: Fields }
  /**
   * Exact decimal arithmetic. `sum` leaves out what is nothing, and its operands may be lists; the others come to
   * nothing when an operand does. The result has at most `scale` decimals, half up (10 for `divide`).
   */
  | {
      readonly calculate: 'add' | 'subtract' | 'multiply' | 'divide' | 'sum'
      readonly of: readonly Expression[]
      readonly scale?: number
    }
  /**
   * The id that this record has in the target system. When there is no link yet the whole record waits for it;
   * `by` helps to find it there (an SKU, an e-mail). With `optional`, nothing is linked and nothing waits.
   */
  | {
      readonly link: EntityName
      readonly of: Expression
      readonly by?: Readonly<Partial<Record<keyof MatchKeys, Expression>>>
      readonly optional?: boolean
    }

/** What a record can be recognised by in another system. */
export interface MatchKeys {
  readonly sku?: string
  readonly gtin?: string
  readonly email?: string
  readonly vatId?: string
  readonly number?: string
}

export type Condition =
  /** Single values are the same when their texts are: 7 is '7'. */
  | { readonly is: readonly [Expression, Expression] }
  | { readonly not: Condition }
  | { readonly any: readonly Condition[] }
  | { readonly all: readonly Condition[] }
  /** There, and not an empty text or list. */
  | { readonly has: Expression }
  | { readonly in: readonly [Expression, readonly Json[]] }
  /** Figures by size, other texts (instants, days) by their letters. */
  | { readonly greater: readonly [Expression, Expression] }

/**
 * Of nothing, each comes to nothing; so do those for figures and times of an empty text.
 *
 * - `text` any value as text; `trim`, `lower`, `upper` of a text; `join` a list (with: separator, default ' ')
 * - `decimal` a number or text as a plain decimal text (with: scale rounds half up and pads to so many decimals)
 * - `fromMinor` minor units to a decimal amount (with: currency); `toMinor` the way back, as a number
 * - `negate`, `absolute` of a decimal; `number` a decimal text as a JSON number; `integer` likewise, rounded down
 * - `percent` a fraction to a percentage: '0.19' → '19'; `fraction` the way back
 * - `boolean` true for true, 1, '1', 'true', 'yes'; false for false, 0, '0', 'false', 'no'
 * - `instant` a time of any usual writing, UTC where it names no zone, to our instant; `day` its first ten characters
 *   as they were written, so that midnight in Berlin stays the same day
 * - `spacedTime` an instant as 'YYYY-MM-DD HH:mm:ss'; `epoch` an instant as seconds since 1970, as a number
 * - `givenName`, `familyName` the parts of a full name; `plain` a text without its HTML tags
 */
export type FormatName =
  | 'text'
  | 'trim'
  | 'lower'
  | 'upper'
  | 'join'
  | 'decimal'
  | 'fromMinor'
  | 'toMinor'
  | 'negate'
  | 'absolute'
  | 'number'
  | 'integer'
  | 'percent'
  | 'fraction'
  | 'boolean'
  | 'instant'
  | 'day'
  | 'spacedTime'
  | 'epoch'
  | 'givenName'
  | 'familyName'
  | 'plain'

/** A link that a mapping asked for. */
export interface LinkRequest {
  readonly entity: EntityName
  readonly id: string
  readonly by: MatchKeys
}

/** What a mapping may ask of the world while it is applied. */
export interface MappingContext {
  /** The id in the target system, or null when there is no link yet. */
  readonly link: (request: LinkRequest) => string | null
}
