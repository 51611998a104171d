import type { Books, Product, Variant } from './books.ts'
import { connection, gidOf } from './lists.ts'
import { metafieldsOf } from './metafields.ts'
import { priceOf } from './money.ts'

export function productView(books: Books, product: Product): object {
  const variants = () => variantsOf(books, product.id).map(each => variantView(books, each))
  return {
    ...product,
    ...metafieldsOf(product),
    __typename: 'Product',
    id: gidOf('Product', product.id),
    description: product.descriptionHtml.replace(/<[^>]+>/g, ''),
    isGiftCard: false,
    hasOnlyDefaultVariant: product.options.every(({ name }) => name === 'Title'),
    variantsCount: () => ({ count: variants().length, precision: 'EXACT' }),
    variants: (args: object) => connection(variants(), args),
  }
}

export function variantView(books: Books, variant: Variant): object {
  const product = books.products.get(variant.product)
  return {
    ...variant,
    ...metafieldsOf(variant),
    __typename: 'ProductVariant',
    id: gidOf('ProductVariant', variant.id),
    title: variant.options.map(({ value }) => value).join(' / '),
    taxable: true,
    price: priceOf(variant.price),
    compareAtPrice: variant.compareAtPrice === null ? null : priceOf(variant.compareAtPrice),
    selectedOptions: variant.options,
    product: () => product && productView(books, product),
    inventoryItem: () => itemView(variant),
  }
}

/** Its id is its variant's, to keep the books short; at Shopify it is another number. */
function itemView(variant: Variant): object {
  return {
    __typename: 'InventoryItem',
    id: gidOf('InventoryItem', variant.id),
    tracked: variant.tracked,
    requiresShipping: variant.requiresShipping,
    measurement: { weight: variant.weight },
    inventoryLevel: ({ locationId }: { readonly locationId: string }) => {
      const level = variant.levels[locationId.split('/').at(-1) ?? '']
      if (!level) return null
      const quantities: Readonly<Record<string, number>> = {
        ...level,
        on_hand: level.available + level.committed,
        incoming: 0,
      }
      return {
        quantities: ({ names }: { readonly names: readonly string[] }) =>
          names.map(name => ({ name, quantity: quantities[name] ?? 0 })),
      }
    },
  }
}

export function variantsOf({ variants }: Books, product: string): readonly Variant[] {
  return variants.having('product', product).toSorted((left, right) => Number(left.id) - Number(right.id))
}
