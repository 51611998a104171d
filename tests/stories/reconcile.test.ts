import { compareOn } from '@linchpin/engine/steps'
import { describe, expect, test } from 'vitest'
import { openHouse, useDatabase, type House } from './house/index.ts'

useDatabase()

describe('what people change behind our back is found (look-alikes)', () => {
  const flow = 'stock-level-erp-to-shop'

  test('a stock that someone typed into the shop: told without a change, then mended', async () => {
    await using house = await openHouse()
    setShopStock(house, 'LAMP-STORM', 7)
    const found = await house.reconcile(flow)
    expect(found.discrepancies).toMatchObject([
      { is: 'different', label: 'LAMP-STORM', fields: [{ ours: 40, theirs: 7 }] },
    ])
    await house.settle()
    expect(house.shop.product('LAMP-STORM')?.stock).toBe(7)
    expect((await house.reconcile(flow, { heal: true })).healed).toBe(1)
    await house.settle()
    expect(house.shop.product('LAMP-STORM')?.stock).toBe(40)
    expect((await house.reconcile(flow)).discrepancies).toEqual([])
  })

  test('a difference whose delivery is under way is none', async () => {
    await using house = await openHouse()
    setShopStock(house, 'LAMP-STORM', 7)
    const id = String(house.erp.fake.productId('LAMP-STORM'))
    await house.api.sync({ flow, ids: [id], cursor: null })
    const found = await house.reconcile(flow)
    expect([found.underWay, found.discrepancies]).toEqual([1, []])
  })

  test('an article that only the shop sells is astray, and stays', async () => {
    await using house = await openHouse()
    house.shop.fake.createProduct({ name: 'Home-made', sku: 'HOME-MADE', regular_price: '5' })
    const found = await house.reconcile('product-erp-to-shop', { heal: true })
    expect(found.discrepancies).toMatchObject([{ is: 'stray', id: null, label: 'HOME-MADE' }])
    expect(found.healed).toBe(0)
  })

  test('an order whose total someone changed in the ERP is told with both totals, and left for a person', async () => {
    await using house = await openHouse()
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const [line] = house.erp.fake.orm.all('sale.order.line')
    house.erp.fake.orm.transaction(() =>
      house.erp.fake.orm.write('sale.order.line', [line?.id ?? 0], { price_unit: 1 }),
    )
    const found = await house.reconcile('sales-order-shop-to-erp', { heal: true })
    expect(found.discrepancies).toMatchObject([{ is: 'unexplained total', label: order.number }])
    expect(found.discrepancies[0]?.words).toContain(order.total)
    expect(found.healed).toBe(0)
  })

  test('the next comparison reads only what changed since, and finds it all the same', async () => {
    await using house = await openHouse()
    const first = await house.reconcile('product-erp-to-shop')
    expect(first).toMatchObject({ done: true, full: true })
    expect(first.looked.source).toBeGreaterThan(4)
    const second = await house.reconcile('product-erp-to-shop')
    expect(second).toMatchObject({ full: false, looked: { source: 0, target: 0 }, same: first.same })
    house.clock.now += 3_600_000
    house.shop.fake.updateProduct(productInShop(house, 'ROPE-10M').id, { name: 'A rope' })
    const third = await house.reconcile('product-erp-to-shop')
    expect(third.looked).toEqual({ source: 0, target: 1 })
    expect(third.discrepancies).toMatchObject([
      { is: 'different', label: 'ROPE-10M', heal: 'propose', fields: [{ field: 'name', owner: 'erp' }] },
    ])
    // What stands is looked at again each time, until it is right.
    house.shop.fake.updateProduct(productInShop(house, 'ROPE-10M').id, { name: 'Hemp rope, 10 m' })
    expect((await house.reconcile('product-erp-to-shop')).discrepancies).toEqual([])
  })

  test('how long it has been wrong is told from the first time that it was found', async () => {
    await using house = await openHouse()
    setShopStock(house, 'LAMP-STORM', 7)
    const [found] = (await house.reconcile(flow)).discrepancies
    house.clock.now += 3_600_000
    const [again] = (await house.reconcile(flow, { full: true })).discrepancies
    expect(again?.since).toBe(found?.since)
  })

  test('a link whose article is gone from the ERP is an orphan; the article in the shop stays', async () => {
    await using house = await openHouse()
    await house.reconcile('product-erp-to-shop')
    const id = house.erp.fake.productId('ROPE-10M')
    house.clock.now += 3_600_000
    house.erp.fake.orm.transaction(() => house.erp.fake.orm.unlink('product.product', [id]))
    const found = await house.reconcile('product-erp-to-shop', { full: true, heal: true })
    expect(found.discrepancies).toMatchObject([{ is: 'orphan link', id: String(id), heal: 'ask' }])
    expect(found.discrepancies[0]?.words).toContain(`erp does not have ${id}`)
    expect(found.healed).toBe(0)
    expect(productInShop(house, 'ROPE-10M').status).toBe('publish')
    expect((await house.reconcile('product-erp-to-shop')).discrepancies).toHaveLength(1)
  })

  test('what a flow does about a difference is its own: asked for, ignored, or mended when it is named', async () => {
    const change = {
      'Product to shop': { heal: { fields: { name: 'ignore' } } },
      'Price to shop': { heal: { fields: { regular_price: 'ask' } } },
    }
    await using house = await openHouse({
      config: ({ connections }) => ({
        connections,
        flows: [
          {
            preset: 'orderToCash',
            shop: 'shop',
            erp: 'erp',
            schedule: { every: '5m' },
            change,
          },
        ],
      }),
    })
    house.shop.fake.updateProduct(productInShop(house, 'ROPE-10M').id, { name: 'A rope', regular_price: '1' })
    expect((await house.reconcile('product-erp-to-shop')).discrepancies).toEqual([])
    const asked = await house.reconcile('price-erp-to-shop', { heal: true })
    expect(asked).toMatchObject({ healed: 0, discrepancies: [{ is: 'different', heal: 'ask' }] })
    const named = { heal: true, ids: [asked.discrepancies[0]?.id ?? ''] }
    expect((await house.reconcile('price-erp-to-shop', named)).healed).toBe(1)
    await house.settle()
    expect((await house.reconcile('price-erp-to-shop')).discrepancies).toEqual([])
  })

  test('in continuous mode a stock is mended by itself, and a price waits for a person', async () => {
    await using house = await openHouse({
      config: ({ flows }) => ({
        flows: flows.map(each => ({
          ...each,
          change: { 'StockLevel to shop': { mode: 'continuous' }, 'Price to shop': { mode: 'continuous' } },
        })),
      }),
    })
    const { engine, setup } = house.linchpin
    const flows = setup.flows.filter(each => each.continuous)
    expect(flows).toHaveLength(2)
    const look = async () => {
      for (const each of flows)
        expect(await compareOn(each, { ...engine.reading, ...engine.delivering })).toBe(60_000)
      await house.pass('1m')
    }
    await look()
    house.shop.fake.updateProduct(productInShop(house, 'ROPE-10M').id, {
      regular_price: '1',
      stock_quantity: 2,
    })
    await look()
    expect(productInShop(house, 'ROPE-10M')).toMatchObject({ regular_price: '1', stock_quantity: 75 })
    expect((await house.reconcile('price-erp-to-shop')).discrepancies).toMatchObject([{ heal: 'propose' }])
    await look()
    expect((await house.reconcile('stock-level-erp-to-shop')).discrepancies).toEqual([])
    // Once a day everything is looked at, also what changed without a stamp.
    house.clock.now += 24 * 3_600_000
    await look()
    expect(await house.reconcile('stock-level-erp-to-shop')).toMatchObject({ done: true, discrepancies: [] })
  })

  test('an article that someone removed from the shop is an orphan link; nothing is created on a guess', async () => {
    await using house = await openHouse()
    const { id } = productInShop(house, 'ROPE-10M')
    house.shop.fake.trashProduct(id)
    const skus = house.shop.skus()
    const found = await house.reconcile('product-erp-to-shop', { heal: true })
    expect(found.discrepancies).toMatchObject([{ is: 'orphan link', label: 'ROPE-10M' }])
    expect(found.healed).toBe(0)
    await house.settle()
    expect(house.shop.skus()).toEqual(skus)
    expect(productInShop(house, 'ROPE-10M')).toMatchObject({ id, status: 'trash' })
  })
})

function productInShop({ shop }: House, sku: string) {
  const product = shop.fake.products().find(each => each.sku === sku)
  if (!product) throw new Error(`The shop does not sell ${sku}.`)
  return product
}

function setShopStock(house: House, sku: string, quantity: number): void {
  house.shop.fake.updateProduct(productInShop(house, sku).id, { stock_quantity: quantity })
}
