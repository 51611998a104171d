import { makeLab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { expect, test } from 'vitest'
import { stampIn } from './changes.ts'
import { demoAccess, fakeDolibarr } from './fake/fake-dolibarr.ts'
import { textOf, type Values } from './fake/books.ts'
import { serviceProduct } from './lookups.ts'
import { orders } from './orders.ts'
import type { OrderWrite } from './order-write-row.ts'
import { products } from './products.ts'
import { prices } from './prices.ts'
import { openSession } from './session.ts'
import { settings } from './settings.ts'
import { shipments } from './shipments.ts'

/** All against the look-alike. */
function setUp(own: Values = {}) {
  const clock = { now: Date.UTC(2030, 0, 1, 12) }
  const fake = fakeDolibarr({ shelf: new Shelf(null), now: () => clock.now })
  const lab = makeLab((url, init) => fetchFrom(fake.handler)(url, { ...init, signal: null }), clock)
  const session = openSession(settings.parse({ url: 'https://erp.example.org', ...demoAccess, ...own }), lab)
  const product = fake.people.makeProduct({ sku: 'MUG', name: 'Mug', price: '10', rate: '19', stock: '9' })
  const socid = String(fake.books.insert('thirdparties', { name: 'Ada', client: '1', status: '1' }).rowid)
  const line = {
    kind: 'item',
    fk_product: product,
    name: 'Mug',
    qty: '1',
    unit_price: '73.24',
    rates: ['19'],
  }
  const row: OrderWrite = {
    socid,
    ref_client: '1042',
    currency: 'EUR',
    cancelled: false,
    tax_included: false,
    total_ttc: '87.16',
    lines: [{ ...line, net: '73.24', tax: '13.92', gross: '87.16' }],
  }
  const write = async (different: Partial<OrderWrite> = {}, id: string | null = null) =>
    (
      await orders.writer?.write(session, [
        { key: 'shop/SalesOrder/1042', id, row: { ...row, ...different } },
      ])
    )?.[0]
  return { clock, fake, lab, session, product, write, row }
}

test('a cent that the two systems round differently becomes a line, and the order is validated', async () => {
  const { write, fake } = setUp()
  await write({ total_ttc: '87.15' })
  const [order] = fake.books.all('orders')
  expect(fake.orderOf(String(order?.rowid))).toMatchObject({ total: '87.15', status: '1' })
})

test('a total that is further off leaves a draft, with both totals in words', async () => {
  const { write, fake } = setUp()
  const outcome = await write({ total_ttc: '88.00' })
  expect(outcome).toMatchObject({ is: 'applied', rest: { kind: 'refused' } })
  expect(JSON.stringify(outcome && 'rest' in outcome && outcome.rest?.message)).toMatch(/88\.00.*87\.16/)
  expect(outcome).not.toHaveProperty('number')
  expect(fake.books.all('orders').map(each => textOf(each['statut']))).toEqual(['0'])
})

test('writing an order again changes nothing, and an order under way is never validated again', async () => {
  const { write, fake } = setUp()
  await write()
  fake.people.ship('1', 'PARCEL-1')
  await write({}, '1')
  expect(fake.books.all('orders').map(each => textOf(each['statut']))).toEqual(['2'])
})

test('an order without a shipment is changed by way of its draft; one with a shipment is for a person', async () => {
  const { write, fake, row } = setUp()
  await write()
  const [line] = row.lines
  const two = {
    lines: [{ ...line, qty: '2', net: '146.48', tax: '27.83', gross: '174.31' }],
    total_ttc: '174.31',
  }
  await write(two as Partial<OrderWrite>, '1')
  expect(fake.orderOf('1')).toMatchObject({ total: '174.31', status: '1' })
  fake.people.ship('1', 'PARCEL-1')
  const outcome = await write({}, '1')
  expect(outcome).toMatchObject({ is: 'applied', rest: { kind: 'refused' } })
})

test('a cancelled order is cancelled there', async () => {
  const { write, fake } = setUp()
  await write()
  expect(await write({ cancelled: true }, '1')).toMatchObject({ is: 'applied', id: '1' })
  expect(fake.orderOf('1').status).toBe('-1')
})

test('an order that was shipped is not cancelled: that is left to a person, who is told why', async () => {
  const { write, fake } = setUp()
  await write()
  const parcel = fake.people.ship('1', 'PARCEL-1')
  const outcome = await write({ cancelled: true }, '1')
  const ref = textOf(fake.books.need('shipments', parcel)['ref'])
  expect(outcome).toMatchObject({
    rest: { kind: 'refused', message: expect.stringContaining(ref) as string },
  })
  expect(fake.orderOf('1').status).toBe('2')
})

test('the oldest of two orders of one ref_ext is ours, and the other is left alone', async () => {
  const { write, fake } = setUp()
  await write()
  const { rowid, ...first } = fake.books.need('orders', '1')
  const twin = fake.books.insert('orders', first)
  expect(await write({ cancelled: true })).toMatchObject({ is: 'applied', id: String(rowid) })
  expect(fake.orderOf(String(twin.rowid)).status).toBe('1')
  expect(fake.books.all('orders')).toHaveLength(2)
})

test('the services that we book charges on are no products of the shop', async () => {
  const { write, fake, session } = setUp()
  await write({ total_ttc: '87.15' })
  const service = String(fake.people.productBySku('ROUNDING').rowid)
  expect(await products.get?.(session, [service])).toEqual([])
  expect(await products.match?.(session, [{ sku: 'ROUNDING' }])).toEqual([[]])
})

test('two orders that need the same service at once share it: neither is refused', async () => {
  const { fake, lab } = setUp()
  const open = () => openSession(settings.parse({ url: 'https://erp.example.org', ...demoAccess }), lab)
  const ids = await Promise.all([open(), open()].map(each => serviceProduct(each, 'shipping')))
  const [shipping, ...others] = fake.books.all('products').filter(each => each['type'] === 1)
  expect(others).toEqual([])
  expect(ids).toEqual([shipping?.rowid, shipping?.rowid])
})

test('a shipment finds its order by the lines that it sends, though it names none', async () => {
  const { write, fake, session } = setUp()
  await write()
  const id = fake.people.ship('1', 'PARCEL-1, PARCEL-2')
  const [shot] = (await shipments.get?.(session, [id])) ?? []
  expect(shot?.row).toMatchObject({
    order_id: '1',
    tracking: [{ number: 'PARCEL-1' }, { number: 'PARCEL-2' }],
  })
})

test('a change that was committed late is met by the next sweep', async () => {
  const { fake, session, product, clock } = setUp()
  const first = await products.changes?.(session, null, 10)
  const commit = fake.writeLate('products', product, { label: 'Late' })
  clock.now += 60_000
  const second = await products.changes?.(session, first?.next ?? null, 10)
  commit()
  const third = await products.changes?.(session, second?.next ?? null, 10)
  expect(third?.items.map(each => each.id)).toContain(product)
})

test('filters ask in the time of the server', () => {
  expect(stampIn(Date.UTC(2026, 10, 25, 2, 33, 6), 'Europe/Berlin')).toBe('20261125033306')
})

test('a connection test says when the time zone is another one', async () => {
  const { fake, session, write } = setUp({ timeZone: 'Europe/Berlin' })
  await write()
  const { dolibarr } = await import('./dolibarr.ts')
  expect((await dolibarr.health(session)).notes.join()).toMatch(/time zone Europe\/Berlin/)
  fake.traps.timeZone = 'Europe/Berlin'
  expect(await dolibarr.health(session)).toMatchObject({ is: 'up', notes: [] })
})

test('a price that Dolibarr keeps as it was, answering 200, is no price that was written', async () => {
  const { fake, session, product } = setUp()
  fake.traps.ignoresPrices = true
  const [outcome] =
    (await prices.writer?.write(session, [{ key: 'k', id: product, row: { list: '12' } }])) ?? []
  expect(outcome).toMatchObject({ is: 'refused' })
})
