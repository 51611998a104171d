import { z } from 'zod'
import { metaData, money, stamp } from './wire.ts'

const shared = z.looseObject({
  id: z.number(),
  sku: z.string(),
  /** Variations have had `name`, `type` and `parent_id` of their own only since WooCommerce 8. */
  name: z.string().optional(),
  status: z.string(),
  type: z.string().optional(),
  date_modified_gmt: stamp,
  regular_price: money,
  sale_price: money,
  date_on_sale_from_gmt: stamp.optional(),
  date_on_sale_to_gmt: stamp.optional(),
  /** `'parent'` on a variation whose stock is counted at its parent. */
  manage_stock: z.union([z.boolean(), z.literal('parent')]),
  stock_quantity: z.number().nullable(),
  stock_status: z.string().optional(),
  virtual: z.boolean().optional(),
  weight: z.string().optional(),
  tax_class: z.string().optional(),
  global_unique_id: z.string().nullish(),
  description: z.string().optional(),
  short_description: z.string().optional(),
  categories: z.array(z.looseObject({ id: z.number(), name: z.string() })).optional(),
  meta_data: metaData,
})
const option = z.looseObject({ name: z.string(), option: z.string() })
const attribute = z.looseObject({
  name: z.string(),
  variation: z.boolean(),
  options: z.array(z.string()),
})

/** A product or a variation, as WooCommerce answers it. */
export const rawProduct = shared.extend({
  parent_id: z.number().optional(),
  attributes: z.array(z.union([attribute, option])),
  variations: z.array(z.number()).optional(),
})
export type RawProduct = z.infer<typeof rawProduct>

/** One thing that can be sold: a product without variations, or a variation with what it needs of its parent. */
export interface Sellable {
  /** '12', or '10/12' for variation 12 of product 10. */
  readonly id: string
  readonly raw: RawProduct
  readonly parent: RawProduct | null
  /** When it, or anything of its family, last changed. */
  readonly stamp: string
}

/** What changes with every look, every sale or every vote, and is no fact about the product. */
const FLEETING = [
  '_links',
  'related_ids',
  'price_html',
  'total_sales',
  'average_rating',
  'rating_count',
  'stock_quantity',
  'stock_status',
  'price',
  'on_sale',
  'purchasable',
]

export const productRow = rawProduct.omit({ stock_quantity: true, stock_status: true }).extend({
  record_id: z.string(),
  /** Kilograms, whatever unit the shop weighs in. */
  weight_kg: z.string(),
  parent: z
    .looseObject(
      shared.pick({ id: true, name: true, sku: true, status: true, description: true, categories: true })
        .shape,
    )
    .nullable(),
})
export type ProductRow = z.infer<typeof productRow>

export function productRowOf({ id, raw, parent }: Sellable, weightKg: string): ProductRow {
  const kept = Object.fromEntries(Object.entries(raw).filter(([name]) => !FLEETING.includes(name)))
  return {
    ...kept,
    tax_class: raw.tax_class === 'parent' ? parent?.tax_class : raw.tax_class,
    record_id: id,
    weight_kg: weightKg,
    parent: parent && pick(parent, ['id', 'name', 'sku', 'status', 'categories', 'description', 'type']),
  } as ProductRow
}

export const priceRow = shared
  .pick({ id: true, sku: true, regular_price: true, sale_price: true, meta_data: true })
  .extend({
    record_id: z.string(),
    date_on_sale_from_gmt: stamp.optional(),
    date_on_sale_to_gmt: stamp.optional(),
    currency: z.string(),
    prices_include_tax: z.boolean(),
  })
export type PriceRow = z.infer<typeof priceRow>

export function priceRowOf(
  { id, raw }: Sellable,
  shop: { currency: string; pricesIncludeTax: boolean },
): PriceRow {
  const names = ['id', 'sku', 'regular_price', 'sale_price', 'meta_data'] as const
  return {
    ...pick(raw, [...names, 'date_on_sale_from_gmt', 'date_on_sale_to_gmt']),
    record_id: id,
    currency: shop.currency,
    prices_include_tax: shop.pricesIncludeTax,
  } as PriceRow
}

export const stockRow = shared
  .pick({ id: true, sku: true, manage_stock: true, stock_quantity: true, stock_status: true })
  .extend({ record_id: z.string() })
export type StockRow = z.infer<typeof stockRow>

export function stockRowOf({ id, raw, parent }: Sellable): StockRow {
  const counted = raw.manage_stock === 'parent' && parent ? parent.stock_quantity : raw.stock_quantity
  return {
    ...pick(raw, ['id', 'sku', 'manage_stock', 'stock_status', 'backorders']),
    stock_quantity: counted,
    record_id: id,
  } as StockRow
}

function pick<Row extends object, Name extends string>(row: Row, names: readonly Name[]) {
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name as Name))) as Row
}
