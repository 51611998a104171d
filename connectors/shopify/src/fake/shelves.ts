import type { Books } from './books.ts'
import { newVariant } from './variants.ts'

export interface Article {
  readonly sku: string
  readonly name: string
  /** In cents, as the shop enters prices. */
  readonly price?: number
  readonly stock?: number
  readonly taxRate?: number
  readonly barcode?: string
}

export function addProduct(books: Books, { sku, name, price, stock, taxRate, barcode }: Article): string {
  const now = books.stamp()
  const product = books.next('product')
  books.products.put(product, {
    id: product,
    createdAt: now,
    updatedAt: now,
    metafields: [],
    title: name,
    handle: `${sku.toLowerCase()}-${product}`,
    status: 'ACTIVE',
    descriptionHtml: '',
    vendor: 'example',
    productType: '',
    options: [{ name: 'Title', values: ['Default Title'] }],
    publications: ['1'],
  })
  const [home] = books.shop.locations
  const variant = newVariant(books, product)
  books.variants.put(variant.id, {
    ...variant,
    sku,
    barcode: barcode ?? null,
    price: price ?? 0,
    taxRate: taxRate ?? 19,
    tracked: true,
    options: [{ name: 'Title', value: 'Default Title' }],
    levels: { [home?.id ?? '']: { available: stock ?? 0, committed: 0 } },
  })
  return variant.id
}
