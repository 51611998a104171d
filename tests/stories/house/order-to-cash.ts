import { expect } from 'vitest'
import type { Erp } from './erp.ts'
import type { House } from './house.ts'
import type { Shop } from './shop.ts'

/** The main story, the same for every pair of systems. */
export async function tellOrderToCash(house: House<Shop, Erp>): Promise<void> {
  const { shop, erp } = house
  expectCatalogue(house)

  // A customer buys three articles of two tax rates, with ten percent off, and shipping.
  const order = shop.place({ lines: { 'MUG-ENAMEL': 2, 'BOOK-KNOTS': 1, 'TEA-HARBOUR': 3 }, coupon: true })

  // Asked beforehand, Linchpin says what would become of it, and does nothing.
  const { planned } = await house.plan('sales-order-shop-to-erp', [order.id])
  expect(planned).toMatchObject([{ id: order.id, words: expect.stringContaining('would') }])
  expect(erp.orders()).toEqual([])

  await house.settle()
  const [booked, ...others] = house.erpOrders(order.number)
  expect(others).toEqual([])
  expect(booked).toMatchObject({ state: 'confirmed', total: order.total })
  expect(await house.parkedWords()).toBe('')
  expect(shop.order(order.id).erpNumber).toBe(booked?.number)
  expectSameStock(house, ['MUG-ENAMEL', 'BOOK-KNOTS', 'TEA-HARBOUR'])

  // It leaves in two parcels, and is invoiced and paid.
  const id = booked?.id ?? ''
  erp.ship(id, 'PARCEL-1', { 'MUG-ENAMEL': 2 })
  await house.settle()
  expect(shop.order(order.id).trackings).toEqual(['PARCEL-1'])
  erp.ship(id, 'PARCEL-2')
  const invoices = await erp.invoice(id)
  await house.settle()
  const seen = shop.order(order.id)
  expect(seen.trackings.toSorted()).toEqual(['PARCEL-1', 'PARCEL-2'])
  expect(seen.invoices).toHaveLength(invoices.length)
  expect(await house.openDocument(seen.invoices[0] ?? '')).toMatchObject({ mediaType: 'application/pdf' })
  for (const invoice of invoices) erp.pay(invoice)
  await house.settle()
  expect(shop.order(order.id)).toMatchObject({ status: shop.closedStatus, invoices: seen.invoices })
  expectSameStock(house, ['MUG-ENAMEL', 'BOOK-KNOTS', 'TEA-HARBOUR'])

  // A second order is cancelled in the shop, a third one in the ERP.
  const second = shop.place({ lines: { 'LAMP-STORM': 1 } })
  const third = shop.place({ lines: { 'ROPE-10M': 4 } })
  await house.settle()
  await shop.cancel(second.id)
  await erp.cancel(house.erpOrders(third.number)[0]?.id ?? '')
  await house.settle()
  expect(house.erpOrders(second.number)).toMatchObject([{ state: 'cancelled' }])
  expect(house.erpOrders(third.number)).toMatchObject([{ state: 'cancelled' }])
  expect(shop.order(third.id).status).toBe(shop.cancelledStatus)
  expectSameStock(house, ['LAMP-STORM', 'ROPE-10M'])

  // Nothing waits for a person, nothing was doubled, and one number tells the whole story.
  expect(await house.parkedWords()).toBe('')
  expect(erp.orders()).toHaveLength(3)
  const { records } = await house.trace(order.number)
  const told = records.map(({ connection, entity }) => `${connection} ${entity}`)
  expect(told).toEqual(expect.arrayContaining(['shop SalesOrder', 'erp SalesOrder', 'erp Invoice']))
  expect(told.filter(each => each === 'erp Shipment')).toHaveLength(2)
}

function expectCatalogue({ shop, erp }: House<Shop, Erp>): void {
  for (const { sku, stock } of erp.goods()) expect(shop.product(sku), sku).toMatchObject({ stock })
  for (const { sku, price } of erp.goods()) expect(Number(shop.product(sku)?.price), sku).toBe(price)
}

function expectSameStock({ shop, erp }: House<Shop, Erp>, skus: readonly string[]): void {
  for (const sku of skus) expect(shop.product(sku)?.stock, sku).toBe(erp.free(sku))
}
