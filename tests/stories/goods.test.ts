import type { Handler } from '@linchpin/lookalike'
import { describe, expect, test } from 'vitest'
import { wooShop } from './house/woocommerce.ts'
import { openHouse, useDatabase, type House } from './house/index.ts'

useDatabase()

describe('records that vanish (look-alikes)', () => {
  test('an article that is gone from the ERP is gone after a second look, and nothing is deleted in the shop', async () => {
    await using house = await openHouse()
    const id = String(house.erp.fake.productId('LAMP-STORM'))
    removeProducts(house, [Number(id)])
    await house.api.sync({ flow: 'product-erp-to-shop', ids: [id], cursor: null })
    await house.pass('10s')
    const key = { connection: 'erp', entity: 'Product', id } as const
    expect((await house.store.record(key))?.gone).toBe(false)
    await house.pass('2m')
    expect((await house.store.record(key))?.gone).toBe(true)
    expect(house.shop.product('LAMP-STORM')).toMatchObject({ stock: 40 })
    const { journal } = await house.trace('LAMP-STORM')
    expect(journal.map(each => each.words).join('\n')).toMatch(/gone|no longer/i)
    expect(await house.parked()).toEqual([])
  })

  test('an article that is back at the second look was never gone', async () => {
    await using house = await openHouse()
    const id = String(house.erp.fake.productId('LAMP-STORM'))
    house.erp.faults.next({ is: 'answer', status: 200, body: '[]' }, isReadingOf('product.product'))
    await house.api.sync({ flow: 'product-erp-to-shop', ids: [id], cursor: null })
    await house.pass('5m')
    expect((await house.store.record({ connection: 'erp', entity: 'Product', id }))?.gone).toBe(false)
  })

  test('when 25 of 30 articles are not found at once, the flow stops and asks, and the shop keeps them all', async () => {
    await using house = await openHouse({ empty: true })
    for (let n = 1; n <= 25; n += 1)
      house.erp.addProduct({ sku: `LOT-${n}`, name: `Lot ${n}`, price: n, stock: n })
    await house.settle()
    const before = house.shop.skus()
    const ids = before.filter(sku => sku.startsWith('LOT-')).map(sku => house.erp.fake.productId(sku))
    expect(ids).toHaveLength(25)
    removeProducts(house, ids)
    await house.api.sync({ flow: 'product-erp-to-shop', ids: ids.map(String), cursor: null })
    await house.pass('1m')
    const flow = await flowNamed(house, 'product-erp-to-shop')
    expect(flow?.paused?.reason).toMatch(/2\d of 3\d Product records of erp were not found[^]*then resume/)
    expect(house.shop.skus()).toEqual(before)
    // Orders are not held up by it.
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    expect(house.erpOrders(order.number)).toMatchObject([{ total: order.total }])
  })
})

describe('stock is promised once (look-alikes of two shops on one ERP)', () => {
  test('the last piece, sold in one shop, is gone from the other before the ERP has booked it', async () => {
    await using house = await openHouse({ outlets: { outlet: wooShop } })
    const outlet = outletOf(house)
    house.erp.setStock('LAMP-STORM', 1)
    await house.settle()
    expect([house.shop.product('LAMP-STORM')?.stock, outlet.product('LAMP-STORM')?.stock]).toEqual([1, 1])
    house.erp.faults.always(request => (/\/sale\.order\//.test(request.url) ? { is: 'lose request' } : null))
    const sold = house.shop.place({ lines: { 'LAMP-STORM': 1 } })
    await house.pass('30s')
    expect(house.erp.free('LAMP-STORM')).toBe(1)
    expect(outlet.product('LAMP-STORM')?.stock).toBe(0)
    house.erp.faults.always(null)
    await house.pass('20m')
    expect(house.erpOrders(sold.number)).toMatchObject([{ state: 'confirmed' }])
    expect([house.shop.product('LAMP-STORM')?.stock, outlet.product('LAMP-STORM')?.stock]).toEqual([0, 0])
  })

  test('two customers who race for the last piece both have an order, and neither shop sells it a third time', async () => {
    await using house = await openHouse({ outlets: { outlet: wooShop } })
    const outlet = outletOf(house)
    house.erp.setStock('LAMP-STORM', 1)
    await house.settle()
    const left = house.shop.place({ lines: { 'LAMP-STORM': 1 } })
    const right = outlet.place({ lines: { 'LAMP-STORM': 1 } })
    await house.settle()
    expect(house.erp.orders()).toHaveLength(2)
    expect(house.erp.orders().map(each => each.total)).toEqual([left.total, right.total])
    for (const each of [house.shop, outlet]) expect(each.product('LAMP-STORM')?.stock).toBeLessThanOrEqual(0)
    await house.pass('20m')
    for (const each of [house.shop, outlet]) expect(each.product('LAMP-STORM')?.stock).toBeLessThanOrEqual(0)
    expect(await house.parked()).toEqual([])
  })
})

test('what we wrote does not come back: after an order has gone its way both sides are left in peace (look-alikes)', async () => {
  await using house = await openHouse()
  const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
  await house.settle()
  const [booked] = house.erpOrders(order.number)
  house.erp.ship(booked?.id ?? '', 'PARCEL-1')
  await house.erp.invoice(booked?.id ?? '')
  await house.settle()
  const writes = writesTo(house)
  await house.pass('40m')
  expect(writes).toEqual([])
})

test('fifty changes of a stock while the shop asks for patience are one write, of the last of them (look-alikes)', async () => {
  await using house = await openHouse()
  const id = String(house.erp.fake.productId('LAMP-STORM'))
  const before = await stockAttempts(house, id)
  const headers = { 'retry-after': '3600' }
  house.shop.faults.next({ is: 'answer', status: 429, headers }, request => request.method !== 'GET')
  for (let stock = 50; stock >= 1; stock -= 1) {
    house.erp.setStock('LAMP-STORM', stock)
    await house.store.notify(
      [{ connection: 'erp', entity: 'StockLevel', id, cause: 'webhook' }],
      house.clock.now,
    )
    await house.pass('10s')
  }
  expect(house.shop.product('LAMP-STORM')?.stock).toBe(40)
  await house.pass('1h')
  expect(house.shop.product('LAMP-STORM')?.stock).toBe(1)
  // One that met the 429, and one that went through.
  expect((await stockAttempts(house, id)) - before).toBe(2)
})

test('one poisoned article among many parks alone, with words, and the others arrive (look-alikes)', async () => {
  await using house = await openHouse()
  house.net.set('shop.test', refusing(house.shop.handler, /POISON/))
  for (let n = 1; n <= 9; n += 1)
    house.erp.addProduct({ sku: n === 5 ? 'POISON' : `FINE-${n}`, name: `Number ${n}`, price: n, stock: n })
  await house.settle()
  const arrived = house.shop.skus().filter(sku => sku.startsWith('FINE-'))
  expect(arrived).toHaveLength(8)
  expect(house.shop.skus()).not.toContain('POISON')
  const parked = await house.parked()
  expect(parked.map(each => [each.entity, each.label])).toEqual([['Product', 'POISON']])
  expect(parked[0]?.trouble?.words).toMatch(/Invalid parameter/)
})

function removeProducts({ erp }: House, ids: readonly number[]): void {
  erp.fake.orm.transaction(() => erp.fake.orm.unlink('product.product', ids))
}

function isReadingOf(model: string) {
  return (request: Request) => new RegExp(`/json/2/${model}/(search_read|read)$`).test(request.url)
}

async function flowNamed({ store }: House, name: string) {
  return (await store.flows()).find(flow => flow.name === name)
}

function outletOf({ outlets }: House) {
  const { outlet } = outlets
  if (!outlet) throw new Error('There is no outlet.')
  return outlet
}

/** Requests that change something at either side, from now on. */
function writesTo(house: House): string[] {
  const writes: string[] = []
  const watched =
    (handler: Handler, isWrite: (request: Request) => boolean): Handler =>
    request => {
      if (isWrite(request)) writes.push(`${request.method} ${request.url.split('?')[0]}`)
      return handler(request)
    }
  house.net.set(
    'shop.test',
    watched(house.shop.handler, ({ method }) => method !== 'GET'),
  )
  const isWrite = /\/(create|write|load|unlink|action_\w+)$/
  house.net.set(
    'erp.test',
    watched(house.erp.handler, ({ url }) => isWrite.test(url)),
  )
  return writes
}

async function stockAttempts({ db }: House, id: string): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    '',
    `select count(*) from attempt where flow = 'stock-level-erp-to-shop' and id = $1`,
    [id],
  )
  return row?.count ?? 0
}

/** Refuses a whole request when anything in it matches: a shop whose plugin chokes on one article. */
function refusing(handler: Handler, poison: RegExp): Handler {
  return async request => {
    const body = request.method === 'GET' ? '' : await request.clone().text()
    if (!poison.test(body)) return handler(request)
    return Response.json(
      { code: 'rest_invalid_param', message: 'Invalid parameter(s): sku' },
      { status: 400 },
    )
  }
}
