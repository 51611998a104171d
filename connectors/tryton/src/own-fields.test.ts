import type { Writer } from '@linchpin/connector'
import { makeLab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { expect, test } from 'vitest'
import { demoAccess, fakeTryton } from './fake/fake-tryton.ts'
import type { Session } from './session.ts'
import { tryton } from './tryton.ts'

const models = { SalesOrder: 'sale.sale', Product: 'product.product', Account: 'party.party' } as const
const fields = { gift_message: 'For Ada', gift_day: '2030-02-01', gift_price: '1.50' }

test.each(Object.keys(models) as (keyof typeof models)[])(
  'fields of a module of one’s own are written when a %s is made and when it changes, at a look-alike of Tryton',
  async name => {
    const { write, read, rows } = await stage()
    const made = await write(name, null, { ...rows[name], fields })
    if (made?.is !== 'applied') throw new Error(made?.problem.message)
    expect(made.rest).toBeUndefined()
    expect(read(name, made.id)).toMatchObject(fields)
    const news = { gift_message: '', gift_price: '2' }
    expect(await write(name, made.id, { ...rows[name], fields: news })).not.toHaveProperty('rest')
    expect(read(name, made.id)).toMatchObject({ ...fields, gift_message: null, gift_price: '2' })
  },
)

test('a field that Tryton does not have, that is ours, or whose value does not fit is refused by name (look-alike)', async () => {
  const { write, rows } = await stage()
  for (const [wrong, words] of [
    [{ gfit: 'x' }, "Tryton's party.party has no field gfit"],
    [{ code: 'x' }, 'Linchpin itself fills code'],
    [{ gift_day: 'soon' }, 'gift_day is of type date'],
  ] as const) {
    const outcome = await write('Account', null, { ...rows.Account, fields: wrong })
    expect(outcome?.is === 'refused' && outcome.problem.message).toContain(words)
  }
})

test('a field of the template is written there (look-alike of Tryton)', async () => {
  const { fake, write, rows } = await stage()
  fake.books.addField('product.template', 'care')
  await write('Product', null, { ...rows.Product, fields: { care: 'By hand' } })
  expect(fake.books.where('product.template', row => row['care'] === 'By hand')).toHaveLength(1)
})

async function stage() {
  const clock = { now: Date.UTC(2030, 0, 1) }
  const fake = fakeTryton({ shelf: new Shelf(null), now: () => clock.now })
  for (const model of Object.values(models)) {
    fake.books.addField(model, 'gift_message')
    fake.books.addField(model, 'gift_day', { is: 'date' })
    fake.books.addField(model, 'gift_price', { is: 'numeric' })
  }
  const settings = tryton.settings.parse({ url: 'https://erp.example.org', ...demoAccess })
  const session = await tryton.open(settings, makeLab(fetchFrom(fake.handler), clock))
  const mug = fake.people.makeProduct({ sku: 'MUG', name: 'Mug', price: '10.00', rate: '19', stock: 100 })
  const amounts = { amount: '10.00', tax_amount: '1.90', taxes: [{ rate: '19', amount: '1.90' }] }
  const rows = {
    SalesOrder: {
      reference: '1077',
      party: '1',
      state: 'processing',
      currency: 'EUR',
      invoice_address: { party_name: 'Ada', street: 'Hauptstr. 1', city: 'Berlin', country: 'DE' },
      lines: [{ kind: 'item', product: mug, description: 'Mug', quantity: '1', ...amounts }],
      charges: [],
      total_amount: '11.90',
    },
    Product: { code: 'CUP', name: 'Cup', tax_percent: '19' },
    Account: { name: 'Grace', email: 'grace@example.org' },
  }
  const write = async (name: keyof typeof models, id: string | null, row: object) => {
    const writer = tryton.entities[name]?.writer as Writer<Session, unknown>
    return (await writer.write(session, [{ key: `shop/${name}/7`, id, row: writer.schema.parse(row) }]))[0]
  }
  return {
    fake,
    rows,
    write,
    read: (name: keyof typeof models, id: string) => fake.books.need(models[name], id),
  }
}
