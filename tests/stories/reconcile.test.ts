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
    await house.api.sync({ flow, ids: [id], since: undefined })
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
