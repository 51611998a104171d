import type { Writer } from '@linchpin/connector'
import { makeLab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { expect, test } from 'vitest'
import { fakeVendure } from './fake/fake-vendure.ts'
import type { Session } from './session.ts'
import { vendure } from './vendure.ts'

const access = { username: 'linchpin', password: 'a-password' }
const ownFields = { Order: ['gift'], ProductVariant: ['gift'], Product: ['care'], Customer: ['gift'] }

test("custom fields of orders, products and customers are written at Vendure's look-alike, where it has them", async () => {
  const { session, fake, write } = await stage()
  const mug = { sku: 'MUG', name: 'Mug', taxRate: '19' }
  const ada = { emailAddress: 'ada@example.com', firstName: 'Ada' }
  const product = await write('Product', null, { ...mug, customFields: { gift: 'yes', care: 'By hand' } })
  const account = await write('Account', null, { ...ada, customFields: { gift: 'yes' } })
  if (product?.is !== 'applied' || account?.is !== 'applied') throw new Error('Not applied.')
  const order = fake.placeOrder({ lines: [{ variant: product.id, quantity: 1 }], email: 'ada@example.com' })
  const variant = () => fake.books.variants.get(product.id)
  const fieldsOf = {
    Product: () => variant()?.customFields,
    SalesOrder: () => fake.books.orders.get(order.id)?.customFields,
    Account: () => fake.books.customers.get(account.id)?.customFields,
  }
  const parent = () => fake.books.products.get(variant()?.product ?? '')?.customFields
  expect([fieldsOf.Product(), parent(), fieldsOf.Account()]).toEqual([
    { gift: 'yes' },
    { care: 'By hand' },
    { gift: 'yes' },
  ])

  await write('Product', product.id, { customFields: { care: 'By machine' } })
  expect([fieldsOf.Product(), parent()]).toEqual([{ gift: 'yes' }, { care: 'By machine' }])
  for (const [entity, id] of [
    ['SalesOrder', order.id],
    ['Product', product.id],
    ['Account', account.id],
  ] as const) {
    expect((await write(entity, id, { customFields: { gift: 'no' } }))?.is).toBe('applied')
    expect(fieldsOf[entity]()).toMatchObject({ gift: 'no' })
    expect(await write(entity, id, { customFields: { gfit: 'no' } })).toMatchObject({
      is: 'refused',
      problem: { kind: 'refused', message: expect.stringContaining('no plain custom field gfit') as unknown },
    })
  }
  const own = session.settings.customFields.orderNumber
  expect(await write('SalesOrder', order.id, { customFields: { [own]: 'mine' } })).toMatchObject({
    is: 'refused',
    problem: { message: expect.stringContaining(`Linchpin itself fills the custom field ${own}`) as unknown },
  })
})

async function stage() {
  const lab = makeLab((url, init) => fetchFrom(fake.handler)(url, init))
  const fake = fakeVendure({ shelf: new Shelf(null), now: () => lab.now(), ...access, ownFields })
  const settings = vendure.settings.parse({ url: 'http://vendure.test', ...access })
  const session = (await vendure.open(settings, lab)) as Session
  const write = async (entity: 'SalesOrder' | 'Product' | 'Account', id: string | null, row: object) => {
    const writer = vendure.entities[entity]?.writer as Writer<Session, unknown>
    const key = `erp/${entity}/1`
    return (await writer.write(session, [{ key, id, row: writer.schema.parse(row) }]))[0]
  }
  return { fake, session, write }
}
