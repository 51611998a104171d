import { price, product } from '@linchpin/model'
import { describe, expect, test } from 'vitest'
import { sendBatch } from './batch.ts'
import { call } from './client.ts'
import { prices } from './prices.ts'
import { priceRowOf, productRowOf, rawProduct, type RawProduct } from './product-row.ts'
import { products } from './products.ts'
import { mugIn } from './rig-tools.ts'
import { stock } from './stock.ts'
import { fixture, mapped, problemOf, shopWith } from './testing.ts'

describe('a variation of WooCommerce becomes a product of its own', () => {
  const { parent, variation } = fixture('variable-product') as { parent: RawProduct; variation: RawProduct }
  const sellable = {
    id: '30/32',
    raw: rawProduct.parse(variation),
    parent: rawProduct.parse(parent),
    stamp: '',
  }

  test('with the group it varies, the option, the weight and the GTIN', () => {
    expect(product.parse(mapped(products.mapping, productRowOf(sellable, '0.18')))).toMatchObject({
      id: '30/32',
      sku: 'TEE-L',
      gtin: '4006381333931',
      name: 'T-shirt: L',
      active: true,
      weightKg: '0.18',
      taxCategory: 'standard',
      categories: ['Clothes'],
      group: { id: '30', name: 'T-shirt', options: [{ name: 'Size', value: 'L' }] },
    })
  })

  test('and a price with its dated sale', () => {
    const row = priceRowOf(sellable, { currency: 'EUR', pricesIncludeTax: true })
    expect(price.parse(mapped(prices.mapping, row))).toMatchObject({
      product: '30/32',
      taxInclusive: true,
      list: '25',
      sale: { amount: '19.9', from: '2026-11-20T00:00:00Z', to: '2026-11-27T23:59:59Z' },
    })
  })
})

describe('products in the look-alike of WooCommerce', () => {
  const shirt = (id: string, size: string) => ({
    key: `erp/Product/${id}`,
    id: null,
    row: {
      sku: `TEE-${size}`,
      name: 'T-shirt',
      status: 'publish' as const,
      tax_rate: '19',
      group: { id: '4', name: 'T-shirt', options: [{ name: 'Size', value: size }] },
    },
  })

  test('two variants make one variable product with both options', async () => {
    const { fake, session } = shopWith()
    const outcomes = await products.writer?.write(session, [shirt('1', 'S'), shirt('2', 'L')])
    expect(outcomes?.map(each => each.is)).toEqual(['applied', 'applied'])
    const parents = fake.products().filter(each => each.type === 'variable')
    expect(parents).toMatchObject([{ name: 'T-shirt', attributes: [{ name: 'Size', options: ['S', 'L'] }] }])
    await products.writer?.write(session, [shirt('3', 'XL')])
    const after = fake.products().filter(each => each.parent_id === parents[0]?.id)
    expect(after.map(each => each.sku)).toEqual(['TEE-S', 'TEE-L', 'TEE-XL'])
  })

  test('a product of another origin with the same SKU is left alone', async () => {
    const { fake, session } = shopWith()
    const mug = mugIn(fake, 'MUG-9')
    const write = {
      key: 'erp/Product/9',
      id: null,
      row: { sku: 'mug-9', name: 'Mug', status: 'publish' as const },
    }
    const [outcome] = (await products.writer?.write(session, [write])) ?? []
    expect(problemOf(outcome)).toContain(`product ${mug.id}`)
    expect(fake.products()).toHaveLength(1)
  })

  test('a tax rate that the shop does not have is named', async () => {
    const { session } = shopWith()
    const write = { key: 'erp/Product/9', id: null, row: { sku: 'X', name: 'X', tax_rate: '16' } }
    const [outcome] = (await products.writer?.write(session, [write])) ?? []
    expect(problemOf(outcome)).toContain('16 %')
  })

  test('a new product cannot be sold before its stock is known', async () => {
    const { fake, session } = shopWith()
    await products.writer?.write(session, [{ key: 'erp/Product/1', id: null, row: { sku: 'A', name: 'A' } }])
    expect(fake.products()[0]).toMatchObject({ manage_stock: true, stock_quantity: 0 })
  })
})

describe('prices and stock in the look-alike of WooCommerce', () => {
  const flat = { sale_price: '', date_on_sale_from_gmt: '', date_on_sale_to_gmt: '' }

  test('a sale that is no reduction is refused in words, since the shop would drop it silently', async () => {
    const { fake, session } = shopWith()
    const id = String(mugIn(fake).id)
    const row = { ...flat, regular_price: '10.00', sale_price: '10.00' }
    const [outcome] = (await prices.writer?.write(session, [{ key: 'k', id, row }])) ?? []
    expect(problemOf(outcome)).toContain('not below the list price')
    fake.updateProduct(Number(id), { sale_price: '11.00' })
    expect(fake.products()[0]?.sale_price).toBe('')
  })

  test('a sale begins and ends by the clock of the shop, and is taken away again', async () => {
    const { fake, session, lab } = shopWith()
    const id = String(mugIn(fake).id)
    const sale = {
      regular_price: '10.00',
      sale_price: '8.00',
      date_on_sale_from_gmt: '2030-01-01T01:00:00Z',
      date_on_sale_to_gmt: '2030-01-01T02:00:00Z',
    }
    await prices.writer?.write(session, [{ key: 'k', id, row: sale }])
    const shown: string[] = []
    for (const minutes of [0, 60, 60]) {
      lab.advance(minutes * 60_000)
      shown.push((await call<{ price: string }>(session, 'GET', `/products/${id}`)).data.price)
    }
    expect(shown).toEqual(['10.00', '8.00', '10.00'])
    await prices.writer?.write(session, [{ key: 'k', id, row: { ...flat, regular_price: '9.00' } }])
    expect(fake.products()[0]).toMatchObject({
      regular_price: '9.00',
      sale_price: '',
      date_on_sale_to_gmt: null,
    })
  })

  test('a price in another currency, or on another side of tax, is refused', async () => {
    const { fake, session } = shopWith()
    const id = String(mugIn(fake).id)
    const row = { ...flat, regular_price: '10.00' }
    const [dollars, gross] = await Promise.all(
      [{ currency: 'USD' }, { prices_include_tax: true }].map(
        async more =>
          (await prices.writer?.write(session, [{ key: 'k', id, row: { ...row, ...more } }]))?.[0],
      ),
    )
    expect(problemOf(dollars)).toContain('USD')
    expect(problemOf(gross)).toContain('with tax')
  })

  test('a hundred stock levels are one request, and one that is gone harms itself only', async () => {
    const { fake, session, lab } = shopWith()
    const ids = Array.from({ length: 99 }, (_, at) => String(mugIn(fake, `M${at}`).id))
    const writes = [...ids, '99999999'].map(id => ({ key: `k${id}`, id, row: { stock_quantity: 5 } }))
    const before = lab.seen.length
    const outcomes = await stock.writer?.write(session, writes)
    expect(lab.seen.length - before).toBe(1)
    expect(outcomes?.filter(each => each.is === 'applied')).toHaveLength(99)
    expect(outcomes?.at(-1)).toMatchObject({ is: 'refused', key: 'k99999999' })
    expect(fake.products().every(each => each.stock_quantity === 5)).toBe(true)
  })

  test('an item that the answer of a batch does not name is unknown, never guessed by its place', async () => {
    const { session, lab } = shopWith()
    const body = JSON.stringify({ update: [{ id: 2, sku: 'B' }] })
    lab.next({ is: 'answer', status: 200, body })
    const results = await sendBatch(session, '/products', [
      { id: 1, fields: {} },
      { id: 2, fields: {} },
    ])
    expect(results[0]).toMatchObject({ kind: 'passing' })
    expect(results[1]).toMatchObject({ id: 2 })
  })

  test('stock that the ERP says is below zero is none', () => {
    const record = { product: '7', available: '-3' }
    expect(mapped(stock.writer?.mapping ?? stock.mapping, record, { 7: '12' })).toEqual({
      product: '12',
      stock_quantity: 0,
    })
  })
})
