import type { Books, Product, Variant } from './books.ts'
import { productView, variantsOf, variantView } from './catalogue-views.ts'
import { answered, refuse } from './failure.ts'
import { byStamp, connection, countOf, idIn, search } from './lists.ts'
import { newVariant, putVariant, type VariantInput } from './variants.ts'

interface ProductInput {
  readonly handle?: string
  readonly title?: string
  readonly status?: string
  readonly descriptionHtml?: string
  readonly vendor?: string
  readonly productType?: string
  readonly productOptions?: readonly {
    readonly name: string
    readonly values: readonly { readonly name: string }[]
  }[]
  readonly variants?: readonly VariantInput[]
}
type Args = Readonly<Record<string, unknown>> & { readonly first?: number; readonly query?: string | null }

export function catalogueFields(books: Books, searchLagMs: number) {
  const { products, variants } = books
  const indexed = () => {
    const until = Date.parse(books.stamp()) - searchLagMs
    return variants.all().filter(({ createdAt }) => Date.parse(createdAt) <= until)
  }
  return {
    products: (args: Args) =>
      connection(
        byStamp(search(products.all(), args.query, { updated_at: row => row.updatedAt })).map(row =>
          productView(books, row),
        ),
        args,
      ),
    productVariants: (args: Args) =>
      connection(
        search(indexed(), args.query, {
          sku: row => row.sku ?? '',
          barcode: row => row.barcode ?? '',
        }).map(row => variantView(books, row)),
        args,
      ),
    productVariantsCount: ({ limit }: { readonly limit: number }) => countOf(variants.count(), limit),
    productByIdentifier: ({ identifier }: { readonly identifier: { readonly handle: string } }) => {
      const found = products.find(({ handle }) => handle === identifier.handle)
      return found ? productView(books, found) : null
    },
    publications: (args: Args) =>
      connection(
        ['Online Store', 'Point of Sale'].map((title, at) => ({
          id: `gid://shopify/Publication/${at + 1}`,
          catalog: { __typename: 'AppCatalog', title },
        })),
        args,
      ),
    productSet: ({ identifier, input }: { identifier?: { handle?: string }; input: ProductInput }) =>
      answered(() => ({ product: productView(books, setProduct(books, identifier?.handle, input)) })),
    productUpdate: ({
      product: { id, ...given },
    }: {
      readonly product: ProductInput & { readonly id: string }
    }) =>
      answered(() => {
        const there = products.get(idIn('Product', id)) ?? refuse(['id'], 'Product does not exist')
        checkTitle(given.title)
        const { variants: _, productOptions: __, ...plain } = given
        return {
          product: productView(
            books,
            products.put(there.id, { ...there, ...plain, updatedAt: books.stamp() }),
          ),
        }
      }),
    productVariantsBulkCreate: (args: {
      readonly productId: string
      readonly variants: readonly VariantInput[]
    }) =>
      answered(() => {
        const product =
          products.get(idIn('Product', args.productId)) ??
          refuse(['productId'], 'Product does not exist', 'PRODUCT_DOES_NOT_EXIST')
        const made = args.variants.map((input, at) =>
          addVariant(books, product, input, ['variants', String(at)]),
        )
        touchProduct(books, product.id)
        return { productVariants: made.map(each => variantView(books, each)) }
      }),
    productVariantsBulkUpdate: (args: {
      readonly productId: string
      readonly variants: readonly VariantInput[]
      readonly allowPartialUpdates?: boolean
    }) => updateVariants(books, args),
    publishablePublish: ({
      id,
      input,
    }: {
      id: string
      input: readonly { readonly publicationId: string }[]
    }) =>
      answered(() => {
        const there = products.get(idIn('Product', id)) ?? refuse(['id'], 'Product does not exist')
        const publications = [
          ...new Set([...there.publications, ...input.map(each => idIn('Publication', each.publicationId))]),
        ]
        products.put(there.id, { ...there, publications })
        return {}
      }),
  }
}

/** An identifier means a product that is there: its variants that are not named here are deleted. */
function setProduct(books: Books, handle: string | undefined, input: ProductInput): Product {
  checkTitle(input.title)
  const there = books.products.find(each => each.handle === (handle ?? input.handle))
  if (there && handle === undefined)
    refuse(['input', 'handle'], `Handle '${there.handle}' already in use.`, 'HANDLE_NOT_UNIQUE')
  const now = books.stamp()
  const id = there?.id ?? books.next('product')
  const product = books.products.put(id, {
    createdAt: now,
    metafields: [],
    vendor: books.shop.domain.split('.')[0] ?? '',
    productType: '',
    descriptionHtml: '',
    publications: [],
    ...there,
    id,
    title: input.title ?? there?.title ?? '',
    handle: input.handle ?? handle ?? `product-${id}`,
    status: input.status ?? there?.status ?? 'ACTIVE',
    ...(input.descriptionHtml !== undefined && { descriptionHtml: input.descriptionHtml }),
    ...(input.vendor !== undefined && { vendor: input.vendor }),
    ...(input.productType !== undefined && { productType: input.productType }),
    options:
      input.productOptions?.map(({ name, values }) => ({ name, values: values.map(each => each.name) })) ??
      there?.options ??
      [],
    updatedAt: now,
  })
  if (input.variants) {
    const kept = new Set(input.variants.map(each => each.id && idIn('ProductVariant', each.id)))
    for (const each of variantsOf(books, id)) if (!kept.has(each.id)) books.variants.remove(each.id)
    for (const [at, each] of input.variants.entries())
      if (!each.id) addVariant(books, product, each, ['input', 'variants', String(at)])
  }
  return product
}

function addVariant(books: Books, product: Product, input: VariantInput, field: readonly string[]): Variant {
  const options = (input.optionValues ?? []).map(({ optionName = '', name = '' }) => ({
    name: optionName,
    value: name,
  }))
  if (options.length !== product.options.length)
    refuse(
      [...field, 'optionValues'],
      'You need to add option values for each option',
      'NEED_TO_ADD_OPTION_VALUES',
    )
  const code = JSON.stringify(options)
  if (variantsOf(books, product.id).some(each => JSON.stringify(each.options) === code))
    refuse(
      field,
      `The variant '${options.map(({ value }) => value).join(' / ')}' already exists.`,
      'VARIANT_ALREADY_EXISTS',
    )
  return putVariant(books, { ...newVariant(books, product.id), options }, input, field)
}

function updateVariants(
  books: Books,
  {
    productId,
    variants,
    allowPartialUpdates,
  }: { productId: string; variants: readonly VariantInput[]; allowPartialUpdates?: boolean },
): object {
  if (variants.length > 250)
    throw new Error('The input array size of variants is greater than the maximum allowed 250.')
  const errors: object[] = []
  const before = books.variants.all()
  const product = books.products.get(idIn('Product', productId))
  if (!product)
    return {
      userErrors: [
        { field: ['productId'], message: 'Product does not exist', code: 'PRODUCT_DOES_NOT_EXIST' },
      ],
    }
  for (const [at, input] of variants.entries()) {
    const done = answered(() => {
      const there = books.variants.get(idIn('ProductVariant', input.id))
      if (!there || there.product !== product.id)
        return refuse(
          ['variants', String(at), 'id'],
          'Product variant does not exist',
          'PRODUCT_VARIANT_DOES_NOT_EXIST',
        )
      putVariant(books, there, input, ['variants', String(at)])
      return {}
    })
    errors.push(...(done['userErrors'] as object[]))
  }
  if (errors.length > 0 && allowPartialUpdates !== true)
    for (const row of before) books.variants.put(row.id, row)
  touchProduct(books, product.id)
  return { userErrors: errors, productVariants: [] }
}

export function touchProduct(books: Books, id: string): void {
  const there = books.products.get(id)
  if (there) books.products.put(id, { ...there, updatedAt: books.stamp() })
}

function checkTitle(title: string | undefined): void {
  if (title === '') refuse(['title'], "Title can't be blank")
  if ((title?.length ?? 0) > 255) refuse(['title'], 'Title is too long (maximum is 255 characters)')
}
