import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@linchpin/server/testing'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Erp } from '../../stories/house/erp.ts'
import type { PlacedOrder, Shop } from '../../stories/house/shop.ts'
import { openCompany, type Company } from './adapters.ts'
import { installNats } from './install.ts'
import { startNats, type Nats } from './start.ts'

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
    console.info(`six systems: ${customers.placed.length} and ${others.placed.length} orders`)
  }, 900_000)

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
