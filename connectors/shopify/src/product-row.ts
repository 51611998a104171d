import type { Snapshot } from '@linchpin/connector'
import { z } from 'zod'
import { snapshotOf } from './listing.ts'
import type { BulkRecord } from './bulk-file.ts'
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
  metafields: z.object({
    nodes: z.array(z.looseObject({ namespace: text, key: text, type: text, value: text })),
  }),
})
export type ProductRow = z.infer<typeof productRow>

/** So many metafields of a variant are told. */
const mostMetafields = 10

const itself = `id title sku barcode updatedAt taxable selectedOptions { name value }
  inventoryItem { id tracked requiresShipping measurement { weight { unit value } } }
  product { id title handle status descriptionHtml vendor productType isGiftCard hasOnlyDefaultVariant }`
const productSelection = `${itself} metafields(first: ${mostMetafields}) { nodes { namespace key type value } }`

/** All variants, in bulk. */
export const variantsInBulk = `{ productVariants { edges { node { ${itself}
  metafields { edges { node { __typename namespace key type value } } } } } } }`

/** Of a bulk answer. */
export function productOf({ root, parts }: BulkRecord): ProductRow {
  return decode(productNodes, { ...root, metafields: { nodes: parts('Metafield').slice(0, mostMetafields) } })
}

export const productNodes: Nodes<ProductRow> = {
  name: 'Variants',
  type: 'ProductVariant',
  selection: productSelection,
  schema: productRow,
  atOnce: 25,
}

export async function getProducts(
  session: Session,
  ids: readonly string[],
): Promise<readonly Snapshot<ProductRow>[]> {
  return (await readNodes(session, productNodes, ids)).map(snapshotOf)
}
