import type { Books, Variant } from './books.ts'
import { refuse } from './failure.ts'
import { centsOf } from './money.ts'

export interface VariantInput {
  readonly id?: string
  readonly barcode?: string
  readonly price?: string
  readonly compareAtPrice?: string | null
  readonly optionValues?: readonly { readonly optionName?: string; readonly name?: string }[]
  readonly inventoryItem?: {
    readonly sku?: string
    readonly tracked?: boolean
    readonly requiresShipping?: boolean
    readonly measurement?: { readonly weight: { readonly unit: string; readonly value: number } }
  }
}

/** As Shopify makes one of nothing: it costs nothing, and is not counted. */
export function newVariant(books: Books, product: string): Variant {
  const now = books.stamp()
  return {
    id: books.next('variant'),
    product,
    createdAt: now,
    updatedAt: now,
    metafields: [],
    sku: null,
    barcode: null,
    price: 0,
    compareAtPrice: null,
    options: [],
    tracked: false,
    requiresShipping: true,
    weight: { unit: 'KILOGRAMS', value: 0 },
    taxRate: 19,
    levels: {},
  }
}

export function putVariant(
  books: Books,
  there: Variant,
  input: VariantInput,
  field: readonly string[],
): Variant {
  const price = input.price === undefined ? there.price : centsOf(input.price)
  if (price < 0)
    refuse([...field, 'price'], 'Price must be greater than or equal to 0', 'GREATER_THAN_OR_EQUAL_TO')
  if ((input.inventoryItem?.sku?.length ?? 0) > 255) refuse([...field, 'sku'], 'SKU is too long', 'TOO_LONG')
  const { inventoryItem: item = {} } = input
  return books.variants.put(there.id, {
    ...there,
    price,
    ...(input.compareAtPrice !== undefined && {
      compareAtPrice: input.compareAtPrice === null ? null : centsOf(input.compareAtPrice),
    }),
    ...(input.barcode !== undefined && { barcode: input.barcode }),
    ...(item.sku !== undefined && { sku: item.sku }),
    ...(item.tracked !== undefined && { tracked: item.tracked }),
    ...(item.requiresShipping !== undefined && { requiresShipping: item.requiresShipping }),
    ...(item.measurement !== undefined && { weight: item.measurement.weight }),
    updatedAt: books.stamp(),
  })
}
