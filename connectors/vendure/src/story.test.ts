import { Problem, type Outcome, type Writer } from '@linchpin/connector'
import { makeLab, type Lab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { applyMapping, compileMapping } from '@linchpin/mapping'
import { documentProblems, salesOrder, type SalesOrder } from '@linchpin/model'
import { beforeEach, describe, expect, test } from 'vitest'
import { fakeVendure, type FakeOptions, type FakeVendure } from './fake/fake-vendure.ts'
import type { OrderRow } from './order-row.ts'
import type { Session } from './session.ts'
import { vendure } from './vendure.ts'

const password = 'a-password'
const orderMapping = compileMapping(vendure.entities.SalesOrder!.mapping)

describe("the connector at Vendure's look-alike", () => {
  let fake: FakeVendure
  let lab: Lab
  let session: Session
  beforeEach(() => begin())

  test.each([true, false])(
    'an order with a coupon and two rates adds up (prices with tax: %s)',
    async gross => {
      await begin({ pricesIncludeTax: gross })
      const mug = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
      const book = fake.addProduct({ sku: 'BOOK', name: 'Book', price: 1600, stock: 10, taxCategory: '2' })
      const lines = [
        { variant: mug, quantity: 3 },
        { variant: book, quantity: 2 },
      ]
      const { id } = fake.placeOrder({ lines, email: 'ada@example.com', couponCode: 'TENOFF' })
      const order = await read(id)
      expect(documentProblems(order)).toEqual([])
      expect(order.lines.map(({ taxes }) => taxes?.[0]?.rate)).toEqual(['19', '7'])
      expect(order.discounts?.map(({ code, amount }) => [code, Number(amount)])).toEqual([['TENOFF', 6.8]])
      expect(order.totals.payable).toBe(gross ? '66.07' : '75.17')
    },
  )

  test('an order that was placed long after its cart was last changed is told', async () => {
    const variant = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
    const begun = (await sweep(null)).next
    lab.advance(86_400_000)
    const { id } = fake.placeOrder({ lines: [{ variant, quantity: 1 }], email: 'ada@example.com' })
    const there = fake.books.orders.get(id)!
    fake.books.orders.put(id, { ...there, updatedAt: new Date(lab.now() - 3_600_000).toISOString() })
    expect((await sweep(begun)).ids).toEqual([id])
  })

  test('a payment that is settled later is told, though no stamp moves', async () => {
    const variant = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
    const { id } = fake.placeOrder({ lines: [{ variant, quantity: 1 }], email: 'a@b.de', settled: false })
    const { next } = await sweep(null)
    const there = fake.books.orders.get(id)!
    const entry = {
      id: '999',
      createdAt: there.createdAt,
      type: 'ORDER_PAYMENT_TRANSITION',
      isPublic: true,
      data: {},
    }
    const payments = there.payments.map(each => ({ ...each, state: 'Settled' }))
    fake.books.orders.put(id, { ...there, payments, history: [...there.history, entry] })
    expect((await read(id)).payment).toBe('paid')
    const again = await sweep(next)
    expect(again.ids).toEqual([id])
    expect((await sweep(again.next)).ids).toEqual([])
  })

  test('a session that Vendure forgot is opened again, once', async () => {
    await session.facts()
    fake.forgetSessions()
    const before = lab.seen.length
    expect((await vendure.health(session)).is).toBe('up')
    // Refused, signed in, asked again; and then the rights.
    expect(lab.seen.length - before).toBe(4)
  })

  test('an unknown stock location is told with the ones there are', async () => {
    const settings = vendure.settings.parse({ ...given, stockLocation: 'Bremen' })
    const { is, notes } = await vendure.health((await vendure.open(settings, lab)) as Session)
    expect([is, notes[0]]).toEqual(['degraded', expect.stringContaining("'Default Stock Location'")])
  })

  test('stock is published on top of what open orders hold', async () => {
    const variant = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
    fake.placeOrder({ lines: [{ variant, quantity: 3 }], email: 'ada@example.com' })
    const [outcome] = await write('StockLevel', { product: variant, available: '4.9' })
    expect(outcome?.is).toBe('applied')
    expect(fake.books.variants.get(variant)).toMatchObject({ stockOnHand: 7, stockAllocated: 3 })
  })

  test('a new product is hidden until it has a price, and is looked at again until then', async () => {
    const row = { sku: 'NEW', name: 'New', enabled: true }
    const [made] = await write('Product', row)
    const id = made?.is === 'applied' ? made.id : ''
    expect(made).toMatchObject({ again: lab.now() + 30_000 })
    expect(fake.books.variants.get(id)?.enabled).toBe(false)
    await write('Price', { product: id, currency: 'EUR', taxInclusive: true, list: '5.00' })
    const [shown] = await write('Product', row, id)
    expect(shown).not.toHaveProperty('again')
    expect(fake.books.variants.get(id)?.enabled).toBe(true)
  })

  test('a price without tax is written with it where the channel wants that', async () => {
    const product = fake.addProduct({ sku: 'MUG', name: 'Mug' })
    await write('Price', { product, currency: 'EUR', taxInclusive: false, list: '10.00' })
    expect(fake.books.variants.get(product)?.prices).toEqual([{ currencyCode: 'EUR', price: 1190 }])
  })

  test('a sale begins and ends by writing again at its instants', async () => {
    const product = fake.addProduct({ sku: 'MUG', name: 'Mug' })
    const from = lab.now() + 60_000
    const to = lab.now() + 120_000
    const sale = { amount: '8.00', from: new Date(from).toISOString(), to: new Date(to).toISOString() }
    const price = { product, currency: 'EUR', taxInclusive: true, list: '10.00', sale }
    const seen: unknown[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      const [outcome] = await write('Price', price)
      const again = outcome?.is === 'applied' ? (outcome.again ?? null) : null
      seen.push([fake.books.variants.get(product)?.prices[0]?.price, again])
      lab.advance(60_000)
    }
    expect(seen).toEqual([
      [1000, from],
      [800, to],
      [1000, null],
    ])
  })

  test('a tracking number that comes late is told in a public note', async () => {
    const variant = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
    const { id: order } = fake.placeOrder({ lines: [{ variant, quantity: 1 }], email: 'ada@example.com' })
    const row = { order, number: 'SHP/1', carrier: 'DHL', lines: [{ product: variant, quantity: '1' }] }
    const [first] = await write('Shipment', { ...row, status: 'ready', trackingCodes: [] })
    const id = first?.is === 'applied' ? first.id : ''
    for (let turn = 0; turn < 2; turn += 1)
      await write('Shipment', { ...row, status: 'shipped', trackingCodes: ['JJD1'] }, id)
    const { state, history } = fake.books.orders.get(order)!
    expect(state).toBe('Shipped')
    expect(history.flatMap(({ data }) => data['note'] ?? [])).toEqual(['Tracking of DHL (SHP/1): JJD1'])
  })

  test('half a piece is refused in words', async () => {
    const variant = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
    const { id: order } = fake.placeOrder({ lines: [{ variant, quantity: 1 }], email: 'ada@example.com' })
    const lines = [{ product: variant, sku: 'MUG', quantity: '0.5' }]
    const row = { order, number: 'SHP/1', status: 'shipped', trackingCodes: [], lines }
    const [outcome] = await write('Shipment', row)
    expect(outcome?.is === 'refused' && outcome.problem.message).toContain('0.5 of MUG')
  })

  test('a shop without custom fields gets the ERP number as a private note', async () => {
    await begin({ customFields: false })
    const variant = fake.addProduct({ sku: 'MUG', name: 'Mug', price: 1199, stock: 10 })
    const { id } = fake.placeOrder({ lines: [{ variant, quantity: 1 }], email: 'ada@example.com' })
    for (let turn = 0; turn < 2; turn += 1) await write('SalesOrder', { number: 'S00042' }, id)
    const notes = fake.books.orders.get(id)!.history.filter(({ type }) => type === 'ORDER_NOTE')
    expect(notes).toMatchObject([{ isPublic: false, data: { note: 'Order in the ERP: S00042' } }])
    expect((await vendure.health(session)).notes).toHaveLength(4)
  })

  test('a wrong password is trouble with signing in', async () => {
    const settings = vendure.settings.parse({ ...given, password: 'wrong' })
    const { problem } = await vendure.health((await vendure.open(settings, lab)) as Session)
    expect(problem).toBeInstanceOf(Problem)
    expect(problem?.kind).toBe('login')
  })

  async function begin(options: Partial<FakeOptions> = {}) {
    const now = () => lab.now()
    fake = fakeVendure({ shelf: new Shelf(null), now, username: 'linchpin', password, ...options })
    lab = makeLab(fetchFrom(fake.handler))
    session = (await vendure.open(vendure.settings.parse(given), lab)) as Session
  }

  async function sweep(after: string | null): Promise<{ ids: string[]; next: string }> {
    const ids = new Set<string>()
    for (let next = after; ;) {
      const page = await vendure.entities.SalesOrder!.changes!(session, next, 10)
      for (const { id } of page.items) ids.add(id)
      next = page.next
      if (!page.more) return { ids: [...ids], next }
    }
  }

  async function read(id: string): Promise<SalesOrder> {
    const [shot] = await vendure.entities.SalesOrder!.get!(session, [id])
    return salesOrder.parse(applyMapping(orderMapping, shot?.row as OrderRow, { link: () => null }).value)
  }

  function write(
    entity: 'Product' | 'Price' | 'StockLevel' | 'Shipment' | 'SalesOrder',
    row: object,
    id: string | null = null,
  ): Promise<readonly Outcome[]> {
    const writer = vendure.entities[entity]!.writer! as Writer<Session, unknown>
    return writer.write(session, [{ key: `erp/${entity}/1`, id, row: writer.schema.parse(row) }])
  }
})

const given = { url: 'http://vendure.test', username: 'linchpin', password }
