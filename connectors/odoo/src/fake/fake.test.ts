import { Shelf, type Handler } from '@linchpin/lookalike'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { demoAccess, fakeOdoo, type FakeOdoo } from './index.ts'

const now = () => Date.UTC(2030, 0, 1)

async function json2(handler: Handler, model: string, method: string, body: object, key = demoAccess.apiKey) {
  const headers = { authorization: `bearer ${key}`, 'x-odoo-database': demoAccess.database }
  const request = new Request(`http://odoo.test/json/2/${model}/${method}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const response = await handler(request)
  return { status: response.status, body: (await response.json()) as never }
}

async function rpc(handler: Handler, model: string, method: string, args: unknown[], keywords = {}) {
  const whole = [demoAccess.database, 2, demoAccess.apiKey, model, method, args, keywords]
  const body = {
    jsonrpc: '2.0',
    method: 'call',
    id: 1,
    params: { service: 'object', method: 'execute_kw', args: whole },
  }
  const response = await handler(
    new Request('http://odoo.test/jsonrpc', { method: 'POST', body: JSON.stringify(body) }),
  )
  return {
    status: response.status,
    body: (await response.json()) as { result?: unknown; error?: { data: { name: string } } },
  }
}

/** What was measured on real servers, which the look-alike must keep doing. */
describe('the look-alike of Odoo 19 at /json/2', () => {
  const { handler } = fakeOdoo({ now })
  test.each([
    ['a wrong key', 'res.partner', 'search', { domain: [] }, 401, 'nope'],
    ['a private method', 'product.pricelist', '_get_product_price', { ids: [1] }, 403, undefined],
    ['an unknown method', 'sale.order', 'nope', {}, 404, undefined],
    ['an unknown model', 'no.model', 'search', { domain: [] }, 404, undefined],
    ['a record that is gone', 'sale.order', 'action_cancel', { ids: [999999] }, 404, undefined],
    ['a wrong argument', 'res.partner', 'search', { foo: 1 }, 422, undefined],
    ['a missing argument', 'res.partner', 'search', {}, 422, undefined],
  ])('%s is told by its status, with a traceback beside it', async (_, model, method, body, status, key) => {
    const answer = await json2(handler, model, method, body, key)
    expect(answer.status).toBe(status)
    expect(Object.keys(answer.body)).toEqual(['name', 'message', 'arguments', 'context', 'debug'])
  })
})

test('the look-alike of Odoo 17 answers 200 whatever happens, and has no /json/2', async () => {
  const { handler } = fakeOdoo({ now, version: 17 })
  const gone = await rpc(handler, 'sale.order', 'action_cancel', [[999999]])
  expect([gone.status, gone.body.error?.data.name]).toEqual([200, 'odoo.exceptions.MissingError'])
  const response = await handler(
    new Request('http://odoo.test/json/2/res.partner/search', { method: 'POST', body: '{}' }),
  )
  expect(response.status).toBe(404)
})

describe.each([17, 19] as const)('the traps of the look-alike of Odoo %i', version => {
  const call = async (fake: FakeOdoo, model: string, method: string, args: unknown[], keywords = {}) =>
    (await rpc(fake.handler, model, method, args, keywords)).body

  test('a second load of an order with its lines doubles the lines; of its header alone it does not', async () => {
    const fake = fakeOdoo({ now, version })
    fake.seedDemo()
    const [partner] = fake.orm.search('res.partner', [['ref', '=', 'C-1001']])
    const fields = ['id', 'partner_id/.id', 'order_line/product_id/.id', 'order_line/product_uom_qty']
    const data = [['__t__.one', String(partner?.id), String(fake.productId('MUG-ENAMEL')), '2']]
    for (let turn = 0; turn < 2; turn += 1) await call(fake, 'sale.order', 'load', [fields, data])
    expect([fake.orm.all('sale.order').length, fake.orm.all('sale.order.line').length]).toEqual([1, 2])
    const header = [fields.slice(0, 2), data.map(row => row.slice(0, 2))]
    await call(fake, 'sale.order', 'load', header)
    expect([fake.orm.all('sale.order').length, fake.orm.all('sale.order.line').length]).toEqual([1, 2])
  })

  test('the same client_order_ref is taken twice, the same external id is not', async () => {
    const fake = fakeOdoo({ now, version })
    fake.seedDemo()
    const vals = { partner_id: 1, client_order_ref: 'SAME' }
    for (let turn = 0; turn < 2; turn += 1)
      expect((await call(fake, 'sale.order', 'create', [vals])).error).toBeUndefined()
    const data = { module: '__t__', name: 'x', model: 'sale.order', res_id: 1 }
    await call(fake, 'ir.model.data', 'create', [data])
    expect((await call(fake, 'ir.model.data', 'create', [data])).error?.data.name).toBe(
      'odoo.exceptions.ValidationError',
    )
  })

  test('stamps are those of the start of a transaction, and shown in whole seconds', async () => {
    let clock = now() + 250
    const fake = fakeOdoo({ now: () => clock, version })
    const id = fake.orm.transaction(() => fake.orm.create('res.partner', { name: 'A' }).id)
    clock += 5000
    const release = fake.holdNextCommit()
    const slow = call(fake, 'res.partner', 'write', [[id], { phone: '1' }])
    // The call has begun once the loop has turned.
    await new Promise(resolve => setImmediate(resolve))
    clock += 6000
    const read = async () =>
      (
        (await call(fake, 'res.partner', 'read', [[id]], { fields: ['phone', 'write_date', 'street'] }))
          .result as object[]
      )[0]
    expect(await read()).toMatchObject({ phone: false, street: false, write_date: '2030-01-01 00:00:00' })
    release()
    await slow
    expect(await read()).toMatchObject({ phone: '1', write_date: '2030-01-01 00:00:05' })
  })

  test('what fails half-way leaves nothing behind', async () => {
    const fake = fakeOdoo({ now, version })
    const twice = [{ name: 'A' }, { name: 'B', vat: 'wrong' }]
    const before = fake.orm.all('res.partner').length
    expect((await call(fake, 'res.partner', 'create', [twice])).error).toBeDefined()
    expect(fake.orm.all('res.partner')).toHaveLength(before)
  })
})

test('the books of the look-alike outlive it, and it seeds nothing twice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fake-odoo-'))
  const path = join(folder, 'books')
  const open = () => {
    const shelf = new Shelf(path)
    const fake = fakeOdoo({ shelf, now })
    fake.seedDemo()
    return { shelf, fake }
  }
  const first = open()
  first.fake.adjustStock('MUG-ENAMEL', 7)
  const count = first.fake.orm.all('product.product').length
  first.shelf.close()
  const { fake, shelf } = open()
  const mug = fake.orm.need('product.product', fake.productId('MUG-ENAMEL'))
  expect([
    fake.orm.all('product.product').length,
    fake.orm.number('product.product', mug, 'qty_available'),
  ]).toEqual([count, 7])
  shelf.close()
  rmSync(folder, { recursive: true })
})

test('every page of the look-alike says that it is one, and its buttons do what they say', async () => {
  const fake = fakeOdoo({ now })
  fake.seedDemo()
  const order = fake.orm.transaction(
    () =>
      fake.orm.create('sale.order', {
        partner_id: 1,
        order_line: [[0, 0, { product_id: fake.productId('MUG-ENAMEL'), product_uom_qty: 3 }]],
      }).id,
  )
  const press = (fields: Record<string, string>) =>
    fake.handler(
      new Request('http://odoo.test/web/do', {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
      }),
    )
  await press({ do: 'confirm', id: String(order) })
  const [picking] = fake.orm.all('stock.picking')
  const [move] = fake.orm.all('stock.move')
  await press({
    do: 'ship',
    id: String(picking?.id),
    [`part-${move?.id}`]: '2',
    tracking: '1Z9',
    carrier: 'DHL',
  })
  await press({ do: 'invoice', id: String(order) })
  await press({ do: 'pay', id: '1' })
  const after = fake.orm.need('sale.order', order)
  expect(fake.orm.value('sale.order', after, 'delivery_status')).toBe('partial')
  expect(fake.orm.all('stock.picking').map(row => row['carrier_tracking_ref'])).toEqual(['1Z9', undefined])
  expect(fake.orm.value('account.move', fake.orm.need('account.move', 1), 'payment_state')).toBe('paid')
  for (const path of ['/web', `/web/orders/${order}`, '/web/stock']) {
    const html = await (await fake.handler(new Request(`http://odoo.test${path}`))).text()
    expect(html).toContain('A look-alike of Odoo, for demonstration')
  }
  const foreign = { method: 'POST', headers: { origin: 'http://elsewhere.test' }, body: 'do=cancel' }
  expect((await fake.handler(new Request('http://odoo.test/web/do', foreign))).status).toBe(403)
})
