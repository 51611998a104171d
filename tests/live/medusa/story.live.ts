import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { medusa } from '@linchpin/connector-medusa'
import { documentProblems } from '@linchpin/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { applied, atWork, liveFolder, logTo, realIo } from '../support/bench.ts'
import { withId } from './rest.ts'
import { seedMedusa, type Seeded } from './seed.ts'
import { register, Shopper } from './shopper.ts'
import { startMedusa, type RealMedusa } from './start.ts'

const secret = 'a-secret-of-the-live-tests'

describe('a real Medusa 2.21.2 and our connector', () => {
  let shop: RealMedusa
  let seeded: Seeded
  let ear: Ear
  let linchpin: ReturnType<typeof atWork>
  let session: Awaited<ReturnType<typeof medusa.open>>
  const variants: Record<string, string> = {}
  const links = () => Object.fromEntries(Object.entries(variants).map(([sku, id]) => [`Product ${sku}`, id]))

  beforeAll(async () => {
    ear = await listenFor()
    const webhook = { url: ear.url, secret }
    shop = await startMedusa({ dir: liveFolder('medusa'), log: logTo('medusa'), webhook })
    seeded = await seedMedusa(shop)
    const settings = medusa.settings.parse({ url: shop.url, apiKey: seeded.apiKey, webhookSecret: secret })
    session = await medusa.open(settings, realIo)
    linchpin = atWork(medusa, session)
  })
  afterAll(async () => {
    await shop?.stop()
    ear?.server.close()
  })

  const goods = [
    { sku: 'MUG', name: 'Enamel mug', taxRate: '19', price: '12.5' },
    { sku: 'BOOK', name: 'The book of knots', taxRate: '7', price: '24.3' },
    { sku: 'TEA', name: 'Harbour blend tea', taxRate: '7', price: '9.81' },
  ]
  const priceOf = (sku: string, list: string, more: object = {}) => ({
    id: sku,
    product: sku,
    sku,
    currency: 'EUR',
    taxInclusive: false,
    list,
    ...more,
  })
  const read = (id: string) => linchpin.read('SalesOrder', id)
  const sold = async (email: string, sku: string, quantity = 1) => {
    const cart = await new Shopper(seeded).fill(email, { [variants[sku] ?? '']: quantity })
    return cart.items[0]?.unit_price
  }

  test('it is up', async () => {
    expect(await medusa.health(session)).toMatchObject({ is: 'up', notes: [] })
  })

  test('products, prices and stock are there, and can be bought', async () => {
    for (const { price, ...each } of goods) {
      const product = { ...each, id: each.sku, kind: 'goods', active: true }
      variants[each.sku] = applied(await linchpin.write('Product', product)).id
      applied(await linchpin.write('Price', priceOf(each.sku, price), links()))
      const level = { id: each.sku, product: each.sku, sku: each.sku, onHand: '50', available: '50' }
      applied(await linchpin.write('StockLevel', level, links()))
    }
    expect(await linchpin.read('Product', variants['MUG'] ?? '')).toMatchObject({
      name: 'Enamel mug',
      active: true,
    })
    expect(await linchpin.read('Price', variants['BOOK'] ?? '')).toMatchObject({
      list: '24.3',
      taxInclusive: false,
    })
    expect(await linchpin.read('StockLevel', variants['TEA'] ?? '')).toMatchObject({ available: '50' })
    expect(await sold('seen@example.com', 'MUG')).toBe(12.5)
    const [found] = (await medusa.entities.Product?.match?.(session, [{ sku: 'MUG' }])) ?? []
    expect(found).toMatchObject([{ id: variants['MUG'] }])
  })

  test('variants of one product share it', async () => {
    const shirt = (size: string) => ({
      id: `SHIRT-${size}`,
      sku: `SHIRT-${size}`,
      name: `Shirt ${size}`,
      kind: 'goods',
      active: true,
      group: { id: 'SHIRT', name: 'Shirt', options: [{ name: 'Size', value: size }] },
    })
    const ids = []
    for (const size of ['S', 'M', 'L']) ids.push(applied(await linchpin.write('Product', shirt(size))).id)
    const read = await Promise.all(ids.map(id => linchpin.read('Product', id)))
    expect(new Set(read.map(({ group }) => group?.id)).size).toBe(1)
    expect(read.map(({ group }) => group?.options[0]?.value)).toEqual(['S', 'M', 'L'])
    expect(applied(await linchpin.write('Product', shirt('M'))).id).toBe(ids[1])
  })

  test('a price leaves those of other currencies alone, and a quantity break counts', async () => {
    applied(await linchpin.write('Price', priceOf('TEA', '11', { currency: 'USD' }), links()))
    const breaks = [{ minimumQuantity: '10', amount: '8' }]
    applied(await linchpin.write('Price', priceOf('TEA', '9.81', { breaks }), links()))
    const { extra } = await linchpin.read('Price', variants['TEA'] ?? '')
    const prices = (extra?.['prices'] ?? []) as { currency_code: string }[]
    expect(prices.map(each => each.currency_code).toSorted()).toEqual(['eur', 'eur', 'usd'])
    expect(await sold('one@example.com', 'TEA', 1)).toBe(9.81)
    expect(await sold('ten@example.com', 'TEA', 12)).toBe(8)
    applied(await linchpin.write('Price', priceOf('TEA', '9.81'), links()))
  })

  test('a sale begins and ends by itself', async () => {
    const day = 86_400_000
    const at = (days: number) => new Date(Math.floor(Date.now() / day) * day + days * day).toISOString()
    const on = (from: number, to: number, amount: string) =>
      linchpin.write(
        'Price',
        priceOf('BOOK', '24.3', { sale: { amount, from: at(from), to: at(to) } }),
        links(),
      )
    applied(await on(-1, 2, '19.99'))
    expect(await sold('sale@example.com', 'BOOK')).toBe(19.99)
    applied(await on(3, 5, '15'))
    expect(await sold('later@example.com', 'BOOK')).toBe(24.3)
    applied(await on(-1, 2, '18'))
    applied(await on(-1, 2, '18'))
    expect(await sold('again@example.com', 'BOOK')).toBe(18)
    applied(await linchpin.write('Price', priceOf('BOOK', '24.3'), links()))
    expect(await sold('over@example.com', 'BOOK')).toBe(24.3)
  })

  test("a price list is its group's price, and nobody else's", async () => {
    const list = (amount: string) => ({
      id: 'L1',
      name: 'Dealers',
      currency: 'EUR',
      taxInclusive: false,
      items: [{ product: 'MUG', sku: 'MUG', amount }],
    })
    const { id } = applied(await linchpin.write('PriceList', list('8.5'), links()))
    expect(applied(await linchpin.write('PriceList', list('8.4'), links())).id).toBe(id)
    const { id: customer, shopper } = await register(seeded, shop.url, 'dealer@example.com')
    const groups = z.object({ customer_groups: z.tuple([withId]) })
    const { customer_groups } = await seeded.admin.get('/admin/customer-groups?name=Dealers', groups)
    const path = `/admin/customer-groups/${customer_groups[0].id}/customers`
    await seeded.admin.make(path, 'customer_group', { add: [customer] })
    const cart = await shopper.fill('dealer@example.com', { [variants['MUG'] ?? '']: 1 })
    expect(cart.items[0]?.unit_price).toBe(8.4)
    expect(await sold('anybody@example.com', 'MUG')).toBe(12.5)
    expect(await linchpin.read('PriceList', id)).toMatchObject({
      name: 'Dealers',
      items: [{ amount: '8.4' }],
    })
  })

  let order = ''

  test('an order is read as it was placed, and adds up to the cent', async () => {
    const { next } = await linchpin.sweep('SalesOrder', null)
    const lines = { MUG: 2, BOOK: 1, TEA: 3 }
    const wanted = Object.entries(lines).map(([sku, quantity]) => [variants[sku] ?? '', quantity])
    order = await new Shopper(seeded).buy('guest@example.com', Object.fromEntries(wanted), true)
    const { told } = await linchpin.sweep('SalesOrder', next)
    const found = told.get(order)
    expect(found).toMatchObject({
      status: 'open',
      payment: 'authorized',
      fulfilment: 'none',
      currency: 'EUR',
      taxInclusive: false,
      buyer: { id: 'guest:guest@example.com', guest: true, name: 'Ada Lovelace' },
      totals: { payable: '84.35' },
    })
    expect(found && documentProblems(found)).toEqual([])
    expect(found?.lines.map(({ taxes }) => taxes?.[0]?.rate).toSorted()).toEqual(['19', '7', '7'])
  })

  test('a payment is told, though the stamp of the order stays', async () => {
    const { next } = await linchpin.sweep('SalesOrder', null)
    const payments = z.object({ payments: z.array(withId) })
    const found = await seeded.admin.get('/admin/payments?order=-created_at&limit=1', payments)
    const before = (await read(order)).modifiedAt
    await seeded.admin.make(`/admin/payments/${found.payments[0]?.id}/capture`, 'payment', {})
    const { told } = await linchpin.sweep('SalesOrder', next)
    expect(told.get(order)).toMatchObject({ payment: 'paid', modifiedAt: before })
  })

  test('its number, two parcels with tracking, and the invoice are at the order', async () => {
    const linked = { ...links(), 'SalesOrder S1': order }
    const number = { id: 'S1', number: 'S00042', status: 'open' }
    applied(await linchpin.write('SalesOrder', number, {}, order))
    const parcel = (name: string, tracking: string[], lines: object[], status = 'shipped') => ({
      id: name,
      number: name,
      order: 'S1',
      status,
      carrier: 'DHL',
      tracking: tracking.map(each => ({ number: each, url: `https://t.example/${each}` })),
      lines,
    })
    const mugs = [{ id: '1', product: 'MUG', sku: 'MUG', quantity: '2' }]
    const rest = [
      { id: '2', product: 'BOOK', sku: 'BOOK', quantity: '1' },
      { id: '3', product: 'TEA', sku: 'TEA', quantity: '3' },
    ]
    const { id } = applied(await linchpin.write('Shipment', parcel('OUT/1', ['T1'], mugs), linked))
    expect((await read(order)).fulfilment).toBe('partial')
    const late = parcel('OUT/1', ['T1', 'T1B'], mugs, 'delivered')
    applied(await linchpin.write('Shipment', late, linked, id))
    const shipped = await linchpin.read('Shipment', id)
    expect(shipped).toMatchObject({ number: 'OUT/1', status: 'delivered' })
    expect(shipped.tracking.map(each => each.number)).toEqual(['T1', 'T1B'])
    applied(await linchpin.write('Shipment', parcel('OUT/2', ['T2'], rest), linked))
    expect((await read(order)).fulfilment).toBe('complete')
    expect(await linchpin.read('StockLevel', variants['MUG'] ?? '')).toMatchObject({
      onHand: '48',
      available: '48',
    })

    const invoice = {
      id: 'I1',
      number: 'INV/1',
      orders: ['S1'],
      status: 'posted',
      currency: 'EUR',
      totals: { payable: '84.35' },
      document: { url: 'https://linchpin.test/documents/1' },
    }
    const bill = applied(await linchpin.write('Invoice', invoice, linked))
    expect(await linchpin.read('Invoice', bill.id)).toMatchObject({ number: 'INV/1', orders: [order] })
    const { extra } = await read(order)
    expect(extra?.['metadata']).toMatchObject({ linchpin_erp_number: 'S00042' })
    applied(await linchpin.write('SalesOrder', { ...number, status: 'closed' }, {}, order))
    expect((await read(order)).status).toBe('closed')
  })

  test('what comes back and what is refunded is told; the order stays what was ordered', async () => {
    const refunds = await linchpin.sweep('Refund', null)
    const returns = await linchpin.sweep('ReturnAuthorization', null)
    const orders = await linchpin.sweep('SalesOrder', null)
    const { lines, totals } = await read(order)
    const items = [{ id: lines.find(({ sku }) => sku === 'MUG')?.id, quantity: 1 }]
    const begun = { order_id: order, location_id: seeded.location }
    const back = await seeded.admin.make('/admin/returns', 'return', begun)
    for (const [step, body] of [
      ['request-items', { items }],
      ['request', {}],
      ['receive', {}],
      ['receive-items', { items }],
      ['receive/confirm', {}],
    ] as const)
      await seeded.admin.post(`/admin/returns/${back}/${step}`, body, z.unknown())
    const payments = z.object({ payments: z.array(withId) })
    const { payments: all } = await seeded.admin.get('/admin/payments?order=-created_at&limit=1', payments)
    for (const amount of [5, 1.5])
      await seeded.admin.post(
        `/admin/payments/${all[0]?.id}/refund`,
        { amount, note: 'Chipped' },
        z.unknown(),
      )

    const told = [...(await linchpin.sweep('Refund', refunds.next)).told.values()]
    expect(told.map(each => [each.order, each.amount, each.reason])).toEqual([
      [order, '5.00', 'Chipped'],
      [order, '1.50', 'Chipped'],
    ])
    expect((await linchpin.sweep('ReturnAuthorization', returns.next)).told.get(back)).toMatchObject({
      order,
      status: 'received',
      lines: [{ sku: 'MUG', quantity: '1', received: '1' }],
    })
    const now = (await linchpin.sweep('SalesOrder', orders.next)).told.get(order)
    expect(now).toMatchObject({ payment: 'partiallyRefunded', totals: { payable: totals.payable } })
    expect(now && documentProblems(now)).toEqual([])
  })

  test('an order that the ERP cancels is cancelled', async () => {
    const id = await new Shopper(seeded).buy('second@example.com', { [variants['TEA'] ?? '']: 1 })
    applied(await linchpin.write('SalesOrder', { id: 'S2', number: 'S00043', status: 'cancelled' }, {}, id))
    expect((await read(id)).status).toBe('cancelled')
  })

  test('a customer is made once, with addresses and groups, and is found by e-mail', async () => {
    const address = { name: 'Ada Lovelace', streetName: 'Rechenweg 1', cityName: 'Berlin', country: 'DE' }
    const account = {
      id: 'C1',
      kind: 'company',
      name: 'Analytical Engines',
      company: 'Analytical Engines',
      email: 'Ada@Example.com',
      vatId: 'DE123456789',
      billingAddress: address,
      deliveryAddresses: [address],
      groups: ['Dealers'],
    }
    const { id } = applied(await linchpin.write('Account', account))
    applied(await linchpin.write('Account', account, {}, id))
    const found = await linchpin.read('Account', id)
    expect(found).toMatchObject({ kind: 'company', vatId: 'DE123456789', groups: ['Dealers'] })
    expect(found.deliveryAddresses).toHaveLength(1)
    const [matched] = (await medusa.entities.Account?.match?.(session, [{ email: 'ADA@example.com' }])) ?? []
    expect(matched).toMatchObject([{ id }])
  })

  test('our subscriber tells what changed, signed', async () => {
    const heard = new Set(ear.heard().map(({ entity, id }) => `${entity} ${id}`))
    expect(heard).toContain(`SalesOrder ${order}`)
    expect(heard).toContain(`Product ${variants['MUG']}`)
    expect([...heard].some(each => each.startsWith('Account '))).toBe(true)
    expect([...heard].some(each => each.startsWith('ReturnAuthorization '))).toBe(true)
    expect(ear.forged()).toBe(0)
  })
})

interface Ear {
  readonly server: Server
  readonly url: string
  readonly heard: () => readonly { readonly entity: string; readonly id: string }[]
  readonly forged: () => number
}

/** Where the subscriber's notifications come in; each is verified and read as Linchpin does it. */
async function listenFor(): Promise<Ear> {
  const heard: { entity: string; id: string }[] = []
  let forged = 0
  const settings = medusa.settings.parse({ url: 'http://unused.test', apiKey: 'sk', webhookSecret: secret })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      const told = { url: request.url ?? '', headers, body: new Uint8Array(Buffer.concat(chunks)) }
      if (medusa.webhook?.verify(settings, told)) heard.push(...medusa.webhook.parse(told))
      else forged += 1
      response.writeHead(202).end()
    })
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/shop`
  return { server, url, heard: () => heard, forged: () => forged }
}
