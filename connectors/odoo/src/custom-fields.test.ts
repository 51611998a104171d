import { expect, test } from 'vitest'
import { odoo } from './odoo.ts'
import { makeWorld, versions } from './testing.ts'

const models = { SalesOrder: 'sale.order', Product: 'product.product', Account: 'res.partner' } as const
const rowOf = {
  Product: { name: 'Gift box', default_code: 'GIFT-BOX', kind: 'goods' },
  Account: { name: 'Jane Roe', email: 'gifts@example.org' },
} as const

test.each(versions)(
  'a look-alike of Odoo %i keeps custom fields of orders, products and customers, when made and when changed',
  async version => {
    const { fake, session } = await makeWorld(version)
    const { orm } = fake
    for (const model of Object.values(models)) {
      orm.addField(model, 'x_gift')
      orm.schema[model] = { ...orm.schema[model], x_weight: { type: 'float' } }
    }
    const partner = orm.all('res.partner').find(row => row['email'] === 'jane.roe@example.org')?.id
    const order = {
      partner_id: String(partner),
      client_order_ref: 'W-7',
      origin: '7',
      date_order: '2030-01-01 09:00:00',
      currency: 'EUR',
      cancelled: false,
      tax_included: false,
      amount_tax: '4.28',
      amount_total: '26.78',
      order_line: [
        {
          id: '1',
          kind: 'item',
          name: 'Mug',
          product_id: String(fake.productId('MUG-ENAMEL')),
          product_uom_qty: '1',
          price_unit: '22.50',
          rates: ['19'],
          price_subtotal: '22.50',
          price_tax: '4.28',
          price_total: '26.78',
        },
      ],
    }
    for (const [name, model] of Object.entries(models)) {
      const writer = odoo.entities[name as keyof typeof models]?.writer
      if (!writer) throw new Error(`${name} has no writer`)
      const write = async (id: string | null, custom: object) => {
        const row = writer.schema.parse({ ...order, ...rowOf[name as keyof typeof rowOf], custom }) as unknown
        const [outcome] = await writer.write(session, [{ key: `shop/${name}/7`, id, row }])
        return outcome
      }
      const made = await write(null, { x_gift: 'For Ada', x_weight: '1.5' })
      if (made?.is !== 'applied') throw new Error(made?.problem.message)
      expect(made.rest).toBeUndefined()
      const there = () => orm.need(model, Number(made.id))
      expect(there()).toMatchObject({ x_gift: 'For Ada', x_weight: 1.5 })
      await write(made.id, { x_gift: '', x_weight: 2 })
      expect(there()).toMatchObject({ x_gift: false, x_weight: 2 })

      const wrong = await write(made.id, { x_gfit: 'For Ada' })
      expect(wrong).toMatchObject({ is: 'refused', problem: { kind: 'refused' } })
      expect(wrong?.is === 'refused' && wrong.problem.message).toContain(`${model} has no field x_gfit`)
      const own = name === 'SalesOrder' ? 'origin' : 'name'
      const taken = await write(made.id, { [own]: 'Mine' })
      expect(taken?.is === 'refused' && taken.problem.message).toContain(`Linchpin itself fills ${own}`)
    }
  },
)

test('an order of the look-alike of Odoo whose custom fields are right is not written again', async () => {
  const { fake, session, lab } = await makeWorld()
  fake.orm.addField('sale.order', 'x_gift')
  const writer = odoo.entities.SalesOrder?.writer
  const partner = fake.orm.all('res.partner').find(row => row['email'] === 'jane.roe@example.org')?.id
  const row: unknown = writer?.schema.parse({
    partner_id: String(partner),
    client_order_ref: 'W-8',
    origin: '8',
    date_order: '2030-01-01 09:00:00',
    currency: 'EUR',
    cancelled: false,
    tax_included: false,
    amount_tax: '0',
    amount_total: '0',
    order_line: [],
    custom: { x_gift: 'For Ada' },
  })
  const write = { key: 'shop/SalesOrder/8', id: null, row }
  const [made] = (await writer?.write(session, [write])) ?? []
  const stamp = () => fake.orm.need('sale.order', made?.is === 'applied' ? Number(made.id) : 0)['write_date']
  const before = stamp()
  lab.advance(60_000)
  await writer?.write(session, [write])
  expect(stamp()).toBe(before)
})
