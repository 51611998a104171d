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
  variants: z.array(z.object({ id: text })),
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

/** What people call it, and whether it has siblings: a product with one variant is told by the product's title. */
export const productRow = variant.extend({ name: text, grouped: z.boolean() })
export type ProductRow = z.infer<typeof productRow>

const fields = [
  'id,title,sku,ean,upc,barcode,manage_inventory,updated_at,metadata',
  'options.id,options.value,options.option.id,options.option.title',
  'product.id,product.title,product.handle,product.description,product.status,product.external_id',
  'product.metadata,product.variants.id',
].join(',')

export const variantList = { path: '/product-variants', name: 'variants', fields }

export async function readProducts(session: Session, ids: readonly string[]): Promise<readonly ProductRow[]> {
  return (await byIds(session, variantList, variant, ids)).map(withName)
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
  return variants.filter(each => each[field] === value).map(withName)
}

function withName(row: z.infer<typeof variant>): ProductRow {
  const { title, product: parent, options } = row
  const grouped = parent.variants.length > 1 || options.some(({ option }) => option.title !== defaultOption)
  const whole = title.startsWith(parent.title) ? title : `${parent.title} ${title}`
  return { ...row, grouped, name: grouped ? whole : parent.title }
}

/** As Medusa's admin names the option of a product without options. */
export const defaultOption = 'Default option'
export const defaultValue = 'Default option value'
