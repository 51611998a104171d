import type { Page } from '@linchpin/connector'
import { makeLab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { beforeEach, describe, expect, test } from 'vitest'
import type { AccountRow } from './account-row.ts'
import type { Metafield } from './fake/books.ts'
import { openCompany } from './fake/companies.ts'
import { fakeShopify, type FakeShopify } from './fake/fake-shopify.ts'
import { register } from './fake/people.ts'
import type { OrderRow } from './order-row.ts'
import type { PriceListRow } from './price-lists.ts'
import type { ProductRow } from './product-row.ts'
import { handleOf } from './product-parents.ts'
import type { Session } from './session.ts'
import { shopify } from './shopify.ts'
import { ourProduct, variantIn } from './variant-writer.ts'

const app = { clientId: 'linchpin', clientSecret: 'a-secret-of-the-tests' }

/** Shopify cuts every list at the length that was asked for. */
describe("lists that are longer than one answer tells, at Shopify's look-alike", () => {
  let fake: FakeShopify
  let session: Session
  let mug: string

  beforeEach(async () => {
    const lab = makeLab((url, init) => fetchFrom(fake.handler)(url, init))
    fake = fakeShopify({ shelf: new Shelf(null), now: lab.now, ...app, restoreRate: 1_000_000 })
    const settings = { url: 'https://example.myshopify.com', ...app, companies: true, bulkFrom: 0 }
    session = await shopify.open(shopify.settings.parse(settings), lab)
    mug = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
  })

  test('all payments and metafields of an order are read, and in bulk the same', async () => {
    const { id } = fake.placeOrder({ lines: [{ variant: mug, quantity: 1 }], email: 'ada@example.com' })
    const there = fake.books.orders.get(id)!
    const sale = there.transactions[0]!
    const transactions = times(120, at => ({ ...sale, id: String(5000 + at), amount: 1 }))
    const ours = { id: '9999', namespace: 'linchpin', key: 'erp_number', type: 'text', value: 'SO1' }
    fake.books.orders.put(id, { ...there, transactions, metafields: [...metafields(150), ours] })
    const row = (await get('SalesOrder', id)) as OrderRow
    expect(row.payments).toHaveLength(120)
    expect(row.metafields).toHaveLength(151)
    expect(row.own).toEqual({ erp_number: 'SO1' })
    expect(await loaded('SalesOrder', id)).toEqual(row)
  })

  test('all addresses and metafields of a customer are read, and in bulk the same', async () => {
    const { id } = register(fake.books, { email: 'ada@example.com' })
    const there = fake.books.customers.get(id)!
    const address = { name: 'Ada', company: null, address1: 'Rechenweg 1', address2: null, city: 'Berlin' }
    const rest = { provinceCode: null, zip: '10115', countryCodeV2: 'DE', phone: null }
    const addresses = times(130, at => ({ ...address, ...rest, id: String(7000 + at) }))
    fake.books.customers.put(id, { ...there, addresses, metafields: metafields(130) })
    const row = (await get('Account', id)) as AccountRow
    expect(row.addressesV2.nodes).toHaveLength(130)
    expect(row.metafields.nodes).toHaveLength(130)
    expect(await loaded('Account', id)).toEqual(row)
  })

  test('all people of a company are read, and all metafields of its location', async () => {
    const { company, location } = openCompany(fake.books, { company: { name: 'Engines' } })
    const contacts = times(130, at => ({
      id: String(8000 + at),
      customer: register(fake.books, { email: `person${at}@example.com` }).id,
      title: null,
    }))
    fake.books.companies.put(company.id, { ...company, contacts })
    const there = fake.books.companyLocations.get(location)!
    fake.books.companyLocations.put(location, { ...there, metafields: metafields(130) })
    const row = (await get('Account', `location/${location}`)) as AccountRow
    expect(row.company?.contacts.nodes).toHaveLength(130)
    expect(row.metafields.nodes).toHaveLength(130)
  })

  test('all metafields of a variant are read, and in bulk the same', async () => {
    fake.books.variants.put(mug, { ...fake.books.variants.get(mug)!, metafields: metafields(130) })
    const row = (await get('Product', mug)) as ProductRow
    expect(row.metafields.nodes).toHaveLength(130)
    expect(await loaded('Product', mug)).toEqual(row)
  })

  test('all breaks of each price are read, and all companies that get a list', async () => {
    const variants = times(30, at => fake.addProduct({ sku: `S${at}`, name: `S ${at}`, price: 1000 }))
    const breaks = (count: number, from: number) =>
      times(count, at => ({ minimumQuantity: at + 2, price: `${from - at / 100}` }))
    const prices = variants.map((variant, at) => ({
      variant,
      price: '9.00',
      breaks: breaks([0, 26, 29].includes(at) ? 120 + at : 3, 8),
    }))
    const locations = times(
      260,
      at => openCompany(fake.books, { company: { name: `Engines ${at}` } }).location,
    )
    const catalogue = { id: '31', title: 'Dealers', status: 'ACTIVE', locations }
    fake.books.priceLists.put('30', { id: '30', name: 'Dealers', currency: 'EUR', catalogue, prices })
    const row = (await get('PriceList', '30')) as PriceListRow
    expect(row.accounts).toHaveLength(260)
    const counts = variants.map(id => row.prices.filter(({ variant }) => variant === id).length - 1)
    expect(counts).toEqual(prices.map(each => each.breaks.length))
    expect(row.prices.findLast(({ variant }) => variant === variants[26])).toMatchObject({ quantity: '147' })
  })

  test('a variant of a group of hundreds is found again', async () => {
    const row = { sku: 'G-400', group: { code: 'G', name: 'Group', options: [] } }
    const first = fake.books.variants.get(mug)!
    const product = fake.books.products.get(first.product)!
    fake.books.products.put(product.id, { ...product, handle: handleOf(row as never) })
    for (let at = 0; at <= 400; at += 1)
      fake.books.variants.put(`${6000 + at}`, { ...first, id: `${6000 + at}`, sku: `G-${at}` })
    const found = await ourProduct(session, row as never)
    expect(found && variantIn(found, row as never)).toMatchObject({ id: '6400' })
  })

  const metafields = (count: number): Metafield[] =>
    times(count, at => ({
      id: String(4000 + at),
      namespace: 'custom',
      key: `k${at}`,
      type: 'text',
      value: `${at}`,
    }))

  async function get(
    entity: 'SalesOrder' | 'Account' | 'Product' | 'PriceList',
    id: string,
  ): Promise<unknown> {
    return (await shopify.entities[entity]?.get?.(session, [id]))?.[0]?.row
  }

  /** As the first load tells it. */
  async function loaded(entity: 'SalesOrder' | 'Account' | 'Product', id: string): Promise<unknown> {
    let after: string | null = null
    for (let turn = 0; turn < 9; turn += 1) {
      const page: Page<unknown> | undefined = await shopify.entities[entity]?.changes?.(session, after, 50)
      const found = page?.items.find(each => each.id === id)
      if (found && 'row' in found) return found.row
      after = page?.next ?? null
    }
    return undefined
  }
})

function times<Item>(count: number, make: (at: number) => Item): Item[] {
  return Array.from({ length: count }, (_, at) => make(at))
}
