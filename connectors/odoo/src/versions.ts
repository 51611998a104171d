/**
 * What is called differently from one Odoo to the next. Everything that depends on the version stands here.
 * Tried on 17.0 and 19.0; 18 follows the release notes.
 */
export interface Dialect {
  /** The taxes of a sale.order.line. */
  readonly lineTaxes: 'tax_id' | 'tax_ids'
  /** The values that make a product one that is kept in stock. */
  readonly storable: Readonly<Record<string, string | boolean>>
  /** Asks whether our user may do something, as a method that answers true or false. */
  readonly right: { readonly method: string; readonly args: Readonly<Record<string, boolean>> }
  /** What decimal.precision calls the decimals of a quantity. */
  readonly quantityDigits: string
}

export function dialectOf(major: number): Dialect {
  return {
    lineTaxes: major >= 19 ? 'tax_ids' : 'tax_id',
    storable: major >= 18 ? { type: 'consu', is_storable: true } : { type: 'product' },
    right:
      major >= 18
        ? { method: 'has_access', args: {} }
        : { method: 'check_access_rights', args: { raise_exception: false } },
    quantityDigits: major >= 19 ? 'Product Unit' : 'Product Unit of Measure',
  }
}
