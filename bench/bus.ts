import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNats, type Bus } from '@linchpin/bus'
import { odoo } from '@linchpin/connector-odoo'
import { woocommerce } from '@linchpin/connector-woocommerce'
import { createEngine, setUp, type Flow, type World } from '@linchpin/engine'
import { hear, publishOnce } from '@linchpin/engine/steps'
import { buildDocument, contentHash, salesOrder } from '@linchpin/model'
import { migrate, openBusStore, openDb, openEmbedded, pgStore, type Db } from '@linchpin/store'
import { access, startNats } from '../tests/live/nats/start.ts'
import { machine } from './machine.ts'

/** What the bus carries: kept and noted by one adapter, told, and taken in by another. `npx tsx bench/bus.ts [orders]` */
const ORDERS = Number(process.argv[2] ?? 5_000)
const SUBJECTS = 200_000
const PAGE = 100

const FLOW: Flow = {
  name: 'orders',
  entity: 'SalesOrder',
  from: 'shop',
  to: 'erp',
  priority: 1,
  trigger: 'change',
  create: true,
  update: true,
  match: false,
  since: 0,
  buffer: '0',
  schedule: { everyMs: 1_000 },
  topology: 'bus',
}

const quiet = () => {}
const world: World = {
  now: Date.now,
  random: Math.random,
  nonce: () => '',
  sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
  fetch: () => Promise.reject(new TypeError('fetch failed')),
  log: { info: quiet, warn: quiet, error: (_facts, words) => console.error(words) },
}

function adapterOf(name: string, db: Db, bus: Bus) {
  const connections = [
    { name: 'shop', connector: woocommerce, settings: {} },
    { name: 'erp', connector: odoo, settings: {} },
  ]
  const setup = setUp(connections, [FLOW], undefined, { here: [name], publishes: true })
  const store = pgStore(db, name === 'shop' ? { connections: new Set(['shop']) } : null)
  const on = { bus, store: openBusStore(db), name, observes: false, elsewhere: [] }
  const engine = createEngine({ setup, store, world, node: name, fileUrl: async () => null, on })
  return { store, deps: { ...engine.reading, ...engine.delivering, on } }
}

function orderOf(n: number) {
  const line = (id: string) => ({
    id,
    kind: 'item' as const,
    product: id,
    sku: `SKU-${id}`,
    name: `Article ${id}`,
    quantity: '1',
    unitPrice: '10.00',
    rates: [{ rate: '19' }],
  })
  return salesOrder.parse({
    id: String(n),
    number: `W-${n}`,
    issuedAt: '2026-11-23T10:15:00Z',
    status: 'open',
    fulfilment: 'none',
    invoicing: 'none',
    payment: 'unpaid',
    buyer: { id: '7', kind: 'person', name: 'Ada Byron', email: 'ada@example.com' },
    deliveries: [{ id: 'd1' }],
    ...buildDocument({ currency: 'EUR', taxInclusive: false, lines: ['1', '2', '3'].map(line) }),
  })
}

async function keep(store: ReturnType<typeof pgStore>, from: number): Promise<void> {
  for (let start = from; start < from + ORDERS; start += PAGE) {
    const records = Array.from({ length: PAGE }, (_each, index) => {
      const canonical = orderOf(start + index)
      const none = { problem: null, references: [], parents: [], duties: [], force: false }
      const own = {
        entity: 'SalesOrder' as const,
        id: canonical.id,
        version: '1',
        hash: contentHash(canonical),
      }
      return { ...own, row: canonical, canonical, ...none }
    })
    const page = { connection: 'shop', entity: 'SalesOrder' as const, cause: 'poll' as const, gone: [] }
    await store.saveRead({ ...page, readAt: Date.now(), now: Date.now(), records })
  }
}

async function perSecond(work: () => Promise<unknown>, count = ORDERS): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round((count * 1_000) / (performance.now() - began))
}

const memoryOf = async (pid: number | undefined) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)

async function measure(left: Db, right: Db, bus: Bus, pid: number | undefined) {
  const [shop, erp] = [adapterOf('shop', left, bus), adapterOf('erp', right, bus)]
  const hub = pgStore(left)
  const result: Record<string, number> = {}
  result['orders kept in a second, without a bus'] = await perSecond(() => keep(hub, 1_000_000))
  result['orders kept and noted in a second'] = await perSecond(() => keep(shop.store, 2_000_000))
  result['orders told in a second'] = await perSecond(async () => {
    while (await publishOnce(shop.deps, false));
  })
  let heard = 0
  const subscription = { name: 'erp', filter: 'linchpin.SalesOrder.shop.>' }
  result['orders taken in in a second'] = await perSecond(async () => {
    const stop = await bus.subscribe(subscription, async messages => {
      await hear(messages, erp.deps)
      heard += messages.length
    })
    while (heard < ORDERS) await world.sleep(5)
    await stop()
  })
  result['MB of memory of the server before'] = await memoryOf(pid)
  const messages = Array.from({ length: SUBJECTS }, (_each, n) => ({
    subject: `linchpin.StockLevel.erp.${n}`,
    id: `stock ${n}`,
    body: JSON.stringify({ n, words: 'x'.repeat(400) }),
  }))
  result['small messages on the bus in a second'] = await perSecond(async () => {
    for (let start = 0; start < SUBJECTS; start += 500) await bus.publish(messages.slice(start, start + 500))
  }, SUBJECTS)
  result[`MB of memory of the server with ${SUBJECTS} records more`] = await memoryOf(pid)
  return result
}

const folder = await mkdtemp(join(tmpdir(), 'linchpin-bench-'))
const server = await openEmbedded({ dataDir: join(folder, 'postgres'), log: quiet })
const nats = await startNats(1)
const bus = openNats({ servers: nats.urls, replicas: 1, name: 'bench', ...access })
try {
  const admin = openDb(server.url, { connections: 1 })
  for (const schema of ['shop', 'erp']) await admin.query('', `create schema ${schema}`)
  await admin.close()
  const [left, right] = ['shop', 'erp'].map(schema => openDb(server.url, { connections: 4, schema })) as [
    Db,
    Db,
  ]
  for (const db of [left, right]) await migrate(db, Date.now())
  const figures = await measure(left, right, bus, nats.servers[0]?.pid())
  console.log(JSON.stringify({ machine: machine(), orders: ORDERS, figures }, null, 2))
  await Promise.all([left.close(), right.close()])
} finally {
  await bus.close()
  await nats.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
