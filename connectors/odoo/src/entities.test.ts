import { describe, expect, test } from 'vitest'
import type { Price } from '@linchpin/model'
import { odoo } from './odoo.ts'
import { makeWorld, start, versions, type World } from './testing.ts'

async function idsTold(world: World, name: keyof typeof odoo.entities, from: string | null) {
  const ids: string[] = []
  let after = from
  for (;;) {
    const page = await odoo.entities[name]?.changes?.(world.session, after, 50)
    if (!page) throw new Error(`${name} is not read`)
    for (const { id } of page.items) if (!ids.includes(id)) ids.push(id)
    after = page.next
    if (!page.more) return { ids, after }
  }
}

describe.each(versions)('against a look-alike of Odoo %i', version => {
  test('a variant names its group and what tells it from its siblings', async () => {
    const world = await makeWorld(version)
    const jacket = await world.read('Product', String(world.fake.productId('OILSKIN-L')))
    expect(jacket).toMatchObject({
      sku: 'OILSKIN-L',
      kind: 'goods',
      taxRate: '19',
      unit: 'C62',
      weightKg: '1.1',
    })
    expect(jacket.group).toMatchObject({ name: 'Oilskin jacket', options: [{ name: 'Size', value: 'L' }] })
    expect((await world.read('Price', jacket.id)).list).toBe('93')
    expect(await world.read('Product', String(world.fake.productId('SRV-RIGGING')))).toMatchObject({
      kind: 'service',
    })
  })

  test('a change of the template is told for its variants', async () => {
    const world = await makeWorld(version)
    const { after } = await idsTold(world, 'Product', null)
    world.lab.advance(300_000)
    const { orm } = world.fake
    const [template] = orm.search('product.template', [['name', '=', 'Oilskin jacket']])
    orm.transaction(() => orm.write('product.template', [template?.id ?? 0], { name: 'Oilskin coat' }))
    const told = await idsTold(world, 'Product', after)
    expect(told.ids.toSorted()).toEqual(
      ['S', 'M', 'L'].map(size => String(world.fake.productId(`OILSKIN-${size}`))).toSorted(),
    )
  })

  test('a stock move is told though the product stands still, and a reservation lowers what is available', async () => {
    const world = await makeWorld(version)
    const id = String(world.fake.productId('MUG-ENAMEL'))
    const { after } = await idsTold(world, 'StockLevel', null)
    world.lab.advance(300_000)
    world.fake.adjustStock('MUG-ENAMEL', 7)
    expect((await idsTold(world, 'StockLevel', after)).ids).toEqual([id])
    expect(await world.read('StockLevel', id)).toMatchObject({ onHand: '7', available: '7', reserved: '0' })
    const { orm } = world.fake
    const order = orm.transaction(() => {
      const [partner] = orm.search('res.partner', [['email', '=', 'jane.roe@example.org']])
      const line = { product_id: Number(id), product_uom_qty: 3 }
      return orm.create('sale.order', { partner_id: partner?.id, order_line: [[0, 0, line]] }).id
    })
    world.fake.confirm(order)
    expect(await world.read('StockLevel', id)).toMatchObject({ onHand: '7', available: '4', reserved: '3' })
  })

  test('a record that was committed late, behind a newer one, is not lost', async () => {
    const world = await makeWorld(version)
    const { orm } = world.fake
    const [jane, kontor] = orm.search('res.partner', [['ref', '!=', false]]).map(row => row.id)
    const { after } = await idsTold(world, 'Account', null)
    world.lab.advance(10_000)
    const commit = world.fake.writeLate('res.partner', [jane ?? 0], { phone: '1' })
    world.lab.advance(3_000)
    orm.transaction(() => orm.write('res.partner', [kontor ?? 0], { phone: '2' }))
    const second = await idsTold(world, 'Account', after)
    expect(second.ids).toEqual([String(kontor)])
    commit()
    expect((await idsTold(world, 'Account', second.after)).ids).toEqual([String(jane)])
  })

  test('dated sales and quantity breaks of the pricelist are read and written', async () => {
    const world = await makeWorld(version, { pricelist: 1 })
    const lamp = await world.read('Price', String(world.fake.productId('LAMP-STORM')))
    expect(lamp).toMatchObject({
      list: '34.9',
      currency: 'EUR',
      taxInclusive: false,
      sale: { amount: '29.9' },
    })
    expect(lamp.sale?.to?.slice(0, 10)).toBe(new Date(start + 14 * 86_400_000).toISOString().slice(0, 10))
    const id = String(world.fake.productId('ROPE-10M'))
    expect((await world.read('Price', id)).breaks).toMatchObject([{ minimumQuantity: '5', amount: '15.5' }])
    const wanted: Price = {
      id,
      product: id,
      currency: 'EUR',
      taxInclusive: false,
      list: '18.50',
      sale: { amount: '16.00', from: '2030-01-01T00:00:00Z', to: '2030-02-01T00:00:00Z' },
      breaks: [{ minimumQuantity: '50', amount: '12.00' }],
    }
    for (const turn of [1, 2])
      expect((await world.write('Price', wanted, { id })).is, `turn ${turn}`).toBe('applied')
    const written = await world.read('Price', id)
    expect(written).toMatchObject({ list: '18.5', sale: { amount: '16' } })
    expect(written.breaks?.map(each => each.minimumQuantity)).toEqual(['5', '50'])
    const { sale: _, breaks: __, ...plain } = wanted
    await world.write('Price', plain, { id })
    expect((await world.read('Price', id)).sale).toBeUndefined()
  })

  test('a price list is written once and read back', async () => {
    const world = await makeWorld(version)
    const product = String(world.fake.productId('MUG-ENAMEL'))
    const list = {
      id: '9',
      name: 'Dealers',
      currency: 'EUR',
      taxInclusive: false,
      items: [{ product, amount: '9.90', minimumQuantity: '10' }],
    }
    const outcome = await world.write('PriceList', list)
    expect(await world.write('PriceList', list)).toEqual(outcome)
    const id = outcome.is === 'applied' ? outcome.id : ''
    expect(await world.read('PriceList', id)).toMatchObject({
      name: 'Dealers',
      items: [{ product, amount: '9.9', minimumQuantity: '10' }],
    })
  })

  test('a customer is found by e-mail in any case, by VAT number with spaces, and by nothing near it', async () => {
    const world = await makeWorld(version)
    const match = odoo.entities.Account?.match
    const found = await match?.(world.session, [
      { email: 'Jane.Roe@Example.org' },
      { vatId: 'DE 136 695 976' },
      { email: 'jane_roe@example.org' },
      {},
    ])
    expect(found?.map(list => list.map(each => each.by))).toEqual([
      ['e-mail Jane.Roe@Example.org'],
      ['VAT number DE 136 695 976'],
      [],
      [],
    ])
  })

  test('a company with an address and a person is written and read back', async () => {
    const world = await makeWorld(version)
    const account = {
      id: '7',
      kind: 'company',
      name: 'Werft Süd GmbH',
      company: 'Werft Süd GmbH',
      email: 'buero@werft.example',
      vatId: 'DE123456788',
      billingAddress: {
        name: 'Werft Süd GmbH',
        streetName: 'Hafenstr. 9',
        postalZone: '94032',
        cityName: 'Passau',
        country: 'DE',
        countrySubentity: 'Bayern',
      },
      deliveryAddresses: [
        { name: 'Werft Süd, Tor 3', streetName: 'Am Fluss 1', cityName: 'Passau', country: 'DE' },
      ],
    }
    const outcome = await world.write('Account', account)
    const id = outcome.is === 'applied' ? outcome.id : ''
    const there = await world.read('Account', id)
    expect(there).toMatchObject({ kind: 'company', company: 'Werft Süd GmbH', vatId: 'DE123456788' })
    expect(there.billingAddress).toMatchObject({
      streetName: 'Hafenstr. 9',
      countrySubentity: 'Bayern',
      country: 'DE',
    })
    expect(there.deliveryAddresses).toMatchObject([{ name: 'Werft Süd, Tor 3', streetName: 'Am Fluss 1' }])
    expect(await world.write('Account', account)).toEqual(outcome)
  })

  test('a country that Odoo does not know is refused by its code', async () => {
    const world = await makeWorld(version)
    const account = { id: '7', kind: 'person', name: 'X', billingAddress: { country: 'ZZ' } }
    const outcome = await world.write('Account', account)
    expect(outcome.is === 'refused' && outcome.problem.message).toMatch(/no country ZZ/)
  })

  test('a connection test tells version, clock, missing rights and a wrong key', async () => {
    const world = await makeWorld(version)
    expect(await odoo.health(world.session)).toMatchObject({
      is: 'up',
      notes: [],
      version: `Odoo ${version}.0`,
      clockSkewMs: 0,
    })
    const poor = await makeWorld(version)
    poor.fake.deny('account.move', 'read')
    expect(await odoo.health(poor.session)).toMatchObject({
      is: 'degraded',
      notes: ['Our user may not read invoices (Invoicing: Billing).'],
    })
    const wrong = await makeWorld(version, { apiKey: 'not the right key' })
    expect(await odoo.health(wrong.session)).toMatchObject({ is: 'down', problem: { kind: 'login' } })
    const nowhere = await makeWorld(version, { database: 'other' })
    expect(await odoo.health(nowhere.session)).toMatchObject({ is: 'down', problem: { kind: 'settings' } })
  })

  test('payments are read with their invoice', async () => {
    const world = await makeWorld(version)
    const invoice = world.fake.post(confirmed(world))
    const payment = world.fake.pay(invoice)
    expect(await world.read('Payment', String(payment))).toMatchObject({
      invoice: String(invoice),
      status: 'captured',
      amount: '142.8',
      method: 'Bank',
    })
  })

  test('a payment that comes long after is told as a change of its order', async () => {
    const world = await makeWorld(version)
    const order = confirmed(world)
    const invoice = world.fake.post(order)
    world.lab.advance(3_600_000)
    // The order is older than the overlap by then.
    confirmed(world)
    const { after } = await idsTold(world, 'SalesOrder', null)
    expect((await idsTold(world, 'SalesOrder', after)).ids).toEqual([])
    world.fake.pay(invoice)
    expect((await idsTold(world, 'SalesOrder', after)).ids).toEqual([String(order)])
    expect((await world.read('SalesOrder', String(order))).payment).toBe('paid')
  })
})

/** An order of an hour's work, confirmed. */
function confirmed({ fake }: World): number {
  const { orm } = fake
  const order = orm.transaction(() => {
    const [partner] = orm.search('res.partner', [['email', '=', 'jane.roe@example.org']])
    const line = { product_id: fake.productId('SRV-RIGGING'), product_uom_qty: 1 }
    return orm.create('sale.order', { partner_id: partner?.id, order_line: [[0, 0, line]] }).id
  })
  fake.confirm(order)
  return order
}
