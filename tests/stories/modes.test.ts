import { describe, expect, test } from 'vitest'
import { openHouse, useDatabase, type House } from './house/index.ts'
import type { PlainConfig } from './house/house.ts'

useDatabase()

const STOCK = 'stock-level-erp-to-shop'
const hourly = { cron: '0 * * * *', zone: 'Europe/Berlin' }

/** The house's flows, with these changes to single ones. */
const changed =
  (change: Readonly<Record<string, object>>) =>
  ({ flows }: PlainConfig) => ({ flows: flows.map(flow => ({ ...flow, change })) })

const inBatches = (more: object = {}) =>
  changed({ 'StockLevel to shop': { mode: 'batch', schedule: hourly, ...more } })

const stockOf = ({ shop }: House, sku: string) => shop.product(sku)?.stock
const runsOf = async ({ api }: House, flow = STOCK) => (await api.flowRuns({ name: flow, limit: 20 })).runs

describe('a flow in batches (look-alikes)', () => {
  test('writes at its times, and what changed in between once', async () => {
    await using house = await openHouse()
    await house.restart(inBatches())
    for (const pieces of [31, 32, 33]) {
      house.erp.setStock('LAMP-STORM', pieces)
      await house.pass('10m')
      expect(stockOf(house, 'LAMP-STORM')).toBe(40)
    }
    await house.pass('30m')
    expect(stockOf(house, 'LAMP-STORM')).toBe(33)
    const [run] = await runsOf(house)
    expect(run).toMatchObject({ dueAt: '2026-11-23T10:00:00.000Z', state: 'ended', updated: 1, parked: 0 })
    expect(run?.read).toBeGreaterThan(0)
  })

  test('tells what it created, what it left as it was, and what it parked', async () => {
    await using house = await openHouse({
      config: changed({ 'SalesOrder to erp': { mode: 'batch', schedule: hourly } }),
    })
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.pass('20m')
    expect(house.erpOrders(order.number)).toEqual([])
    await house.pass('1h')
    expect(house.erpOrders(order.number)).toHaveLength(1)
    expect(await runsOf(house, 'sales-order-shop-to-erp')).toMatchObject([{ created: 1, updated: 0 }])
  })

  test('does at once what a person asks for', async () => {
    await using house = await openHouse()
    await house.restart(inBatches())
    house.erp.setStock('LAMP-STORM', 12)
    const ids = [String(house.erp.fake.productId('LAMP-STORM'))]
    await house.api.sync({ flow: STOCK, ids, cursor: null })
    await house.pass('1m')
    expect(stockOf(house, 'LAMP-STORM')).toBe(12)
  })

  test.each([
    ['once', ['2026-11-23T13:00:00.000Z']],
    ['all', ['2026-11-23T13:00:00.000Z', '2026-11-23T12:00:00.000Z', '2026-11-23T11:00:00.000Z']],
    ['skip', ['2026-11-23T13:00:00.000Z']],
  ])('after three hours in which nobody was there, with "%s"', async (missed, times) => {
    await using house = await openHouse()
    await house.restart(inBatches({ schedule: { ...hourly, missed } }))
    await house.pass('1h')
    house.erp.setStock('LAMP-STORM', 5)
    house.clock.now += 3 * 3_600_000
    await house.restart(inBatches({ schedule: { ...hourly, missed } }))
    await house.pass('2m')
    const [first, ...others] = (await runsOf(house)).slice(0, -1).toReversed()
    expect([first, ...others].map(run => run?.dueAt).toReversed()).toEqual(times)
    expect(first?.state).toBe(missed === 'skip' ? 'left out' : 'ended')
    expect(stockOf(house, 'LAMP-STORM')).toBe(missed === 'skip' ? 40 : 5)
    await house.pass('1h')
    expect(stockOf(house, 'LAMP-STORM')).toBe(5)
  })
})

test('realtime, batch, continuous and realtime again: nothing is lost, nothing is written twice (look-alikes)', async () => {
  await using house = await openHouse()
  const modes = [
    {},
    { mode: 'batch', schedule: hourly },
    { mode: 'continuous', schedule: hourly },
    { mode: ['batch', 'continuous'], schedule: hourly },
    { mode: ['realtime', 'batch'], schedule: hourly },
    {},
  ]
  const numbers: string[] = []
  for (const [turn, mode] of modes.entries()) {
    // One change stands owed from the mode before, and one comes in this one.
    numbers.push(house.shop.place({ lines: { 'MUG-ENAMEL': 1 } }).number)
    house.erp.setStock('LAMP-STORM', 50 + turn)
    await house.pass('1m')
    await house.restart(changed({ 'StockLevel to shop': mode, 'SalesOrder to erp': mode }))
    numbers.push(house.shop.place({ lines: { 'MUG-ENAMEL': 2 } }).number)
    house.erp.setStock('ROPE-10M', 60 + turn)
    await house.pass('11m')
  }
  await house.pass('2h')
  for (const number of numbers) expect(house.erpOrders(number), number).toHaveLength(1)
  expect([stockOf(house, 'LAMP-STORM'), stockOf(house, 'ROPE-10M')]).toEqual([55, 65])
  const twice = await house.db.query(
    '',
    `select flow, id from attempt where operation = 'create' and outcome = 'applied' group by 1, 2 having count(*) > 1`,
  )
  expect(twice).toEqual([])
  expect(await house.parked()).toEqual([])
})

describe('what the webhooks missed (look-alikes)', () => {
  const changesOf = async (house: House) =>
    (await house.api.status({})).flows.find(({ name }) => name === 'sales-order-shop-to-erp')?.changes

  test('is caught by the sweep, and counted', async () => {
    await using house = await openHouse()
    house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    expect(await changesOf(house)).toMatchObject({ caught: 0 })
    Object.assign(house.shop, { sendWebhooks: async () => {} })
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    expect(house.erpOrders(order.number)).toHaveLength(1)
    expect((await changesOf(house))?.caught).toBeGreaterThan(0)
  })
})
