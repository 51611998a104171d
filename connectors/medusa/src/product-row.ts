import type { Snapshot } from '@linchpin/connector'
import { z } from 'zod'
import { byIds, snapshotOf } from './listing.ts'
import type { Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()
const metadata = z.record(text, z.unknown()).nullish()

const product = z.looseObject({
  id: text,
  title: text,
  handle: maybe,
  description: maybe,
  status: text,
  external_id: maybe,
  metadata,
})

/** A variant, with the product that it is a variant of. */
const variant = z.looseObject({
  id: text,
  title: text,
  sku: maybe,
  ean: maybe,
  upc: maybe,
  barcode: maybe,
  updated_at: text,
  metadata,
  options: z.array(
    z.looseObject({ id: text, value: text, option: z.looseObject({ id: text, title: text }) }),
  ),
  product,
})

/** What people call it, and its siblings: a product with one variant is told by the product's title. */
export const productRow = variant.extend({ name: text, grouped: z.boolean(), siblings: z.array(text) })
export type ProductRow = z.infer<typeof productRow>

const fields = [
  'id,title,sku,ean,upc,barcode,manage_inventory,updated_at,metadata',
  'options.id,options.value,options.option.id,options.option.title',
  'product.id,product.title,product.handle,product.description,product.status,product.external_id',
  'product.metadata',
].join(',')

export const variantList = { path: '/product-variants', name: 'variants', fields }

export async function readProducts(session: Session, ids: readonly string[]): Promise<readonly ProductRow[]> {
  return withSiblings(session, await byIds(session, variantList, variant, ids))
}

export async function getProducts(
  session: Session,
  ids: readonly string[],
): Promise<readonly Snapshot<ProductRow>[]> {
  return (await readProducts(session, ids)).map(snapshotOf)
}

/** The variants with this very SKU or code; Medusa keeps each of them unique. */
export async function variantsHaving(
  session: Session,
  field: 'sku' | 'ean' | 'upc' | 'barcode',
  value: string,
): Promise<readonly ProductRow[]> {
  const answer = z.object({ variants: z.array(variant) })
  const { variants } = await session.client.get(variantList.path, answer, {
    [field]: value,
    fields,
    limit: 10,
  })
  return withSiblings(
    session,
    variants.filter(each => each[field] === value),
  )
}

/** Medusa tells a variant's product, and leaves out which other variants that has, however it is asked. */
async function withSiblings(
  session: Session,
  variants: readonly z.infer<typeof variant>[],
): Promise<readonly ProductRow[]> {
  const parents = [...new Set(variants.map(each => each.product.id))]
  const list = { path: '/products', name: 'products', fields: 'id,variants.id' }
  const item = z.object({ id: text, variants: z.array(z.object({ id: text })) })
  const found = new Map((await byIds(session, list, item, parents)).map(each => [each.id, each.variants]))
  return variants.map(row => withName(row, found.get(row.product.id)?.map(({ id }) => id) ?? [row.id]))
}

function withName(row: z.infer<typeof variant>, siblings: readonly string[]): ProductRow {
  const { title, product: parent, options } = row
  const grouped = siblings.length > 1 || options.some(({ option }) => option.title !== defaultOption)
  const whole = title.startsWith(parent.title) ? title : `${parent.title} ${title}`
  return { ...row, grouped, name: grouped ? whole : parent.title, siblings: siblings.toSorted() }
}

/** As Medusa's admin names the option of a product without options. */
export const defaultOption = 'Default option'
export const defaultValue = 'Default option value'
