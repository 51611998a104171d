import { buildDocument, type Draft, type SalesOrder } from '@linchpin/model'
import { describe, expect, test } from 'vitest'
import { odoo } from './odoo.ts'
import { makeWorld, versions, type World } from './testing.ts'

/** An order of the shop for Jane Roe, who is in the demo data by e-mail. */
function shopOrder(draft: Partial<Draft> = {}, more: Partial<SalesOrder> = {}): SalesOrder {
  const priced = buildDocument({ currency: 'EUR', taxInclusive: false, lines: [], ...draft })
  const address = {
    name: 'Jane Roe',
    streetName: 'Hauptstr. 1',
    postalZone: '10115',
    cityName: 'Berlin',
    country: 'DE',
  }
  return {
    id: '1042',
    number: 'W-1042',
    issuedAt: '2029-12-31T10:15:00Z',
    status: 'open',
    fulfilment: 'none',
    invoicing: 'none',
    payment: 'paid',
    buyer: { id: '7', kind: 'person', name: 'Jane Roe', email: 'jane.roe@example.org' },
    deliveries: [{ id: 'd1', address }],
    billingAddress: address,
    ...priced,
    ...more,
  } as SalesOrder
}

const mugs = (quantity: string, more = {}) => ({
  id: '1',
  kind: 'item' as const,
  product: 'p1',
  sku: 'MUG-ENAMEL',
  name: 'Enamel mug',
  quantity,
  unitPrice: '12.50',
  rates: [{ rate: '19' }],
  ...more,
})
const tea = (quantity: string, more = {}) => ({
  id: '2',
  kind: 'item' as const,
  product: 'p2',
  sku: 'TEA-HARBOUR',
  name: 'Tea',
  quantity,
  unitPrice: '9.81',
  rates: [{ rate: '7' }],
  ...more,
})
const shipping = {
  id: 's',
  kind: 'shipping' as const,
  name: 'DHL parcel',
  price: '4.90',
  rates: [{ rate: '19' }],
}

const orderIn = (world: World, id: string) => world.fake.orm.need('sale.order', Number(id))
const stateOf = (world: World, id: string) => orderIn(world, id)['state']
const applied = (outcome: Awaited<ReturnType<World['write']>>) => {
  if (outcome.is !== 'applied') throw new Error(`${outcome.is}: ${outcome.problem.message}`)
  return outcome
}

describe.each(versions)('orders against a look-alike of Odoo %i', version => {
  test('an order with two rates, a discount, shipping and a note is confirmed, equal to the cent', async () => {
    const world = await makeWorld(version)
    const order = shopOrder(
      {
        lines: [mugs('3', { discounts: [{ amount: '3.75', of: 'line' }] }), tea('2')],
        charges: [shipping],
      },
      { notes: [{ text: 'Please ring twice', by: 'buyer' }] },
    )
    const { id, rest, number } = applied(await world.write('SalesOrder', order))
    expect(rest).toBeUndefined()
    expect(number).toMatch(/^S\d{5}$/)
    const there = await world.read('SalesOrder', id)
    expect(there.status).toBe('open')
    expect(Number(there.totals.payable)).toBe(Number(order.totals.payable))
    expect(Number(there.totals.tax)).toBe(Number(order.totals.tax))
    expect(there.lines.map(line => [line.sku, Number(line.net)])).toEqual([
      ['MUG-ENAMEL', 33.75],
      ['TEA-HARBOUR', 19.62],
    ])
    expect(there.charges).toMatchObject([{ kind: 'shipping', name: 'DHL parcel' }])
    expect(Number(there.totals.rounding)).toBe(0)
    expect(there.buyer.email).toBe('jane.roe@example.org')
    expect(there.buyerReference).toBe('W-1042')
  })

  test('a consumer order with gross prices takes the taxes that prices contain', async () => {
    const world = await makeWorld(version)
    const order = shopOrder({
      taxInclusive: true,
      lines: [mugs('2', { unitPrice: '14.99' }), tea('1', { unitPrice: '10.50' })],
    })
    const { id, rest } = applied(await world.write('SalesOrder', order))
    expect(rest).toBeUndefined()
    const there = await world.read('SalesOrder', id)
    expect([there.taxInclusive, there.status, Number(there.totals.payable)]).toEqual([true, 'open', 40.48])
  })

  test('without taxes that prices contain, a gross order is entered net and still comes to the cent', async () => {
    const world = await makeWorld(version)
    const { orm } = world.fake
    orm.transaction(() =>
      orm.write(
        'account.tax',
        orm.search('account.tax', [['price_include', '=', true]]).map(tax => tax.id),
        { active: false },
      ),
    )
    const order = shopOrder({ taxInclusive: true, lines: [mugs('3', { unitPrice: '14.99' })] })
    const { id, rest } = applied(await world.write('SalesOrder', order))
    expect(rest).toBeUndefined()
    const there = await world.read('SalesOrder', id)
    expect([there.status, Number(there.totals.payable)]).toEqual(['open', 44.97])
  })

  test('a cent of difference becomes a line that explains it', async () => {
    const world = await makeWorld(version)
    const order = shopOrder({ lines: [mugs('2')] })
    const payable = (Number(order.totals.payable) + 0.01).toFixed(2)
    const off = { ...order, totals: { ...order.totals, payable } }
    const { id, rest } = applied(await world.write('SalesOrder', off))
    expect(rest).toBeUndefined()
    const there = await world.read('SalesOrder', id)
    expect([there.status, there.totals.payable, there.totals.rounding]).toEqual(['open', payable, '0.01'])
  })

  test('a larger difference leaves the draft unconfirmed and names both totals', async () => {
    const world = await makeWorld(version)
    const order = shopOrder({ lines: [mugs('2')] })
    const off = { ...order, totals: { ...order.totals, payable: '31.00' } }
    const { id, rest } = applied(await world.write('SalesOrder', off))
    expect(rest?.kind).toBe('refused')
    expect(rest?.message).toMatch(/29\.75 EUR .* 31\.00 EUR/)
    expect(stateOf(world, id)).toBe('draft')
  })

  test('a tax rate that Odoo does not have is refused by its name, and nothing is left behind', async () => {
    const world = await makeWorld(version)
    const outcome = await world.write(
      'SalesOrder',
      shopOrder({ lines: [mugs('1', { rates: [{ rate: '16.5' }] })] }),
    )
    expect(outcome).toMatchObject({ is: 'refused', problem: { kind: 'refused' } })
    expect(outcome.is === 'refused' && outcome.problem.message).toContain('16.5 %')
    expect(world.fake.orm.all('sale.order')).toEqual([])
  })

  test('a fiscal position that Odoo chooses itself does not change the taxes of the shop', async () => {
    const world = await makeWorld(version)
    world.fake.orm.fiscalTrap = true
    const { id, rest } = applied(await world.write('SalesOrder', shopOrder({ lines: [mugs('1')] })))
    expect([rest, stateOf(world, id)]).toEqual([undefined, 'sale'])
  })

  test('the same order twice is there once, also when its lines are', async () => {
    const world = await makeWorld(version)
    const order = shopOrder({ lines: [mugs('3'), tea('1')], charges: [shipping] })
    const first = applied(await world.write('SalesOrder', order))
    const second = applied(await world.write('SalesOrder', order))
    expect(second).toEqual(first)
    expect(world.fake.orm.all('sale.order')).toHaveLength(1)
    expect(world.fake.orm.all('sale.order.line')).toHaveLength(3)
  })

  test('two orders with the same number of the customer are two orders', async () => {
    const world = await makeWorld(version)
    const order = shopOrder({ lines: [mugs('1')] }, { buyerReference: 'PO-7' })
    applied(await world.write('SalesOrder', order, { key: 'shop/SalesOrder/1' }))
    applied(await world.write('SalesOrder', order, { key: 'shop/SalesOrder/2' }))
    expect(world.fake.orm.all('sale.order')).toHaveLength(2)
  })

  test('another delivery address becomes one address of the customer, however often it is used', async () => {
    const world = await makeWorld(version)
    const address = {
      name: 'Jane Roe',
      streetName: 'Nebenstr. 2',
      postalZone: '10117',
      cityName: 'Berlin',
      country: 'DE',
    }
    const order = shopOrder({ lines: [mugs('1')] }, { deliveries: [{ id: 'd1', address }] })
    const { id } = applied(await world.write('SalesOrder', order, { key: 'shop/SalesOrder/1' }))
    applied(await world.write('SalesOrder', order, { key: 'shop/SalesOrder/2' }))
    const children = world.fake.orm
      .all('res.partner')
      .filter(row => row['parent_id'] !== undefined && row['parent_id'] !== false)
    expect(children).toMatchObject([{ type: 'delivery', street: 'Nebenstr. 2' }])
    expect((await world.read('SalesOrder', id)).deliveries[0]?.address?.streetName).toBe('Nebenstr. 2')
  })

  test('a confirmed order of which nothing left is changed line by line', async () => {
    const world = await makeWorld(version)
    const { id } = applied(await world.write('SalesOrder', shopOrder({ lines: [mugs('3'), tea('1')] })))
    const edited = shopOrder({
      lines: [
        mugs('2'),
        { ...tea('1'), id: '3', sku: 'ROPE-10M', name: 'Rope', unitPrice: '17.90', rates: [{ rate: '19' }] },
      ],
    })
    const { rest } = applied(await world.write('SalesOrder', edited, { id }))
    expect(rest).toBeUndefined()
    const there = await world.read('SalesOrder', id)
    expect(there.totals.payable).toBe(Number(edited.totals.payable).toString())
    expect(there.lines.map(line => [line.sku, line.quantity])).toEqual([
      ['MUG-ENAMEL', '2'],
      ['TEA-HARBOUR', '0'],
      ['ROPE-10M', '1'],
    ])
  })

  test('where Odoo goes on picking more than is ordered, a person is told what to change', async () => {
    const world = await makeWorld(version)
    world.fake.orm.keepsMoves = true
    const { id } = applied(await world.write('SalesOrder', shopOrder({ lines: [mugs('3')] })))
    const { rest } = applied(await world.write('SalesOrder', shopOrder({ lines: [mugs('2')] }), { id }))
    expect(rest?.message).toMatch(/by hand: "Enamel mug": 3 → 2/)
  })

  test('an order of which something left is not touched: a person is told what to change', async () => {
    const world = await makeWorld(version)
    const { id } = applied(await world.write('SalesOrder', shopOrder({ lines: [mugs('3')] })))
    const [picking = 0] = world.fake.pick(Number(id))
    world.fake.ship(picking, { parts: { 'MUG-ENAMEL': 1 } })
    const { rest } = applied(await world.write('SalesOrder', shopOrder({ lines: [mugs('2')] }), { id }))
    expect(rest).toMatchObject({ kind: 'refused' })
    expect(rest?.message).toMatch(/delivered.*"Enamel mug": 3 → 2/)
    expect((await world.read('SalesOrder', id)).lines[0]?.quantity).toBe('3')
  })

  test('a cancelled order is cancelled, and one that left is not', async () => {
    const world = await makeWorld(version)
    const order = shopOrder({ lines: [mugs('3')] })
    const cancelled = { ...order, status: 'cancelled' as const }
    const one = applied(await world.write('SalesOrder', order, { key: 'shop/SalesOrder/1' }))
    expect(applied(await world.write('SalesOrder', cancelled, { id: one.id })).rest).toBeUndefined()
    expect(stateOf(world, one.id)).toBe('cancel')
    const two = applied(await world.write('SalesOrder', order, { key: 'shop/SalesOrder/2' }))
    world.fake.pick(Number(two.id)).forEach(picking => world.fake.ship(picking))
    const late = applied(await world.write('SalesOrder', cancelled, { id: two.id }))
    expect(late.rest?.message).toMatch(/delivered or invoiced/)
    expect(stateOf(world, two.id)).toBe('sale')
  })

  test('an order whose tax rate was taken away meanwhile can still be cancelled', async () => {
    const world = await makeWorld(version)
    const order = shopOrder({ lines: [mugs('1')] })
    const { id } = applied(await world.write('SalesOrder', order))
    const { orm } = world.fake
    const taxes = orm.all('account.tax').map(tax => tax.id)
    orm.transaction(() => orm.write('account.tax', taxes, { active: false }))
    const cancelled = { ...order, status: 'cancelled' as const }
    expect(applied(await world.write('SalesOrder', cancelled, { id })).rest).toBeUndefined()
    expect(stateOf(world, id)).toBe('cancel')
  })

  test('a currency of its own needs a pricelist in it, and overrules the one of the customer', async () => {
    const world = await makeWorld(version)
    const { orm } = world.fake
    const dollars = shopOrder({ currency: 'USD', lines: [mugs('1')] })
    const outcome = await world.write('SalesOrder', dollars)
    expect(outcome.is === 'refused' && outcome.problem.message).toMatch(/no pricelist in USD/)
    const [usd] = orm.search('res.currency', [['name', '=', 'USD']])
    const list = orm.transaction(
      () => orm.create('product.pricelist', { name: 'Dollars', currency_id: usd?.id }).id,
    )
    const { id } = applied(await world.write('SalesOrder', dollars))
    expect((await world.read('SalesOrder', id)).currency).toBe('USD')
    const [jane] = orm.search('res.partner', [['email', '=', 'jane.roe@example.org']])
    orm.transaction(() => orm.write('res.partner', [jane?.id ?? 0], { property_product_pricelist: list }))
    const euros = applied(
      await world.write('SalesOrder', shopOrder({ lines: [mugs('1')] }), { key: 'shop/SalesOrder/2' }),
    )
    expect([euros.rest?.message, (await world.read('SalesOrder', euros.id)).currency]).toEqual([
      undefined,
      'EUR',
    ])
  })

  test('quantities that Odoo cannot keep are refused; half a piece is not one of them', async () => {
    const world = await makeWorld(version)
    expect(applied(await world.write('SalesOrder', shopOrder({ lines: [tea('0.5')] }))).rest).toBeUndefined()
    const outcome = await world.write('SalesOrder', shopOrder({ lines: [tea('0.125')] }), {
      key: 'shop/SalesOrder/2',
    })
    expect(outcome.is === 'refused' && outcome.problem.message).toMatch(/keeps 2 decimals of a quantity/)
  })

  test('ten thousand of a thing come to the cent, and a price finer than Odoo keeps is explained', async () => {
    const world = await makeWorld(version)
    const many = shopOrder({ lines: [mugs('10000')] })
    const one = applied(await world.write('SalesOrder', many, { key: 'shop/SalesOrder/1' }))
    expect([one.rest?.message, stateOf(world, one.id)]).toEqual([undefined, 'sale'])
    const fine = shopOrder({ lines: [mugs('10000', { unitPrice: '0.3333' })] })
    const two = applied(await world.write('SalesOrder', fine, { key: 'shop/SalesOrder/2' }))
    expect(two.rest?.message).toMatch(/keeps 2 decimals of a price and "Enamel mug" costs 0\.3333/)
    const { orm } = world.fake
    const [precision] = orm.search('decimal.precision', [['name', '=', 'Product Price']])
    orm.transaction(() => orm.write('decimal.precision', [precision?.id ?? 0], { digits: 4 }))
    world.lab.advance(11 * 60_000)
    const again = applied(await world.write('SalesOrder', fine, { key: 'shop/SalesOrder/2' }))
    expect([again.rest?.message, stateOf(world, two.id)]).toEqual([undefined, 'sale'])
  })

  test('tracking numbers, both parts and the invoice with its PDF come back', async () => {
    const world = await makeWorld(version)
    const { fake, session } = world
    const { id } = applied(
      await world.write('SalesOrder', shopOrder({ lines: [mugs('3'), tea('2')], charges: [shipping] })),
    )
    const [first = 0] = fake.pick(Number(id))
    const second =
      fake.ship(first, {
        parts: { 'MUG-ENAMEL': 2, 'TEA-HARBOUR': 2 },
        tracking: '00340434161',
        carrier: 'DHL',
      }) ?? 0
    fake.ship(second, { tracking: '00340434162', carrier: 'DHL' })
    const parcels = [
      await world.read('Shipment', String(first)),
      await world.read('Shipment', String(second)),
    ]
    expect(
      parcels.map(each => [
        each.status,
        each.order,
        each.tracking,
        each.lines.map(line => [line.sku, line.quantity]),
      ]),
    ).toEqual([
      [
        'shipped',
        id,
        [{ number: '00340434161', carrier: 'DHL' }],
        [
          ['MUG-ENAMEL', '2'],
          ['TEA-HARBOUR', '2'],
        ],
      ],
      ['shipped', id, [{ number: '00340434162', carrier: 'DHL' }], [['MUG-ENAMEL', '1']]],
    ])
    const invoiceId = await fake.invoice(Number(id))
    const invoice = await world.read('Invoice', String(invoiceId))
    const order = await world.read('SalesOrder', id)
    expect(invoice).toMatchObject({ orders: [id], status: 'posted', balance: order.totals.payable })
    expect(invoice.totals.payable).toBe(order.totals.payable)
    expect(order).toMatchObject({
      status: 'closed',
      fulfilment: 'complete',
      invoicing: 'complete',
      payment: 'unpaid',
    })
    const file = await odoo.entities.Invoice?.file?.(session, String(invoiceId))
    expect(Buffer.from(file?.bytes.slice(0, 5) ?? []).toString()).toBe('%PDF-')
    fake.pay(invoiceId)
    expect((await world.read('SalesOrder', id)).payment).toBe('paid')
    const credit = await fake.credit(invoiceId)
    expect(await world.read('CreditNote', String(credit))).toMatchObject({
      invoice: String(invoiceId),
      orders: [id],
    })
  })
})

test('an invoice that was never printed is printed for a user with a password, against a look-alike', async () => {
  const world = await makeWorld(19, { password: 'demo-odoo-password' })
  const { id } = applied(await world.write('SalesOrder', shopOrder({ lines: [mugs('1')] })))
  world.fake.pick(Number(id)).forEach(picking => world.fake.ship(picking))
  const invoice = String(world.fake.post(Number(id)))
  const file = await odoo.entities.Invoice?.file?.(world.session, invoice)
  expect(Buffer.from(file?.bytes.slice(0, 5) ?? []).toString()).toBe('%PDF-')
  const keyOnly = await makeWorld(19)
  expect(keyOnly.settings.password).toBeUndefined()
})

test('an order that somebody else confirms a moment before us is applied, not refused, against a look-alike', async () => {
  const world = await makeWorld(19)
  world.fake.faults.always(request => {
    const [draft] = world.fake.orm.all('sale.order')
    if (request.url.endsWith('/action_confirm') && draft?.['state'] === 'draft') world.fake.confirm(draft.id)
    return null
  })
  const { id, rest } = applied(await world.write('SalesOrder', shopOrder({ lines: [mugs('1')] })))
  expect(rest).toBeUndefined()
  expect(stateOf(world, id)).toBe('sale')
})
