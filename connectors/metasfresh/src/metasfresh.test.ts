import { connectorFor, type Outcome, type Problem } from '@linchpin/connector'
import { makeLab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { describe, expect, test } from 'vitest'
import { demoToken, fakeMetasfresh } from './fake/fake-metasfresh.ts'
import { createCandidates } from './fake/sales.ts'
import { metasfresh } from './metasfresh.ts'
import { basics, mugLine, orderOf, placeOrder } from './testing.ts'

describe('orders at a look-alike of metasfresh', () => {
  test('a repeat is passed over in silence, and the order is there once', async () => {
    const { write, order, fake } = await stage()
    await write([order({})])
    const [again] = await write([order({})])
    expect(again).toMatchObject({ is: 'applied', number: 'A1001' })
    expect(fake.books.orders.count()).toBe(1)
  })

  test('a blank line id, which would switch that off, is not let through', async () => {
    const { writer } = await stage()
    const row = { ...orderOf(fakeOf(), 'x'), lines: [{ ...mugLine('1', 'Mug'), externalLineId: ' ' }] }
    expect(writer.schema.safeParse(row).success).toBe(false)
  })

  test('the look-alike takes a blank one twice, as the source says it does', async () => {
    const { fake } = await stage()
    const request = { ...candidateOf(fake), externalLineId: '' }
    createCandidates(fake.world, { requests: [request] })
    createCandidates(fake.world, { requests: [request] })
    expect(fake.books.candidates.count()).toBe(2)
  })

  test('candidates that are not yet an order are owned up to, and the next try finds the order', async () => {
    const { write, order, fake } = await stage()
    fake.traps.slowClearing = true
    const [first] = await write([order({})])
    expect(restOf(first)).toMatchObject({ kind: 'passing' })
    fake.traps.slowClearing = false
    fake.people.clearCandidates()
    const [second] = await write([{ ...order({}), id: 'shop/77' }])
    expect(second).toMatchObject({ is: 'applied', number: 'A1001' })
    expect(second).not.toHaveProperty('rest')
  })

  test('an answer that is put by is no success, and names the switch', async () => {
    const { write, order, fake } = await stage()
    fake.traps.async = true
    const [outcome] = await write([order({ billAddress: undefined })])
    expect(outcome?.is).toBe('unknown')
    expect(problemOf(outcome).message).toMatch(/Force processed async/)
    fake.traps.async = false
    expect((await write([order({})]))[0]).toMatchObject({ is: 'applied' })
    expect(fake.books.orders.count()).toBe(1)
  })

  test('wrapped answers are unwrapped', async () => {
    const { write, order, fake, session } = await stage()
    fake.traps.wrap = true
    expect((await write([order({})]))[0]).toMatchObject({ is: 'applied', number: 'A1001' })
    expect((await metasfresh.health(session)).is).toBe('up')
  })

  test('a cent between the taxes of lines and of the document goes to the rounding product', async () => {
    const { write, order, fake, mug } = await stage()
    const line = (id: string) => ({
      ...mugLine(mug, 'Mug'),
      externalLineId: id,
      qty: '1',
      net: '0.13',
      tax: '0.02',
      taxes: [{ rate: '19', amount: '0.02' }],
    })
    const [outcome] = await write([order({ lines: ['1', '2', '3'].map(line), total: '0.45' })])
    expect(outcome).not.toHaveProperty('rest')
    const [booked] = fake.books.orders.all()
    expect(booked?.total).toBe('0.45')
    expect(booked?.lines.at(-1)).toMatchObject({ externalId: 'rounding', net: '-0.01' })
  })

  test('a larger difference is put before a person, with both totals', async () => {
    const { write, order } = await stage()
    const [outcome] = await write([order({ total: '25.00' })])
    expect(restOf(outcome).message).toMatch(/23\.8 in metasfresh and to 25\.00 in the shop/)
  })

  test('freight of two rates becomes a line a rate, each on its own product', async () => {
    const { write, order, fake } = await stage({ freight: { '19': 'FREIGHT', '7': 'FREIGHT-7' } })
    fake.people.makeProduct({ sku: 'FREIGHT-7', name: 'Freight', price: '0', category: 'REDUCED', type: 'S' })
    const taxes = [
      { rate: '19', amount: '0.57' },
      { rate: '7', amount: '0.14' },
    ]
    const charge = { externalLineId: 'charge-1', kind: 'shipping', productDescription: 'Parcel' }
    const charges = [{ ...charge, net: '5.00', tax: '0.71', taxes }]
    expect((await write([order({ charges, total: '29.51' })]))[0]).not.toHaveProperty('rest')
    const lines = fake.books.orders.all()[0]?.lines ?? []
    expect(lines.map(({ net, rate }) => [net, rate])).toEqual([
      ['20.00', '19'],
      ['3.00', '19'],
      ['2.00', '7'],
    ])
  })

  test('what was shipped is not reversed any more, and the words say why', async () => {
    const { write, order, fake } = await stage()
    await write([order({})])
    fake.people.ship(String(fake.books.orders.all()[0]?.id), 'TRACK-1')
    const [outcome] = await write([{ ...order({ state: 'cancelled' }), id: 'shop/77' }])
    expect(restOf(outcome).message).toMatch(/has shipment 51001/)
  })

  test('an order that goes to two addresses is refused with words', async () => {
    const { write, order } = await stage()
    const [outcome] = await write([order({ places: ['Berlin', 'Hamburg'] })])
    expect(problemOf(outcome).message).toMatch(/goes to 2 addresses/)
  })
})

describe('reading from a look-alike of metasfresh', () => {
  test('a parcel number that comes after its shipment is told, though the stamp stands still', async () => {
    const { fake, session, lab } = await stage()
    const shipment = fake.people.ship(placeOrder(fake, 'shop/1'), null)
    const { changes } = metasfresh.entities.Shipment ?? {}
    const first = await changes?.(session, null, 10)
    fake.people.addParcel(shipment, 'TRACK-9')
    lab.advance(3_600_000)
    const second = await changes?.(session, first?.next ?? null, 10)
    expect(JSON.stringify(second?.items)).toContain('TRACK-9')
  })

  test.each(['paid', 'isPaid'] as const)('a paid invoice is known as %s', async name => {
    const { fake, session } = await stage()
    fake.traps.paidName = name
    const order = placeOrder(fake, 'shop/1')
    fake.people.ship(order, null)
    const [invoice = ''] = fake.people.invoice(order)
    fake.people.pay(invoice)
    const page = await metasfresh.entities.Invoice?.changes?.(session, null, 10)
    expect(page?.items).toMatchObject([{ row: { Status: 'paid', OpenAmt: '0', Orders: ['shop/1'] } }])
  })

  test.each([false, true])(
    'an order committed late while a sweep of several pages takes hours is met (view sorted oldest first: %s)',
    async oldestFirst => {
      const { fake, session, lab } = await stage()
      fake.traps.oldestFirst = oldestFirst
      const { changes } = metasfresh.entities.SalesOrder ?? {}
      const place = (header: string) => {
        lab.advance(60_000)
        const id = Number(placeOrder(fake, header))
        return { id, updated: fake.books.orders.get(id)?.updated }
      }
      const oldest = place('shop/1')
      for (const header of ['shop/2', 'shop/3']) place(header)
      const first = await changes?.(session, null, 2)
      lab.advance(5 * 3_600_000)
      const late = place('shop/late')
      fake.books.orders.put(late.id, { ...fake.books.orders.get(late.id)!, updated: oldest.updated! })
      place('shop/new')
      const told: string[] = []
      let cursor = first?.next ?? null
      for (let sweeps = 0; sweeps < 2;) {
        const page = await changes?.(session, cursor, 2)
        told.push(...(page?.items ?? []).map(({ id }) => id))
        cursor = page?.next ?? null
        if (!page?.more) sweeps += 1
      }
      expect(told).toContain('shop/late')
      expect(told).toContain('shop/new')
    },
  )

  test('a selection of business partners that died is begun again', async () => {
    const { fake, session } = await stage()
    const { changes } = metasfresh.entities.Account ?? {}
    basics(fake)
    const dead = JSON.stringify({ since: 0, page: 'gone', told: 0, until: 1 })
    const page = await changes?.(session, dead, 10)
    expect(page).toMatchObject({ items: [], more: true })
    expect((await changes?.(session, page?.next ?? null, 10))?.items).toHaveLength(1)
  })
})

describe('what an installation can do', () => {
  test('the connection test names what is missing, and what cannot be done without it', async () => {
    const { fake, session } = await stage()
    Object.assign(fake.world.options, {
      processes: { ...fake.world.options.processes, shipments: null, orders: null },
    })
    const health = await metasfresh.health(session)
    expect(health).toMatchObject({ is: 'degraded', problem: { kind: 'settings' } })
    expect(health.notes.join('\n')).toMatch(/no process Linchpin_Sales_Orders_JSON/)
    expect(health.notes.join('\n')).toMatch(/shipments that left are not read/)
    expect(health.notes.join('\n')).toMatch(/Available_For_Sales_JSON answers: StockLevel can be read/)
  })

  test('what the settings say it lacks is no capability of the connection', () => {
    const processes = { orders: null, products: null, stock: null, shipments: null, invoices: null }
    const { entities } = connectorFor(metasfresh, settingsOf({ processes }))
    expect(Object.keys(entities).toSorted()).toEqual([
      'Account',
      'Payment',
      'ReturnAuthorization',
      'SalesOrder',
    ])
    expect(entities.SalesOrder).not.toHaveProperty('get')
  })

  test('an organisation that is not there is a setting to correct', async () => {
    const { session } = await stage({ org: '999' })
    expect(await metasfresh.health(session)).toMatchObject({ is: 'down', problem: { kind: 'settings' } })
  })
})

test('the page for people says what it is not, and its buttons work', async () => {
  const { fake } = await stage()
  const id = placeOrder(fake, 'shop/1')
  const ask = fetchFrom(fake.handler)
  expect(await (await ask('http://erp.test/')).text()).toContain('It is not metasfresh')
  const press = (what: string, of: string) =>
    ask('http://erp.test/', {
      method: 'POST',
      body: new URLSearchParams({ do: what, id: of, tracking: 'T-1' }),
    })
  await press('ship', id)
  await press('invoice', id)
  expect(fake.books.shipments.all()).toMatchObject([{ parcels: ['T-1'] }])
  await press('pay', String(fake.books.invoices.all()[0]?.id))
  expect(fake.books.invoices.all()).toMatchObject([{ paid: true }])
  const refused = await press('cancel', id)
  expect(refused.headers.get('location')).toContain('has%20shipment')
})

const settingsOf = (own: object) =>
  metasfresh.settings.parse({ url: 'https://erp.example.org', token: demoToken, ...own })
const fakeOf = () => fakeMetasfresh({ shelf: new Shelf(null), now: () => Date.UTC(2030, 0, 1) })

async function stage(own: object = {}) {
  const clock = { now: Date.UTC(2030, 0, 1) }
  const fake = fakeMetasfresh({ shelf: new Shelf(null), now: () => clock.now })
  const lab = makeLab(fetchFrom(fake.handler), clock)
  const session = await metasfresh.open(settingsOf(own), lab)
  const { writer } = metasfresh.entities.SalesOrder ?? {}
  if (!writer) throw new Error('The orders of metasfresh are written.')
  const { mug } = basics(fake)
  const order = (more: object) => ({
    key: 'shop/SalesOrder/77',
    id: null as string | null,
    row: writer.schema.parse(orderOf(fake, 'Mug', more)) as unknown,
  })
  const write = (orders: readonly ReturnType<typeof order>[]) => writer.write(session, orders)
  return { fake, lab, session, writer, order, write, mug }
}

const candidateOf = (fake: ReturnType<typeof fakeOf>) => {
  placeOrder(fake, 'shop/1')
  const [candidate] = fake.books.candidates.all()
  fake.books.candidates.remove(candidate?.id ?? 0)
  return candidate?.request ?? {}
}

function problemOf(outcome: Outcome | undefined): Problem {
  if (outcome && 'problem' in outcome) return outcome.problem
  throw new Error('There is no problem.')
}

function restOf(outcome: Outcome | undefined): Problem {
  if (outcome?.is === 'applied' && outcome.rest) return outcome.rest
  throw new Error('There is no rest.')
}
