import { taxCategories, type Books } from './books.ts'

export interface Article {
  readonly sku: string
  readonly name: string
  /** In cents, as the channel enters prices. */
  readonly price?: number
  readonly stock?: number
  readonly taxCategory?: string
}

export function addProduct(books: Books, { sku, name, price, stock, taxCategory }: Article): string {
  const now = books.stamp()
  const common = { createdAt: now, updatedAt: now, enabled: true, name, customFields: {} }
  const product = books.next('product')
  const slug = sku.toLowerCase()
  books.products.put(product, { ...common, id: product, slug, description: '', optionGroups: [] })
  const id = books.next('variant')
  books.variants.put(id, {
    ...common,
    id,
    product,
    sku,
    taxCategory: taxCategory ?? taxCategories[0].id,
    options: [],
    prices: [{ currencyCode: books.channel.currency, price: price ?? 0 }],
    stockOnHand: stock ?? 0,
    stockAllocated: 0,
  })
  return id
}
