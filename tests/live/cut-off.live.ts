import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@linchpin/lookalike'
import { until } from '@linchpin/server/testing'
import { openDb, openEmbedded } from '@linchpin/store'
import { expect, test } from 'vitest'
import { startNode } from '../crash/node.ts'
import { openWire } from '../crash/proxy.ts'
import { odooErp } from '../stories/house/odoo.ts'
import type { PlacedOrder } from '../stories/house/shop.ts'
import { wooShop } from '../stories/house/woocommerce.ts'
import { openNamespaces } from './namespaces.ts'

const NODES = 3
const PATIENCE_MS = 240_000

test('three nodes on one PostgreSQL, each in a network of its own: one is cut off and comes back, and every order is in the ERP once (look-alikes)', async context => {
  const nets = openNamespaces(NODES)
  if (typeof nets === 'string') return context.skip(nets)
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-cut-off-'))
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  const place = { now: Date.now, host: '127.0.0.1', deliver: async () => 202 }
  const [shop, erp] = [wooShop(place), odooErp(place)]
  for (const { sku } of erp.goods()) erp.setStock(sku, 1_000_000)
  const postgres = await openEmbedded({ dataDir: join(folder, 'postgres'), log: () => {} })
  const db = openDb(postgres.url, { connections: 1 })
  const socket = `${new URLSearchParams(postgres.url.split('?')[1]).get('host')}/.s.PGSQL.5432`
  const served = await Promise.all([serve(shop.handler, 0), serve(erp.handler, 0)])
  const targets = [
    { path: socket },
    ...served.map(({ url }) => ({ host: '127.0.0.1', port: Number(new URL(url).port) })),
  ]
  const wires = await Promise.all(
    targets.map((target, index) => openWire(`wire ${index}`, () => [target], nets.host)),
  )
  const [database, toShop, toErp] = wires.map(({ port }) => `${nets.host}:${port}`)
  const limits = { requests: 200, perMs: 1_000 }
  const connection = ({ connector, settings }: typeof shop | typeof erp, at = '') => ({
    connector,
    settings: { ...settings, url: `http://${at}` },
    limits,
  })
  const config = join(folder, 'linchpin.json')
  writeFileSync(
    config,
    JSON.stringify({
      dataDir: join(folder, 'data'),
      http: { port: 0 },
      connections: { shop: connection(shop, toShop), erp: connection(erp, toErp) },
      flows: [
        { preset: 'orderToCash', shop: 'shop', erp: 'erp', since: 'always', schedule: { every: '2s' } },
      ],
    }),
  )
  const environment = { DATABASE_URL: `postgres://linchpin@${database}/linchpin` }
  const start = (index: number) =>
    startNode({ name: `node-${index}`, port: 0, folder, config, logs, environment, by: nets.within(index) })
  const nodes = [start(0)]
  const triesBy = async (index: number, since: Date) => {
    const [row] = await db.query<{ count: number }>(
      '',
      'select count(*)::int "count" from attempt where node like $1 and at > $2',
      [`%-${nodes[index]?.pid()}-%`, since],
    )
    return row?.count ?? 0
  }
  const placed: PlacedOrder[] = []
  const sell = () => placed.push(shop.place({ lines: { 'MUG-ENAMEL': 1 } }))
  const isThere = ({ number, total }: PlacedOrder) => erp.orders(number).some(each => each.total === total)
  const allThere = () => placed.every(isThere)
  /** Customers come until it has come to this. */
  const selling = (what: string, holds: () => Promise<boolean> | boolean) =>
    until(
      what,
      async () => {
        sell()
        await sleep(300)
        return holds()
      },
      PATIENCE_MS,
    )

  try {
    await until('the first node is up', () => nodes.every(node => node.isUp()), PATIENCE_MS)
    nodes.push(start(1), start(2))
    await until('all nodes are up', () => nodes.every(node => node.isUp()), PATIENCE_MS)
    const begun = new Date()
    const isSellable = () => erp.goods().every(({ sku }) => (shop.product(sku)?.stock ?? 0) > 1_000)
    await until('the catalogue is in the shop', isSellable, PATIENCE_MS)
    await selling('the node that will be cut off carries orders', async () => (await triesBy(2, begun)) > 2)

    nets.cut(2, true)
    const before = placed.length
    await selling(
      'the others carry what comes meanwhile',
      () => placed.slice(before, before + 20).filter(isThere).length === 20,
    )
    await until('and what the one that is cut off had begun', allThere, PATIENCE_MS)

    nets.cut(2, false)
    const back = new Date()
    await selling('it carries orders again', async () => (await triesBy(2, back)) > 2)
    await until('every order is there', allThere, PATIENCE_MS)
    expect(placed.map(({ number }) => erp.orders(number).length)).toEqual(placed.map(() => 1))
    const parked = await db.query('', "select flow, id, problem from delivery where state = 'parked'")
    expect(parked).toEqual([])
    console.info(`cut off: ${placed.length} orders, ${before} before it, each once`)
  } catch (error) {
    for (const { name } of nodes)
      console.error(name, readFileSync(join(logs, `${name}.log`), 'utf8').slice(-5_000))
    throw error
  } finally {
    nets.cut(2, false)
    await Promise.all(nodes.map(node => node.stop(20_000)))
    for (const wire of wires) await wire.close()
    for (const each of served) await each.close()
    await db.close()
    await postgres.stop()
    nets.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 1_200_000)
