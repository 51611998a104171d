import { z } from 'zod'
import {
  rateOf,
  stockLocation,
  taxCategories,
  type Books,
  type OptionGroup,
  type Product,
  type Variant,
} from './books.ts'
import { Failure, missing } from './failure.ts'
import { list } from './lists.ts'

const text = z.string()
const translations = z.array(
  z.object({ name: text.optional(), slug: text.optional(), description: text.optional() }),
)
const customFields = z.record(text, z.unknown()).optional()

const productInput = z.object({
  id: text.optional(),
  enabled: z.boolean().optional(),
  translations: translations.optional(),
  customFields,
})

const variantInput = z.object({
  id: text.optional(),
  productId: text.optional(),
  sku: text.optional(),
  enabled: z.boolean().optional(),
  taxCategoryId: text.optional(),
  optionIds: z.array(text).optional(),
  translations: translations.optional(),
  prices: z.array(z.object({ currencyCode: text, price: z.int() })).optional(),
  stockLevels: z.array(z.object({ stockLocationId: text, stockOnHand: z.int() })).optional(),
  customFields,
})
type VariantInput = z.infer<typeof variantInput>

const groupInput = z.object({ code: text, translations, options: z.array(z.unknown()).optional() })
const optionInput = z.object({ productOptionGroupId: text, code: text, translations })

type Operation = (variables: Readonly<Record<string, unknown>>) => object

export function catalogueOperations(books: Books): Readonly<Record<string, Operation>> {
  const { products, variants, optionGroups } = books
  const listVariants: Operation = ({ options }) => ({
    productVariants: list(
      variants.all().map(row => variantView(books, row)),
      options,
    ),
  })
  return {
    Products: listVariants,
    Variants: listVariants,
    Prices: listVariants,
    StockLevels: listVariants,
    TaxRates: () => ({
      taxRates: {
        items: taxCategories.map(({ id, rate }, index) => ({
          value: rate,
          enabled: true,
          zone: { id: '1' },
          category: { id, isDefault: index === 0 },
        })),
      },
    }),
    ChangedProducts: ({ options }) => ({
      products: list(
        products.all().map(row => productView(books, row)),
        options,
      ),
    }),
    ProductsOfGroup: ({ options }) => {
      const { filter } = z
        .object({ filter: z.object({ optionGroupId: z.object({ eq: text }) }) })
        .parse(options)
      const found = products.filter(row => row.optionGroups.includes(filter.optionGroupId.eq))
      return { products: { items: found.map(row => productView(books, row)) } }
    },
    ProductBySlug: ({ slug }) => {
      const found = products.find(row => row.slug === slug)
      return { product: found ? productView(books, found) : null }
    },
    OptionsOfProduct: ({ id }) => {
      const found = products.get(String(id))
      return { product: found ? productView(books, found) : null }
    },
    OptionGroups: ({ options }) => ({ productOptionGroups: list(asItems(optionGroups.all()), options) }),
    CreateProduct: ({ input }) => ({ createProduct: createProduct(books, productInput.parse(input)) }),
    UpdateProduct: ({ input }) => ({ updateProduct: updateProduct(books, productInput.parse(input)) }),
    CreateOptionGroup: ({ input }) => {
      const { code, translations: names } = groupInput.parse(input)
      const id = books.next('optionGroup')
      const made: OptionGroup = { id, code, name: names[0]?.name ?? '', options: [] }
      return { createProductOptionGroup: optionGroups.put(id, made) }
    },
    CreateOption: ({ input }) => {
      const { productOptionGroupId: group, code, translations: names } = optionInput.parse(input)
      const there = optionGroups.get(group) ?? missing('ProductOptionGroup', group)
      const option = { id: books.next('option'), code, name: names[0]?.name ?? '' }
      optionGroups.put(group, { ...there, options: [...there.options, option] })
      return { createProductOption: option }
    },
    AttachOptionGroup: ({ product, group }) => {
      const there = products.get(String(product)) ?? missing('Product', product)
      const groups = [...new Set([...there.optionGroups, String(group)])]
      return { addOptionGroupToProduct: products.put(there.id, { ...there, optionGroups: groups }) }
    },
    CreateVariants: ({ input }) => ({
      createProductVariants: z
        .array(variantInput)
        .parse(input)
        .map(each => variantView(books, createVariant(books, each))),
    }),
    UpdateVariants: ({ input }) => ({ updateProductVariants: updateVariants(books, input) }),
    SetVariants: ({ input }) => ({ updateProductVariants: updateVariants(books, input) }),
  }
}

function createProduct(books: Books, input: z.infer<typeof productInput>): Product {
  const now = books.stamp()
  const [words] = input.translations ?? []
  const id = books.next('product')
  return books.products.put(id, {
    id,
    createdAt: now,
    updatedAt: now,
    name: words?.name ?? '',
    slug: freeSlug(books, words?.slug ?? ''),
    description: words?.description ?? '',
    enabled: input.enabled ?? true,
    optionGroups: [],
    customFields: input.customFields ?? {},
  })
}

/** A slug that is taken gets a number. */
function freeSlug({ products }: Books, wanted: string): string {
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? wanted : `${wanted}-${number}`
    if (!products.find(row => row.slug === slug)) return slug
  }
}

function updateProduct(books: Books, { id, ...input }: z.infer<typeof productInput>): Product {
  const there = books.products.get(id ?? '') ?? missing('Product', id)
  const { name = there.name, description = there.description } = input.translations?.[0] ?? {}
  return books.products.put(there.id, {
    ...there,
    name,
    description,
    enabled: input.enabled ?? there.enabled,
    customFields: { ...there.customFields, ...input.customFields },
    updatedAt: books.stamp(),
  })
}

/** Vendure does not keep SKUs unique, and gives a variant without a price the price 0. */
function createVariant(books: Books, input: VariantInput): Variant {
  const product = books.products.get(input.productId ?? '') ?? missing('Product', input.productId)
  const now = books.stamp()
  const id = books.next('variant')
  return books.variants.put(id, {
    id,
    createdAt: now,
    updatedAt: now,
    product: product.id,
    sku: input.sku ?? '',
    name: input.translations?.[0]?.name ?? '',
    enabled: input.enabled ?? true,
    taxCategory: input.taxCategoryId ?? taxCategories[0].id,
    options: input.optionIds ?? [],
    prices: input.prices ?? [{ currencyCode: books.channel.currency, price: 0 }],
    stockOnHand: 0,
    stockAllocated: 0,
    customFields: input.customFields ?? {},
  })
}

/** One transaction: all are found before any is changed. */
function updateVariants(books: Books, given: unknown): object[] {
  const inputs = z.array(variantInput).parse(given)
  const found = inputs.map(({ id }) => books.variants.get(id ?? '') ?? missing('ProductVariant', id))
  for (const { prices = [] } of inputs)
    if (prices.some(({ price }) => price < 0))
      throw new Failure('USER_INPUT_ERROR', 'The price cannot be negative')
  return found.map((there, at) => variantView(books, updateVariant(books, there, inputs[at]!)))
}

function updateVariant(books: Books, there: Variant, input: VariantInput): Variant {
  const prices = input.prices ?? []
  const kept = there.prices.filter(
    each => !prices.some(({ currencyCode }) => currencyCode === each.currencyCode),
  )
  return books.variants.put(there.id, {
    ...there,
    sku: input.sku ?? there.sku,
    name: input.translations?.[0]?.name ?? there.name,
    enabled: input.enabled ?? there.enabled,
    taxCategory: input.taxCategoryId ?? there.taxCategory,
    options: input.optionIds ?? there.options,
    prices: [...kept, ...prices],
    stockOnHand: input.stockLevels?.[0]?.stockOnHand ?? there.stockOnHand,
    customFields: { ...there.customFields, ...input.customFields },
    updatedAt: books.stamp(),
  })
}

function variantView(books: Books, row: Variant) {
  const { stockOnHand, stockAllocated, taxCategory, options, ...rest } = row
  const product = books.products.get(row.product)
  const category = taxCategories.find(({ id }) => id === taxCategory)
  return {
    ...rest,
    product: product ? productView(books, product) : null,
    options: options.flatMap(id => {
      const group = books.optionGroups.find(each => each.options.some(option => option.id === id))
      const option = group?.options.find(each => each.id === id)
      return group && option
        ? [{ ...option, group: { id: group.id, code: group.code, name: group.name } }]
        : []
    }),
    taxRateApplied: { value: rateOf(taxCategory) },
    taxCategory: { id: taxCategory, name: category?.name ?? '' },
    stockLevels: [{ stockLocationId: stockLocation.id, stockOnHand, stockAllocated }],
  }
}

function productView(books: Books, row: Product) {
  const variants = books.variants.filter(({ product }) => product === row.id)
  return {
    ...row,
    optionGroups: row.optionGroups.flatMap(id => books.optionGroups.get(id) ?? []),
    variants: variants.map(({ id }) => ({ id })),
    variantList: { totalItems: variants.length },
  }
}

function asItems(rows: readonly OptionGroup[]) {
  return rows.map(row => ({ ...row }))
}
