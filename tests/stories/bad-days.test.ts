import type { Fault, Handler } from '@linchpin/lookalike'
import { describe, expect, test } from 'vitest'
import { openHouse, useDatabase, type House } from './house/index.ts'

useDatabase()

describe('wrong credentials (look-alikes)', () => {
  test('a revoked key pauses the ERP with words; orders wait, and go on by themselves when it is right again', async () => {
    await using house = await openHouse()
    house.net.set('erp.test', withKey(house.erp.handler, 'bearer no-longer-ours'))
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.pass('10m')
    expect(await pausedWords(house, 'erp')).toMatch(/refused our API key[^]*looks again/i)
    expect(house.erp.orders()).toEqual([])
    expect(await house.parked()).toEqual([])

    house.net.set('erp.test', house.erp.handler)
    await house.pass('3m')
    expect(await pausedWords(house, 'erp')).toBe('')
    expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
    expect(house.log.map(line => line.message).join('\n')).toMatch(/sign-in works again/i)
  })

  test('a revoked key of the shop pauses the shop, and the order is read when it is right again', async () => {
    await using house = await openHouse()
    const [key] = house.shop.keys.splice(0)
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.pass('5m')
    expect(await pausedWords(house, 'shop')).toMatch(/refused our credentials/i)
    if (key) house.shop.keys.push(key)
    await house.pass('3m')
    expect(house.erpOrders(order.number)).toMatchObject([{ total: order.total }])
    expect(await house.parked()).toEqual([])
  })
})

test('five orders that come while the ERP is down for an hour are in it once each, and it was not hammered (look-alikes)', async () => {
  await using house = await openHouse()
  let asked = 0
  house.erp.faults.always(() => ((asked += 1), { is: 'lose request' }))
  const orders = []
  for (let turn = 0; turn < 5; turn += 1) {
    orders.push(house.shop.place({ lines: { 'MUG-ENAMEL': 1, 'TEA-HARBOUR': turn + 1 } }))
    await house.pass('12m')
  }
  expect(asked).toBeLessThan(500)
  expect(await house.parked()).toEqual([])
  house.erp.faults.always(null)
  await house.pass('10m')
  for (const { number, total } of orders)
    expect(house.erpOrders(number)).toMatchObject([{ state: 'confirmed', total }])
  expect(house.erp.orders()).toHaveLength(5)
  expect(house.shop.product('MUG-ENAMEL')?.stock).toBe(house.erp.free('MUG-ENAMEL'))
  expect(await house.parked()).toEqual([])
})

test('orders arrive in an ERP that thinks for seconds over each request, once each (look-alikes)', async () => {
  await using house = await openHouse()
  house.net.set('erp.test', request => {
    house.clock.now += 4_000
    return house.erp.handler(request)
  })
  const orders = Array.from({ length: 5 }, () =>
    house.shop.place({ lines: { 'MUG-ENAMEL': 1, 'TEA-HARBOUR': 2 } }),
  )
  await house.pass('1h')
  for (const { number, total } of orders)
    expect(house.erpOrders(number)).toMatchObject([{ state: 'confirmed', total }])
  expect(await house.parked()).toEqual([])
})

describe('the answer to a create is lost (look-alikes)', () => {
  const faults: readonly (readonly [string, Fault])[] = [
    ['never came', { is: 'lose reply' }],
    ['was a 500 after the work was done', { is: 'answer after effect', status: 500, body: 'Oops' }],
    ['broke off in the middle', { is: 'truncate' }],
    ['was for a request that never arrived', { is: 'lose request' }],
  ]
  test('the order and its customer are in the ERP once, whatever became of the answer', async () => {
    await using house = await openHouse()
    for (const [, fault] of faults) {
      house.erp.faults.next(fault, request => /\/sale\.order\/(load|create)$/.test(request.url))
      house.erp.faults.next(fault, request => request.url.endsWith('/sale.order/action_confirm'))
      house.erp.faults.next(fault, request => /\/res\.partner\/(load|create)$/.test(request.url))
      const order = house.shop.place({
        lines: { 'MUG-ENAMEL': 1 },
        guest: `${fault.is.replaceAll(' ', '.')}@example.com`,
      })
      await house.pass('10m')
      expect(house.erpOrders(order.number), fault.is).toMatchObject([
        { state: 'confirmed', total: order.total },
      ])
    }
    expect(house.erp.orders()).toHaveLength(faults.length)
    const guests = house.erp.fake.orm
      .all('res.partner')
      .filter(each => String(each['email']).endsWith('@example.com'))
    expect(new Set(guests.map(each => each['email'])).size).toBe(faults.length)
    expect(await house.parked()).toEqual([])
  })
})

describe('a system that asks for patience (look-alikes)', () => {
  test('after "429, Retry-After: 120" nothing is sent for two minutes, then all goes on', async () => {
    await using house = await openHouse()
    const requests = heard(house, 'erp')
    const headers = { 'retry-after': '120' }
    house.erp.faults.next({ is: 'answer', status: 429, headers, body: 'Slow down' })
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    const began = house.clock.now
    await house.pass('10m')
    const [first = 0, ...later] = requests
    expect(later.filter(at => at < first + 120_000)).toEqual([])
    expect(first).toBeLessThan(began + 310_000)
    expect(house.erpOrders(order.number)).toMatchObject([{ total: order.total }])
    expect(await house.parked()).toEqual([])
  })

  test('a bare 429 slows the connection down, blames no record, and nothing is lost', async () => {
    await using house = await openHouse()
    let left = 40
    house.erp.faults.always(() => ((left -= 1) >= 0 ? { is: 'answer', status: 429 } : null))
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.pass('15m')
    expect(left).toBeLessThan(0)
    expect(house.erpOrders(order.number)).toMatchObject([{ total: order.total }])
    expect(await house.parked()).toEqual([])
  })
})

test('a web page where JSON should be is told in plain words, and nothing is lost (look-alikes)', async () => {
  await using house = await openHouse()
  const body = '<!doctype html><h1>We are upgrading. Back soon!</h1>'
  const pageInstead: Fault = { is: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body }
  house.erp.faults.always(() => pageInstead)
  const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
  await house.pass('6m')
  house.shop.faults.always(() => pageInstead)
  const { connections } = await house.api.status({})
  const words = connections.flatMap(each => each.polls.map(poll => poll.problem ?? '')).join('\n')
  expect(words).toMatch(/not JSON/)
  expect(words).not.toMatch(/We are upgrading|<h1>/)
  await house.pass('6m')
  house.erp.faults.always(null)
  house.shop.faults.always(null)
  await house.pass('6m')
  expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
  expect(await house.parked()).toEqual([])
})

describe('a clock that is an hour off (look-alikes)', () => {
  const HOUR = 3_600_000
  for (const [words, skew] of [
    ['the shop is an hour ahead and the ERP an hour behind', { shop: HOUR, erp: -HOUR }],
    ['the shop is an hour behind and the ERP an hour ahead', { shop: -HOUR, erp: HOUR }],
  ] as const)
    test(`nothing is missed when ${words}`, async () => {
      await using house = await openHouse({ skew })
      const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
      await house.settle()
      const [booked] = house.erpOrders(order.number)
      expect(booked).toMatchObject({ state: 'confirmed', total: order.total })
      house.erp.ship(booked?.id ?? '', 'PARCEL-1')
      house.erp.setStock('LAMP-STORM', 7)
      await house.settle()
      expect(house.shop.order(order.id).trackings).toEqual(['PARCEL-1'])
      expect(house.shop.product('LAMP-STORM')?.stock).toBe(7)
      house.shop.fake.createCustomer({ email: 'late@example.com' })
      const second = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
      await house.settle()
      expect(house.erpOrders(second.number)).toMatchObject([{ total: second.total }])
      expect(await house.parked()).toEqual([])
    })
})

async function pausedWords({ store }: House, connection: string): Promise<string> {
  const state = (await store.connections()).find(each => each.name === connection)
  return state?.paused?.reason ?? ''
}

/** As a client with this key would be heard. */
function withKey(handler: Handler, authorization: string): Handler {
  return request => {
    const headers = new Headers(request.headers)
    headers.set('authorization', authorization)
    return handler(new Request(request, { headers }))
  }
}

/** When requests came to this side. */
function heard(house: House, side: 'shop' | 'erp'): number[] {
  const at: number[] = []
  const { handler } = house[side]
  house.net.set(`${side}.test`, request => (at.push(house.clock.now), handler(request)))
  return at
}
