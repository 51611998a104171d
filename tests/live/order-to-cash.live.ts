import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SalesOrder } from '@linchpin/model'
import { connectors, readConfig, start, type Running } from '@linchpin/server'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { liveFolder, logTo } from './support/bench.ts'
import { withId } from './vendure/graphql.ts'
import { seedVendure, signedIn } from './vendure/seed.ts'
import { Shopper } from './vendure/shopper.ts'
import { startVendure, type RealVendure } from './vendure/start.ts'
import { CannotRun, startTryton, type Tryton } from './tryton/start.ts'

/**
 * The main job, on real systems: what somebody buys in a real Vendure stands once, to the cent, in a real Tryton, and
 * tracking, invoice, stock and cancellations come back. Nothing here is a look-alike.
 */
let shop: RealVendure
let erp: Tryton
let running: Running
let why: string | null = null
const folder = mkdtempSync(join(tmpdir(), 'linchpin-live-'))

beforeAll(async () => {
  try {
    erp = await startTryton({ dir: '.live/tryton', log: logTo('tryton') })
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error
    why = error.message
    return
  }
  shop = await startVendure({ dir: liveFolder('vendure'), log: logTo('vendure') })
  await seedVendure(shop, { pricesIncludeTax: false })
  running = await start({
    config: config(),
    connectors,
    environment: {},
    log: pino({ level: process.env['LIVE_LOG'] ? 'info' : 'silent' }),
    folder,
  })
})

afterAll(async () => {
  await running?.stop()
  await shop?.stop()
  await erp?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function config() {
  const { adminUrl, username, password } = shop
  const vendure = { url: adminUrl, username, password }
  const tryton = { url: erp.url, database: erp.database, username: erp.username, password: erp.password }
  return readConfig('the live story', {
    dataDir: join(folder, 'data'),
    http: { port: 0 },
    connections: {
      shop: { connector: 'vendure', settings: vendure },
      erp: { connector: 'tryton', settings: tryton },
    },
    flows: [{ preset: 'orderToCash', shop: 'shop', erp: 'erp', since: 'always', schedule: { every: '1s' } }],
  })
}

const ARTICLES = [
  { sku: 'LIVE-MUG', name: 'Live mug', price: '12.50', rate: '19', stock: 100 },
  { sku: 'LIVE-BOOK', name: 'Live book', price: '20.00', rate: '7', stock: 40 },
  { sku: 'LIVE-PEN', name: 'Live pen', price: '3.33', rate: '19', stock: 10 },
] as const

/** Somebody with a browser at the real shop. */
class Customer {
  readonly orders: string[] = []
  readonly #password = 'customer-of-a-throw-away-shop'

  #shopper(): Shopper {
    return new Shopper(shop.shopUrl)
  }

  async register(): Promise<void> {
    await this.#shopper().register('ada@live.example', this.#password)
  }

  async look(name: string) {
    const slug = name.toLowerCase().replaceAll(' ', '-')
    const [variant] = await this.#shopper().look(`${slug}-${slug}`)
    return variant ?? null
  }

  async buy(quantities: readonly number[], couponCode?: string): Promise<string> {
    const shopper = this.#shopper()
    await shopper.logIn('ada@live.example', this.#password)
    const lines = []
    for (const [index, quantity] of quantities.entries()) {
      const variant = await this.look(ARTICLES[index]?.name ?? '')
      if (variant && quantity > 0) lines.push({ variant: variant.id, quantity })
    }
    const code = await shopper.order({ lines, ...(couponCode ? { couponCode } : {}) })
    this.orders.push(code)
    return code
  }

  async see(code: string) {
    const shopper = this.#shopper()
    await shopper.logIn('ada@live.example', this.#password)
    return shopper.see(code)
  }
}

describe('a real Vendure and a real Tryton, with Linchpin between', () => {
  const story = (title: string, body: () => Promise<void>) =>
    test(title, async context => (why === null ? body() : context.skip(why)), 240_000)
  const products: Record<string, string> = {}
  const customer = new Customer()

  story('products, prices and stock of the ERP are in the shop', async () => {
    for (const article of ARTICLES) products[article.sku] = await erp.people.makeProduct(article)
    for (const article of ARTICLES) {
      const seen = await until(`${article.sku} in the shop`, async () => {
        const found = await customer.look(article.name)
        return found?.sku === article.sku && found.stockLevel === 'IN_STOCK' && found.priceWithTax > 0
          ? found
          : null
      })
      const gross = Math.round(Number(article.price) * (100 + Number(article.rate)))
      expect(Math.abs(seen.priceWithTax - gross)).toBeLessThanOrEqual(1)
    }
  })

  story(
    'an order of three lines, discount, shipping and two tax rates stands once in the ERP, equal to the cent',
    async () => {
      await customer.register()
      const code = await customer.buy([2, 1, 3], 'TENOFF')
      const order = await inErp(code)
      const total = (await customer.see(code)).totalWithTax
      expect(order.total).toBe((total / 100).toFixed(2))
      expect(order.state).toBe('processing')
      // Nobody else sells here: as many sales as orders means that none is there twice.
      expect(await erp.people.search('sale.sale', [])).toHaveLength(customer.orders.length)
    },
  )

  story(
    'it ships in two parts and is invoiced; both numbers and the invoice are back with the customer',
    async () => {
      const code = customer.orders[0] ?? ''
      const { id } = await inErp(code)
      await erp.people.ship(id, 'TRACK-LIVE-1', { [products['LIVE-MUG'] ?? '']: 1 })
      await until(
        'the first parcel at the customer',
        async () => (await trackings(code)).includes('TRACK-LIVE-1') || null,
      )
      await erp.people.ship(id, 'TRACK-LIVE-2')
      await until(
        'the second parcel at the customer',
        async () => (await trackings(code)).includes('TRACK-LIVE-2') || null,
      )
      expect((await trackings(code)).toSorted()).toEqual(['TRACK-LIVE-1', 'TRACK-LIVE-2'])
      const { invoices } = await erp.people.order(id)
      for (const invoice of invoices) await erp.people.post(invoice)
      const link = await until('the invoice at the customer', async () => linkIn(await notes(code)))
      const pdf = await fetch(link)
      expect(pdf.status).toBe(200)
      expect(
        Buffer.from(await pdf.arrayBuffer())
          .subarray(0, 4)
          .toString(),
      ).toBe('%PDF')
    },
  )

  story('the stock that left is gone from the shop, too', async () => {
    await until('the stock to follow', async () => {
      const records = await running.linchpin.store.record({
        connection: 'erp',
        entity: 'StockLevel',
        id: products['LIVE-PEN'] ?? '',
      })
      return (records?.canonical as { onHand?: string } | undefined)?.onHand === '7' || null
    })
    await erp.people.countStock([[products['LIVE-PEN'] ?? '', 0]])
    await until(
      'sold out in the shop',
      async () => (await customer.look('Live pen'))?.stockLevel === 'OUT_OF_STOCK' || null,
    )
  })

  story('an order cancelled in the ERP is cancelled in the shop', async () => {
    const code = await customer.buy([1, 0, 0])
    const { id } = await inErp(code)
    await erp.people.callOff(id)
    await until('cancelled in the shop', async () => (await customer.see(code)).state === 'Cancelled' || null)
  })

  story('an order cancelled in the shop is cancelled in the ERP, and nothing of it ships', async () => {
    const code = await customer.buy([2, 0, 0])
    const { id } = await inErp(code)
    await cancelInShop(code)
    // Tryton calls such an order done: what counts is that none of its shipments is left to send.
    await until('called off in the ERP', async () => {
      const { shipments } = await erp.people.order(id)
      const open = await erp.people.search('stock.shipment.out', [
        ['id', 'in', shipments],
        ['state', '!=', 'cancelled'],
      ])
      return open.length === 0 || null
    })
    expect(await erp.people.search('sale.sale', [])).toHaveLength(customer.orders.length)
  })

  story('the whole story of an order is told by any of its numbers', async () => {
    const code = customer.orders[0] ?? ''
    const { store } = running.linchpin
    const found = await store.search('TRACK-LIVE-2', 10)
    const trace = await store.trace(found)
    const kinds = trace.records.map(record => `${record.connection} ${record.entity}`)
    expect(kinds).toEqual(
      expect.arrayContaining(['shop SalesOrder', 'erp SalesOrder', 'erp Shipment', 'erp Invoice']),
    )
    expect(trace.records.some(record => (record.canonical as SalesOrder | null)?.number === code)).toBe(true)
  })
})

/** The shop's own staff, in its administration. */
async function cancelInShop(code: string): Promise<void> {
  const admin = await signedIn(shop)
  const { orders } = await admin.ask(
    'query ($code: String!) { orders(options: { filter: { code: { eq: $code } } }) { items { id } } }',
    { code },
    z.object({ orders: z.object({ items: z.tuple([withId]) }) }),
  )
  await admin.ask(
    'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { ... on Order { id } } }',
    { input: { orderId: orders.items[0].id, reason: 'changed their mind' } },
    z.object({ cancelOrder: withId }),
  )
}

const seen = new Customer()
const trackings = async (code: string) =>
  (await seen.see(code)).fulfillments.flatMap(each => each.trackingCode ?? [])
const notes = async (code: string) => (await seen.see(code)).history.items.map(({ data }) => data.note)
const linkIn = (texts: readonly string[]) =>
  texts.join(' ').match(/https?:\/\/\S*\/documents\/[\w.-]+/)?.[0] ?? null

/** The sale in Tryton that this order of the shop is linked to. */
async function saleOf(code: string): Promise<string | null> {
  const { store } = running.linchpin
  const order = (await store.search(code, 10)).find(
    each => each.connection === 'shop' && each.entity === 'SalesOrder',
  )
  if (!order) return null
  const [sale = null] = await store.links([
    { entity: 'SalesOrder', connection: 'shop', id: order.id, to: 'erp' },
  ])
  return sale
}

/** The order as Tryton itself reckons it, when it is there. */
async function inErp(code: string) {
  const id = await until(`order ${code} in the ERP`, () => saleOf(code))
  return until(`order ${code} confirmed`, async () => {
    const order = await erp.people.order(id)
    return order.state === 'processing' || order.state === 'done' ? { ...order, id } : null
  })
}

async function until<Result>(what: string, look: () => Promise<Result | null>): Promise<Result> {
  for (let turn = 0; turn < 120; turn += 1) {
    const found = await look()
    if (found !== null) return found
    await sleep(500)
  }
  throw new Error(`${what} did not come. ${await howItStands()}`)
}

/** For whoever reads a failure: what is parked, what is owed, which connection has trouble. */
async function howItStands(): Promise<string> {
  const { store, db } = running.linchpin
  const open = await db.query(
    '',
    "select flow, id, state, problem from delivery where state not in ('done', 'skipped')",
  )
  const parked = (await store.parked({ limit: 20 })).map(({ flow, id, trouble }) => ({
    flow,
    id,
    words: trouble?.words,
  }))
  const owed = (await store.status()).deliveries.map(({ flow, state, count }) => `${flow} ${state} ${count}`)
  const trouble = (await store.connections()).map(({ name, paused, polls }) => ({
    name,
    paused: paused?.reason,
    polls: polls.map(({ entity, rounds, problem }) => `${entity} ${rounds} ${problem ?? ''}`),
  }))
  return JSON.stringify({ parked, open, owed, trouble }, null, 1)
}
