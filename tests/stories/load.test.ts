import { expect, test } from 'vitest'
import { openHouse, useDatabase, type House } from './house/index.ts'
import type { PlainConfig } from './house/house.ts'

useDatabase()

const PRODUCTS = 'product-erp-to-shop'
const ORDERS = 'sales-order-shop-to-erp'
const MANY = 150

const changed =
  (change: Readonly<Record<string, object>>) =>
  ({ flows }: PlainConfig) => ({ flows: flows.map(flow => ({ ...flow, change })) })

const products = (shadow: boolean) => () => ({
  flows: [
    {
      name: PRODUCTS,
      entity: 'Product',
      from: 'erp',
      to: 'shop',
      match: true,
      shadow,
      schedule: { every: '5m' },
    },
  ],
})

/** An ERP full of articles beside an empty shop, and a flow that has only looked on until now. */
async function openFullHouse(): Promise<House> {
  const house = await openHouse({ empty: true, config: products(true) })
  for (let number = 1; number <= MANY; number += 1) {
    house.clock.now += 600_000
    house.erp.addProduct({ sku: `HIST-${number}`, name: `Article ${number}`, price: 5, stock: 3 })
  }
  await house.settle()
  expect(house.shop.skus()).toEqual([])
  await house.restart(products(false))
  await house.settle()
  expect(house.shop.skus()).toEqual([])
  return house
}

const load = (house: House, as: 'look' | 'go' | 'stop', flow = PRODUCTS, again = false) =>
  house.api.load({ name: flow, as, again })
const stand = async (house: House, flow = PRODUCTS) =>
  (await house.api.loads({})).loads.find(each => each.flow === flow)

test('an ERP full of articles is looked at, then carried into an empty shop, each article once (look-alikes)', async () => {
  await using house = await openFullHouse()
  const articles = house.erp.goods().length
  await expect(load(house, 'go')).rejects.toThrow('look first')
  await load(house, 'look')
  await house.settle()
  expect(await stand(house)).toMatchObject({ phase: 'looked', would: { create: articles } })
  expect(house.shop.skus()).toEqual([])

  await load(house, 'go')
  await house.settle()
  const done = await stand(house)
  expect(done).toMatchObject({ phase: 'done', read: done?.total })
  expect(house.shop.skus().toSorted()).toEqual(
    house.erp
      .goods()
      .map(({ sku }) => sku)
      .toSorted(),
  )
  await expect(load(house, 'go')).rejects.toThrow('loaded already')
  await load(house, 'look', PRODUCTS, true)
  await house.settle()
  expect(await stand(house)).toMatchObject({ phase: 'looked', would: { nothing: articles } })
})

test('a load that is stopped, and whose node ends, goes on from where it was (look-alikes)', async () => {
  await using house = await openFullHouse()
  const articles = house.erp.goods().length
  await load(house, 'look')
  await house.settle()
  house.shop.faults.always(() => ({ is: 'answer', status: 429 }))
  await load(house, 'go')
  await house.pass('2m')
  const halfway = await stand(house)
  expect(halfway?.phase).toBe('loading')
  // No more than a page and what may stand in line: whatever changes now is not behind all of them.
  expect(halfway?.read).toBeGreaterThan(0)
  expect(halfway?.read).toBeLessThanOrEqual(200)
  await load(house, 'stop')
  await house.restart(products(false))
  house.shop.faults.always(null)
  await house.settle()
  expect(await stand(house)).toMatchObject({ stopped: true, read: halfway?.read })

  await load(house, 'go')
  await house.settle()
  const done = await stand(house)
  expect(done).toMatchObject({ phase: 'done', read: done?.total })
  expect(house.shop.skus()).toHaveLength(articles)
  const creates = await house.db.query<{ id: string }>(
    '',
    `select id from attempt where flow = $1 and operation = 'create' and outcome = 'applied'`,
    [PRODUCTS],
  )
  expect(creates).toHaveLength(articles)
})

test('orders of the time before are kept as history, and not carried (look-alikes)', async () => {
  await using house = await openHouse({
    config: changed({ 'SalesOrder to erp': { since: '2027-01-01T00:00:00Z' } }),
  })
  const orders = ['MUG-ENAMEL', 'LAMP-STORM'].map(sku => house.shop.place({ lines: { [sku]: 1 } }))
  await load(house, 'look', ORDERS)
  await house.settle()
  expect(await stand(house, ORDERS)).toMatchObject({ phase: 'looked', would: { skip: 2 } })
  await load(house, 'go', ORDERS)
  await house.settle()
  expect(await stand(house, ORDERS)).toMatchObject({ phase: 'done' })
  for (const { number } of orders) {
    expect(house.erpOrders(number)).toEqual([])
    expect((await house.trace(number)).records).toHaveLength(1)
  }
})
