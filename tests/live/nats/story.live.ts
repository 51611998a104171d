import { setTimeout as sleep } from 'node:timers/promises'
import { openNats } from '@linchpin/bus'
import { until } from '@linchpin/server/testing'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Erp } from '../../stories/house/erp.ts'
import type { PlacedOrder, Shop } from '../../stories/house/shop.ts'
import { openWire } from '../../crash/proxy.ts'
import { openCompany, type Company } from './adapters.ts'
import { installNats } from './install.ts'
import { access, startNats, type Nats } from './start.ts'

let missing: string | null = null
let nats: Nats | null = null
let company: Company | null = null

beforeAll(() => {
  missing = installNats(line => console.log(line))
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(await company?.said())
  await company?.close()
  await nats?.close()
  company = nats = null
})

async function open(servers: 1 | 3) {
  nats = await startNats(servers)
  company = await openCompany(nats.urls, servers)
  return { nats, company }
}

const pair = [{ preset: 'orderToCash', shop: 'shop', erp: 'erp' }]
const PATIENCE_MS = 240_000

/** A customer every so often, until it is stopped. */
function shopping(shop: Shop, everyMs: number) {
  const placed: PlacedOrder[] = []
  const skus = ['MUG-ENAMEL', 'TEA-HARBOUR', 'BOOK-KNOTS']
  let stopped = false
  const work = (async () => {
    while (!stopped) {
      placed.push(shop.place({ lines: { [skus[placed.length % 3] ?? '']: 1 + (placed.length % 2) } }))
      await shop.sendWebhooks()
      await sleep(everyMs)
    }
  })()
  const stop = async () => {
    stopped = true
    await work
  }
  return { placed, stop }
}

async function untilSellable(shop: Shop, erp: Erp): Promise<void> {
  const isSellable = () => erp.goods().every(({ sku }) => (shop.product(sku)?.stock ?? 0) > 1_000)
  await until('the catalogue is in the shop', isSellable, PATIENCE_MS)
}

async function expectEachOnce(name: string, erp: Erp, placed: readonly PlacedOrder[]): Promise<void> {
  // An order is entered line by line: it is there when its total is.
  const isThere = ({ number, total }: PlacedOrder) => erp.orders(number).some(each => each.total === total)
  const all = `every order is there: in ${name}`
  await until(all, () => placed.every(isThere), PATIENCE_MS).catch((error: Error) => {
    const missing = placed.filter(each => !isThere(each))
    const booked = missing.map(({ number, total }) => ({ number, total, booked: erp.orders(number) }))
    throw new Error(`${error.message} Of ${placed.length}, these are missing: ${JSON.stringify(booked)}`)
  })
  expect(placed.map(({ number }) => erp.orders(number).length)).toEqual(placed.map(() => 1))
}

describe('real NATS JetStream, look-alikes at its ends', () => {
  test('six systems on one server: each joins while the rest runs and nobody else is changed; an adapter and the server are killed (kill -9); every order is everywhere once', async context => {
    if (missing) return context.skip(missing)
    const { nats: servers, company: all } = await open(1)
    const { shops, erps } = all
    all.join('shop', ['erp'], pair)
    const erp = all.join('erp', ['shop'], pair)
    await untilSellable(shops.shop, erps.erp)
    const began = new Date().toISOString()
    const customers = shopping(shops.shop, 700)
    await until('orders arrive', () => erps.erp.orders().length > 2, PATIENCE_MS)

    // Each of them has a configuration of its own, of which the others know nothing.
    const carry = (to: string) => [
      { name: `orders-to-${to}`, entity: 'SalesOrder', from: 'shop', to },
      { name: `customers-to-${to}`, entity: 'Account', from: 'shop', to, trigger: 'asked', match: true },
    ]
    all.join('warehouse', ['shop'], carry('warehouse'))
    await sleep(2_000)
    erp.kill()
    all.join('ledger', ['shop'], carry('ledger'))
    await sleep(3_000)
    servers.servers[0]?.kill()
    await sleep(3_000)
    servers.servers[0]?.start()
    all.join(
      'crm',
      ['shop'],
      [{ name: 'customers-to-crm', entity: 'Account', from: 'shop', to: 'crm', match: true }],
    )
    // The second shop sells to the same ERP: its flows stand in its own configuration, and in that of the ERP.
    const outlet = [{ preset: 'orderToCash', shop: 'outlet', erp: 'erp' }]
    all.join('outlet', ['erp'], outlet)
    await erp.stop(20_000)
    all.join('erp', ['shop', 'outlet'], [...pair, ...outlet])
    await untilSellable(shops.outlet, erps.erp)
    const others = shopping(shops.outlet, 1_500)
    await sleep(8_000)
    await Promise.all([customers.stop(), others.stop()])
    await expectEachOnce('erp', erps.erp, [...customers.placed, ...others.placed])
    await expectEachOnce('warehouse', erps.warehouse, customers.placed)
    await expectEachOnce('ledger', erps.ledger, customers.placed)

    // All of it once more, as it stands: whoever has it already is written nothing.
    const replay = { name: 'orders-to-warehouse', since: began }
    const warehouse = all.clientOf('warehouse')
    const { ids, owed: none } = (await warehouse?.replay({ ...replay, dryRun: true })) ?? {}
    expect([ids?.length, none]).toEqual([customers.placed.length, 0])
    const { owed } = (await warehouse?.replay({ ...replay, dryRun: false })) ?? {}
    expect(owed).toBeGreaterThanOrEqual(customers.placed.length)
    const isOver = async () => {
      const { flows = [] } = (await warehouse?.status({})) ?? {}
      const counts = flows.find(({ name }) => name === 'orders-to-warehouse')?.deliveries
      return counts !== undefined && ['ready', 'running', 'later'].every(state => !counts[state])
    }
    await until('what was replayed is delivered', isOver, PATIENCE_MS)
    await expectEachOnce('warehouse', erps.warehouse, customers.placed)
    console.info(`six systems: ${customers.placed.length} and ${others.placed.length} orders`)
  }, 900_000)

  test('what was published since an instant, and is there still, is told as it stands and in its order, in heaps, beside what comes meanwhile', async context => {
    if (missing) return context.skip(missing)
    nats = await startNats(1)
    const bus = openNats({ servers: nats.urls, replicas: 1, name: 'the publisher', ...access })
    const publish = (subject: string, body: string) =>
      bus.publish([{ subject, id: `${subject} ${body}`, body }])
    const told = async (since: number, filter: string, meanwhile = async () => {}) => {
      const all: string[] = []
      for await (const batch of bus.published(since, filter)) {
        all.push(...batch.map(({ subject, body }) => `${subject.split('.').at(-1)} ${body}`))
        await meanwhile()
      }
      return all
    }
    const isOpen = () =>
      bus.lastNote('a').then(
        () => true,
        () => false,
      )
    try {
      await until('the bus lets us in', isOpen, PATIENCE_MS)
      expect(await told(0, 'linchpin.Product.erp.>')).toEqual([])
      const ids = Array.from({ length: 450 }, (_each, index) => String(index))
      for (const id of ids) await publish(`linchpin.Product.erp.${id}`, 'old')
      await publish('linchpin.Price.erp.1', 'another')
      await sleep(50)
      const since = Date.now()
      await sleep(50)
      for (const id of ids.slice(100)) await publish(`linchpin.Product.erp.${id}`, 'new')
      await publish('linchpin.Product.erp.5', 'newest')
      const expected = [...ids.slice(100).map(id => `${id} new`), '5 newest']
      expect(await told(since, 'linchpin.Product.erp.>')).toEqual(expected)
      expect(await told(Date.now() + 60_000, 'linchpin.Product.erp.>')).toEqual([])
      // What changes while it is told comes over the subscription, and is not waited for.
      let n = 0
      const busy = await told(since, 'linchpin.Product.erp.>', async () => {
        n += 1
        await publish('linchpin.Product.erp.449', `busy ${n}`)
      })
      expect(busy).toEqual(expected.filter(each => each !== '449 new'))
    } finally {
      await bus.close()
    }
  }, 120_000)

  test('what was published since an instant is told to its end, each once and in its order, though the line breaks in the middle of a heap', async context => {
    if (missing) return context.skip(missing)
    nats = await startNats(1)
    const port = Number(new URL(nats.urls[0] ?? '').port)
    const wire = await openWire('to nats', () => [{ host: '127.0.0.1', port }])
    const whole = openNats({ servers: nats.urls, replicas: 1, name: 'the publisher', ...access })
    const behind = [`nats://127.0.0.1:${wire.port}`]
    const broken = openNats({ servers: behind, replicas: 1, name: 'behind a wire', ...access })
    const isOpen = () =>
      broken.lastNote('a').then(
        () => true,
        () => false,
      )
    try {
      await until('the bus lets us in', isOpen, PATIENCE_MS)
      const ids = Array.from({ length: 300 }, (_each, index) => String(index))
      const body = 'x'.repeat(20_000)
      await whole.publish(ids.map(id => ({ subject: `linchpin.Product.erp.${id}`, id, body })))
      const told: string[] = []
      wire.cutAfter(1_000_000)
      for await (const batch of broken.published(0, 'linchpin.Product.erp.>'))
        told.push(...batch.map(({ subject }) => subject.split('.').at(-1) ?? ''))
      expect(wire.cuts()).toBe(1)
      expect(told).toEqual(ids)
    } finally {
      await Promise.all([whole.close(), broken.close()])
      await wire.close()
    }
  }, 120_000)

  test('a cluster of three: its leader is killed (kill -9) and two of its servers are cut from each other under load, and every order is in the ERP once', async context => {
    if (missing) return context.skip(missing)
    const { nats: servers, company: all } = await open(3)
    const { shops, erps } = all
    all.join('shop', ['erp'], pair)
    all.join('erp', ['shop'], pair)
    await untilSellable(shops.shop, erps.erp)
    const customers = shopping(shops.shop, 400)
    await until('orders arrive', () => erps.erp.orders().length > 2, PATIENCE_MS)

    const leader = await servers.leader()
    expect(leader).toBeGreaterThanOrEqual(0)
    servers.servers[leader]?.kill()
    await sleep(10_000)
    servers.servers[leader]?.start()
    await sleep(5_000)
    const next = await servers.leader()
    servers.cut(next, (next + 1) % 3, true)
    await sleep(10_000)
    servers.cut(next, (next + 1) % 3, false)
    await sleep(3_000)
    await customers.stop()
    await expectEachOnce('erp', erps.erp, customers.placed)
    console.info(
      `cluster of three: ${customers.placed.length} orders, leader n${leader + 1}, then n${next + 1}`,
    )
  }, 900_000)
})
