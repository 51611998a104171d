import type { Fields } from '@linchpin/mapping'
import { z } from 'zod'

const text = z.string()

/** A price from so many pieces on; from the first one, where `quantity` is left out. */
export const priceListItem = z.object({
  product: text,
  sku: text.optional(),
  amount: text,
  quantity: text.optional(),
})
export const priceListItemFields: Fields = {
  product: { link: 'Product', of: 'product', by: { sku: 'sku' } },
  sku: 'sku',
  amount: 'amount',
  quantity: 'minimumQuantity',
}

/** A price list for a shop. Who gets it, each shop says in its own way. */
export const priceListWrite = z.object({
  name: text.min(1),
  currency: text,
  taxInclusive: z.boolean(),
  from: text.optional(),
  to: text.optional(),
  active: z.boolean().optional(),
  items: z.array(priceListItem),
})
export const priceListFields: Fields = {
  name: 'name',
  currency: 'currency',
  taxInclusive: 'taxInclusive',
  from: 'from',
  to: 'to',
  active: 'active',
  items: { each: 'items', as: priceListItemFields },
}
