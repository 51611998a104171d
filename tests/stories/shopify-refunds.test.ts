import { expect, test } from 'vitest'
import { openHouse, useDatabase, type House } from './house/index.ts'
import { odooErp, type OdooErp } from './house/odoo.ts'
import { shopifyShop, shopifyThatPaysBack, type ShopifyShop } from './house/shopify.ts'

useDatabase()

test('a credit note of the ERP is paid back once, and the refund does not come back to the ERP (look-alikes)', async () => {
  await using house = await openHouse({ shop: shopifyThatPaysBack, erp: odooErp })
  const { order, invoice } = await sell(house)
  const before = booksOf(house)
  loseAnswers(house, 1)
  await house.erp.fake.credit(Number(invoice))
  await house.settle()
  await house.settle()

  const { refunds, transactions } = placed(house, order.id)
  expect(refunds).toMatchObject([{ amount: Math.round(Number(order.total) * 100), note: expect.any(String) }])
  expect(transactions.filter(({ kind }) => kind === 'REFUND')).toHaveLength(1)
  expect(await house.parkedWords()).toBe('')

  // Shopify told of the order and of its refund: neither became anything new in the ERP.
  const topics = house.webhooks.map(({ headers }) => headers['x-shopify-topic'])
  expect(topics.filter(topic => topic === 'refunds/create')).toHaveLength(1)
  expect(booksOf(house)).toEqual({ ...before, creditNotes: 1 })
  expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
  expect(placed(house, order.id).refunds).toHaveLength(1)
  expect(await house.parkedWords()).toBe('')
})

test('what cannot be paid back waits for a person with its reason, and is done when they did it (look-alikes)', async () => {
  await using house = await openHouse({ shop: shopifyThatPaysBack, erp: odooErp })
  const { order, invoice } = await sell(house)
  const there = placed(house, order.id)
  const transactions = there.transactions.map(each => ({
    ...each,
    gateway: 'Cash on Delivery',
    manual: true,
  }))
  house.shop.fake.books.orders.put(order.id, { ...there, transactions })
  await house.erp.fake.credit(Number(invoice))
  await house.settle()
  expect(await house.parkedWords()).toContain('cannot pay back what was paid by Cash on Delivery')
  expect(placed(house, order.id).refunds).toEqual([])

  const amount = Math.round(Number(order.total) * 100)
  const byHand = { id: '77', createdAt: there.createdAt, note: 'Paid in cash', amount, lines: [] }
  house.shop.fake.books.orders.put(order.id, { ...placed(house, order.id), refunds: [byHand] })
  await house.retry()
  await house.settle()
  expect(await house.parkedWords()).toBe('')
  expect(placed(house, order.id).refunds).toEqual([byHand])
})

test('nothing is paid back unless the settings say so (look-alikes)', async () => {
  await using house = await openHouse({ shop: shopifyShop, erp: odooErp })
  const { order, invoice } = await sell(house)
  await house.erp.fake.credit(Number(invoice))
  await house.settle()
  const { refunds, metafields } = placed(house, order.id)
  expect(refunds).toEqual([])
  expect(metafields.find(({ key }) => key === 'credit_notes')?.value).toContain('RINV/')
})

type Here = House<ShopifyShop, OdooErp>

/** An order that was shipped and invoiced. */
async function sell(house: Here) {
  const order = house.shop.place({ lines: { 'MUG-ENAMEL': 2, 'BOOK-KNOTS': 1 }, coupon: true })
  await house.settle()
  const id = house.erpOrders(order.number)[0]?.id ?? ''
  house.erp.ship(id, 'PARCEL-1')
  const [invoice = ''] = await house.erp.invoice(id)
  await house.settle()
  return { order, invoice }
}

function placed({ shop }: Here, id: string) {
  const order = shop.fake.books.orders.get(id)
  if (!order) throw new Error(`The shop has no order ${id}.`)
  return order
}

/** How many of each the ERP has. */
function booksOf({ erp }: Here) {
  const { orm } = erp.fake
  const moves = (type: string) => orm.all('account.move').filter(each => each['move_type'] === type).length
  return {
    orders: orm.all('sale.order').length,
    lines: orm.all('sale.order.line').length,
    invoices: moves('out_invoice'),
    creditNotes: moves('out_refund'),
    pickings: orm.all('stock.picking').length,
  }
}

/** The answers to so many refunds are lost. */
function loseAnswers({ net, shop }: Here, count: number): void {
  let left = count
  net.set('shop.test', async request => {
    const isRefund = (await request.clone().text()).includes('mutation RefundOrder')
    const answer = await shop.handler(request)
    if (!isRefund || left === 0) return answer
    left -= 1
    return new Response('<html>502</html>', { status: 502 })
  })
}
