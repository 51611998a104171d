import { z } from 'zod'
import { amount, currency, decimal, extra, id, instant, percent, unit } from './values.ts'

/**
 * One thing that can be sold: UBL Item. A variant is a Product of its own that names the group it varies, so that
 * stock, prices and order lines all speak of the same record.
 */
export const product = z.object({
  id,
  sku: z.string().optional(),
  gtin: z.string().optional(),
  name: z.string(),
  description: z.string().optional(),
  kind: z.enum(['goods', 'service', 'bundle', 'giftCard']),
  active: z.boolean(),
  /** The unit that its stock is counted in. */
  unit: unit.optional(),
  /** Other units that it is sold in, and how many stock units one of them holds: a box of 12. */
  units: z.array(z.object({ unit, factor: decimal })).optional(),
  weightKg: decimal.optional(),
  taxRate: percent.optional(),
  taxCategory: z.string().optional(),
  brand: z.string().optional(),
  categories: z.array(z.string()).optional(),
  /** What this is a variant of, and the values that tell it from its siblings. */
  group: z
    .object({
      id,
      name: z.string(),
      options: z.array(z.object({ name: z.string(), value: z.string() })),
    })
    .optional(),
  /** What one bundle is made of. */
  parts: z.array(z.object({ product: id, sku: z.string().optional(), quantity: decimal })).optional(),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type Product = z.infer<typeof product>

/** How much of a product is where (OAGIS InventoryBalance). `available` is what may be promised: on hand − reserved. */
export const stockLevel = z.object({
  id,
  product: id,
  sku: z.string().optional(),
  location: id.optional(),
  unit: unit.optional(),
  onHand: decimal,
  reserved: decimal.optional(),
  incoming: decimal.optional(),
  available: decimal,
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type StockLevel = z.infer<typeof stockLevel>

/** What a product costs in one currency, without or with tax: the list price, a dated sale, and quantity breaks. */
export const price = z.object({
  id,
  product: id,
  sku: z.string().optional(),
  priceList: id.optional(),
  currency,
  taxInclusive: z.boolean(),
  unit: unit.optional(),
  list: amount,
  sale: z.object({ amount, from: instant.optional(), to: instant.optional() }).optional(),
  breaks: z
    .array(
      z.object({
        minimumQuantity: decimal,
        amount,
        from: instant.optional(),
        to: instant.optional(),
      }),
    )
    .optional(),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type Price = z.infer<typeof price>

/** Prices that some accounts get and others do not. */
export const priceList = z.object({
  id,
  name: z.string(),
  currency,
  taxInclusive: z.boolean(),
  from: instant.optional(),
  to: instant.optional(),
  accounts: z.array(id).optional(),
  groups: z.array(z.string()).optional(),
  items: z.array(
    z.object({
      product: id,
      sku: z.string().optional(),
      unit: unit.optional(),
      minimumQuantity: decimal.optional(),
      amount,
      from: instant.optional(),
      to: instant.optional(),
    }),
  ),
  active: z.boolean().optional(),
  modifiedAt: instant.optional(),
  extra: extra.optional(),
})
export type PriceList = z.infer<typeof priceList>
