import { z } from 'zod'
import { fresh, merged, type Books, type Option, type Price, type Product, type Variant } from './books.ts'
import { list } from './lists.ts'
import { missing, wrong } from './refusal.ts'
import type { Routes } from './routes.ts'
import { inventoryView } from './stock.ts'

const text = z.string()
const code = text.nullish()

const prices = z.array(
  z.object({
    currency_code: text,
    amount: z.number(),
    min_quantity: z.number().nullish(),
    max_quantity: z.number().nullish(),
    rules: z.record(text, text).optional(),
  }),
)
const variantInput = z.strictObject({
  title: text.optional(),
  sku: code,
  ean: code,
  upc: code,
  barcode: code,
  manage_inventory: z.boolean().optional(),
  metadata: z.record(text, z.unknown()).nullish(),
  prices: prices.optional(),
  options: z.record(text, text).optional(),
})
type VariantInput = z.infer<typeof variantInput>

const productInput = z.strictObject({
  title: text.optional(),
  handle: text.optional(),
  status: text.optional(),
  description: code,
  external_id: code,
  shipping_profile_id: text.optional(),
  sales_channels: z.array(z.object({ id: text })).optional(),
  options: z.array(z.object({ title: text, values: z.array(text) })).optional(),
  variants: z.array(variantInput).optional(),
})

const variantFilters = { fields: ['id', 'sku', 'ean', 'upc', 'barcode', 'updated_at'] }
const productFilters = { fields: ['id', 'external_id', 'updated_at'] }

export function catalogueRoutes(books: Books): Routes {
  const { products, variants } = books
  const productOf = (id = '') => products.get(id) ?? missing('Product', id)
  return {
    'GET /product-variants': ({ query }) =>
      list(
        'variants',
        variants.all().map(row => variantView(books, row)),
        query,
        variantFilters,
      ),
    'GET /products': ({ query }) =>
      list(
        'products',
        products.all().map(row => productView(books, row)),
        query,
        productFilters,
      ),
    'POST /products': ({ body }) => ({ product: productView(books, createProduct(books, body)) }),
    'POST /products/:': ({ body, ids }) => {
      const there = productOf(ids[0])
      const { title, description, status } = productInput.parse(body)
      const now = {
        ...there,
        title: title ?? there.title,
        description: description ?? there.description,
        status: status ?? there.status,
        updated_at: books.stamp(),
      }
      return { product: productView(books, products.put(there.id, now)) }
    },
    'POST /products/:/options/batch': ({ body, ids }) => {
      const there = productOf(ids[0])
      const { update } = optionsBatch.parse(body)
      const options = there.options.map(option => {
        const added = update.filter(each => each.product_option_id === option.id).flatMap(each => each.add)
        return { ...option, values: [...option.values, ...added.map(({ value }) => valueOf(books, value))] }
      })
      return { product: productView(books, products.put(there.id, { ...there, options })) }
    },
    'POST /products/:/variants': ({ body, ids }) => {
      createVariant(books, productOf(ids[0]), variantInput.parse(body))
      return { product: productView(books, productOf(ids[0])) }
    },
    'POST /products/:/variants/:': ({ body, ids }) => {
      const there = variants.get(ids[1] ?? '') ?? missing('ProductVariant', ids[1])
      updateVariant(books, there, variantInput.parse(body))
      return { product: productView(books, productOf(ids[0])) }
    },
  }
}

const optionsBatch = z.object({
  update: z.array(z.object({ product_option_id: text, add: z.array(z.object({ value: text })) })),
})

function createProduct(books: Books, body: unknown): Product {
  const { options = [], variants = [], ...input } = productInput.parse(body)
  const handle = input.handle ?? ''
  if (books.products.find(row => row.handle === handle))
    wrong(`Product with handle: ${handle}, already exists.`)
  for (const each of variants) refuseTaken(books, each, null)
  const id = books.next('prod')
  const product = books.products.put(id, {
    ...fresh(books),
    id,
    title: input.title ?? '',
    handle,
    description: input.description ?? null,
    status: input.status ?? 'draft',
    external_id: input.external_id ?? null,
    options: options.map(each => optionOf(books, each)),
  })
  for (const each of variants) createVariant(books, product, each)
  return product
}

const optionOf = (books: Books, { title, values }: { title: string; values: readonly string[] }): Option => ({
  id: books.next('opt'),
  title,
  values: values.map(value => valueOf(books, value)),
})
const valueOf = (books: Books, value: string) => ({ id: books.next('optval'), value })

function createVariant(books: Books, product: Product, input: VariantInput): Variant {
  refuseTaken(books, input, null)
  for (const [title, value] of Object.entries(input.options ?? {}))
    if (!product.options.some(each => each.title === title && each.values.some(one => one.value === value)))
      wrong(`Option value ${value} does not exist for option ${title}`)
  const id = books.next('variant')
  return books.variants.put(id, {
    ...fresh(books),
    id,
    product_id: product.id,
    title: input.title ?? '',
    sku: input.sku ?? null,
    ean: input.ean ?? null,
    upc: input.upc ?? null,
    barcode: input.barcode ?? null,
    manage_inventory: input.manage_inventory ?? true,
    options: input.options ?? {},
    prices: pricesOf(books, input.prices ?? []),
    metadata: merged(null, input.metadata),
  })
}

/** Prices that are sent take the place of all that were there. */
function updateVariant(books: Books, there: Variant, input: VariantInput): Variant {
  refuseTaken(books, input, there.id)
  return books.variants.put(there.id, {
    ...there,
    title: input.title ?? there.title,
    sku: input.sku ?? there.sku,
    ean: input.ean ?? there.ean,
    upc: input.upc ?? there.upc,
    barcode: input.barcode ?? there.barcode,
    prices: input.prices ? pricesOf(books, input.prices) : there.prices,
    metadata: merged(there.metadata, input.metadata),
    updated_at: books.stamp(),
  })
}

function pricesOf(books: Books, given: z.infer<typeof prices>): Price[] {
  return given.map(each => ({
    id: books.next('price'),
    currency_code: each.currency_code,
    amount: each.amount,
    min_quantity: each.min_quantity ?? null,
    max_quantity: each.max_quantity ?? null,
    rules: each.rules ?? {},
  }))
}

function refuseTaken(books: Books, input: VariantInput, own: string | null): void {
  for (const field of ['sku', 'ean', 'upc', 'barcode'] as const) {
    const value = input[field]
    if (value && books.variants.find(row => row[field] === value && row.id !== own))
      wrong(`Product variant with ${field}: ${value}, already exists.`)
  }
}

function variantView(books: Books, row: Variant) {
  const product = books.products.get(row.product_id)
  const options = product?.options ?? []
  return {
    ...row,
    // Its other variants are not told here.
    product: product ? { ...product } : null,
    options: Object.entries(row.options).flatMap(([title, value]) => {
      const option = options.find(each => each.title === title)
      return option ? [{ id: `${option.id}-${value}`, value, option: { id: option.id, title } }] : []
    }),
    inventory_items: [inventoryView(books, row)],
  }
}

function productView(books: Books, row: Product) {
  const variants = books.variants.filter(each => each.product_id === row.id)
  return { ...row, variants: variants.map(({ id, sku }) => ({ id, sku })) }
}
