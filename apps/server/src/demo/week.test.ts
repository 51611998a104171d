import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../testing/rig.ts'
import { startDemo, type Demo } from './demo.ts'

const HOUR_MS = 3_600_000
const HOURS = 2
/** Seconds on a machine that does nothing else. */
const PATIENCE_MS = 400_000
const folder = mkdtempSync(join(tmpdir(), 'linchpin-week-'))
const options = {
  folder,
  log: pino({ level: 'silent' }),
  environment: {},
  days: HOURS / 24,
  ports: { linchpin: 0, shop: 0, erp: 0 },
}
let demo: Demo
beforeAll(async () => {
  demo = await startDemo({ ...options, fresh: true })
  await until('there is something to buy', () =>
    demo.shop.products().some(({ stock_quantity }) => (stock_quantity ?? 0) > 3),
  )
})
afterAll(async () => {
  await demo.stop()
  rmSync(folder, { recursive: true, force: true })
})

test(
  'a demo that began in the past comes to now, and its orders went to the ERP when they were placed',
  { timeout: PATIENCE_MS },
  async () => {
    const { desk, now, store } = demo.running.linchpin
    expect(Date.now() - now()).toBeGreaterThan((HOURS - 1) * HOUR_MS)
    await demo.liveWeek()?.over
    expect(Date.now() - now()).toBeLessThan(HOUR_MS / 60)
    const placed = demo.shop.orders().map(({ date_created_gmt }) => Date.parse(`${date_created_gmt}Z`))
    expect(Math.min(...placed)).toBeLessThan(now() - (HOURS - 1) * HOUR_MS)
    const done = await desk.activity({ since: 0, stepMs: HOUR_MS / 4, flow: 'sales-order-shop-to-erp' })
    expect(new Set(done.map(({ from }) => from)).size).toBeGreaterThan(1)
    const { deliveries } = await store.status()
    const carried = deliveries.filter(({ flow }) => flow === 'sales-order-shop-to-erp')
    const inErp = demo.erp.orm.all('sale.order').map(row => row['client_order_ref'])
    expect(new Set(inErp).size).toBe(inErp.length)
    expect(carried.reduce((sum, { count }) => sum + count, 0)).toBe(placed.length)
  },
)

test('a demo that has a past already goes on in the present', async () => {
  await demo.stop()
  demo = await startDemo({ ...options, fresh: false })
  expect(Date.now() - demo.running.linchpin.now()).toBeLessThan(HOUR_MS / 60)
  expect(demo.liveWeek()).toBeNull()
})
