import { describe, expect, test } from 'vitest'
import { guestOf } from './house/woocommerce.ts'
import { openHouse, useDatabase, type House } from './house/index.ts'

useDatabase()

describe('orders that a clerk would look at twice (look-alikes)', () => {
  test('an article that the ERP does not have parks its order with words, and goes on once it is there', async () => {
    await using house = await openHouse()
    const { id } = house.shop.fake.createProduct({
      name: 'Ship in a bottle',
      sku: 'SHIP-BOTTLE',
      regular_price: '30.00',
      manage_stock: true,
      stock_quantity: 3,
      status: 'publish',
    })
    const { number, total } = house.shop.fake.placeOrder({
      customer: 1,
      billing: guestOf('ida@example.com'),
      lines: [{ product: id, quantity: 1 }],
    })
    await house.settle()
    expect(house.erp.orders()).toEqual([])
    expect(await house.parkedWords()).toMatch(/SHIP-BOTTLE is not in Odoo[^]*then retry/)
    house.erp.addProduct({ sku: 'SHIP-BOTTLE', name: 'Ship in a bottle', price: 30, stock: 3 })
    await house.retry()
    await house.settle()
    expect(house.erpOrders(number)).toMatchObject([{ state: 'confirmed', total }])
    expect(await house.parked()).toEqual([])
  })

  test('an order whose lines do not add up is written nowhere, and goes on when the shop has corrected it', async () => {
    await using house = await openHouse()
    const { books } = house.shop.fake
    const order = house.shop.fake.placeOrder({
      billing: guestOf('ida@example.com'),
      lines: [house.shop.lineOf('MUG-ENAMEL', 1)],
    })
    books.orders.put(order.id, { ...order, total: '999.99' })
    await house.settle()
    expect(house.erp.orders()).toEqual([])
    const words = await house.parkedWords()
    expect(words).toMatch(new RegExp(`SalesOrder ${order.number} does not add up`))
    expect(words).toContain('999.99')
    books.orders.put(order.id, { ...order, total: order.total })
    house.shop.fake.updateOrder(order.id, { customer_note: 'corrected' })
    await house.settle()
    expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
    expect(await house.parked()).toEqual([])
  })

  test('a rate of tax that the ERP does not have is named, nothing is confirmed, and the order goes on once it is there', async () => {
    await using house = await openHouse()
    const { books } = house.shop.fake
    const id = books.nextId('taxes')
    books.taxes.put(id, { id, country: 'AT', rate: '20.0000', name: 'USt. 20 %', class: 'standard' })
    const { number, total } = house.shop.fake.placeOrder({
      billing: { ...guestOf('ida@example.com'), country: 'AT' },
      lines: [house.shop.lineOf('MUG-ENAMEL', 2)],
    })
    await house.settle()
    expect(house.erpOrders(number).filter(order => order.state !== 'draft')).toEqual([])
    expect(await house.parkedWords()).toMatch(/20 ?%/)
    const { orm } = house.erp.fake
    orm.transaction(() =>
      orm.create('account.tax', {
        name: '20% USt',
        amount: 20,
        price_include: false,
        company_id: orm.all('res.company')[0]?.id ?? 0,
      }),
    )
    // What the ERP has of taxes is asked for again after a while.
    await house.pass('15m')
    await house.retry()
    await house.settle()
    expect(house.erpOrders(number)).toMatchObject([{ state: 'confirmed', total }])
    expect(await house.parked()).toEqual([])
  })

  test('half a piece stays half a piece', async () => {
    await using house = await openHouse()
    const { number, total } = house.shop.fake.placeOrder({
      billing: guestOf('ida@example.com'),
      lines: [house.shop.lineOf('ROPE-10M', 0.5)],
    })
    await house.settle()
    expect(await house.parkedWords()).toBe('')
    expect(house.erpOrders(number)).toMatchObject([{ state: 'confirmed', total }])
    expect(quantities(house, number)).toContain(0.5)
  })

  test('ten thousand pieces are ordered as ten thousand, equal to the cent, and the shop promises none any more', async () => {
    await using house = await openHouse()
    const { number, total } = house.shop.fake.placeOrder({
      billing: guestOf('ida@example.com'),
      lines: [house.shop.lineOf('TEA-HARBOUR', 10_000)],
      coupon: 'welcome10',
    })
    await house.settle()
    expect(await house.parkedWords()).toBe('')
    expect(house.erpOrders(number)).toMatchObject([{ state: 'confirmed', total }])
    expect(quantities(house, number)).toContain(10_000)
    expect(house.shop.product('TEA-HARBOUR')?.stock).toBeLessThanOrEqual(0)
  })
})

test('an order that the customer cancels is cancelled in the ERP (look-alikes)', async () => {
  await using house = await openHouse()
  const order = house.shop.place({ lines: { 'MUG-ENAMEL': 2 } })
  await house.settle()
  expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed' }])
  house.shop.cancel(order.id)
  await house.settle()
  expect(house.erpOrders(order.number)).toMatchObject([{ state: 'cancelled' }])
  expect(house.shop.product('MUG-ENAMEL')?.stock).toBe(house.erp.free('MUG-ENAMEL'))
  expect(await house.parked()).toEqual([])
})

test('an order that was cancelled before it was paid never reaches the ERP (look-alikes)', async () => {
  await using house = await openHouse()
  const { fake, lineOf } = house.shop
  const held = fake.placeOrder({ lines: [lineOf('MUG-ENAMEL', 1)], customer: 0, status: 'pending' })
  await house.settle()
  fake.setStatus(held.id, 'cancelled')
  await house.settle()
  expect(house.erp.orders()).toEqual([])
  const { journal } = await house.trace(held.number)
  expect(journal.map(each => each.words).join('\n')).toMatch(
    /held in the shop.*\n[^]*cancelled before it reached erp/,
  )
})

test('an order that is edited while it is being delivered ends in the ERP as it is in the shop, once (look-alikes)', async () => {
  await using house = await openHouse()
  const order = house.shop.fake.placeOrder({
    billing: guestOf('ida@example.com'),
    lines: [house.shop.lineOf('MUG-ENAMEL', 1), house.shop.lineOf('TEA-HARBOUR', 1)],
  })
  let edits = 0
  house.net.set('erp.test', async request => {
    // In the very moment in which the ERP writes the order down, the customer is on the phone.
    if (/\/sale\.order\/(load|write)$/.test(request.url) && (edits += 1) <= 2) {
      const [line] = house.shop.fake.order(order.id)?.line_items ?? []
      const total = (12.5 * (edits + 1)).toFixed(2)
      house.shop.fake.updateOrder(order.id, {
        line_items: [{ id: line?.id ?? 0, quantity: edits + 1, subtotal: total, total }],
      })
      await house.shop.sendWebhooks()
    }
    return house.erp.handler(request)
  })
  await house.settle()
  const now = house.shop.fake.order(order.id)
  expect(edits).toBeGreaterThan(1)
  expect(now?.total).not.toBe(order.total)
  expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed', total: now?.total }])
  expect(quantities(house, order.number)).toContain(3)
  expect(await house.parked()).toEqual([])
})

function quantities({ erp }: House, number: string): readonly number[] {
  const { orm } = erp.fake
  const [order] = erp.orders(number)
  const lines = orm.all('sale.order.line').filter(line => line['order_id'] === Number(order?.id))
  return lines.map(line => Number(line['product_uom_qty']))
}
