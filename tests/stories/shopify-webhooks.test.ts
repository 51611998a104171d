import { expect, test } from 'vitest'
import { openHouse, useDatabase } from './house/index.ts'
import { shopifyShop } from './house/shopify.ts'

useDatabase()

test('an event that Shopify tells again is not read again (look-alikes)', async () => {
  await using house = await openHouse({ shop: shopifyShop })
  const { fake } = house.shop
  const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
  await house.settle()
  const told = house.webhooks.findLast(each => each.headers['x-shopify-topic'] === 'orders/create')
  if (!told) throw new Error('The shop told nothing.')
  const asked = fake.asked.length
  for (let turn = 0; turn < 3; turn += 1)
    expect(await house.ring(told.url, told.headers, told.body)).toBe(202)
  expect((await house.store.status()).notices).toEqual([])
  await house.pass('1s')
  expect(fake.asked).toHaveLength(asked)
  // Another event of the same order is read.
  await house.ring(told.url, { ...told.headers, 'x-shopify-event-id': 'another' }, told.body)
  await house.pass('1s')
  expect(fake.asked.length).toBeGreaterThan(asked)
  expect(house.erpOrders(order.number)).toMatchObject([{ total: order.total }])
})

test('subscriptions that Shopify dropped without a word are made again, and the sweep finds what was not told (look-alikes)', async () => {
  await using house = await openHouse({ shop: shopifyShop })
  const { subscriptions } = house.shop.fake.books
  const before = subscriptions.count()
  expect(before).toBeGreaterThan(5)
  for (const { id } of subscriptions.all()) subscriptions.remove(id)
  const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
  await house.settle()
  expect(house.erpOrders(order.number)).toMatchObject([{ total: order.total }])
  expect(subscriptions.count()).toBe(before)
  expect(house.log.map(({ message }) => message)).toContain('Subscribed to ORDERS_CREATE.')
})
