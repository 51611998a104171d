import { z } from 'zod'
import type { Operation } from './client.ts'
import type { Session } from './session.ts'

export interface FoundVariant {
  readonly id: string
  readonly product: { readonly id: string }
}

/**
 * Variants with exactly this SKU or barcode. Shopify's search takes a backslash for an escape, ignores case, finds
 * beginnings by `*`, and learns of a new variant a moment after it is there.
 */
export async function variantsHaving(
  session: Session,
  field: 'sku' | 'barcode',
  value: string,
): Promise<readonly FoundVariant[]> {
  const query = `${field}:"${value.replace(/["\\]/g, '\\$&')}"`
  const { productVariants } = await session.client.ask(searching, { query })
  return productVariants.nodes.filter(each => each[field] === value)
}

const foundData = z.object({
  productVariants: z.object({
    nodes: z.array(
      z.object({
        id: z.string(),
        sku: z.string().nullable(),
        barcode: z.string().nullable(),
        product: z.object({ id: z.string() }),
      }),
    ),
  }),
})
export const searching: Operation<z.infer<typeof foundData>> = {
  text: `query FindVariants($query: String!) {
    productVariants(first: 50, query: $query) { nodes { id sku barcode product { id } } } }`,
  data: foundData,
}
