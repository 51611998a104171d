import { expect, test } from 'vitest'
import { openHouse, useDatabase } from './house/index.ts'
import { odooErp } from './house/odoo.ts'
import { shopifyForCompanies } from './house/shopify.ts'

useDatabase()

test('orders of a company are booked on the company, whoever of it placed them (look-alikes)', async () => {
  await using house = await openHouse({ shop: shopifyForCompanies, erp: odooErp })
  await house.settle()
  const { fake } = house.shop
  const companyLocation = fake.addCompany('Analytical Engines', 'DE136695976')
  const variant = fake.books.variants.find(({ sku }) => sku === 'MUG-ENAMEL')?.id ?? ''
  const numbers = ['ada@engines.example', 'ida@engines.example'].map(email => {
    const { name } = fake.placeOrder({ lines: [{ variant, quantity: 1 }], email, companyLocation })
    return name.slice(1)
  })
  await house.settle()
  const { orm } = house.erp.fake
  const orders = orm.all('sale.order').filter(({ origin }) => numbers.includes(String(origin)))
  expect(orders).toHaveLength(2)
  const [buyer, ...others] = new Set(orders.map(order => Number(order['partner_id'])))
  expect(others).toEqual([])
  expect(orm.need('res.partner', buyer ?? 0)).toMatchObject({
    name: 'Analytical Engines',
    vat: 'DE136695976',
    is_company: true,
  })
})
