import type { Books, PriceList } from './books.ts'
import { answered, refuse } from './failure.ts'
import { connection, gidOf, idIn } from './lists.ts'
import { locationView } from './companies.ts'

interface Context {
  readonly companyLocationIds?: readonly string[]
}
interface Money {
  readonly amount: string
  readonly currencyCode: string
}
interface Pricing {
  readonly pricesToAdd: readonly { readonly variantId: string; readonly price: Money }[]
  readonly pricesToDeleteByVariantId: readonly string[]
  readonly quantityPriceBreaksToAdd: readonly {
    readonly variantId: string
    readonly minimumQuantity: number
    readonly price: Money
  }[]
  readonly quantityPriceBreaksToDeleteByVariantId?: readonly string[]
}

/** Price lists, and the catalogues by which locations of companies get them. */
export function priceListFields(books: Books) {
  const { priceLists } = books
  const list = (gid: string) =>
    priceLists.get(idIn('PriceList', gid)) ??
    refuse(['priceListId'], 'Price list not found.', 'PRICE_LIST_NOT_FOUND')
  const ofCatalogue = (gid: string) =>
    priceLists.find(({ catalogue }) => catalogue?.id === idIn('CompanyLocationCatalog', gid)) ??
    refuse(['id'], 'Catalog not found.', 'CATALOG_NOT_FOUND')
  const locationsIn = ({ companyLocationIds = [] }: Context = {}) =>
    companyLocationIds.map(gid =>
      books.companyLocations.get(idIn('CompanyLocation', gid))
        ? idIn('CompanyLocation', gid)
        : refuse(['context'], 'Company location not found.', 'COMPANY_LOCATION_NOT_FOUND'),
    )
  return {
    priceLists: (args: object) =>
      connection(
        priceLists.all().map(each => priceListView(books, each)),
        args,
      ),
    priceList: ({ id }: { readonly id: string }) => {
      const there = priceLists.get(idIn('PriceList', id))
      return there ? priceListView(books, there) : null
    },
    priceListCreate: ({ input }: { readonly input: { readonly name: string; readonly currency: string } }) =>
      answered(() => {
        checkName(books, input.name, null)
        const id = books.next('priceList')
        const made = priceLists.put(id, {
          id,
          name: input.name,
          currency: input.currency,
          catalogue: null,
          prices: [],
        })
        return { priceList: priceListView(books, made) }
      }),
    priceListUpdate: ({ id, input }: { readonly id: string; readonly input: { readonly name: string } }) =>
      answered(() => {
        const there = list(id)
        checkName(books, input.name, there.id)
        priceLists.put(there.id, { ...there, ...input })
        return {}
      }),
    catalogCreate: (args: {
      readonly input: {
        readonly title: string
        readonly status: string
        readonly context: Context
        readonly priceListId: string
      }
    }) =>
      answered(() => {
        const { title, status, context, priceListId } = args.input
        const there = list(priceListId)
        if (there.catalogue) refuse(['input', 'priceListId'], 'Price list is taken.', 'TAKEN')
        const catalogue = { id: books.next('catalogue'), title, status, locations: locationsIn(context) }
        priceLists.put(there.id, { ...there, catalogue })
        return {}
      }),
    catalogUpdate: (args: {
      readonly id: string
      readonly input: { readonly title: string; readonly status: string }
    }) =>
      answered(() => {
        const there = ofCatalogue(args.id)
        if (there.catalogue)
          priceLists.put(there.id, { ...there, catalogue: { ...there.catalogue, ...args.input } })
        return {}
      }),
    catalogContextUpdate: (args: {
      readonly catalogId: string
      readonly contextsToAdd?: Context | null
      readonly contextsToRemove?: Context | null
    }) =>
      answered(() => {
        const there = ofCatalogue(args.catalogId)
        if (!there.catalogue) return {}
        const gone = locationsIn(args.contextsToRemove ?? {})
        const kept = there.catalogue.locations.filter(each => !gone.includes(each))
        const locations = [...new Set([...kept, ...locationsIn(args.contextsToAdd ?? {})])]
        priceLists.put(there.id, { ...there, catalogue: { ...there.catalogue, locations } })
        return {}
      }),
    quantityPricingByVariantUpdate: (args: { readonly priceListId: string; readonly input: Pricing }) =>
      answered(() => {
        const there = list(args.priceListId)
        priceLists.put(there.id, { ...there, prices: priced(books, there, args.input) })
        return {}
      }),
  }
}

function priced(books: Books, { prices, currency }: PriceList, input: Pricing): PriceList['prices'] {
  const given = [...input.pricesToAdd, ...input.quantityPriceBreaksToAdd]
  for (const [at, { variantId, price }] of given.entries()) {
    if (!books.variants.get(idIn('ProductVariant', variantId)))
      refuse(['input', String(at)], 'Variant not found.', 'PRICE_ADD_VARIANT_NOT_FOUND')
    if (price.currencyCode !== currency)
      refuse(['input', String(at)], 'Another currency.', 'PRICE_ADD_CURRENCY_MISMATCH')
  }
  if (given.length > 250) throw new Error('The input array size is greater than the maximum allowed 250.')
  const rows = new Map(prices.map(each => [each.variant, each]))
  for (const gid of input.quantityPriceBreaksToDeleteByVariantId ?? []) {
    const row = rows.get(idIn('ProductVariant', gid))
    if (row) rows.set(row.variant, { ...row, breaks: [] })
  }
  for (const gid of input.pricesToDeleteByVariantId) rows.delete(idIn('ProductVariant', gid))
  for (const { variantId, price } of input.pricesToAdd) {
    const variant = idIn('ProductVariant', variantId)
    rows.set(variant, { variant, breaks: rows.get(variant)?.breaks ?? [], price: price.amount })
  }
  for (const { variantId, minimumQuantity, price } of input.quantityPriceBreaksToAdd) {
    const row = rows.get(idIn('ProductVariant', variantId))
    if (!row)
      return refuse(['input'], 'No fixed price.', 'QUANTITY_PRICE_BREAK_ADD_PRICE_LIST_PRICE_NOT_FOUND')
    if (row.breaks.some(each => each.minimumQuantity === minimumQuantity))
      refuse(['input'], 'Twice.', 'QUANTITY_PRICE_BREAK_ADD_DUPLICATE_INPUT_FOR_VARIANT_AND_MIN')
    if (row.breaks.length >= 10)
      refuse(['input'], 'Too many breaks.', 'QUANTITY_PRICE_BREAK_ADD_LIMIT_EXCEEDED')
    rows.set(row.variant, { ...row, breaks: [...row.breaks, { minimumQuantity, price: price.amount }] })
  }
  return [...rows.values()]
}

function checkName(books: Books, name: string, own: string | null): void {
  if (name.trim() === '') refuse(['input', 'name'], "Name can't be blank.", 'BLANK')
  if (books.priceLists.find(each => each.id !== own && each.name === name))
    refuse(['input', 'name'], 'Name has already been taken.', 'TAKEN')
}

export function catalogueView(books: Books, { catalogue }: Pick<PriceList, 'catalogue'>): object | null {
  if (!catalogue) return null
  const locations = catalogue.locations.flatMap(each => books.companyLocations.get(each) ?? [])
  return {
    __typename: 'CompanyLocationCatalog',
    id: gidOf('CompanyLocationCatalog', catalogue.id),
    title: catalogue.title,
    status: catalogue.status,
    companyLocations: (args: object) =>
      connection(
        locations.map(each => locationView(books, each)),
        args,
      ),
  }
}

export function priceListView(books: Books, { id, name, currency, catalogue, prices }: PriceList): object {
  const money = (amount: string) => ({ amount, currencyCode: currency })
  return {
    __typename: 'PriceList',
    id: gidOf('PriceList', id),
    name,
    currency,
    catalog: catalogueView(books, { catalogue }),
    prices: (args: object) =>
      connection(
        prices.map(({ variant, price, breaks }) => ({
          originType: 'FIXED',
          variant: { id: gidOf('ProductVariant', variant) },
          price: money(price),
          quantityPriceBreaks: (each: object) =>
            connection(
              breaks.map(one => ({ minimumQuantity: one.minimumQuantity, price: money(one.price) })),
              each,
            ),
        })),
        args,
      ),
  }
}
