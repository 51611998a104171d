import type { Outcome, Problem } from '@linchpin/connector'
import { makeLab, type Lab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { applyMapping, compileMapping } from '@linchpin/mapping'
import { documentProblems, salesOrder, type SalesOrder } from '@linchpin/model'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Order } from './fake/books.ts'
import { fakeShopify, type FakeOptions, type FakeShopify } from './fake/fake-shopify.ts'
import type { OrderRow } from './order-row.ts'
import type { ReturnRow } from './return-row.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'
import { shopify } from './shopify.ts'

const app = { clientId: 'linchpin', clientSecret: 'a-secret-of-the-tests' }
const orderMapping = compileMapping(shopify.entities.SalesOrder!.mapping)
const hour = 3_600_000

interface Sent {
  readonly key: string
  readonly input: { readonly quantities: readonly object[] }
}

describe("the connector at Shopify's look-alike", () => {
  let fake: FakeShopify
  let lab: Lab
  let session: Session
  beforeEach(() => begin())

  test.each([true, false])(
    'an order with a code and two rates adds up (prices with tax: %s)',
    async gross => {
      await begin({ taxesIncluded: gross })
      const mug = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
      const book = fake.addProduct({ sku: 'BOOK', name: 'Book', price: 1600, stock: 10, taxRate: 7 })
      const lines = [
        { variant: mug, quantity: 3 },
        { variant: book, quantity: 2 },
      ]
      const { id } = fake.placeOrder({ lines, email: 'ada@example.com', code: 'TENOFF' })
      const order = await read(id)
      expect(documentProblems(order)).toEqual([])
      expect(order.lines.map(({ taxes }) => taxes?.[0]?.rate)).toEqual(['19', '7'])
      expect(order.discounts?.map(({ code, amount }) => [code, amount])).toEqual([['TENOFF', '6.80']])
      expect(order.totals.payable).toBe(gross ? '66.07' : '75.17')
    },
  )

  test('more lines than one answer holds are all read', async () => {
    const variants = Array.from({ length: 33 }, (_, at) =>
      fake.addProduct({ sku: `S${at}`, name: `S ${at}`, price: 100, stock: 5 }),
    )
    const lines = variants.map(variant => ({ variant, quantity: 1 }))
    const { id } = fake.placeOrder({ lines, email: 'ada@example.com' })
    expect((await read(id)).lines).toHaveLength(33)
  })

  test.each([
    ['is told as such', [], [['authorized', '16.89']]],
    ['is its capture once it is captured', ['CAPTURE', 'SUCCESS'], [['captured', '16.89']]],
    [
      'stands when its capture fails',
      ['CAPTURE', 'FAILURE'],
      [
        ['authorized', '16.89'],
        ['failed', '16.89'],
      ],
    ],
    ['is no payment once it is voided', ['VOID', 'SUCCESS'], []],
    ['stands when it could not be voided', ['VOID', 'FAILURE'], [['authorized', '16.89']]],
  ])('money that was authorized %s', async (_, [kind, status], payments) => {
    const { id } = order(1)
    const placed = fake.books.orders.get(id)!
    const [sale] = placed.transactions
    const given = { ...sale!, kind: 'AUTHORIZATION' }
    const next =
      kind && status ? [{ ...given, id: fake.books.next('transaction'), kind, status, parent: given.id }] : []
    fake.books.orders.put(id, { ...placed, transactions: [given, ...next] })
    const now = await read(id)
    expect(now.payments?.map(each => [each.status, each.amount]) ?? []).toEqual(payments)
    expect(now.status).toBe(payments.length === 0 ? 'held' : 'open')
  })

  describe('a long order', () => {
    let placed: Order
    const wide = 110
    beforeEach(() => {
      const lines = Array.from({ length: wide }, (_, at) => ({
        variant: fake.addProduct({ sku: `S${at}`, name: `S ${at}`, price: 100, stock: 5 }),
        quantity: 1,
      }))
      placed = fake.books.orders.get(fake.placeOrder({ lines, email: 'ada@example.com' }).id)!
    })

    test('that came back as a whole stays sold, and its refund tells every line', async () => {
      const lines = placed.lines.map(({ id }) => ({ line: id, quantity: 1, restockType: 'RETURN' }))
      const refund = {
        id: fake.books.next('refund'),
        createdAt: placed.createdAt,
        note: null,
        amount: 0,
        lines,
      }
      fake.books.orders.put(placed.id, {
        ...placed,
        lines: placed.lines.map(each => ({ ...each, currentQuantity: 0 })),
        refunds: [refund],
      })
      expect((await read(placed.id)).lines.flatMap(({ cancelled }) => cancelled ?? [])).toEqual([])
      const [shot] = (await shopify.entities.Refund?.get?.(session, [`${placed.id}/${refund.id}`])) ?? []
      expect(shot?.row).toMatchObject({ lines: placed.lines.map(() => expect.anything()) })
    })

    test('tells every line of a return and of what goes out for it, and every return', async () => {
      const parts = <Part>(make: (line: string) => Part) => placed.lines.map(({ id }) => make(id))
      const returns = Array.from({ length: 12 }, (_, at) => ({
        id: fake.books.next('return'),
        name: `#R${at}`,
        status: 'OPEN',
        createdAt: placed.createdAt,
        lines: parts(line => ({
          id: line,
          fulfilmentLine: '1',
          line,
          quantity: 1,
          processed: 0,
          reason: '',
        })),
        exchange: parts(line => ({ id: line, variant: '1', quantity: 1 })),
      }))
      fake.books.orders.put(placed.id, { ...placed, returns })
      const page = await shopify.entities.ReturnAuthorization?.changes?.(session, null, 50)
      const rows = (page?.items ?? []).flatMap(each => ('row' in each ? [each.row as ReturnRow] : []))
      expect(rows).toHaveLength(12)
      for (const { returnLineItems, exchangeLineItems } of rows)
        expect([returnLineItems.nodes.length, exchangeLineItems.nodes.length]).toEqual([wide, wide])
    })

    test('is shipped as a whole, and its shipment tells every line', async () => {
      const lines = placed.lines.map(({ variant }) => ({ product: variant, quantity: '1' }))
      const [outcome] = await ship(placed.id, 'SHP/1', lines)
      expect(outcome).toMatchObject({ is: 'applied' })
      const id = outcome?.is === 'applied' ? outcome.id : ''
      const [shot] = (await shopify.entities.Shipment?.get?.(session, [id])) ?? []
      expect(shot?.row).toMatchObject({ lines: placed.lines.map(() => expect.anything()) })
    })
  })

  test('an order that more locations send than one answer holds is shipped as a whole', async () => {
    const places = Array.from({ length: 12 }, (_, at) => ({ id: String(at + 1), name: `Place ${at}` }))
    await begin({ locations: places })
    const goods = places.map(({ id }) => ({
      id,
      variant: fake.addProduct({ sku: `S${id}`, name: id, price: 100, stock: 5 }),
    }))
    const { id } = fake.placeOrder({
      lines: goods.map(({ variant }) => ({ variant, quantity: 1 })),
      email: 'ada@example.com',
      from: Object.fromEntries(goods.map(each => [each.variant, each.id])),
    })
    const lines = goods.map(({ variant }) => ({ product: variant, quantity: '1' }))
    expect(await ship(id, 'SHP/1', lines)).toMatchObject([{ is: 'applied' }])
    expect(fake.books.orders.get(id)?.fulfilments).toHaveLength(12)
  })

  test('what was taken off an order before it left is told as cancelled, and what came back stays sold', async () => {
    const { id, variant } = order(3)
    const placed = fake.books.orders.get(id)!
    const line = placed.lines[0]!.id
    const refund = (quantity: number, restockType: string) => ({
      id: fake.books.next('refund'),
      createdAt: placed.createdAt,
      note: null,
      amount: 1199 * quantity,
      lines: [{ line, quantity, restockType }],
    })
    fake.books.orders.put(id, {
      ...placed,
      lines: placed.lines.map(each => ({ ...each, currentQuantity: 1 })),
      refunds: [refund(1, 'CANCEL'), refund(1, 'RETURN')],
    })
    const now = await read(id)
    expect(now.lines[0]).toMatchObject({ product: variant, quantity: '3', cancelled: '1', gross: '23.98' })
    expect(documentProblems(now)).toEqual([])
    expect(now.totals.payable).toBe('28.88')
  })

  test('a token is exchanged once for all who wait for it, before it ends, and when it is refused', async () => {
    const exchanges = () => lab.seen.filter(({ url }) => url.endsWith('/oauth/access_token')).length
    await Promise.all([session.facts(), shopify.health(session), session.freshFacts()])
    expect(exchanges()).toBe(1)
    lab.advance(23 * hour)
    await session.freshFacts()
    expect(exchanges()).toBe(1)
    lab.advance(hour)
    await session.freshFacts()
    expect(exchanges()).toBe(2)
    fake.revokeTokens()
    await session.freshFacts()
    expect(exchanges()).toBe(3)
  })

  test('sessions of one connection wait for one exchange, also when the first to ask is called off', async () => {
    const same = settings()
    const exchanges = () => lab.seen.filter(({ url }) => url.endsWith('/oauth/access_token')).length
    const three = await Promise.all([1, 2, 3].map(async () => shopify.open(same, lab)))
    await Promise.all(three.map(each => each.facts()))
    expect(exchanges()).toBe(1)
    fake.revokeTokens()
    const hasty = makeLab(async () => {
      throw new TypeError('called off')
    })
    const first = await shopify.open(same, hasty)
    lab.advance(25 * hour)
    hasty.advance(25 * hour)
    const asked = [first.freshFacts(), ...three.map(each => each.freshFacts())]
    const ended = await Promise.allSettled(asked)
    expect(ended.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
    expect(exchanges()).toBe(2)
  })

  test("what does not fit into Shopify's budget is not sent once its worth is known, and is later", async () => {
    await begin({ restoreRate: 50 })
    order(1)
    const read = async () => shopify.entities.SalesOrder?.changes?.(session, null, 50)
    let trouble: unknown = null
    for (let turn = 0; turn < 40; turn += 1)
      await read().catch((error: unknown) => {
        trouble = error
        lab.advance(turn)
      })
    const throttled = fake.asked.filter(({ answer }) => JSON.stringify(answer).includes('THROTTLED'))
    expect(throttled.length).toBeLessThanOrEqual(1)
    expect(trouble).toMatchObject({ kind: 'busy' })
    lab.advance((trouble as Problem).retryAfterMs ?? 0)
    lab.advance(60_000)
    expect(await read()).toMatchObject({ more: false })
  })

  test('a budget that another program used up is told as waiting', async () => {
    const other = shopify.open(settings(), lab)
    await begin({ restoreRate: 10 })
    const busy = { message: 'Throttled', extensions: { code: 'THROTTLED' } }
    const throttleStatus = { maximumAvailable: 200, currentlyAvailable: 0, restoreRate: 10 }
    const cost = { requestedQueryCost: 105, actualQueryCost: null, throttleStatus }
    lab.next({ is: 'answer', status: 200, body: JSON.stringify({ errors: [busy], extensions: { cost } }) }, 1)
    const trouble = (await session.facts().catch((error: unknown) => error)) as Problem
    expect([trouble.kind, trouble.retryAfterMs]).toEqual(['busy', 10_500])
    await other
  })

  test('stock that someone bought meanwhile is not overwritten; the others of the request are set', async () => {
    const [one, two] = ['ONE', 'TWO'].map(sku => fake.addProduct({ sku, name: sku, price: 100, stock: 5 }))
    const bought = fake.books.variants
    const writes = [one, two].map((product, at) => ({
      key: `k${at}`,
      id: null,
      row: { product, available: '9' },
    }))
    await session.facts()
    // Read, then bought, then written.
    const lost = makeLab(async (url, init) => {
      const answer = await fetchFrom(fake.handler)(url, init)
      if (JSON.stringify(init?.body).includes('query StockLevels')) {
        const there = bought.get(one!)!
        bought.put(one!, { ...there, levels: { '1': { available: 4, committed: 1 } } })
      }
      return answer
    })
    const outcomes = await write('StockLevel', writes, await shopify.open(settings(), lost))
    expect(outcomes.map(each => [each.is, 'problem' in each ? each.problem.kind : ''])).toEqual([
      ['refused', 'conflict'],
      ['applied', ''],
    ])
    expect(bought.get(one!)?.levels['1']?.available).toBe(4)
    expect(bought.get(two!)?.levels['1']?.available).toBe(9)
  })

  test('each request that moves stock says what it saw and has a key of its own', async () => {
    const product = fake.addProduct({ sku: 'ONE', name: 'One', price: 100, stock: 10 })
    for (const available of ['5', '6'])
      await write('StockLevel', [{ key: 'k', id: null, row: { product, available } }])
    const sent = sentOf('SetStock').map(({ key, input }) => ({ key, seen: input.quantities[0] }))
    expect(sent.map(({ seen }) => seen)).toMatchObject([
      { quantity: 5, changeFromQuantity: 10 },
      { quantity: 6, changeFromQuantity: 5 },
    ])
    expect(new Set(sent.map(({ key }) => key)).size).toBe(2)
  })

  test('the look-alike moves no stock without a key, without what was seen, or twice for one key', async () => {
    const product = fake.addProduct({ sku: 'ONE', name: 'One', price: 100, stock: 10 })
    const ask = async (quantity: number, directive: string, seen: string) =>
      JSON.stringify(
        await adminAsks(`mutation { inventorySetQuantities(input: { name: "available", reason: "correction", quantities: [
          { inventoryItemId: "gid://shopify/InventoryItem/${product}", locationId: "gid://shopify/Location/1",
            quantity: ${quantity} ${seen} }] }) ${directive} { userErrors { code } } }`),
      )
    expect(await ask(5, '', 'changeFromQuantity: 10')).toContain('@idempotent directive is required')
    expect(await ask(5, '@idempotent(key: "a")', '')).toContain('COMPARE_QUANTITY_REQUIRED')
    expect(await ask(5, '@idempotent(key: "b")', 'changeFromQuantity: 9')).toContain(
      'CHANGE_FROM_QUANTITY_STALE',
    )
    for (const _ of [1, 2])
      expect(await ask(5, '@idempotent(key: "c")', 'changeFromQuantity: 10')).toContain('[]')
    expect(await ask(6, '@idempotent(key: "c")', 'changeFromQuantity: 5')).toContain('KEY_PARAMETER_MISMATCH')
    expect(fake.books.variants.get(product)?.levels['1']?.available).toBe(5)
  })

  test('a quantity that comes back to what it was is written again', async () => {
    const product = fake.addProduct({ sku: 'ONE', name: 'One', price: 100, stock: 10 })
    for (const available of ['5', '10', '5'])
      await write('StockLevel', [{ key: 'k', id: null, row: { product, available } }])
    expect(fake.books.variants.get(product)?.levels['1']?.available).toBe(5)
  })

  test('what was never counted or never stocked at the location is, from now on', async () => {
    await begin(
      {
        locations: [
          { id: '1', name: 'Berlin' },
          { id: '2', name: 'Bern' },
        ],
      },
      { location: 'Bern' },
    )
    const product = fake.addProduct({ sku: 'ONE', name: 'One', price: 100, stock: 10 })
    const there = fake.books.variants.get(product)!
    fake.books.variants.put(product, { ...there, tracked: false })
    const outcomes = await write('StockLevel', [{ key: 'k', id: null, row: { product, available: '7' } }])
    expect(outcomes).toMatchObject([{ is: 'applied' }])
    expect(fake.books.variants.get(product)).toMatchObject({
      tracked: true,
      levels: { '1': { available: 10 }, '2': { available: 7 } },
    })
  })

  test('a shipment of goods from two locations is one of two fulfilments, and leaves the rest waiting', async () => {
    await begin(
      {
        locations: [
          { id: '1', name: 'Berlin' },
          { id: '2', name: 'Bern' },
        ],
      },
      { location: 'Berlin' },
    )
    const [mug, book] = ['MUG', 'BOOK'].map(sku =>
      fake.addProduct({ sku, name: sku, price: 100, stock: 5 }),
    ) as [string, string]
    const lines = [
      { variant: mug, quantity: 2 },
      { variant: book, quantity: 1 },
    ]
    const { id } = fake.placeOrder({ lines, email: 'ada@example.com', from: { [book]: '2' } })
    const sent = [
      { product: mug, quantity: '1' },
      { product: book, quantity: '1' },
    ]
    const [outcome] = await ship(id, 'SHP/1', sent)
    expect(outcome).toMatchObject({ is: 'applied' })
    const now = fake.books.orders.get(id)!
    expect(now.fulfilments.map(({ location, numbers }) => [location, numbers])).toEqual([
      ['1', ['JJD1']],
      ['2', ['JJD1']],
    ])
    expect(now.fulfilmentOrders.map(({ status }) => status)).toEqual(['OPEN', 'CLOSED'])
    const shots = await shopify.entities.Shipment?.get?.(session, [
      outcome?.is === 'applied' ? outcome.id : '',
    ])
    expect(shots?.[0]?.row).toMatchObject({ number: 'SHP/1', lines: [{ quantity: 1 }, { quantity: 1 }] })
  })

  describe('a shipment from two locations that stopped half-way', () => {
    let placed: { readonly id: string; readonly lines: readonly object[] }
    beforeEach(async () => {
      const places = ['Berlin', 'Bern'].map((name, at) => ({ id: String(at + 1), name }))
      await begin({ locations: places }, { location: 'Berlin' })
      const [mug, book] = ['MUG', 'BOOK'].map(sku =>
        fake.addProduct({ sku, name: sku, price: 100, stock: 5 }),
      ) as [string, string]
      const basket = [mug, book].map(variant => ({ variant, quantity: 1 }))
      const { id } = fake.placeOrder({ lines: basket, email: 'ada@example.com', from: { [book]: '2' } })
      placed = { id, lines: [mug, book].map(product => ({ product, quantity: '1' })) }
    })

    const refused = async () =>
      Response.json({
        data: {
          fulfillmentCreate: { fulfillment: null, userErrors: [{ field: null, message: 'Not now.' }] },
        },
      })
    const busy = async () => new Response('', { status: 429 })
    const unanswered = async () => {
      throw new TypeError('cut off')
    }
    const lostAfterwards = async (asked: () => Promise<Response>) => {
      await asked()
      throw new TypeError('cut off')
    }

    test.each([
      ['its second parcel was refused', 2, refused],
      ['its second parcel had to wait', 2, busy],
      ['its second parcel never came to Shopify', 2, unanswered],
      ['the answer to its second parcel was lost', 2, lostAfterwards],
      ['the answer to its first parcel was lost', 1, lostAfterwards],
    ])('is finished when %s, and nothing leaves twice', async (_, at, trouble) => {
      await shipWith(at, trouble).catch(() => [])
      const again = { key: 'SHP/1', row: shipmentRow(placed.id, 'SHP/1', placed.lines) }
      const writer = shopify.entities.Shipment?.writer
      const found = writer?.repeat === 'find' && (await writer.find(session, [again] as never))
      const id = (found && found.get('SHP/1')) || null
      // What is found counts as done.
      const [outcome] = id === null ? await ship(placed.id, 'SHP/1', placed.lines) : []
      if (id === null) expect(outcome).toMatchObject({ is: 'applied' })
      const { fulfilments, fulfilmentOrders } = fake.books.orders.get(placed.id)!
      expect(fulfilments.map(({ location }) => location)).toEqual(['1', '2'])
      expect(fulfilmentOrders.map(({ status }) => status)).toEqual(['CLOSED', 'CLOSED'])
      const shots = await shopify.entities.Shipment?.get?.(session, [
        id ?? (outcome?.is === 'applied' ? outcome.id : ''),
      ])
      expect(shots?.[0]?.row).toMatchObject({ number: 'SHP/1', lines: [{ quantity: 1 }, { quantity: 1 }] })
    })

    test('gives back what it sent when the ERP calls it back', async () => {
      await shipWith(2, refused)
      const row = { ...shipmentRow(placed.id, 'SHP/1', placed.lines), status: 'cancelled' }
      const [outcome] = await write('Shipment', [{ key: 'k', id: null, row }])
      expect(outcome).toMatchObject({ is: 'applied' })
      expect(fake.books.orders.get(placed.id)?.fulfilments.map(({ status }) => status)).toEqual(['CANCELLED'])
    })

    test('takes nothing that people sent without its number for a part of it', async () => {
      await shipWith(1, lostAfterwards)
      const there = fake.books.orders.get(placed.id)!
      const byHand = there.fulfilments.map(each => ({ ...each, numbers: [] }))
      fake.books.orders.put(placed.id, { ...there, fulfilments: byHand })
      const row = { ...shipmentRow(placed.id, 'SHP/1', placed.lines), tracking: [] }
      const [outcome] = await write('Shipment', [{ key: 'k', id: null, row }])
      expect(outcome).toMatchObject({ is: 'refused' })
      expect(fake.books.orders.get(placed.id)?.fulfilments).toHaveLength(1)
    })

    /** Ships it; at this parcel there is trouble. */
    async function shipWith(parcel: number, trouble: (asked: () => Promise<Response>) => Promise<Response>) {
      let parcels = 0
      const troubled = makeLab(async (url, init) => {
        const asked = () => fetchFrom(fake.handler)(url, init)
        if (!JSON.stringify(init?.body).includes('mutation Fulfill(')) return asked()
        parcels += 1
        return parcels === parcel ? trouble(asked) : asked()
      })
      const row = shipmentRow(placed.id, 'SHP/1', placed.lines)
      return write(
        'Shipment',
        [{ key: 'k', id: null, row }],
        await shopify.open(settings({ location: 'Berlin' }), troubled),
      )
    }
  })

  test('what is on hold in Shopify is not shipped', async () => {
    const { id, variant } = order(1)
    const placed = fake.books.orders.get(id)!
    const held = placed.fulfilmentOrders.map(each => ({ ...each, status: 'ON_HOLD' }))
    fake.books.orders.put(id, { ...placed, fulfilmentOrders: held })
    expect((await read(id)).status).toBe('held')
    expect(await ship(id, 'SHP/1', [{ product: variant, quantity: '1' }])).toMatchObject([{ is: 'refused' }])
  })

  test('a new variant is told also when the search finds it much later', async () => {
    await begin({ searchLagMs: 60_000 })
    const first = await sweptProducts(null)
    const made = fake.addProduct({ sku: 'NEW', name: 'New', price: 100, stock: 1 })
    lab.advance(10_000)
    const second = await sweptProducts(first.next)
    lab.advance(600_000)
    const third = await sweptProducts(second.next)
    expect([...second.ids, ...third.ids]).toContain(made)
  })

  test('all variants of a product with many are told, once each, as many at once as were asked for', async () => {
    await begin({}, { bulkFrom: 1000 })
    fake.addProduct({ sku: 'ONE', name: 'One', price: 100, stock: 1 })
    const wide = fake.addProduct({ sku: 'WIDE', name: 'Wide', price: 100, stock: 1 })
    const like = fake.books.variants.get(wide)!
    for (let at = 0; at < 300; at += 1) {
      const id = fake.books.next('variant')
      fake.books.variants.put(id, { ...like, id, sku: `W-${at}` })
    }
    lab.advance(60_000)
    const { ids, most } = await sweptProducts(null, 20)
    expect(ids.toSorted()).toEqual(
      fake.books.variants
        .all()
        .map(({ id }) => id)
        .toSorted(),
    )
    expect(most).toBe(20)
  })

  test('a new product is a draft until it has a price, and is in the sales channel', async () => {
    const row = { sku: 'NEW-1', name: 'New', enabled: true }
    const [made] = await write('Product', [{ key: 'k', id: null, row }])
    const id = made?.is === 'applied' ? made.id : ''
    const product = () => fake.books.products.get(fake.books.variants.get(id)?.product ?? '')
    expect(product()).toMatchObject({ status: 'DRAFT', publications: ['1'] })
    expect(made).toMatchObject({ again: lab.now() + 30_000 })
    const price = { product: id, currency: 'EUR', taxInclusive: true, list: '9.90' }
    await write('Price', [{ key: 'p', id: null, row: price }])
    expect(await write('Product', [{ key: 'k', id, row }])).not.toMatchObject([{ again: expect.anything() }])
    expect(product()?.status).toBe('ACTIVE')
  })

  test('two variants of a group that are made at once are in one product', async () => {
    const group = (value: string) => ({ code: 'TSHIRT', name: 'T-shirt', options: [{ name: 'Size', value }] })
    const made = ['S', 'M'].map(value => {
      const row = { sku: `T-${value}`, name: 'T-shirt', group: group(value) }
      return write('Product', [{ key: value, id: null, row }])
    })
    expect((await Promise.all(made)).flat().map(each => each.is)).toEqual(['applied', 'applied'])
    expect(fake.books.products.count()).toBe(1)
    expect(fake.books.variants.all().map(({ sku }) => sku)).toEqual(['T-S', 'T-M'])
  })

  test('two invoices that are told at once are both there, the later one after another look', async () => {
    const { id } = order(1)
    const bill = (number: string) => ({
      key: number,
      id: null,
      row: { orders: [id], number, status: 'posted', payable: '16.89', currency: 'EUR' },
    })
    const first = write('Invoice', [bill('INV/1')])
    const outcomes = (await Promise.all([first, write('Invoice', [bill('INV/2')])])).flat()
    expect(outcomes.map(each => [each.is, 'problem' in each ? each.problem.kind : ''])).toEqual([
      ['applied', ''],
      ['refused', 'conflict'],
    ])
    await write('Invoice', [bill('INV/2')])
    expect(fake.books.orders.get(id)?.metafields[0]?.value).toMatch(/INV\/1.*INV\/2/)
  })

  test('a product that another node made meanwhile keeps its variants', async () => {
    const row = (value: string) => ({
      sku: `T-${value}`,
      name: 'T-shirt',
      group: { code: 'TSHIRT', name: 'T-shirt', options: [{ name: 'Size', value }] },
    })
    // Settings of its own: another process.
    const others = ['S', 'M'].map(async value => {
      const node = await shopify.open(settings(), lab)
      await node.facts()
      return write('Product', [{ key: value, id: null, row: row(value) }], node)
    })
    const outcomes = (await Promise.all(others)).flat()
    expect(outcomes.map(each => [each.is, 'problem' in each ? each.problem.kind : ''])).toEqual([
      ['applied', ''],
      ['refused', 'conflict'],
    ])
    await write('Product', [{ key: 'M', id: null, row: row('M') }])
    expect(fake.books.variants.all().map(({ sku }) => sku)).toEqual(['T-S', 'T-M'])
  })

  test('a sale shows the old price beside the new one, and is taken back when it ends', async () => {
    const product = fake.addProduct({ sku: 'ONE', name: 'One', price: 1000, stock: 1 })
    const sale = { amount: '8.00', to: new Date(lab.now() + hour).toISOString() }
    const row = { product, currency: 'EUR', taxInclusive: true, list: '10.00', sale }
    const [first] = await write('Price', [{ key: 'k', id: null, row }])
    expect(first).toMatchObject({ is: 'applied', again: lab.now() + hour })
    expect(fake.books.variants.get(product)).toMatchObject({ price: 800, compareAtPrice: 1000 })
    lab.advance(hour)
    await write('Price', [{ key: 'k', id: product, row }])
    expect(fake.books.variants.get(product)).toMatchObject({ price: 1000, compareAtPrice: null })
  })

  test('a net price in a shop of gross ones is refused, or turned by the rate of the settings', async () => {
    const product = fake.addProduct({ sku: 'ONE', name: 'One', price: 1000, stock: 1 })
    const writes = [
      { key: 'k', id: null, row: { product, currency: 'EUR', taxInclusive: false, list: '10.00' } },
    ]
    expect(await write('Price', writes)).toMatchObject([{ is: 'refused', problem: { kind: 'settings' } }])
    const told = await shopify.open(settings({ priceTaxRate: '19' }), lab)
    expect(await write('Price', writes, told)).toMatchObject([{ is: 'applied' }])
    expect(fake.books.variants.get(product)?.price).toBe(1190)
  })

  test('the connection test tells the version, its end, the missing scopes and the webhooks', async () => {
    await begin({ scopes: ['write_orders', 'write_products'] })
    const health = await shopify.health(session)
    expect(health).toMatchObject({ is: 'degraded', version: 'Shopify Basic, Admin API 2026-10' })
    const notes = health.notes.join('\n')
    expect(notes).toContain('write_inventory')
    expect(notes).toContain('2026-10 of the API can be relied on until 2027-10-01')
    expect(notes).toContain('Not subscribed yet to ORDERS_CREATE')
    expect(notes).toContain('read_all_orders')
  })

  test('an answer as of another version is told', async () => {
    const old = makeLab(async (url, init) => {
      const { status, headers, body } = await fetchFrom(fake.handler)(url, init)
      const changed = new Headers(headers)
      changed.set('x-shopify-api-version', '2027-01')
      return new Response(body, { status, headers: changed })
    })
    const health = await shopify.health(await shopify.open(settings(), old))
    expect(health.is).toBe('degraded')
    expect(health.notes[0]).toContain('answers as of 2027-01')
  })

  test('a subscription that Shopify dropped is made anew', async () => {
    const url = 'https://linchpin.test/webhooks/shop'
    await shopify.webhook?.subscribe?.(session, url)
    expect(await shopify.webhook?.subscribe?.(session, url)).toEqual([])
    order(1)
    const received: string[] = []
    for (let turn = 0; turn < 8; turn += 1) {
      order(1)
      await fake.sendWebhooks(async (_, headers) => {
        received.push(headers['x-shopify-topic'] ?? '')
        return 500
      })
    }
    expect(received).toContain('orders/create')
    const repairs = await shopify.webhook?.subscribe?.(session, url)
    expect(repairs).toContain('Subscribed to ORDERS_CREATE.')
  })

  async function begin(options: Partial<FakeOptions> = {}, given: Partial<Settings> = {}): Promise<void> {
    lab = makeLab((url, init) => fetchFrom(fake.handler)(url, init))
    fake = fakeShopify({ shelf: new Shelf(null), now: lab.now, ...app, restoreRate: 100_000, ...options })
    session = await shopify.open(settings(given), lab)
  }

  function settings(given: Partial<Settings> = {}): Settings {
    return shopify.settings.parse({ url: 'https://example.myshopify.com', ...app, ...given })
  }

  function order(quantity: number): { readonly id: string; readonly variant: string } {
    const variant = fake.addProduct({
      sku: `MUG-${fake.books.variants.count()}`,
      name: 'Mug',
      price: 1199,
      stock: 10,
    })
    const { id } = fake.placeOrder({ lines: [{ variant, quantity }], email: 'ada@example.com' })
    return { id, variant }
  }

  /** The variants that are told from this cursor on, to the end. */
  async function sweptProducts(after: string | null, limit = 50) {
    const pages: string[][] = []
    let next = after
    for (let more = true; more;) {
      const page = await shopify.entities.Product!.changes!(session, next, limit)
      pages.push(page.items.map(({ id }) => id))
      ;({ next, more } = page)
    }
    return { ids: pages.flat(), most: Math.max(...pages.map(each => each.length)), next }
  }

  async function read(id: string): Promise<SalesOrder> {
    const [shot] = (await shopify.entities.SalesOrder?.get?.(session, [id])) ?? []
    const { value } = applyMapping(orderMapping, shot?.row as OrderRow, { link: () => null })
    return salesOrder.parse(value)
  }

  async function write(
    entity: 'StockLevel' | 'Product' | 'Price' | 'Shipment' | 'Invoice',
    writes: readonly { readonly key: string; readonly id: string | null; readonly row: object }[],
    at = session,
  ): Promise<readonly Outcome[]> {
    return (await shopify.entities[entity]?.writer?.write(at, writes as never)) ?? []
  }

  /** The variables of what was sent under this name. */
  function sentOf(name: string): readonly Sent[] {
    return fake.asked.filter(each => each.name === name).map(({ variables }) => variables as unknown as Sent)
  }

  /** What anybody with a token may ask. */
  async function adminAsks(query: string): Promise<unknown> {
    const grant = {
      grant_type: 'client_credentials',
      client_id: app.clientId,
      client_secret: app.clientSecret,
    }
    const ask = (path: string, body: object, headers = {}) =>
      fetchFrom(fake.handler)(`https://example.myshopify.com/admin/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
    const { access_token: token } = (await (await ask('oauth/access_token', grant)).json()) as Record<
      string,
      string
    >
    return (await ask('api/2026-10/graphql.json', { query }, { 'x-shopify-access-token': token })).json()
  }

  function ship(id: string, number: string, lines: readonly object[]) {
    return write('Shipment', [{ key: number, id: null, row: shipmentRow(id, number, lines) }])
  }
})

const shipmentRow = (order: string, number: string, lines: readonly object[]) => ({
  order,
  number,
  status: 'shipped',
  carrier: 'DHL',
  tracking: [{ number: 'JJD1' }],
  lines,
})
