import { handlers } from '@linchpin/server'
import { compareOn } from '@linchpin/engine/steps'
import { describe, expect, test } from 'vitest'
import { openBusHouse } from './house/bus-house.ts'
import { useDatabase } from './house/database.ts'
import { odooErp, type OdooErp } from './house/odoo.ts'
import { wooShop, type WooShop } from './house/woocommerce.ts'

useDatabase()

const hub = { is: 'hub' } as const
const shopAdapter = { is: 'adapter', connection: 'shop' } as const
const erpAdapter = { is: 'adapter', connection: 'erp' } as const

const ORDERS = 'sales-order-shop-to-erp'
const STOCK = 'stock-level-erp-to-shop'
const PRODUCTS = 'product-erp-to-shop'
const often = { cron: '*/10 * * * *', zone: 'Europe/Berlin' }
const MINUTE = 60_000
const TURN = 10 * MINUTE

const flows = (topology: string, change: object = {}) => [
  { preset: 'orderToCash', shop: 'shop', erp: 'erp', schedule: { every: '5m' }, topology, change },
]
const inBatches = (more: object = {}) => ({ mode: 'batch', schedule: { ...often, ...more } })

type BusHouse = Awaited<ReturnType<typeof openBusHouse>>

async function openPair(change: object = {}) {
  const house = await openBusHouse({ shops: { shop: wooShop }, erps: { erp: odooErp } })
  await house.start(shopAdapter, flows('bus', change))
  await house.start(erpAdapter, flows('bus', change))
  await house.settle()
  return house
}

const api = (house: BusHouse, name: string) => handlers(() => house.linchpin(name))
const runsOf = async (house: BusHouse, name: string, flow: string) =>
  (await api(house, name).flowRuns({ name: flow, limit: 20 })).runs

/** What people do in the shop behind the flow's back. */
function changeInShop(house: BusHouse, sku: string, change: Readonly<Record<string, unknown>>): void {
  const { fake } = house.shop() as WooShop
  const product = fake.products().find(each => each.sku === sku)
  if (!product) throw new Error(`The shop does not sell ${sku}.`)
  fake.updateProduct(product.id, change)
}
const nameInShop = (house: BusHouse, sku: string) =>
  (house.shop() as WooShop).fake.products().find(each => each.sku === sku)?.name

describe('a flow in batches over the bus (look-alikes, in-process bus)', () => {
  test('what was told waits at the adapter of its target, goes at its time, and stands in the report there', async () => {
    await using house = await openPair({ 'StockLevel to shop': inBatches() })
    const stock = () => house.shop().product('LAMP-STORM')?.stock
    // The first run has gone by with the catalogue.
    await house.pass('11m')
    const before = stock()
    for (const pieces of [31, 32, 33]) {
      house.erp().setStock('LAMP-STORM', pieces)
      await house.pass('1m')
      expect(stock()).toBe(before)
    }
    const owed = await house
      .linchpin('shop')
      .db.query('', 'select id from delivery where flow = $1 and state = $2', [STOCK, 'ready'])
    expect(owed).toHaveLength(1)
    await house.pass('8m')
    expect(stock()).toBe(33)
    const [run] = await runsOf(house, 'shop', STOCK)
    expect(run).toMatchObject({ state: 'ended', read: 1, created: 0, updated: 1, parked: 0 })
    expect(Date.parse(run?.dueAt ?? '') % TURN).toBe(0)
    // Who reads the source has no runs, and reads it as often as ever.
    expect(await runsOf(house, 'erp', STOCK)).toEqual([])
    const { polls } =
      (await house.linchpin('erp').store.connections()).find(({ name }) => name === 'erp') ?? {}
    const next = polls?.find(({ entity }) => entity === 'StockLevel')?.nextAt ?? Infinity
    expect(next - house.clock.now).toBeLessThanOrEqual(10_000)
  })

  test('does at once what a person asks for', async () => {
    await using house = await openPair({ 'StockLevel to shop': inBatches() })
    await house.pass('5m')
    house.erp().setStock('LAMP-STORM', 12)
    await house.pass('1m')
    expect(house.shop().product('LAMP-STORM')?.stock).not.toBe(12)
    const asked = await api(house, 'shop').sync({ flow: STOCK, cursor: null })
    expect(asked.owed).toBe(house.erp().goods().length)
    await house.pass('1m')
    expect(house.shop().product('LAMP-STORM')?.stock).toBe(12)
  })

  test.each([
    ['once', 1, 'ended'],
    ['all', 3, 'ended'],
    ['skip', 1, 'left out'],
  ])(
    'after three times at which the adapter of the target was not there, with "%s"',
    async (missed, count, state) => {
      const change = { 'SalesOrder to erp': inBatches({ missed }) }
      await using house = await openPair(change)
      await house.pass('5m')
      const known = (await runsOf(house, 'erp', ORDERS)).length
      await house.stop(erpAdapter)
      const order = house.shop().place({ lines: { 'MUG-ENAMEL': 1 } })
      await house.pass('1m')
      house.clock.now += 3 * TURN
      await house.start(erpAdapter, flows('bus', change))
      await house.pass('2m')
      const runs = (await runsOf(house, 'erp', ORDERS)).toReversed().slice(known)
      expect(runs).toHaveLength(count)
      expect(runs.at(-1)?.state).toBe(state)
      // Told while nobody was there, it goes with the next run at the latest.
      await house.pass('7m')
      expect(house.erp().orders(order.number)).toHaveLength(1)
    },
  )
})

describe('both sides are compared over the bus, one of them as it was told (look-alikes, in-process bus)', () => {
  const reconcile = async (house: BusHouse, flow: string, more: object = {}) => {
    const ask = api(house, 'shop')
    let found = await ask.reconcile({ flow, full: false, goOn: false, heal: false, ...more })
    while (!found.done) found = await ask.reconcile({ flow, full: false, heal: false, ...more, goOn: true })
    return found
  }

  test('a stock that someone typed into the shop is found, told with how fresh the ERP is known, and mended', async () => {
    await using house = await openPair()
    const before = await reconcile(house, STOCK)
    expect(before.discrepancies).toEqual([])
    changeInShop(house, 'LAMP-STORM', { stock_quantity: 7 })
    house.erp().setStock('MUG-ENAMEL', 55)
    await house.pass('6m')
    const found = await reconcile(house, STOCK)
    expect(found.discrepancies).toMatchObject([
      { is: 'different', label: 'LAMP-STORM', fields: [{ ours: 40, theirs: 7 }] },
    ])
    // The ERP is read every five minutes.
    const toldAt = Date.parse(found.told?.at ?? '')
    expect(found.told?.connection).toBe('erp')
    expect(toldAt).toBeGreaterThan(Date.parse(before.told?.at ?? ''))
    expect(toldAt).toBeGreaterThan(house.clock.now - 6 * MINUTE)
    expect(toldAt).toBeLessThanOrEqual(house.clock.now)
    expect((await reconcile(house, STOCK, { heal: true })).healed).toBe(1)
    await house.pass('1m')
    expect(house.shop().product('LAMP-STORM')?.stock).toBe(40)
    expect((await reconcile(house, STOCK)).discrepancies).toEqual([])
    expect(await house.parkedWords()).toBe('')
  })

  test('the next comparison reads only what was told since, and what is gone at the ERP is an orphan', async () => {
    await using house = await openPair()
    const first = await reconcile(house, PRODUCTS)
    expect(first).toMatchObject({ done: true, full: true, discrepancies: [] })
    expect(first.looked.source).toBe(house.erp().goods().length)
    await house.pass('10m')
    expect((await reconcile(house, PRODUCTS)).looked.source).toBe(0)
    const { fake } = house.erp() as OdooErp
    const id = fake.productId('ROPE-10M')
    fake.orm.transaction(() => fake.orm.unlink('product.product', [id]))
    await house
      .linchpin('erp')
      .store.notify(
        [{ connection: 'erp', entity: 'Product', id: String(id), cause: 'person' }],
        house.clock.now,
      )
    await house.pass('5m')
    const found = await reconcile(house, PRODUCTS, { full: true })
    expect(found.discrepancies).toMatchObject([{ is: 'orphan link', id: String(id) }])
  })

  test('continuous mode mends by itself what its policy says', async () => {
    await using house = await openPair({ 'StockLevel to shop': { mode: ['realtime', 'continuous'] } })
    changeInShop(house, 'LAMP-STORM', { stock_quantity: 7 })
    await house.pass('1m')
    const { setup, engine } = house.linchpin('shop')
    const flow = setup.flows.find(({ name }) => name === STOCK)
    if (!flow) throw new Error('The flow is not there.')
    expect(await compareOn(flow, { ...engine.reading, ...engine.delivering })).toBe(MINUTE)
    await house.pass('1m')
    expect(house.shop().product('LAMP-STORM')?.stock).toBe(40)
  })

  test('a plan says what would change, how fresh that is, and is done exactly as it was approved', async () => {
    await using house = await openPair()
    for (const sku of ['ROPE-10M', 'LAMP-STORM']) changeInShop(house, sku, { name: 'Somebody named it' })
    const { planned, told } = await api(house, 'shop').plan({ flow: PRODUCTS, cursor: null })
    expect(told).toMatchObject({ connection: 'erp', at: expect.any(String) })
    const steps = planned.filter(({ would }) => would === 'update')
    expect(new Set(steps.map(({ label }) => label))).toEqual(new Set(['LAMP-STORM', 'ROPE-10M']))
    const lamp = steps.find(({ label }) => label === 'LAMP-STORM')
    const approved = [{ id: lamp?.id ?? '', proof: lamp?.proof ?? '' }]
    const done = await api(house, 'shop').apply({ flow: PRODUCTS, steps: approved, who: 'Clara' })
    expect(done).toEqual({ owed: 1, moved: [] })
    await house.pass('1m')
    expect(nameInShop(house, 'LAMP-STORM')).toBe('Storm lamp')
    expect(nameInShop(house, 'ROPE-10M')).toBe('Somebody named it')
    const again = await api(house, 'shop').apply({ flow: PRODUCTS, steps: approved, who: 'Clara' })
    expect(again.moved).toMatchObject([{ id: lamp?.id }])
  })

  test('what was told is matched with what the target has', async () => {
    await using house = await openPair()
    const { db } = house.linchpin('shop')
    await db.query('', "delete from link where entity = 'Product'")
    const { matched, told } = await api(house, 'shop').match({ flow: PRODUCTS, cursor: null })
    expect(matched.map(({ is }) => is)).toEqual(matched.map(() => 'sure'))
    expect(matched).toHaveLength(house.erp().goods().length)
    expect(told?.connection).toBe('erp')
  })

  test('a change that is told while an older copy of it was delivered again is not lost', async () => {
    await using house = await openPair()
    house.erp().setPrice('MUG-ENAMEL', 99)
    // The shop's adapter delivers all that it was told before it hears of the new price.
    house.bus.faults.down = true
    await house.pass('1m')
    await api(house, 'shop').sync({ flow: 'price-erp-to-shop', cursor: null })
    await house.pass('1m')
    house.bus.faults.down = false
    await house.settle()
    expect(Number(house.shop().product('MUG-ENAMEL')?.price)).toBe(99)
  })

  test('a past is looked at and loaded as it was told: what was only looked on until now comes, each once', async () => {
    const only = (shadow: boolean) => [
      {
        name: PRODUCTS,
        entity: 'Product',
        from: 'erp',
        to: 'shop',
        match: true,
        shadow,
        topology: 'bus',
        schedule: { every: '5m' },
      },
    ]
    await using house = await openBusHouse({ shops: { shop: wooShop }, erps: { erp: odooErp } })
    for (const part of [shopAdapter, erpAdapter]) await house.start(part, only(true))
    await house.settle()
    const articles = house.erp().goods().length
    expect(house.shop().product('LAMP-STORM')).toBeUndefined()
    await house.start(shopAdapter, only(false))
    await house.settle()
    const ask = api(house, 'shop')
    const stand = async () => (await ask.loads({})).loads.find(({ flow }) => flow === PRODUCTS)
    await ask.load({ name: PRODUCTS, as: 'look', again: false })
    await house.pass('1m')
    expect(await stand()).toMatchObject({ phase: 'looked', would: { create: articles }, problem: null })
    expect(house.shop().product('LAMP-STORM')).toBeUndefined()
    await ask.load({ name: PRODUCTS, as: 'go', again: false })
    await house.pass('5m')
    expect(await stand()).toMatchObject({ phase: 'done', read: articles, total: articles, problem: null })
    expect(
      (house.shop() as WooShop).fake
        .products()
        .map(({ sku }) => sku)
        .toSorted(),
    ).toEqual(
      house
        .erp()
        .goods()
        .map(({ sku }) => sku)
        .toSorted(),
    )
    expect(await house.parkedWords()).toBe('')
  })

  test('what was published since an instant is delivered anew as it is now, also what its database has forgotten; what is as it was is not written', async () => {
    await using house = await openPair()
    await house.pass('5m')
    const since = new Date(house.clock.now).toISOString()
    house.erp().setPrice('MUG-ENAMEL', 98)
    house.erp().setPrice('LAMP-STORM', 77)
    await house.pass('6m')
    house.erp().setPrice('MUG-ENAMEL', 99)
    await house.pass('6m')
    // The shop's database is brought back to before: what it has heard is forgotten, and the bus tells it nothing twice.
    const { db } = house.linchpin('shop')
    const lamp = String((house.erp() as OdooErp).fake.productId('LAMP-STORM'))
    await db.query('', "delete from record where connection = 'erp' and entity = 'Price' and id = $1", [lamp])
    for (const table of ['delivery', 'attempt'])
      await db.query('', `delete from ${table} where flow = 'price-erp-to-shop' and id = $1`, [lamp])
    changeInShop(house, 'LAMP-STORM', { regular_price: '11.00' })
    await house.pass('6m')
    const price = (sku: string) => Number(house.shop().product(sku)?.price)
    expect(price('LAMP-STORM')).toBe(11)
    const writes = async () =>
      (await db.query('', "select from attempt where flow = 'price-erp-to-shop'")).length
    const before = await writes()
    const mug = String((house.erp() as OdooErp).fake.productId('MUG-ENAMEL'))
    const ask = async (dryRun: boolean) => {
      const request = { name: 'price-erp-to-shop', since, cursor: null, dryRun }
      const { ids, ...rest } = await api(house, 'shop').replay(request)
      return { ...rest, ids: new Set(ids) }
    }
    const both = { rows: 2, ids: new Set([lamp, mug]), held: false, next: null }
    expect(await ask(true)).toEqual({ ...both, owed: 0 })
    await house.pass('1m')
    expect(price('LAMP-STORM')).toBe(11)
    expect(await ask(false)).toEqual({ ...both, owed: 2 })
    await house.pass('1m')
    expect(price('LAMP-STORM')).toBe(77)
    expect(price('MUG-ENAMEL')).toBe(99)
    expect(await writes()).toBe(before + 1)
  })

  test('where the target is not asked, and what needs the source itself, is refused with words that say what to do', async () => {
    await using house = await openPair()
    const elsewhere = api(house, 'erp')
    const asked = [
      () => elsewhere.sync({ flow: STOCK, cursor: null }),
      () => elsewhere.replay({ name: STOCK, since: '2026-11-01T00:00:00Z', cursor: null, dryRun: true }),
      () => elsewhere.plan({ flow: STOCK, cursor: null }),
      () => elsewhere.match({ flow: STOCK, cursor: null }),
      () => elsewhere.reconcile({ flow: STOCK, full: false, goOn: false, heal: false }),
      () => elsewhere.load({ name: STOCK, as: 'look', again: false }),
    ]
    for (const ask of asked) await expect(ask()).rejects.toThrow(/over the bus.*adapter of shop.*Ask there/)
    await expect(
      api(house, 'shop').recoverConnection({ name: 'erp', apply: false, who: 'Clara' }),
    ).rejects.toThrow(/process of its own.*there/)
    for (const name of ['shop', 'erp'])
      expect((await house.linchpin(name).store.connections()).filter(({ paused }) => paused)).toEqual([])
  })
})

test('a living flow from realtime on the hub to batches on the bus, in batches from point to point, and back: every order is in the ERP once, at its time (look-alikes, in-process bus)', async () => {
  await using house = await openBusHouse({ shops: { shop: wooShop }, erps: { erp: odooErp } })
  const numbers: string[] = []
  const place = () => numbers.push(house.shop().place({ lines: { 'MUG-ENAMEL': 1 } }).number)
  const booked = () => numbers.map(number => house.erp().orders(number).length)
  const batch = { 'SalesOrder to erp': inBatches() }
  await house.start(hub, flows('hub'))
  await house.settle()
  place()
  await house.pass('3m')
  expect(booked()).toEqual([1])

  place()
  await house.start(hub, flows('bus', batch))
  await house.start(shopAdapter, flows('bus', batch))
  await house.start(erpAdapter, flows('bus', batch))
  place()
  await house.pass('1m')
  expect(booked()).toEqual([1, 0, 0])
  await house.pass('5m')
  expect(booked()).toEqual([1, 1, 1])

  // One is owed at the adapter, one comes while the flow changes hands; its next run is the hub's.
  place()
  await house.pass('1m')
  const before = await runsOf(house, 'erp', ORDERS)
  for (const part of [shopAdapter, erpAdapter]) await house.start(part, flows('point-to-point', batch))
  place()
  await house.start(hub, flows('point-to-point', batch))
  await house.pass('2m')
  expect(booked()).toEqual([1, 1, 1, 0, 0])
  await house.pass('5m')
  expect(booked()).toEqual([1, 1, 1, 1, 1])
  const runs = await runsOf(house, 'hub', ORDERS)
  expect(runs).toHaveLength(1)
  expect(Date.parse(runs[0]?.dueAt ?? '')).toBe(Date.parse(before[0]?.dueAt ?? '') + TURN)

  // Owed in batches, it goes at once in real time.
  place()
  await house.pass('2m')
  expect(booked().at(-1)).toBe(0)
  await house.start(hub, flows('hub'))
  place()
  await house.pass('2m')
  expect(booked()).toEqual(numbers.map(() => 1))
  expect(await house.parkedWords()).toBe('')
})
