import { inTurn, type Snapshot } from '@linchpin/connector'
import { z } from 'zod'
import { snapshotOf } from './listing.ts'
import type { BulkRecord } from './bulk-file.ts'
import { allOf, beginningOf, pageOf } from './inner-list.ts'
import { metafield, metafieldSelection, metafieldsOf } from './metafield-list.ts'
import { decode, readNodes, type Nodes } from './nodes.ts'
import type { Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()

/** A variant, with the product that it is a variant of. Every product has at least one. */
export const productRow = z.looseObject({
  id: text,
  title: text,
  sku: maybe,
  barcode: maybe,
  updatedAt: text,
  taxable: z.boolean(),
  selectedOptions: z.array(z.looseObject({ name: text, value: text })),
  inventoryItem: z.looseObject({
    id: text,
    tracked: z.boolean(),
    requiresShipping: z.boolean(),
    measurement: z
      .looseObject({ weight: z.looseObject({ unit: text, value: z.number() }).nullish() })
      .nullish(),
  }),
  product: z.looseObject({
    id: text,
    title: text,
    handle: text,
    status: text,
    descriptionHtml: text,
    vendor: text,
    productType: text,
    isGiftCard: z.boolean(),
    hasOnlyDefaultVariant: z.boolean(),
  }),
  metafields: z.object({ nodes: z.array(metafield) }),
})
export type ProductRow = z.infer<typeof productRow>

export const variantMetafields = metafieldsOf('ProductVariant', 10)

const itself = `id title sku barcode updatedAt taxable selectedOptions { name value }
  inventoryItem { id tracked requiresShipping measurement { weight { unit value } } }
  product { id title handle status descriptionHtml vendor productType isGiftCard hasOnlyDefaultVariant }`

/** All variants, in bulk. */
export const variantsInBulk = `{ productVariants { edges { node { ${itself}
  metafields { edges { node { __typename ${metafieldSelection} } } } } } } }`

/** Of a bulk answer. */
export function productOf({ root, parts }: BulkRecord): ProductRow {
  const row = { ...root, metafields: { nodes: parts('Metafield') } }
  return decode({ type: 'ProductVariant', schema: productRow }, row)
}

/** A variant as it comes. */
const wireVariant = productRow.extend({ metafields: pageOf(metafield) })

export const productNodes: Nodes<z.infer<typeof wireVariant>> = {
  name: 'Variants',
  type: 'ProductVariant',
  selection: `${itself} ${beginningOf(variantMetafields)}`,
  schema: wireVariant,
  atOnce: 25,
}

/** Those of these variants that exist. */
export async function readProducts(session: Session, ids: readonly string[]): Promise<readonly ProductRow[]> {
  const found = await readNodes(session, productNodes, ids)
  return inTurn(found, async each => ({
    ...each,
    metafields: { nodes: [...(await allOf(session, variantMetafields, each.id, each.metafields))] },
  }))
}

export async function getProducts(
  session: Session,
  ids: readonly string[],
): Promise<readonly Snapshot<ProductRow>[]> {
  return (await readProducts(session, ids)).map(snapshotOf)
}
