import type { Fields } from '@linchpin/mapping'
import { z } from 'zod'

/** What a price, a stock level or a line is of: the shop's own id where we know it, and the SKU for people to read. */
export const ofProduct = { product: z.string().optional(), sku: z.string().optional() }
export const ofProductFields: Fields = {
  product: { link: 'Product', of: 'product', by: { sku: 'sku' } },
  sku: 'sku',
}
