import { describe, expect, test } from 'vitest'
import { openHouse, useDatabase, type House } from './house/index.ts'

useDatabase()

describe('who bought? (look-alikes)', () => {
  test('a customer whom the ERP knows by e-mail is found there, however it is written', async () => {
    await using house = await openHouse()
    const known = partner(house, { name: 'Ada L.', email: 'Ada@Example.com' })
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    expect(buyerOf(house, order.number)).toBe(known)
    expect(partnersLike(house, /ada@example\.com/i)).toHaveLength(1)
    expect(await house.parked()).toEqual([])
  })

  test('a company that the ERP knows by its VAT number is found there, although its e-mail is another', async () => {
    await using house = await openHouse()
    const known = partner(house, {
      name: 'Nordwind Kaffee',
      is_company: true,
      vat: 'DE136695976',
      email: 'buchhaltung@nordwind.example',
    })
    const [, company] = house.shop.fake.customers()
    const order = house.shop.fake.placeOrder({
      customer: company?.id ?? 0,
      lines: [house.shop.lineOf('MUG-ENAMEL', 1)],
    })
    await house.settle()
    expect(buyerOf(house, order.number)).toBe(known)
    expect(await house.parked()).toEqual([])
  })

  test('a customer whom the ERP does not know is made there, once for all orders', async () => {
    await using house = await openHouse()
    const first = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    const second = house.shop.place({ lines: { 'LAMP-STORM': 1 } })
    await house.settle()
    expect(partnersLike(house, /ada@example\.com/)).toHaveLength(1)
    expect(buyerOf(house, first.number)).toBe(buyerOf(house, second.number))
    expect(await house.parked()).toEqual([])
  })

  test('of two that could be the customer none is guessed: a person decides, and the order goes on', async () => {
    await using house = await openHouse()
    const [left, right] = [1, 2].map(n => partner(house, { name: `Ada ${n}`, email: 'ada@example.com' }))
    const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    expect(house.erpOrders(order.number)).toEqual([])
    const words = await house.parkedWords()
    expect(words).toMatch(/2 records of Odoo could be/)
    expect(words).toContain(`${left} (`)
    expect(words).toContain(`${right} (`)
    house.erp.fake.orm.transaction(() => house.erp.fake.orm.unlink('res.partner', [right ?? 0]))
    await house.retry()
    await house.settle()
    expect(buyerOf(house, order.number)).toBe(left)
    expect(await house.parked()).toEqual([])
  })

  test('a guest who is also a customer is one customer in the ERP', async () => {
    await using house = await openHouse()
    const asCustomer = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
    await house.settle()
    const asGuest = house.shop.place({ lines: { 'LAMP-STORM': 1 }, guest: 'ada@example.com' })
    await house.settle()
    expect(buyerOf(house, asGuest.number)).toBe(buyerOf(house, asCustomer.number))
    expect(partnersLike(house, /ada@example\.com/)).toHaveLength(1)
    expect(await house.parked()).toEqual([])
  })

  test('a guest who registers afterwards stays one customer in the ERP', async () => {
    await using house = await openHouse()
    const asGuest = house.shop.place({ lines: { 'LAMP-STORM': 1 }, guest: 'noor@example.com' })
    await house.settle()
    const { id } = house.shop.fake.createCustomer({ email: 'noor@example.com', first_name: 'Noor' })
    const lines = [house.shop.lineOf('MUG-ENAMEL', 1)]
    const registered = house.shop.fake.placeOrder({ customer: id, lines, billing: { country: 'DE' } })
    await house.settle()
    expect(buyerOf(house, registered.number)).toBe(buyerOf(house, asGuest.number))
    expect(await house.parked()).toEqual([])
  })
})

describe('where to? (look-alikes)', () => {
  test('an address without a country is carried as it is, and the parcel leaves', async () => {
    await using house = await openHouse()
    const { number, total } = orderTo(house, { country: '' })
    await house.settle()
    expect(await house.parkedWords()).toBe('')
    expect(house.erpOrders(number)).toMatchObject([{ state: 'confirmed', total }])
  })

  test('an emoji and 300 characters in an address arrive as they were typed', async () => {
    await using house = await openHouse()
    const street = `${'Donaudampfschifffahrtsgesellschaftsallee '.repeat(7)}No. 7`
    const { number, total } = orderTo(house, { first_name: 'Zoë 🧡', address_1: street, city: 'Köln' })
    expect(street.length).toBeGreaterThan(285)
    await house.settle()
    expect(await house.parkedWords()).toBe('')
    expect(house.erpOrders(number)).toMatchObject([{ state: 'confirmed', total }])
    const { orm } = house.erp.fake
    const buyer = orm.need('res.partner', buyerOf(house, number))
    expect(String(buyer['name'])).toContain('Zoë 🧡')
    expect(`${String(buyer['street'])}${String(buyer['street2'] || '')}`.replaceAll(' ', '')).toBe(
      street.replaceAll(' ', ''),
    )
  })
})

function partner({ erp }: House, vals: Readonly<Record<string, string | boolean>>): number {
  return erp.fake.orm.transaction(() => erp.fake.orm.create('res.partner', vals)).id
}

function partnersLike({ erp }: House, email: RegExp) {
  return erp.fake.orm
    .all('res.partner')
    .filter(each => email.test(String(each['email'])) && !each['parent_id'])
}

/** The customer of the one order with this number of the shop. */
function buyerOf({ erp }: House, number: string): number {
  const orders = erp.fake.orm.all('sale.order').filter(order => order['origin'] === number)
  expect(orders).toHaveLength(1)
  return Number(orders[0]?.['partner_id'])
}

function orderTo({ shop }: House, billing: Readonly<Record<string, string>>) {
  return shop.fake.placeOrder({
    lines: [shop.lineOf('MUG-ENAMEL', 1)],
    billing: {
      first_name: 'Ida',
      last_name: 'Berg',
      email: 'ida@example.com',
      address_1: 'Weg 1',
      postcode: '50667',
      city: 'Köln',
      country: 'DE',
      ...billing,
    },
  })
}
