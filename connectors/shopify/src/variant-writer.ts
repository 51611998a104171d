import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import { allOf, beginningOf, pageOf, type InnerList } from './inner-list.ts'
import { handleOf } from './product-parents.ts'
import type { ProductWrite } from './product-writer.ts'
import type { Session } from './session.ts'

/** The product that we made for this one, or for its group; null when there is none. */
export async function ourProduct(session: Session, row: ProductWrite): Promise<OurProduct | null> {
  const { productByIdentifier: found } = await session.client.ask(byHandle, { handle: handleOf(row) })
  return found && { id: found.id, variants: await allOf(session, skusOfProduct, found.id, found.variants) }
}

export function variantIn({ variants }: OurProduct, { sku }: ProductWrite) {
  return variants.find(each => each.sku === sku)
}

/** One more variant of a group; the values that its options lack are made with it. */
export async function addVariant(
  session: Session,
  product: OurProduct,
  row: ProductWrite & { readonly sku: string },
): Promise<string> {
  const { productVariantsBulkCreate } = await session.client.ask(adding, {
    product: gid('Product', product.id),
    variants: [
      {
        optionValues: optionValues(row.group?.options ?? []),
        ...(row.barcode !== undefined && { barcode: row.barcode }),
        inventoryItem: inventoryOf(row),
      },
    ],
  })
  accept(productVariantsBulkCreate.userErrors, `Product ${row.sku} cannot be made in Shopify`)
  const made = productVariantsBulkCreate.productVariants?.[0]
  if (made) return made.id
  throw new Problem('surprise', `Shopify made product ${row.sku} and does not show it to us.`)
}

export function optionValues(options: readonly { readonly name: string; readonly value: string }[]) {
  return options.map(({ name, value }) => ({ optionName: name, name: value }))
}

/** Its stock is counted from the beginning, at nothing. */
export function inventoryOf({ sku, requiresShipping, weightKg }: ProductWrite & { readonly sku: string }) {
  return {
    sku,
    tracked: true,
    ...(requiresShipping !== undefined && { requiresShipping }),
    ...(weightKg !== undefined && {
      measurement: { weight: { unit: 'KILOGRAMS', value: Number(weightKg) } },
    }),
  }
}

const withSku = z.object({ id: z.string(), sku: z.string().nullable() })
interface OurProduct {
  readonly id: string
  readonly variants: readonly z.infer<typeof withSku>[]
}
export const skusOfProduct: InnerList<z.infer<typeof withSku>> = {
  name: 'SkusOfProduct',
  type: 'Product',
  field: 'variants',
  selection: 'id sku',
  schema: withSku,
  first: 100,
  more: 250,
}

const byHandleData = z.object({
  productByIdentifier: z.object({ id: z.string(), variants: pageOf(withSku) }).nullable(),
})
export const byHandle: Operation<z.infer<typeof byHandleData>> = {
  text: `query ProductOfHandle($handle: String!) {
    productByIdentifier(identifier: { handle: $handle }) { id ${beginningOf(skusOfProduct)} } }`,
  data: byHandleData,
}

const addedData = z.object({
  productVariantsBulkCreate: z.object({
    productVariants: z.array(z.object({ id: z.string() })).nullable(),
    userErrors,
  }),
})
export const adding: Operation<z.infer<typeof addedData>> = {
  text: `mutation AddVariants($product: ID!, $variants: [ProductVariantsBulkInput!]!) {
    productVariantsBulkCreate(productId: $product, variants: $variants) {
      productVariants { id } userErrors { field message code } } }`,
  data: addedData,
}
