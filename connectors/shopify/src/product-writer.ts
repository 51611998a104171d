import {
  findEach,
  Problem,
  restOf,
  writeEach,
  type Outcome,
  type Write,
  type Writer,
} from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { isPositive } from '@linchpin/model'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import { versionOf } from './listing.ts'
import { readNodes, type Nodes } from './nodes.ts'
import { createProduct, publish, updateProduct } from './product-parents.ts'
import { readProducts } from './product-row.ts'
import type { Session } from './session.ts'
import { addVariant, ourProduct, variantIn } from './variant-writer.ts'

/** A variant as we write it. A field left out stays as it is. */
export const productWrite = z.object({
  sku: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  enabled: z.boolean().optional(),
  barcode: z.string().optional(),
  vendor: z.string().optional(),
  productType: z.string().optional(),
  weightKg: z.string().optional(),
  requiresShipping: z.boolean().optional(),
  group: z
    .object({
      code: z.string(),
      name: z.string(),
      options: z.array(z.object({ name: z.string(), value: z.string() })),
    })
    .optional(),
})
export type ProductWrite = z.infer<typeof productWrite>

const productWriteMapping: Mapping = {
  from: 'Product',
  to: 'shopify.Product',
  fields: {
    sku: 'sku',
    name: 'name',
    description: 'description',
    enabled: 'active',
    barcode: 'gtin',
    vendor: 'brand',
    productType: 'categories[0]',
    weightKg: 'weightKg',
    requiresShipping: { lookup: { goods: true, bundle: true, service: false, giftCard: false }, of: 'kind' },
    group: {
      when: { has: 'group.options' },
      then: {
        object: {
          code: 'group.id',
          name: 'group.name',
          options: { each: 'group.options', as: { name: 'name', value: 'value' } },
        },
      },
    },
  },
}

export const productWriter: Writer<Session, ProductWrite> = {
  schema: productWrite,
  mapping: productWriteMapping,
  batch: 1,
  repeat: 'find',
  write: (session, writes) => writeEach(writes, session.io.signal, write => writeProduct(session, write)),
  find: (session, writes) =>
    findEach(writes, async row => {
      const product = row.sku === undefined ? null : await ourProduct(session, row)
      return product && variantIn(product, row)?.id
    }),
  // Longer than Shopify works on one request. A handle is looked up in its tables, not in its lagging search.
  settleMs: 120_000,
}

/** How soon a variant that has no price yet is looked at again, in ms. */
const untilPriced = 30_000

async function writeProduct(session: Session, { key, id, row }: Write<ProductWrite>): Promise<Outcome> {
  const variant = id === null ? await make(session, row) : id
  // What comes after the variant is there must not look as if it were not.
  const seen: Current[] = []
  const work = async () => {
    const there = await variantOfId(session, variant)
    await updateVariant(session, there, row)
    await updateProduct(session, there, row)
    seen.push(there)
    if (id === null) await publish(session, there.product.id)
  }
  const rest = id === null ? await restOf(work) : (await work(), {})
  const isWaiting = row.enabled === true && seen.some(({ price }) => !isPositive(price))
  const [now] = await readProducts(session, [variant]).catch(() => [])
  return {
    key,
    is: 'applied',
    id: variant,
    version: now ? versionOf(now) : null,
    ...rest,
    ...(row.sku !== undefined && { number: row.sku }),
    ...(isWaiting && { again: session.io.now() + untilPriced }),
  }
}

/** A variant under its product: the one that an earlier try made, or a new one. */
async function make(session: Session, row: ProductWrite): Promise<string> {
  const { sku, name } = row
  if (sku === undefined)
    throw new Problem(
      'refused',
      'A product without an SKU cannot be made in Shopify. Give it one in the ERP.',
    )
  if (name === undefined) throw new Problem('refused', `Product ${sku} has no name; Shopify needs one.`)
  return session.alone(`product ${row.group?.code ?? sku}`, async () => {
    const there = await ourProduct(session, row)
    if (!there) return createProduct(session, { ...row, sku, name })
    return variantIn(there, row)?.id ?? (await addVariant(session, there, { ...row, sku }))
  })
}

async function updateVariant(session: Session, now: Current, row: ProductWrite): Promise<void> {
  const item = {
    ...(row.sku !== undefined && row.sku !== (now.sku ?? '') && { sku: row.sku }),
    ...(row.requiresShipping !== undefined &&
      row.requiresShipping !== now.inventoryItem.requiresShipping && {
        requiresShipping: row.requiresShipping,
      }),
    ...weightOf(row.weightKg, now),
  }
  const variant = {
    ...(row.barcode !== undefined && row.barcode !== (now.barcode ?? '') && { barcode: row.barcode }),
    ...(Object.keys(item).length > 0 && { inventoryItem: item }),
  }
  if (Object.keys(variant).length === 0) return
  const { productVariantsBulkUpdate } = await session.client.ask(updating, {
    product: gid('Product', now.product.id),
    variants: [{ id: gid('ProductVariant', now.id), ...variant }],
  })
  accept(
    productVariantsBulkUpdate.userErrors,
    `Product ${row.sku ?? now.sku ?? now.id} cannot be changed in Shopify`,
  )
}

function weightOf(weightKg: string | undefined, { inventoryItem }: Current): object {
  if (weightKg === undefined) return {}
  const value = Number(weightKg)
  const weight = inventoryItem.measurement?.weight
  if (weight?.unit === 'KILOGRAMS' && weight.value === value) return {}
  return { measurement: { weight: { unit: 'KILOGRAMS', value } } }
}

async function variantOfId(session: Session, id: string): Promise<Current> {
  const [variant] = await readNodes(session, currentVariants, [id])
  if (variant) return variant
  throw new Problem('refused', `Variant ${id} is no longer in Shopify. Someone deleted it there.`)
}

const current = z.looseObject({
  id: z.string(),
  sku: z.string().nullish(),
  barcode: z.string().nullish(),
  price: z.string(),
  inventoryItem: z.looseObject({
    requiresShipping: z.boolean(),
    measurement: z
      .looseObject({ weight: z.looseObject({ unit: z.string(), value: z.number() }).nullish() })
      .nullish(),
  }),
  product: z.looseObject({
    id: z.string(),
    title: z.string(),
    status: z.string(),
    descriptionHtml: z.string(),
    vendor: z.string(),
    productType: z.string(),
    hasOnlyDefaultVariant: z.boolean(),
    variantsCount: z.object({ count: z.int() }).nullish(),
  }),
})
export type Current = z.infer<typeof current>

export const currentVariants: Nodes<Current> = {
  name: 'CurrentVariants',
  type: 'ProductVariant',
  selection: `id sku barcode price inventoryItem { id requiresShipping measurement { weight { unit value } } }
    product { id title status descriptionHtml vendor productType hasOnlyDefaultVariant variantsCount { count } }`,
  schema: current,
  atOnce: 25,
}

const updated = z.object({ productVariantsBulkUpdate: z.object({ userErrors }) })
export const updating: Operation<z.infer<typeof updated>> = {
  text: `mutation SetVariants($product: ID!, $variants: [ProductVariantsBulkInput!]!) {
    productVariantsBulkUpdate(productId: $product, variants: $variants, allowPartialUpdates: true) {
      userErrors { field message code } } }`,
  data: updated,
}
