import type { Snapshot } from '@linchpin/connector'
import { z } from 'zod'
import { snapshotOf } from './listing.ts'
import { custom, type Session } from './session.ts'
import { readVariants, type Variants } from './variants.ts'

const text = z.string()

/** A variant, with the product that it is a variant of. Every product has at least one. */
export const productRow = z.looseObject({
  id: text,
  sku: text,
  name: text,
  enabled: z.boolean(),
  updatedAt: text,
  product: z.looseObject({ id: text, name: text, slug: text, description: text, enabled: z.boolean() }),
  options: z.array(z.looseObject({ id: text, name: text, group: z.looseObject({ id: text, name: text }) })),
  taxRateApplied: z.looseObject({ value: z.number() }),
  taxCategory: z.looseObject({ id: text, name: text }),
  /** By the custom field that the settings name. */
  gtin: text.nullable(),
  customFields: z.record(text, z.unknown()).nullish(),
})
export type ProductRow = z.infer<typeof productRow>

export const productVariants: Variants<ProductRow> = {
  name: 'Products',
  selection: ({ customFields }) => `id sku name enabled createdAt updatedAt
    product { id name slug description enabled ${custom(customFields('Product'))} }
    options { id code name group { id code name } } taxRateApplied { value } taxCategory { id name }
    ${custom(customFields('ProductVariant'))}`,
  schema: productRow,
  beside: (item, { settings }) => ({ gtin: item.customFields?.[settings.customFields.gtin] ?? null }),
}

export async function getProducts(
  session: Session,
  ids: readonly string[],
): Promise<readonly Snapshot<ProductRow>[]> {
  return (await readVariants(session, productVariants, ids)).map(snapshotOf)
}
