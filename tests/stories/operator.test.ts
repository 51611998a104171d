import { demoKey } from '@linchpin/connector-woocommerce'
import type { Faults } from '@linchpin/lookalike'
import { describe, expect, test } from 'vitest'
import { webhookSecret } from './house/woocommerce.ts'
import type { PlainConfig } from './house/house.ts'
import { openHouse, useDatabase, type House } from './house/index.ts'

useDatabase()

const who = 'Clara'
const ORDERS = 'sales-order-shop-to-erp'

describe('pause and resume (look-alikes)', () => {
  test('a paused flow carries nothing and keeps everything; the other flows go on', async () => {
    await using house = await openHouse()
    await house.api.pauseFlow({ name: ORDERS, who, reason: 'Stocktaking.' })
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    house.erp.setStock('LAMP-STORM', 3)
    await house.pass('30m')
    expect(house.erp.orders()).toEqual([])
    expect(house.shop.product('LAMP-STORM')?.stock).toBe(3)
    const { flows } = await house.api.status({})
    expect(flows.find(flow => flow.name === ORDERS)).toMatchObject({
      state: 'paused',
      paused: { by: who, reason: 'Stocktaking.' },
      stuck: [{ amount: order.total, currency: 'EUR' }],
    })
    await house.api.resumeFlow({ name: ORDERS, who, reason: '' })
    await house.settle()
    expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
  })

  test('a paused connection is not asked anything, stays paused, and catches up when it is resumed', async () => {
    await using house = await openHouse()
    await house.api.pauseConnection({ name: 'erp', who, reason: 'Upgrade tonight.' })
    let asked = 0
    house.net.set('erp.test', request => ((asked += 1), house.erp.handler(request)))
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.pass('3h')
    expect(asked).toBe(0)
    await house.api.resumeConnection({ name: 'erp', who, reason: '', now: false })
    await house.settle()
    expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
    expect(await house.parked()).toEqual([])
  })

  test('whoever names a flow that is not there is told which there are', async () => {
    await using house = await openHouse({ empty: true })
    await expect(house.api.pauseFlow({ name: 'orders', who, reason: '' })).rejects.toThrow(
      /no flow named orders[^]*sales-order-shop-to-erp/,
    )
  })
})

test('a dry run says what would be done, and changes nothing anywhere (look-alikes)', async () => {
  await using house = await openHouse()
  await house.api.pauseFlow({ name: ORDERS, who, reason: 'Looking first.' })
  const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
  await house.pass('1m')
  const before = await everything(house)
  const { planned } = await house.plan(ORDERS)
  expect(planned).toMatchObject([{ id: order.id, key: `shop/SalesOrder/${order.id}` }])
  expect(planned[0]?.words).toMatch(/would/)
  const catalogue = await house.plan('product-erp-to-shop')
  expect(catalogue.planned.map(each => each.would)).toEqual(Array(5).fill('nothing'))
  expect(await everything(house)).toBe(before)
  expect(house.erp.orders()).toEqual([])
})

describe("an operator's own mapping (look-alikes)", () => {
  test('custom fields of either side are reached without code, beside all that is mapped anyway', async () => {
    const config = ({ connections, flows }: PlainConfig) => ({
      connections: {
        shop: {
          ...connections['shop'],
          mappings: {
            SalesOrder: {
              fields: { buyerReference: { template: 'Cost centre {meta_data[key=_cost_centre].value}' } },
            },
          },
        },
        erp: {
          ...connections['erp'],
          mappings: { Product: { fields: { description: 'x_care' } } },
        },
      },
      flows: flows.map(flow => ({
        ...flow,
        change: { 'Product to shop': { mapping: { fields: { name: { template: '{name} ({sku})' } } } } },
      })),
    })
    await using house = await openHouse({ config, empty: true })
    const { orm } = house.erp.fake
    Object.assign(orm.schema['product.product'] ?? {}, { x_care: { type: 'char' } })
    orm.transaction(() =>
      orm.write('product.product', [house.erp.fake.productId('MUG-ENAMEL')], { x_care: 'Wash by hand.' }),
    )
    await house.settle()
    const mug = house.shop.fake.products().find(product => product.sku === 'MUG-ENAMEL')
    expect(mug).toMatchObject({ name: 'Enamel mug (MUG-ENAMEL)', description: 'Wash by hand.' })
    expect(house.shop.product('MUG-ENAMEL')).toMatchObject({ stock: 120 })

    const order = house.shop.fake.placeOrder({
      customer: 1,
      billing: { email: 'ida@example.com', country: 'DE' },
      lines: [house.shop.lineOf('MUG-ENAMEL', 1)],
      meta: [{ key: '_cost_centre', value: '4711' }],
    })
    await house.settle()
    expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
    expect(orm.all('sale.order').map(each => each['client_order_ref'])).toEqual(['Cost centre 4711'])
    expect(await house.parked()).toEqual([])
  })

  test('a custom field of the one side is kept in one of the other, both ways, by configuration alone', async () => {
    const filled = (fields: object) => ({ mapping: { fields } })
    const config = ({ connections, flows }: PlainConfig) => ({
      connections: {
        shop: {
          ...connections['shop'],
          mappings: { SalesOrder: { fields: { 'extra.gift': 'meta_data[key=_gift_message].value' } } },
        },
        erp: { ...connections['erp'], mappings: { Product: { fields: { 'extra.care': 'x_care' } } } },
      },
      flows: flows.map(flow => ({
        ...flow,
        change: {
          'SalesOrder to erp': filled({ 'custom.x_gift_message': 'extra.gift' }),
          'Product to shop': filled({ 'meta_data[key=care].value': 'extra.care' }),
        },
      })),
    })
    await using house = await openHouse({ config, empty: true })
    const { orm } = house.erp.fake
    orm.addField('sale.order', 'x_gift_message')
    orm.addField('product.product', 'x_care')
    const id = house.erp.fake.productId('MUG-ENAMEL')
    const mug = () => house.shop.fake.products().find(product => product.sku === 'MUG-ENAMEL')
    const messages = () => orm.all('sale.order').map(each => each['x_gift_message'])

    for (const x_care of ['Wash by hand.', 'Dishwasher safe.']) {
      orm.transaction(() => orm.write('product.product', [id], { x_care }))
      await house.settle()
      expect(mug()?.meta_data.filter(each => each.key === 'care')).toMatchObject([{ value: x_care }])
    }

    const order = house.shop.fake.placeOrder({
      customer: 1,
      lines: [house.shop.lineOf('MUG-ENAMEL', 1)],
      meta: [{ key: '_gift_message', value: 'For Ada' }],
    })
    await house.settle()
    expect(house.erpOrders(order.number)).toMatchObject([{ state: 'confirmed', total: order.total }])
    expect(messages()).toEqual(['For Ada'])
    house.shop.fake.updateOrder(order.id, { meta_data: [{ key: '_gift_message', value: 'For Grace' }] })
    await house.settle()
    expect(messages()).toEqual(['For Grace'])
    expect(await house.parked()).toEqual([])
  })

  test('a field that is misspelt stops the start with the nearest right one', async () => {
    const config = ({ connections }: PlainConfig) => ({
      connections: {
        ...connections,
        shop: { ...connections['shop'], mappings: { SalesOrder: { fields: { buyerRefrence: 'number' } } } },
      },
    })
    await expect(openHouse({ config })).rejects.toThrow(/buyerRefrence[^]*buyerReference/)
  })
})

test('our secrets are in nothing that is written, even when a system throws them back at us (look-alikes)', async () => {
  await using house = await openHouse()
  const { apiKey } = house.erp.fake.access
  const basic = Buffer.from(`${demoKey.consumerKey}:${demoKey.consumerSecret}`).toString('base64')
  const known = { shop: [demoKey.consumerSecret, webhookSecret, basic], erp: [apiKey] }
  for (const side of ['shop', 'erp'] as const) throwBack(house[side].faults, known[side])
  house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
  house.erp.setStock('LAMP-STORM', 3)
  await house.pass('1h')
  const written = await house.everythingWritten()
  expect(written).toMatch(/You sent/)
  for (const secret of [...known.shop, ...known.erp])
    expect(written.includes(secret), `${secret.slice(0, 6)}…`).toBe(false)
})

/** Three of each kind of failure, with what was sent to it in the words: a proxy that tells too much. */
function throwBack(faults: Faults, secrets: readonly string[]): void {
  const told = secrets.join(', ')
  const body = JSON.stringify({
    code: 'rest_invalid_param',
    name: 'odoo.exceptions.UserError',
    arguments: [told],
    message: `You sent ${told}.`,
    debug: `headers: ${told}`,
  })
  const headers = { 'content-type': 'application/json' }
  for (const status of [400, 401, 403, 404, 422, 500])
    for (let turn = 0; turn < 3; turn += 1) faults.next({ is: 'answer', status, headers, body })
}

/** All that the store and both systems hold. */
async function everything(house: House): Promise<string> {
  const tables = ['record', 'record_history', 'notice', 'delivery', 'link', 'waiting', 'attempt', 'journal']
  const rows = []
  for (const table of [...tables, 'demand', 'written', 'poll'])
    rows.push(await house.db.query('', `select row_to_json(t) "row" from ${table} t order by t::text`))
  const { fake } = house.shop
  return JSON.stringify([rows, fake.products(), fake.orders(), fake.customers(), house.erp.orders()])
}
