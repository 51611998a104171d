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
import { z } from 'zod'
import type { Operation } from './client.ts'
import { customFieldsFor, customFieldsInput, customFieldsWrite } from './custom-fields.ts'
import { ensureOptions, ensureProduct, setProductFields, updateProduct } from './product-parents.ts'
import { versionOf } from './listing.ts'
import { productVariants } from './product-row.ts'
import { custom, type Session } from './session.ts'
import { taxCategoryOf } from './taxes.ts'
import { listVariants, readVariants, type Variants } from './variants.ts'

/** A variant as we write it. A field left out stays as it is. */
export const productWrite = z.object({
  sku: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  enabled: z.boolean().optional(),
  gtin: z.string().optional(),
  /** A percentage: the tax category is the one that has this rate in the channel's tax zone. */
  taxRate: z.string().optional(),
  group: z
    .object({
      code: z.string(),
      name: z.string(),
      options: z.array(z.object({ name: z.string(), value: z.string() })),
    })
    .optional(),
  /** Of the variant, or of its product where only that has them. */
  customFields: customFieldsWrite,
})
export type ProductWrite = z.infer<typeof productWrite>

const productWriteMapping: Mapping = {
  from: 'Product',
  to: 'vendure.Product',
  fields: {
    sku: 'sku',
    name: 'name',
    description: 'description',
    enabled: 'active',
    gtin: 'gtin',
    taxRate: 'taxRate',
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
    findEach(writes, async ({ sku }) => (sku === undefined ? null : (await variantOfSku(session, sku))?.id)),
  // As long as a mutation can take until Vendure's database gives up on it.
  settleMs: 60_000,
}

/** How soon a variant that has no price yet is looked at again, in ms. */
const untilPriced = 30_000

async function writeProduct(session: Session, { key, id, row }: Write<ProductWrite>): Promise<Outcome> {
  const there = id === null ? await variantOfSku(session, skuOf(row)) : await variantOfId(session, id)
  const fields = await customFieldsOf(session, row)
  const variant = there ?? (await create(session, row, fields.ProductVariant))
  if (there) await update(session, there, row, fields.ProductVariant)
  const more = () => setProductFields(session, variant.product, fields.Product)
  const rest = there ? (await more(), {}) : await restOf(more)
  const isWaiting = row.enabled === true && !isPriced(variant)
  const [now] = await readVariants(session, productVariants, [variant.id]).catch(() => [])
  return {
    key,
    is: 'applied',
    id: variant.id,
    version: now ? versionOf(now) : null,
    ...rest,
    ...(row.sku !== undefined && { number: row.sku }),
    ...(isWaiting && { again: session.io.now() + untilPriced }),
  }
}

/**
 * Hidden at first: Vendure gives a variant without a price the price 0 and sells it for that. It is shown with the
 * first write that finds a price.
 */
async function create(session: Session, row: ProductWrite, fields: Fields): Promise<Current> {
  const sku = skuOf(row)
  if (row.name === undefined) throw new Problem('refused', `Product ${sku} has no name; Vendure needs one.`)
  const taxCategoryId = await taxCategoryOf(session, row.taxRate, sku)
  const { channel } = await session.facts()
  const product = await ensureProduct(session, { ...row, sku, name: row.name })
  const optionIds = row.group ? await ensureOptions(session, product, row.group) : []
  const { createProductVariants } = await session.client.ask(creating, {
    input: [
      {
        productId: product,
        sku,
        enabled: false,
        taxCategoryId,
        optionIds,
        translations: [{ languageCode: channel.defaultLanguageCode, name: row.name }],
        ...customFieldsInput(null, fields),
      },
    ],
  })
  const made = createProductVariants[0]
  if (!made) throw new Problem('surprise', `Vendure made product ${sku} and does not show it to us.`)
  return { ...made, prices: [], taxCategory: { id: '' }, options: [], sku, name: row.name, gtin: null }
}

async function update(session: Session, now: Current, row: ProductWrite, fields: Fields): Promise<void> {
  const { channel } = await session.facts()
  const optionIds = row.group ? await ensureOptions(session, now.product.id, row.group) : null
  const taxCategoryId =
    row.taxRate === undefined ? undefined : await taxCategoryOf(session, row.taxRate, row.sku ?? now.sku)
  const enabled = row.enabled === undefined ? undefined : row.enabled && isPriced(now)
  const had = now.options.map(each => each.id).toSorted()
  const input = {
    ...(row.sku !== undefined && row.sku !== now.sku && { sku: row.sku }),
    ...(enabled !== undefined && enabled !== now.enabled && { enabled }),
    ...(taxCategoryId !== undefined && taxCategoryId !== now.taxCategory.id && { taxCategoryId }),
    ...(optionIds && optionIds.toSorted().join() !== had.join() && { optionIds }),
    ...(row.name !== undefined &&
      row.name !== now.name && {
        translations: [{ languageCode: channel.defaultLanguageCode, name: row.name }],
      }),
    ...customFieldsInput(now.customFields, fields),
  }
  if (Object.keys(input).length > 0) await session.client.ask(updating, { input: [{ id: now.id, ...input }] })
  await updateProduct(session, now.product, row)
}

type Fields = Readonly<Record<string, unknown>>

async function customFieldsOf(session: Session, { gtin, customFields }: ProductWrite) {
  const field = session.settings.customFields.gtin
  const { ProductVariant, Product = {} } = await customFieldsFor(
    session,
    customFields,
    ['ProductVariant', 'Product'],
    [field],
  )
  const has = (await session.facts()).customFields('ProductVariant').includes(field)
  return {
    Product,
    ProductVariant: { ...ProductVariant, ...(has && gtin !== undefined && { [field]: gtin }) },
  }
}

function skuOf(row: ProductWrite): string {
  if (row.sku !== undefined) return row.sku
  throw new Problem('refused', 'A product without an SKU cannot be made in Vendure. Give it one in the ERP.')
}

function isPriced({ prices }: Current): boolean {
  return prices.some(({ price }) => Number(price) > 0)
}

async function variantOfId(session: Session, id: string): Promise<Current> {
  const [variant] = await readVariants(session, currentVariants, [id])
  if (variant) return variant
  throw new Problem('refused', `Variant ${id} is no longer in Vendure. Someone deleted it there.`)
}

async function variantOfSku(session: Session, sku: string): Promise<Current | null> {
  const filter = { sku: { eq: sku } }
  const found = await listVariants(session, currentVariants, { filter, take: 2 })
  const [variant, second] = found.filter(each => each.sku === sku)
  if (second) throw new Problem('refused', `SKU ${sku} is in Vendure more than once. Make it unique there.`)
  return variant ?? null
}

const current = z.looseObject({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  gtin: z.unknown(),
  customFields: z.record(z.string(), z.unknown()).nullish(),
  prices: z.array(z.object({ price: z.string() })),
  taxCategory: z.object({ id: z.string() }),
  options: z.array(z.object({ id: z.string() })),
  product: z.object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    enabled: z.boolean(),
    variantList: z.object({ totalItems: z.int() }),
    customFields: z.record(z.string(), z.unknown()).nullish(),
  }),
})
type Current = z.infer<typeof current>

const parent = (more = '') =>
  `product { id name description enabled variantList(options: { take: 1 }) { totalItems } ${more} }`
const currentVariants: Variants<Current> = {
  name: 'Variants',
  selection: ({
    customFields,
  }) => `id sku name enabled prices { price } taxCategory { id } options { id } ${parent(custom(customFields('Product')))}
    ${custom(customFields('ProductVariant'))}`,
  schema: current,
  beside: productVariants.beside,
}

const created = z.object({
  createProductVariants: z.array(current.pick({ id: true, enabled: true, product: true })),
})
const creating: Operation<z.infer<typeof created>> = {
  text: `mutation CreateVariants($input: [CreateProductVariantInput!]!) {
    createProductVariants(input: $input) { id enabled ${parent()} } }`,
  data: created,
}

const updated = z.object({ updateProductVariants: z.array(z.object({ id: z.string() })) })
const updating: Operation<z.infer<typeof updated>> = {
  text: `mutation UpdateVariants($input: [UpdateProductVariantInput!]!) {
    updateProductVariants(input: $input) { id } }`,
  data: updated,
}
