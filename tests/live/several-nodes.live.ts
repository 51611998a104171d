import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectors, readConfig, start } from '@linchpin/server'
import { openSystems, until } from '@linchpin/server/testing'
import { openEmbedded } from '@linchpin/store'
import { pino } from 'pino'
import { expect, test } from 'vitest'

const ORDERS = 60

test('two nodes on one PostgreSQL carry sixty orders, each once; one dies midway, and the rest still arrives (look-alikes)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'several-nodes-'))
  const server = await openEmbedded({ dataDir: join(folder, 'postgres'), log: () => {} })
  const systems = await openSystems()
  const { shop, erp } = systems
  // One folder for both: they share the key, as nodes of one house do.
  const config = readConfig('the nodes', { dataDir: folder, http: { port: 0 }, ...systems.config })
  const node = () =>
    start({
      config,
      connectors,
      environment: { DATABASE_URL: server.url },
      log: pino({ level: 'silent' }),
      folder,
    })
  // Both at once: they take turns at the migrations and at the key of the links.
  const [first, second] = await Promise.all([node(), node()])
  try {
    const { store, db } = first.linchpin
    const document = { connection: 'erp', entity: 'Invoice', id: 'any' } as const
    await store.saveFile(
      document,
      { name: 'a.pdf', mediaType: 'application/pdf', sha256: '', bytes: Buffer.from('%PDF') },
      Date.now(),
    )
    const link = (await second.linchpin.documents.urlOf('erp', 'Invoice', 'any')) ?? ''
    expect(first.linchpin.documents.open(link.split('/').at(-1) ?? '', Date.now())).toEqual(document)

    await until(
      'the catalogue is in the shop',
      async () => {
        const { deliveries } = await second.linchpin.store.status()
        return deliveries.some(
          each => each.flow.startsWith('stock') && each.state === 'done' && each.count > 5,
        )
      },
      60_000,
    )
    const sellable = shop.products().filter(each => (each.stock_quantity ?? 0) >= ORDERS / 4)
    const place = (index: number) => {
      const product = sellable[index % sellable.length]
      if (!product) throw new Error('The shop has nothing to sell.')
      const billing = {
        first_name: 'Ida',
        last_name: `Nr ${index}`,
        email: `ida${index}@example.com`,
        country: 'DE',
        city: 'Kiel',
        postcode: '24103',
        address_1: 'Kai 1',
      }
      const lines = [
        {
          product: product.parent_id || product.id,
          ...(product.parent_id ? { variation: product.id } : {}),
          quantity: 1,
        },
      ]
      return String(shop.placeOrder({ billing, lines }).id)
    }
    const placed = Array.from({ length: ORDERS }, (_each, index) => place(index))
    const booked = () => erp.orm.all('sale.order')
    await until('a third is booked', () => booked().length > ORDERS / 3, 90_000)

    // It dies: no good-bye, its claims stay as they are.
    const workers = await db.query<{ node: string; count: number }>(
      '',
      'select node, count(*) from attempt group by node',
    )
    expect(new Set(workers.map(each => each.node))).toEqual(
      new Set([first.linchpin.node, second.linchpin.node]),
    )
    // Not waited for: the connection that listens is never given back.
    void first.linchpin.db.close()

    await until(
      'all of them are confirmed',
      () =>
        new Set(
          booked()
            .filter(({ state }) => state === 'sale')
            .map(each => String(each['origin'])),
        ).size === ORDERS,
      180_000,
    )
    expect(
      booked()
        .map(each => String(each['origin']))
        .toSorted(),
    ).toEqual(placed.toSorted())
    expect(await second.linchpin.store.parked({ limit: 100 })).toEqual([])
  } finally {
    await second.stop()
    await first.stop().catch(() => {})
    await systems.close()
    await server.stop()
    await rm(folder, { recursive: true })
  }
}, 420_000)
