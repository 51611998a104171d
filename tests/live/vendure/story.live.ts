import type { Io, RawRequest } from '@linchpin/connector'
import { serve, type Served } from '@linchpin/lookalike'
import { documentProblems } from '@linchpin/model'
import { vendure } from '@linchpin/connector-vendure'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { applied, atWork, liveFolder, logTo, realIo } from '../support/bench.ts'
import { seedVendure, signedIn } from './seed.ts'
import { Shopper } from './shopper.ts'
import { startVendure, type RealVendure } from './start.ts'

const shops = [
  ['prices with tax and with custom fields', { pricesIncludeTax: true, customFields: true }],
  ['prices without tax and without custom fields', { pricesIncludeTax: false, customFields: false }],
] as const

describe.each(shops)('a real Vendure 3.7.3 on PostgreSQL, %s', (_, { pricesIncludeTax, customFields }) => {
  const webhookSecret = 'the-plugins-secret'
  const told: RawRequest[] = []
  let ear: Served
  let shop: RealVendure
  let work: ReturnType<typeof atWork>
  let session: unknown
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    ear = await serve(async request => {
      const headers = Object.fromEntries(request.headers)
      told.push({ url: request.url, headers, body: new Uint8Array(await request.arrayBuffer()) })
      return new Response('')
    })
    const webhook = { url: `${ear.url}/webhooks/shop`, secret: webhookSecret }
    shop = await startVendure({ dir: liveFolder('vendure'), log: logTo('vendure'), customFields, webhook })
    await seedVendure(shop, { pricesIncludeTax })
    session = await open(shop)
    work = atWork(vendure, session)
  })
  afterAll(async () => {
    await shop?.stop()
    await ear?.close()
  })

  test('health is up, knows the clock, and names what missing custom fields cost', async () => {
    const health = await vendure.health(session as never)
    expect(health.is).toBe('up')
    expect(Math.abs(health.clockSkewMs ?? Infinity)).toBeLessThan(2000)
    expect(health.notes).toHaveLength(customFields ? 0 : 4)
  })

  test('a wrong password is told as such', async () => {
    const wrong = vendure.settings.parse({ url: shop.adminUrl, username: shop.username, password: 'wrong' })
    const { is, problem } = await vendure.health(await vendure.open(wrong, realIo))
    expect([is, problem?.kind]).toEqual(['down', 'login'])
  })

  test('an API key serves in place of a password', async () => {
    const { createApiKey } = await (
      await signedIn(shop)
    ).ask(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey } }',
      { input: { roleIds: ['1'], translations: [{ languageCode: 'en', name: 'Linchpin' }] } },
      z.object({ createApiKey: z.object({ apiKey: z.string() }) }),
    )
    const settings = vendure.settings.parse({ url: shop.adminUrl, apiKey: createApiKey.apiKey })
    expect((await vendure.health(await vendure.open(settings, realIo))).is).toBe('up')
  })

  test('where Vendure hands out cookies instead of tokens, they serve', async () => {
    const { adminUrl: url, username, password } = shop
    const fetchWithoutToken: Io['fetch'] = async (address, init) => {
      const response = await fetch(address, init)
      const headers = new Headers(response.headers)
      headers.delete('vendure-auth-token')
      return new Response(response.body, { status: response.status, headers })
    }
    const io = { ...realIo, fetch: fetchWithoutToken }
    const session = await vendure.open(vendure.settings.parse({ url, username, password }), io)
    expect((await vendure.health(session)).is).toBe('up')
  })

  test('products of two rates, as variants of one thing and alone, come into the shop hidden', async () => {
    for (const product of [mug('S'), mug('L'), book]) {
      const outcome = applied(await work.write('Product', product))
      ids[product.sku] = outcome.id
      expect(outcome.again).toBeGreaterThan(Date.now())
      expect(await work.read('Product', outcome.id)).toMatchObject({ sku: product.sku, active: false })
    }
    expect(await new Shopper(shop.shopUrl).look('mug-t-1')).toEqual([])
  })

  test('a tax rate that the shop does not have is refused, and said', async () => {
    const outcome = await work.write('Product', { ...book, id: '9', sku: 'B-2', taxRate: '5.5' })
    expect(outcome).toMatchObject({ is: 'refused', problem: { kind: 'refused' } })
    expect(outcome.is === 'refused' && outcome.problem.message).toContain('19 %, 7 %')
  })

  test('prices are written, and then the products are shown', async () => {
    for (const [sku, list] of Object.entries(prices)) {
      const price = { id: sku, product: sku, sku, currency: 'EUR', taxInclusive: pricesIncludeTax, list }
      applied(await work.write('Price', price, links()))
      expect(await work.read('Price', ids[sku]!)).toMatchObject({ list, taxInclusive: pricesIncludeTax })
    }
    for (const product of [mug('S'), mug('L'), book]) {
      const outcome = applied(await work.write('Product', product, {}, ids[product.sku]!))
      expect(outcome.again).toBeUndefined()
      const { active, name, taxRate } = await work.read('Product', outcome.id)
      expect([active, name, Number(taxRate)]).toEqual([true, product.name, Number(product.taxRate)])
    }
    const large = await work.read('Product', ids['MUG-L']!)
    expect(large.group).toMatchObject({ name: 'Mug', options: [{ name: 'Size', value: 'L' }] })
    const mugs = await new Shopper(shop.shopUrl).look('mug-t-1')
    const gross = (cents: number) => (pricesIncludeTax ? cents : Math.round(cents * 1.19))
    expect(mugs.map(({ sku, priceWithTax }) => [sku, priceWithTax])).toEqual([
      ['MUG-S', gross(1199)],
      ['MUG-L', gross(1599)],
    ])
  })

  test('a sale that ended leaves the list price, one that runs is in force until its end', async () => {
    const sale = { amount: '9.99', from: instant(-60_000), to: instant(3_600_000) }
    const price = {
      id: 'MUG-S',
      product: 'MUG-S',
      currency: 'EUR',
      taxInclusive: pricesIncludeTax,
      list: '11.99',
    }
    const running = applied(await work.write('Price', { ...price, sale }, links()))
    expect(running.again).toBe(Date.parse(sale.to))
    expect(await work.read('Price', ids['MUG-S']!)).toMatchObject({ list: '9.99' })
    const over = { ...sale, to: instant(-1000) }
    expect(applied(await work.write('Price', { ...price, sale: over }, links())).again).toBeUndefined()
    expect(await work.read('Price', ids['MUG-S']!)).toMatchObject({ list: '11.99' })
  })

  test('stock that may be promised is what the shop sells', async () => {
    for (const [sku, available] of Object.entries({ 'MUG-S': '10', 'MUG-L': '0', 'BOOK-1': '5.9' }))
      applied(
        await work.write('StockLevel', { id: sku, product: sku, onHand: available, available }, links()),
      )
    const mugs = await new Shopper(shop.shopUrl).look('mug-t-1')
    expect(mugs.map(({ stockLevel }) => stockLevel)).toEqual(['IN_STOCK', 'OUT_OF_STOCK'])
    expect(await work.read('StockLevel', ids['BOOK-1']!)).toMatchObject({ available: '5' })
  })

  const ada = () => new Shopper(shop.shopUrl)
  let cursor: string | null = null
  let customer: Shopper
  let code = ''
  let orderId = ''

  test('an order with a coupon, two tax rates and shipping is told and adds up', async () => {
    cursor = (await work.sweep('SalesOrder', null)).next
    customer = ada()
    await customer.register('ada@example.test', 'test1234')
    code = await customer.order({
      lines: [
        { variant: ids['MUG-S']!, quantity: 3 },
        { variant: ids['BOOK-1']!, quantity: 2 },
      ],
      couponCode: 'TENOFF',
    })
    const { told, next } = await work.sweep('SalesOrder', cursor)
    cursor = next
    expect(told.size).toBe(1)
    const order = [...told.values()][0]!
    orderId = order.id
    expect(documentProblems(order)).toEqual([])
    const seen = await customer.see(code)
    expect(Math.round(Number(order.totals.payable) * 100)).toBe(seen.totalWithTax)
    expect(order).toMatchObject({
      number: code,
      status: 'open',
      fulfilment: 'none',
      payment: 'paid',
      currency: 'EUR',
      taxInclusive: pricesIncludeTax,
      buyer: { email: 'ada@example.test', kind: 'company', company: 'Analytical Engines' },
      billingAddress: { cityName: 'Berlin', country: 'DE' },
      deliveries: [{ method: 'Parcel', address: { postalZone: '10115' } }],
      charges: [{ kind: 'shipping', taxes: [{ rate: '19' }] }],
      discounts: [{ code: 'TENOFF' }],
      payments: [{ status: 'captured', amount: order.totals.payable }],
    })
    expect(order.buyer.guest).toBeUndefined()
    expect(order.lines.map(({ sku, quantity, taxes }) => [sku, quantity, taxes?.[0]?.rate])).toEqual([
      ['MUG-S', '3', '19'],
      ['BOOK-1', '2', '7'],
    ])
  })

  test('stock published while an order is open does not promise its units again', async () => {
    const stock = { id: 'MUG-S', product: 'MUG-S', onHand: '10', available: '7' }
    applied(await work.write('StockLevel', stock, links()))
    expect(await work.read('StockLevel', ids['MUG-S']!)).toMatchObject({
      onHand: '10',
      reserved: '3',
      available: '7',
    })
  })

  test('the number in the ERP stands with the order', async () => {
    applied(await work.write('SalesOrder', { id: 'S1', number: 'S00042', status: 'open' }, {}, orderId))
    applied(await work.write('SalesOrder', { id: 'S1', number: 'S00042', status: 'open' }, {}, orderId))
    const { extra, notes = [] } = await work.read('SalesOrder', orderId)
    if (customFields) expect(extra?.['customFields']).toMatchObject({ erpNumber: 'S00042' })
    else expect(notes.map(({ text }) => text)).toEqual(['Order in the ERP: S00042'])
  })

  test('two partial shipments with tracking numbers reach the customer, each once', async () => {
    const first = shipment('SHP/1', 'JJD000001', [['MUG-S', '1']])
    const second = shipment('SHP/2', 'JJD000002', [
      ['MUG-S', '2'],
      ['BOOK-1', '2'],
    ])
    const one = applied(await work.write('Shipment', first, links()))
    expect(await work.read('SalesOrder', orderId)).toMatchObject({ fulfilment: 'partial' })
    const again = applied(await work.write('Shipment', first, links()))
    expect(again.id).toBe(one.id)
    applied(await work.write('Shipment', second, links()))
    expect(await work.read('SalesOrder', orderId)).toMatchObject({ fulfilment: 'complete', status: 'open' })
    expect(await work.read('Shipment', one.id)).toMatchObject({
      number: 'SHP/1',
      status: 'shipped',
      tracking: [{ number: 'JJD000001' }],
      lines: [{ sku: 'MUG-S', quantity: '1' }],
    })
    const { fulfillments } = await customer.see(code)
    expect(fulfillments).toEqual([
      { state: 'Shipped', method: 'DHL (SHP/1)', trackingCode: 'JJD000001' },
      { state: 'Shipped', method: 'DHL (SHP/2)', trackingCode: 'JJD000002' },
    ])
  })

  test('more than was ordered is refused in words', async () => {
    const outcome = await work.write('Shipment', shipment('SHP/3', 'X', [['MUG-S', '1']]), links())
    expect(outcome.is === 'refused' && outcome.problem.message).toMatch(/SHP\/3 has 1 more of MUG-S/)
  })

  test('an invoice with its link is with the order for the customer, once, and with the newest link', async () => {
    for (const link of ['https://erp.test/1', 'https://erp.test/2', 'https://erp.test/2'])
      applied(await work.write('Invoice', invoice(link), links()))
    const { history, customFields: fields } = await customer.see(code, customFields)
    const words = 'Invoice INV/1 (66.07 EUR): https://erp.test/2'
    expect(history.items.map(({ data }) => data.note)).toEqual([words])
    if (customFields) expect(fields?.invoices).toEqual([words])
  })

  test('what happened to the order meanwhile is told by the next sweep, though Vendure stamps nothing', async () => {
    const { told, next } = await work.sweep('SalesOrder', cursor)
    cursor = next
    expect(told.get(orderId)).toMatchObject({ fulfilment: 'complete' })
    expect((await work.sweep('SalesOrder', cursor)).told.size).toBe(0)
  })

  test('a guest orders, and the ERP cancels', async () => {
    const guestCode = await ada().order(
      { lines: [{ variant: ids['BOOK-1']!, quantity: 1 }] },
      'Grace@Example.test',
    )
    const { told, next } = await work.sweep('SalesOrder', cursor)
    cursor = next
    const order = [...told.values()][0]!
    expect(order).toMatchObject({
      number: guestCode,
      buyer: { guest: true, id: 'guest:grace@example.test', email: 'grace@example.test' },
    })
    expect(documentProblems(order)).toEqual([])
    const cancelled = { id: 'S2', number: 'S00043', status: 'cancelled', cancelReason: 'Out of print' }
    applied(await work.write('SalesOrder', cancelled, {}, order.id))
    applied(await work.write('SalesOrder', cancelled, {}, order.id))
    const after = (await work.sweep('SalesOrder', cursor)).told.get(order.id)!
    expect(after).toMatchObject({
      status: 'cancelled',
      lines: [{ quantity: '1', cancelled: '1', gross: '0.00' }],
    })
    expect(documentProblems(after)).toEqual([])
    expect(await work.read('StockLevel', ids['BOOK-1']!)).toMatchObject({ reserved: '0' })
  })

  test('customers are told and written with their addresses; guests are not among them', async () => {
    const { told } = await work.sweep('Account', null)
    expect([...told.values()].map(({ email }) => email)).toEqual(['ada@example.test'])
    const made = applied(await work.write('Account', grace))
    expect(made.rest).toBeUndefined()
    const account = await work.read('Account', made.id)
    expect(account).toMatchObject({
      kind: 'company',
      company: 'Navy',
      email: 'hopper@example.test',
      givenName: 'Grace',
      familyName: 'Hopper',
      billingAddress: { cityName: 'Hamburg', country: 'DE' },
    })
    if (customFields) expect(account.vatId).toBe('DE123456789')
    const conflict = await work.write('Account', grace)
    expect(conflict.is).toBe('refused')
    applied(await work.write('Account', { ...grace, phone: '+49 40 1' }, {}, made.id))
    const { deliveryAddresses, phone } = await work.read('Account', made.id)
    expect([deliveryAddresses?.length, phone]).toEqual([1, '+49 40 1'])
    const keys = [{ email: 'HOPPER@example.test' }, { vatId: 'DE123456789' }, { email: 'hopper@example.tes' }]
    const found = await vendure.entities.Account?.match?.(session as never, keys)
    expect(found?.map(list => list.map(({ id }) => id))).toEqual([
      [made.id],
      customFields ? [made.id] : [],
      [],
    ])
  })

  test('a product is found by its SKU exactly', async () => {
    const keys = [{ sku: 'MUG-S' }, { sku: 'mug-s' }, { sku: 'MUG' }, {}]
    const found = await vendure.entities.Product?.match?.(session as never, keys)
    expect(found?.map(list => list.map(({ id }) => id))).toEqual([[ids['MUG-S']], [], [], []])
  })

  test('a product that is no longer sold is hidden', async () => {
    applied(await work.write('Product', { ...book, active: false }, {}, ids['BOOK-1']!))
    expect(await work.read('Product', ids['BOOK-1']!)).toMatchObject({ active: false })
    expect(await ada().look('a-book-book-1')).toEqual([])
  })

  test('the plugin told of it all, rightly signed', () => {
    const { adminUrl: url, username, password } = shop
    const settings = vendure.settings.parse({ url, username, password, webhookSecret })
    expect(told.every(request => vendure.webhook?.verify(settings, request))).toBe(true)
    const notified = told.flatMap(request => vendure.webhook?.parse(request) ?? [])
    expect(notified).toContainEqual({ entity: 'SalesOrder', id: orderId })
    expect(notified).toContainEqual({ entity: 'Product', id: ids['BOOK-1'] })
    expect(new Set(notified.map(({ entity }) => entity))).toEqual(
      new Set(['SalesOrder', 'Product', 'Account']),
    )
  })

  function links(): Record<string, string> {
    const products = Object.entries(ids).map(([sku, id]) => [`Product ${sku}`, id])
    return { ...(Object.fromEntries(products) as Record<string, string>), 'SalesOrder S1': orderId }
  }
})

async function open(shop: RealVendure): Promise<unknown> {
  const { adminUrl: url, username, password } = shop
  return vendure.open(vendure.settings.parse({ url, username, password }), realIo)
}

const instant = (offset: number) => new Date(Date.now() + offset).toISOString()

const prices = { 'MUG-S': '11.99', 'MUG-L': '15.99', 'BOOK-1': '16.00' }

const mug = (size: string) => ({
  id: `m-${size}`,
  sku: `MUG-${size}`,
  name: `Mug ${size}`,
  description: 'For coffee.',
  kind: 'goods',
  active: true,
  taxRate: '19',
  group: { id: 't-1', name: 'Mug', options: [{ name: 'Size', value: size }] },
})

const book = {
  id: 'b-1',
  sku: 'BOOK-1',
  gtin: '4006381333931',
  name: 'A book',
  description: 'To read.',
  kind: 'goods',
  active: true,
  taxRate: '7.00',
}

const shipment = (number: string, code: string, lines: readonly (readonly [string, string])[]) => ({
  id: number,
  number,
  order: 'S1',
  status: 'shipped',
  carrier: 'DHL',
  tracking: [{ number: code, carrier: 'DHL' }],
  lines: lines.map(([sku, quantity], index) => ({ id: String(index), product: sku, sku, quantity })),
})

const invoice = (url: string) => ({
  id: 'INV/1',
  number: 'INV/1',
  orders: ['S1'],
  status: 'posted',
  currency: 'EUR',
  totals: { payable: '66.07' },
  document: { id: '1', name: 'INV-1.pdf', mediaType: 'application/pdf', url },
})

const grace = {
  id: '7',
  kind: 'company',
  name: 'Navy',
  givenName: 'Grace',
  familyName: 'Hopper',
  email: 'hopper@example.test',
  vatId: 'DE123456789',
  billingAddress: {
    name: 'Grace Hopper',
    company: 'Navy',
    streetName: 'Hafen 1',
    cityName: 'Hamburg',
    postalZone: '20457',
    country: 'DE',
  },
  deliveryAddresses: [
    {
      name: 'Grace Hopper',
      company: 'Navy',
      streetName: 'Hafen 1',
      cityName: 'Hamburg',
      postalZone: '20457',
      country: 'DE',
    },
  ],
}
