import { handlers } from '@linchpin/server'
import { describe, expect, test } from 'vitest'
import { openBusHouse } from './house/bus-house.ts'
import { useDatabase } from './house/database.ts'
import { dolibarrErp } from './house/dolibarr.ts'
import { odooErp } from './house/odoo.ts'
import { wooShop } from './house/woocommerce.ts'

useDatabase()

const hub = { is: 'hub' } as const
const shopAdapter = { is: 'adapter', connection: 'shop' } as const
const erpAdapter = { is: 'adapter', connection: 'erp' } as const

const flows = (topology: string, more: object = {}) => [
  { preset: 'orderToCash', shop: 'shop', erp: 'erp', schedule: { every: '5m' }, topology, ...more },
]

async function openPair() {
  const house = await openBusHouse({ shops: { shop: wooShop }, erps: { erp: odooErp } })
  await house.start(shopAdapter, flows('bus'))
  await house.start(erpAdapter, flows('bus'))
  await house.settle()
  return house
}

describe('a flow over the bus (look-alikes, in-process bus)', () => {
  test('two adapters with databases of their own carry an order to the ERP, and its parcel and invoice back', async () => {
    await using house = await openPair()
    const [shop, erp] = [house.shop(), house.erp()]
    for (const { sku, stock } of erp.goods()) expect(shop.product(sku), sku).toMatchObject({ stock })

    const order = shop.place({ lines: { 'MUG-ENAMEL': 2, 'BOOK-KNOTS': 1 }, coupon: true })
    await house.settle()
    expect(await house.parkedWords()).toBe('')
    const [booked] = erp.orders(order.number)
    expect(booked).toMatchObject({ state: 'confirmed', total: order.total })
    expect(shop.order(order.id).erpNumber).toBe(booked?.number)
    expect(shop.product('MUG-ENAMEL')?.stock).toBe(erp.free('MUG-ENAMEL'))

    erp.ship(booked?.id ?? '', 'PARCEL-1')
    const invoices = await erp.invoice(booked?.id ?? '')
    await house.settle()
    expect(shop.order(order.id).trackings).toEqual(['PARCEL-1'])
    expect(shop.order(order.id).invoices).toHaveLength(invoices.length)
    expect(shop.order(order.id).invoices.join()).toContain('http://erp.linchpin.test/documents/')
  })

  test('what the bus tells is CloudEvents with all that is needed to act, and the shop knows what became of its order', async () => {
    await using house = await openPair()
    const order = house.shop().place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const found = house.bus.messages().find(each => each.subject === `linchpin.SalesOrder.shop.${order.id}`)
    expect(JSON.parse(found?.body ?? '')).toMatchObject({
      specversion: '1.0',
      source: '/connections/shop',
      type: 'io.linchpin.record.v1',
      subject: `SalesOrder/${order.id}`,
      data: { connection: 'shop', entity: 'SalesOrder', id: order.id, canonical: { number: order.number } },
    })
    const { deliveries } = await house.linchpin('shop').store.status()
    const told = deliveries.filter(({ flow }) => flow === 'sales-order-shop-to-erp')
    expect(told.map(({ state }) => state)).toEqual(['done'])
  })

  test('messages told twice, and all of them told again from the beginning, write nothing', async () => {
    await using house = await openPair()
    const [shop, erp] = [house.shop(), house.erp()]
    const order = shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const attempts = async () =>
      Promise.all(
        ['shop', 'erp'].map(name => house.linchpin(name).db.query('', 'select count(*) from attempt')),
      )
    const before = await attempts()
    house.bus.replay()
    await house.settle()
    expect(await attempts()).toEqual(before)
    expect(erp.orders(order.number)).toHaveLength(1)
    expect(await house.parkedWords()).toBe('')
  })

  test('a message that the bus took and lost costs a delay: the roll finds it', async () => {
    await using house = await openPair()
    const [shop, erp] = [house.shop(), house.erp()]
    house.bus.faults.lose = 1
    const order = shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.pass('6m')
    expect(house.bus.faults.lose).toBe(0)
    expect(erp.orders(order.number)).toEqual([])
    await house.callRoll('shop')
    await house.settle()
    expect(erp.orders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
  })

  test('a link and an outcome that the bus took and lost cost a delay: they are told again with the roll', async () => {
    await using house = await openPair()
    const [shop, erp] = [house.shop(), house.erp()]
    house.bus.faults.loseOf = ['linchpin.Link.', 'linchpin.Outcome.']
    const order = shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const [booked] = erp.orders(order.number)
    erp.ship(booked?.id ?? '', 'PARCEL-1')
    await house.settle()
    const { db } = house.linchpin('shop')
    const states = () =>
      db.query('', "select state from delivery where flow = 'sales-order-shop-to-erp' and id = $1", [
        order.id,
      ])
    expect(shop.order(order.id).trackings).toEqual([])
    expect(await states()).toEqual([{ state: 'ready' }])
    house.bus.faults.loseOf = []
    await house.callRoll('erp')
    await house.settle()
    expect(await states()).toEqual([{ state: 'done' }])
    expect(shop.order(order.id)).toMatchObject({ trackings: ['PARCEL-1'], erpNumber: booked?.number })
    expect(await house.parkedWords()).toBe('')
  })

  test('an order that a person skips at the ERP takes nothing from what the shop may sell any more', async () => {
    await using house = await openPair()
    const [shop, erp] = [house.shop(), house.erp()]
    const before = shop.product('MUG-ENAMEL')?.stock
    erp.faults.next({ is: 'answer', status: 400, body: '{"message":"No."}' }, request =>
      /\/sale\.order\/(load|create)$/.test(request.url),
    )
    const order = shop.place({ lines: { 'MUG-ENAMEL': 2 } })
    await house.settle()
    expect(await house.parkedWords()).not.toBe('')
    expect(shop.product('MUG-ENAMEL')?.stock).toBe(Number(before) - 2)
    const which = { flow: 'sales-order-shop-to-erp', ids: [order.id] }
    await house.linchpin('erp').store.skipParked(which, 'Clara', 'A test order.', house.clock.now)
    await house.settle()
    expect(await house.parkedWords()).toBe('')
    expect(shop.product('MUG-ENAMEL')?.stock).toBe(before)
  })

  test('while the bus is down nothing is lost, and nothing waits for a person', async () => {
    await using house = await openPair()
    const [shop, erp] = [house.shop(), house.erp()]
    house.bus.faults.down = true
    const orders = [1, 2, 3].map(count => shop.place({ lines: { 'MUG-ENAMEL': count } }))
    await house.pass('6m')
    expect(erp.orders()).toEqual([])
    house.bus.faults.down = false
    await house.settle()
    expect(orders.map(({ number }) => erp.orders(number).length)).toEqual([1, 1, 1])
    expect(await house.parkedWords()).toBe('')
  })

  test('a message that nobody can read is left out with words, and the next ones are heard', async () => {
    await using house = await openPair()
    const [shop, erp] = [house.shop(), house.erp()]
    await house.bus.open().publish([
      { subject: 'linchpin.SalesOrder.shop.99', id: 'a stranger', body: '{"not":"ours"}' },
      { subject: 'linchpin.SalesOrder.shop.98', id: 'half an order', body: halfAnOrder('98') },
    ])
    const order = shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    expect(erp.orders(order.number)).toHaveLength(1)
    const said = await house
      .linchpin('erp')
      .db.query<{ words: string }>('', "select words from journal where what = 'unreadable'")
    expect(said.map(each => each.words).join()).toMatch(/linchpin\.SalesOrder\.shop\.99 cannot be read/)
    // Of this one it is known whose it is, so its delivery is parked, as with any record that cannot be read.
    expect(await house.parkedWords()).toMatch(/SalesOrder came over the bus and does not read as one/)
  })

  test('an older state that comes late does not take the place of a newer one', async () => {
    await using house = await openPair()
    const [shop, erp] = [house.shop(), house.erp()]
    const sku = 'MUG-ENAMEL'
    const older = house.bus.messages().filter(each => each.subject.startsWith('linchpin.Price.erp.'))
    expect(older.length).toBeGreaterThan(4)
    erp.setPrice(sku, 99)
    await house.settle()
    expect(Number(shop.product(sku)?.price)).toBe(99)
    await house.bus.open().publish(older.map(each => ({ ...each, id: `${each.id}, told late` })))
    await house.settle()
    expect(Number(shop.product(sku)?.price)).toBe(99)
  })

  test('an observer that joins late knows how things ended, too, when a record was told again since', async () => {
    await using house = await openPair()
    const order = house.shop().place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const key = { connection: 'shop', entity: 'SalesOrder', id: order.id }
    await house.bus.open().ring('ask.shop', JSON.stringify([key]))
    await house.settle()
    await house.start({ is: 'observer' }, flows('bus'))
    await house.settle()
    const told = await house
      .linchpin('observer')
      .db.query('', "select state from delivery where flow = 'sales-order-shop-to-erp' and id = $1", [
        order.id,
      ])
    expect(told).toEqual([{ state: 'done' }])
  })

  test('what a person unlinks at one adapter is unlinked at the other, and no older word links it again', async () => {
    await using house = await openPair()
    const order = house.shop().place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const [booked] = house.erp().orders(order.number)
    const linked = async () => {
      const found: (string | null)[] = []
      for (const name of ['shop', 'erp']) {
        const key = { entity: 'SalesOrder', connection: 'shop', id: order.id, to: 'erp' } as const
        found.push(...(await house.linchpin(name).store.links([key])))
      }
      return found
    }
    expect(await linked()).toEqual([booked?.id, booked?.id])
    // The word that links them is on its way still, and comes late.
    const late = house.bus.messages().filter(({ subject }) => subject.startsWith('linchpin.Link.'))
    await house.pass('1m')
    const from = { connection: 'shop', id: order.id }
    const api = handlers(() => house.linchpin('shop'))
    const done = await api.unlink({ entity: 'SalesOrder', from, to: 'erp', who: 'Clara' })
    expect(done).toEqual({ is: 'unlinked', targetId: booked?.id })
    await house.settle()
    expect(await linked()).toEqual([null, null])
    await house.bus.open().publish(late.map(each => ({ ...each, id: `${each.id}, told late` })))
    await house.settle()
    expect(await linked()).toEqual([null, null])

    await house.pass('1m')
    const to = { connection: 'erp', id: booked?.id ?? '' }
    await api.link({ entity: 'SalesOrder', from, to, who: 'Clara' })
    await house.settle()
    expect(await linked()).toEqual([booked?.id, booked?.id])
    const words = await house
      .linchpin('erp')
      .db.query<{ words: string }>('', "select words from journal where what = 'unlinked'")
    expect(words).toHaveLength(1)
  })

  test('what a person unlinked and linked again where the bus lost it is told with the roll, and the older end ends nothing', async () => {
    await using house = await openPair()
    const order = house.shop().place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const [booked] = house.erp().orders(order.number)
    const key = { entity: 'SalesOrder', connection: 'shop', id: order.id, to: 'erp' } as const
    const [from, to] = [
      { connection: 'shop', id: order.id },
      { connection: 'erp', id: booked?.id ?? '' },
    ]
    const api = handlers(() => house.linchpin('shop'))
    const eras = async () =>
      house
        .linchpin('erp')
        .db.query('', "select era from delivery where entity = 'SalesOrder' order by flow, id")
    const before = await eras()
    house.bus.faults.loseOf = ['linchpin.Link.']
    await api.unlink({ entity: 'SalesOrder', from, to: 'erp', who: 'Clara' })
    await house.pass('1m')
    await api.link({ entity: 'SalesOrder', from, to, who: 'Clara' })
    await house.pass('1m')
    house.bus.faults.loseOf = []
    await house.callRoll('shop')
    await house.settle()
    const { db, store } = house.linchpin('erp')
    expect(await store.links([key])).toEqual([booked?.id])
    expect(await eras()).toEqual(before)
    expect(await db.query('', "select from journal where what = 'unlinked'")).toEqual([])
    const dates = [house.linchpin('shop'), house.linchpin('erp')].map(({ db: each }) =>
      each.query('', "select at from link where entity = 'SalesOrder'"),
    )
    const [there, here] = await Promise.all(dates)
    expect(here).toEqual(there)
  })

  test('a link that a person made and the bus lost is told again with the roll', async () => {
    await using house = await openPair()
    const link = {
      entity: 'Account',
      from: { connection: 'shop', id: '77' },
      to: { connection: 'erp', id: '99' },
    } as const
    house.bus.faults.loseOf = ['linchpin.Link.']
    await handlers(() => house.linchpin('shop')).link({ ...link, who: 'Clara' })
    await house.pass('1m')
    house.bus.faults.loseOf = []
    const key = { entity: 'Account', connection: 'shop', id: '77', to: 'erp' } as const
    expect(await house.linchpin('erp').store.links([key])).toEqual([null])
    await house.callRoll('shop')
    await house.settle()
    expect(await house.linchpin('erp').store.links([key])).toEqual(['99'])
  })

  test('that two are unlinked is told again with the roll when the bus lost it', async () => {
    await using house = await openPair()
    const order = house.shop().place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const key = { entity: 'SalesOrder', connection: 'shop', id: order.id, to: 'erp' } as const
    house.bus.faults.loseOf = ['linchpin.Link.']
    await house.linchpin('erp').store.unlink({ ...key, who: 'Clara' }, house.clock.now)
    await house.pass('1m')
    house.bus.faults.loseOf = []
    expect(await house.linchpin('shop').store.links([key])).not.toEqual([null])
    await house.callRoll('erp')
    await house.pass('1m')
    expect(await house.linchpin('shop').store.links([key])).toEqual([null])
  })

  test('who only looks on links and unlinks nothing', async () => {
    await using house = await openPair()
    await house.start({ is: 'observer' }, flows('bus'))
    const api = handlers(() => house.linchpin('observer'))
    const from = { connection: 'shop', id: '1' }
    const asked = { entity: 'SalesOrder', from, to: 'erp', who: 'Clara' } as const
    await expect(api.unlink(asked)).rejects.toThrow(/Ask the adapter/)
  })

  test('an observer knows what passed, and carries nothing', async () => {
    await using house = await openPair()
    await house.start({ is: 'observer' }, flows('bus'))
    const order = house.shop().place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const { store } = house.linchpin('observer')
    const found = await store.search(order.number, 10)
    expect(found.map(({ connection, entity }) => `${connection} ${entity}`)).toEqual(
      expect.arrayContaining(['shop SalesOrder', 'erp SalesOrder']),
    )
    const { links, deliveries } = await store.trace([
      { connection: 'shop', entity: 'SalesOrder', id: order.id },
    ])
    expect(links).toHaveLength(1)
    const told = deliveries.map(({ flow, state }) => `${flow} ${state}`)
    expect(told).toEqual(
      expect.arrayContaining(['sales-order-shop-to-erp done', 'sales-order-erp-to-shop done']),
    )
    expect(await house.linchpin('observer').db.query('', 'select from attempt')).toEqual([])
  })
})

function halfAnOrder(id: string): string {
  const data = { connection: 'shop', entity: 'SalesOrder', id, version: '1', hash: '1', readAt: Date.now() }
  const rest = { canonical: { number: 5 }, problem: null, gone: false, asked: false }
  return JSON.stringify({
    specversion: '1.0',
    id: 'half an order',
    source: '/connections/shop',
    type: 'io.linchpin.record.v1',
    data: { ...data, ...rest },
  })
}

describe('a living flow changes its topology by one word (look-alikes, in-process bus)', () => {
  test('from hub to bus to point to point and back to the hub, under load and with answers lost: every order is in the ERP once, and what was done is not done again', async () => {
    await using house = await openBusHouse({ shops: { shop: wooShop }, erps: { erp: dolibarrErp } })
    const [shop, erp] = [house.shop(), house.erp()]
    const placed: ReturnType<typeof shop.place>[] = []
    const place = (count: number) => {
      for (let turn = 0; turn < count; turn += 1)
        placed.push(shop.place({ lines: { 'TEA-HARBOUR': 1 + (placed.length % 3) } }))
    }
    await house.start(hub, flows('hub'))
    await house.settle()
    place(3)
    await house.settle()
    const mug = shop.product('MUG-ENAMEL')
    // The answer to a create is lost just before the move: nobody knows yet whether it arrived.
    const isCreate = ({ method, url }: Request) => method === 'POST' && url.endsWith('/orders')
    erp.faults.next({ is: 'lose reply' }, isCreate)
    place(3)
    await house.pass('5s')
    expect(
      await house.linchpin('hub').db.query('', 'select from delivery where intent is not null'),
    ).not.toEqual([])
    place(2)

    // To the bus: the adapters start first, and wait until the hub has handed over.
    await house.stop(hub)
    await house.start(hub, flows('hub'))
    await house.pass('1s')
    await house.start(shopAdapter, flows('bus'))
    await house.start(erpAdapter, flows('bus'))
    place(2)
    await house.pass('1m')
    const waits = await house.linchpin('erp').store.flows()
    expect(waits.map(flow => flow.paused?.reason ?? '').join()).toMatch(/handed over by hub/)
    await house.start(hub, flows('bus'))
    place(2)
    await house.settle()
    place(2)

    // From the bus to point to point: the adapters hand over, and the process of the hub takes it up.
    await house.stop(shopAdapter)
    await house.start(shopAdapter, flows('point-to-point'))
    await house.start(erpAdapter, flows('point-to-point'))
    place(2)
    await house.start(hub, flows('point-to-point'))
    place(2)
    await house.settle()

    // And back to the hub.
    place(2)
    await house.start(hub, flows('hub'))
    place(2)
    await house.settle()
    await house.settle()
    expect(await house.parkedWords()).toBe('')
    expect(placed.map(({ number }) => erp.orders(number).length)).toEqual(placed.map(() => 1))
    for (const order of placed) expect(erp.orders(order.number)[0]?.total).toBe(order.total)
    expect(erp.orders()).toHaveLength(placed.length)
    expect(shop.product('MUG-ENAMEL')).toEqual(mug)
    expect(shop.product('TEA-HARBOUR')?.stock).toBe(erp.free('TEA-HARBOUR'))
  })
})
