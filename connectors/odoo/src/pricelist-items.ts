import { Decimal } from 'decimal.js'
import { idOf } from './changes.ts'
import { call, searchRead, type Row, type Session } from './client.ts'

export type Item = Row & {
  readonly applied_on: string
  readonly compute_price: string
  readonly fixed_price: string
  readonly percent_price: string
  readonly min_quantity: string
  readonly date_start: string | null
  readonly date_end: string | null
}

export const itemFields = [
  'pricelist_id',
  'applied_on',
  'product_id',
  'product_tmpl_id',
  'compute_price',
  'fixed_price',
  'percent_price',
  'min_quantity',
  'date_start',
  'date_end',
  'write_date',
]

/** The items of a pricelist for these products, in the order in which Odoo lets them win. */
export async function itemsOf(
  session: Session,
  pricelist: number,
  products: readonly Row[],
): Promise<Item[]> {
  const templates = products.flatMap(row => idOf(row['product_tmpl_id']) ?? [])
  const rows = await searchRead(session, 'product.pricelist.item', {
    domain: [
      ['pricelist_id', '=', pricelist],
      '|',
      ['applied_on', '=', '3_global'],
      ['product_tmpl_id', 'in', templates],
    ],
    fields: itemFields,
    // The applied_on of Odoo sort by how closely they fit: '0_product_variant' first.
    order: 'applied_on, min_quantity desc, id desc',
  })
  return rows as Item[]
}

export function appliesTo(item: Item, product: Row): boolean {
  switch (item.applied_on) {
    case '0_product_variant':
      return idOf(item['product_id']) === product.id
    case '1_product':
      return idOf(item['product_tmpl_id']) === idOf(product['product_tmpl_id'])
    case '3_global':
      return true
    default:
      return false
  }
}

/** What an item makes of a list price; null for a formula, which Odoo alone computes (its engine is private). */
export function amountOf(item: Item, list: string): string | null {
  if (item.compute_price === 'fixed') return item.fixed_price
  if (item.compute_price !== 'percentage') return null
  const left = new Decimal(100).sub(item.percent_price).div(100)
  return new Decimal(list).mul(left).toDecimalPlaces(2).toFixed()
}

/** The products whose price an item makes: one variant, all of a template, or all there are. */
export async function productsOf(session: Session, rows: readonly Row[]): Promise<number[][]> {
  const templates = rows
    .filter(row => row['applied_on'] === '1_product')
    .flatMap(row => idOf(row['product_tmpl_id']) ?? [])
  const all = rows.some(row => row['applied_on'] === '3_global')
  const variants = await searchRead(session, 'product.product', {
    domain: all ? [] : [['product_tmpl_id', 'in', templates]],
    fields: ['product_tmpl_id'],
  })
  return rows.map(row => {
    if (row['applied_on'] === '0_product_variant') return [idOf(row['product_id']) ?? 0]
    const template = idOf(row['product_tmpl_id'])
    const fits = (each: Row) => row['applied_on'] === '3_global' || idOf(each['product_tmpl_id']) === template
    return variants.filter(fits).map(each => each.id)
  })
}

export async function removeItems(session: Session, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await call(session, 'product.pricelist.item', 'unlink', { ids })
}
