import { fetchFrom, Shelf } from '@linchpin/lookalike'
import type { Io, Write } from '@linchpin/connector'
import { describe, expect, test } from 'vitest'
import { fakeMedusa } from './fake/fake-medusa.ts'
import { price, type PriceWrite } from './prices.ts'
import { priceList, type PriceListWrite } from './price-lists.ts'
import { product } from './products.ts'
import { openSession } from './session.ts'

const start = Date.UTC(2029, 11, 31)
const hour = 3_600_000

function openShop() {
  let now = start
  const fake = fakeMedusa({ shelf: new Shelf(null), now: () => now, apiKey: 'sk_1', pricesIncludeTax: false })
  const io: Io = {
    fetch: fetchFrom(fake.handler),
    now: () => now,
    nonce: () => '0'.repeat(32),
    log: () => undefined,
    signal: new AbortController().signal,
  }
  const session = openSession({ url: 'http://medusa.test', apiKey: 'sk_1' }, io)
  const mug = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 12.5, stock: 10 })
  const writePrice = (more: Partial<PriceWrite>) => {
    const row = { product: mug, currency: 'eur', taxInclusive: false, list: '12.5', ...more }
    return price.writer?.write(session, [{ key: 'erp/Price/1', id: null, row }])
  }
  const writeList = (row: PriceListWrite) => {
    const write: Write<PriceListWrite> = { key: 'erp/PriceList/1', id: null, row }
    return priceList.writer?.write(session, [write])
  }
  return { ...fake, session, mug, writePrice, writeList, pass: (ms: number) => (now += ms) }
}

const at = (hours: number) => new Date(start + hours * hour).toISOString()

describe('prices, at a look-alike of Medusa', () => {
  test('those of other currencies and of single regions stay', async () => {
    const { books, mug, writePrice } = openShop()
    await writePrice({ currency: 'usd', list: '14' })
    const there = books.variants.get(mug)
    const ofRegion = { id: 'p', currency_code: 'eur', amount: 9, min_quantity: null, max_quantity: null }
    if (there)
      books.variants.put(mug, {
        ...there,
        prices: [...there.prices, { ...ofRegion, rules: { region_id: 'reg_1' } }],
      })
    await writePrice({ list: '13' })
    const told = books.variants.get(mug)?.prices.map(each => [each.currency_code, each.amount, each.rules])
    expect(told).toEqual(
      expect.arrayContaining([
        ['usd', 14, {}],
        ['eur', 9, { region_id: 'reg_1' }],
        ['eur', 13, {}],
      ]),
    )
    expect(told).toHaveLength(3)
  })

  test('a price with tax is converted by the rate of its product where the shop has prices without', async () => {
    const { books, mug, writePrice } = openShop()
    await writePrice({ taxInclusive: true, list: '11.9' })
    expect(books.variants.get(mug)?.prices.map(each => each.amount)).toEqual([10])
  })

  test('a sale is in one list for each beginning and end, moves to another, and goes when it is called off', async () => {
    const { books, writePrice } = openShop()
    await writePrice({ sale: { amount: '10', from: at(1), to: at(5) } })
    await writePrice({ sale: { amount: '9', from: at(1), to: at(5) } })
    expect(books.priceLists.all()).toMatchObject([{ type: 'sale', starts_at: at(1), ends_at: at(5) }])
    expect(books.listPrices.all().map(each => each.amount)).toEqual([9])
    await writePrice({ sale: { amount: '8', from: at(6), to: at(7) } })
    expect(books.listPrices.all().map(each => each.amount)).toEqual([8])
    await writePrice({})
    expect(books.listPrices.all()).toEqual([])
  })

  test('a sale that is over makes no list', async () => {
    const { books, writePrice, pass } = openShop()
    pass(9 * hour)
    await writePrice({ sale: { amount: '8', from: at(6), to: at(7) } })
    expect(books.priceLists.all()).toEqual([])
  })
})

describe('price lists, at a look-alike of Medusa', () => {
  test('are never for everybody: without a group, one of their own name is made', async () => {
    const { books, mug, writeList } = openShop()
    const list = {
      name: 'Dealers',
      currency: 'eur',
      taxInclusive: false,
      items: [{ product: mug, amount: '8' }],
    }
    await writeList(list)
    await writeList({ ...list, items: [{ product: mug, amount: '7' }] })
    const [group] = books.groups.all()
    expect(group?.name).toBe('Dealers')
    expect(books.priceLists.all()).toMatchObject([{ rules: { 'customer.groups.id': [group?.id] } }])
    expect(books.listPrices.all().map(each => each.amount)).toEqual([7])
  })

  test('whose prices are with tax are refused where the shop has them without', async () => {
    const { mug, writeList } = openShop()
    const items = [{ product: mug, amount: '8' }]
    const [outcome] = (await writeList({ name: 'L', currency: 'eur', taxInclusive: true, items })) ?? []
    expect(outcome).toMatchObject({ is: 'refused', problem: { kind: 'refused' } })
  })
})

test('a product is put under the tax rate that it has, and taken out again when that is the default', async () => {
  const { books, session, mug } = openShop()
  const write = (taxRate: string) => product.writer?.write(session, [{ key: 'k', id: mug, row: { taxRate } }])
  await write('7')
  await write('7')
  expect(books.rules.all()).toMatchObject([{ rate: 'txr_7', reference: 'product' }])
  await write('19')
  expect(books.rules.all()).toEqual([])
})
