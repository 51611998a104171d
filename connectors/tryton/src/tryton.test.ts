import { makeLab } from '@linchpin/connector/conformance'
import type { Outcome, Problem } from '@linchpin/connector'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { describe, expect, test } from 'vitest'
import { demoAccess, fakeTryton } from './fake/fake-tryton.ts'
import { tryton } from './tryton.ts'

describe('at a look-alike of Tryton', () => {
  test('the money gate: a total that differs leaves the draft unconfirmed and names both totals', async () => {
    const { order, write, sale } = await stage()
    const [outcome] = await write([order({ total_amount: '30.00' })])
    expect(restOf(outcome).message).toMatch(/30\.00 EUR in the shop and to 23\.80 EUR in Tryton/)
    expect(sale(outcome)['state']).toBe('draft')
  })

  test('a cent per line is rounding, and becomes a line that says so', async () => {
    const { order, write, sale, books } = await stage()
    const [outcome] = await write([order({ total_amount: '23.81' })])
    expect(outcome).not.toHaveProperty('rest')
    expect(books.value('sale.sale', sale(outcome), 'total_amount')).toBe('23.81')
  })

  test('a draft that was healed in the shop is brought in line and confirmed', async () => {
    const { order, write, sale } = await stage()
    const [draft] = await write([order({ total_amount: '30.00' })])
    const [healed] = await write([{ ...order({}), id: idOf(draft) }])
    expect(healed).not.toHaveProperty('rest')
    expect(sale(healed)['state']).toBe('processing')
  })

  test('an order that was edited after it was confirmed is left for a person', async () => {
    const { order, write } = await stage()
    const [first] = await write([order({})])
    const [edited] = await write([{ ...order({ total_amount: '47.60' }), id: idOf(first) }])
    expect(restOf(edited).message).toContain('Change it there by hand')
  })

  test('an order in processing is cancelled by way of its shipment and its draft invoice', async () => {
    const { order, write, sale, people, canonical } = await stage()
    const [made] = await write([order({})])
    const cancel = { ...order({ state: 'cancelled' }), id: idOf(made) }
    expect((await write([cancel]))[0]).not.toHaveProperty('rest')
    expect([sale(made)['state'], sale(made)['shipment_state']]).toEqual(['done', 'sent'])
    expect((await canonical(idOf(made)))['state']).toBe('done')
    expect(() => people.ship(idOf(made), 'T')).toThrow(/no shipment that waits/)
  })

  test('what was shipped is not cancelled any more, and the words say why', async () => {
    const { order, write, people } = await stage()
    const [made] = await write([order({})])
    people.ship(idOf(made), 'TRACK-1')
    const [outcome] = await write([{ ...order({ state: 'cancelled' }), id: idOf(made) }])
    expect(restOf(outcome).message).toMatch(/shipment 1 is done/)
  })

  test('an order that goes to two addresses is refused with words', async () => {
    const { order, write } = await stage()
    const [outcome] = await write([order({ places: ['Berlin', 'Hamburg'] })])
    expect(outcome?.is === 'refused' && outcome.problem.message).toMatch(/goes to 2 addresses/)
  })

  test('a harmless warning is answered with yes, any other is put before a person', async () => {
    const { fake, order, write, sale } = await stage()
    fake.warn('model.sale.sale.confirm', 'stock_quantity_warning_1', 'Not enough mugs.')
    const [first] = await write([order({}, 'shop/SalesOrder/1')])
    expect(sale(first)['state']).toBe('processing')
    fake.warn('model.sale.sale.confirm', 'party_is_blocked_1', 'Do not sell to Ada.')
    const [second] = await write([order({}, 'shop/SalesOrder/2')])
    expect(restOf(second)).toMatchObject({ kind: 'refused' })
    expect(restOf(second).message).toContain('Do not sell to Ada.')
    expect(sale(second)['state']).toBe('quotation')
  })

  test('an expired session is renewed once, without a word', async () => {
    const { fake, canonical, order, write } = await stage()
    const [made] = await write([order({})])
    fake.expireSessions()
    expect(await canonical(idOf(made))).toMatchObject({ state: 'processing' })
  })

  test('an order is ours by its key, though Tryton takes one reference twice', async () => {
    const { order, write, books, find } = await stage()
    const [made] = await write([order({})])
    const copy = { ...books.need('sale.sale', idOf(made)) }
    books.transaction(() => books.create('sale.sale', { reference: copy['reference'], party: copy['party'] }))
    expect(await find([order({})])).toEqual(new Map([['shop/SalesOrder/77', idOf(made)]]))
    expect(await find([order({}, 'shop/SalesOrder/7')])).toEqual(new Map())
  })

  test('a part shipment is told as a change of its order, whose own stamp stands still', async () => {
    const { order, write, people, sale, caughtUp, lab, mug } = await stage()
    const taxes = [{ rate: '19', amount: '5.70' }]
    const three = {
      kind: 'item',
      product: mug,
      description: 'Mug',
      quantity: '3',
      amount: '30.00',
      tax_amount: '5.70',
      taxes,
    }
    const [made] = await write([order({ lines: [three], total_amount: '35.70' })])
    people.ship(idOf(made), 'TRACK-1', { [mug]: 1 })
    const news = await caughtUp()
    lab.advance(2000)
    const before = sale(made)['write_date']
    people.ship(idOf(made), 'TRACK-2', { [mug]: 1 })
    expect(sale(made)['write_date']).toBe(before)
    expect((await news()).map(item => item.id)).toEqual([idOf(made)])
  })

  test('a change that was committed late, behind newer ones, is still told', async () => {
    const { fake, order, write, caughtUp, lab } = await stage()
    const [one, two] = await write([order({}, 'shop/SalesOrder/1'), order({}, 'shop/SalesOrder/2')])
    const commit = fake.writeLate('sale.sale', Number(idOf(one)), { comment: 'late' })
    lab.advance(60_000)
    fake.books.transaction(() => fake.books.write('sale.sale', Number(idOf(two)), { comment: 'early' }))
    const news = await caughtUp()
    commit()
    expect((await news()).map(item => item.id)).toEqual([idOf(one)])
  })

  test('a posted invoice keeps the format of its first printing', async () => {
    const { fake, order, write, people, session } = await stage()
    const [made] = await write([order({})])
    people.ship(idOf(made), 'TRACK-1')
    const [invoice = ''] = people.invoice(idOf(made))
    fake.printAs('odt')
    const file = await tryton.entities.Invoice?.file?.(session, invoice)
    expect(file).toMatchObject({ mediaType: 'application/vnd.oasis.opendocument.text' })
    fake.printAs('pdf')
    expect((await tryton.entities.Invoice?.file?.(session, invoice))?.name).toBe('Invoice-1.odt')
  })

  test('health names the right that is missing', async () => {
    const { fake, session } = await stage()
    fake.deny('sale.sale', 'create')
    const health = await tryton.health(session)
    expect(health).toMatchObject({ is: 'degraded', version: 'Tryton 6.0.29' })
    expect(health.notes[0]).toContain('may not write sale.sale')
  })

  test('health names a service product that is not there', async () => {
    const { session } = await stage({ services: { shipping: 'PARCEL' } })
    expect((await tryton.health(session)).notes[0]).toContain('no product has the code "PARCEL"')
  })

  test('two taxes of one rate: the product decides, or the settings', async () => {
    const { fake, order, write, books } = await stage()
    fake.books.transaction(() =>
      books.create('account.tax', { name: 'VAT 19 % (services)', rate: '0.19', company: 1 }),
    )
    const [made] = await write([order({})])
    const line = books.where('sale.line', row => String(row['sale']) === idOf(made))[0]
    expect(line?.['taxes']).toEqual([1])
  })
})

/** A look-alike with a mug in stock, an open session, and an order of two mugs. */
async function stage(own: object = {}) {
  const clock = { now: Date.UTC(2030, 0, 1) }
  const fake = fakeTryton({ shelf: new Shelf(null), now: () => clock.now })
  const lab = makeLab(fetchFrom(fake.handler), clock)
  const settings = tryton.settings.parse({ url: 'https://erp.example.org', ...demoAccess, ...own })
  const session = await tryton.open(settings, lab)
  const { writer, changes, get } = tryton.entities.SalesOrder ?? {}
  if (writer?.repeat !== 'find' || !changes || !get)
    throw new Error('The orders of Tryton are read, written and found.')
  const mug = fake.people.makeProduct({ sku: 'MUG', name: 'Mug', price: '10.00', rate: '19', stock: 100 })
  const taxes = [{ rate: '19', amount: '3.80' }]
  const order = (more: object, key = 'shop/SalesOrder/77') => ({
    key,
    id: null as string | null,
    row: writer.schema.parse({
      reference: '1077',
      party: '1',
      state: 'processing',
      currency: 'EUR',
      invoice_address: { party_name: 'Ada', street: 'Hauptstr. 1', city: 'Berlin', country: 'DE' },
      lines: [
        {
          kind: 'item',
          product: mug,
          description: 'Mug',
          quantity: '2',
          amount: '20.00',
          tax_amount: '3.80',
          taxes,
        },
      ],
      charges: [],
      total_amount: '23.80',
      ...more,
    }) as unknown,
  })
  type Order = ReturnType<typeof order>
  const rest = async (after: string | null) => {
    const page = await changes(session, after, 100)
    return page
  }
  return {
    fake,
    lab,
    session,
    order,
    mug,
    books: fake.books,
    people: fake.people,
    write: (orders: readonly Order[]) => writer.write(session, orders),
    find: (orders: readonly Order[]) => writer.find(session, orders),
    sale: (outcome: Outcome | undefined) => fake.books.need('sale.sale', idOf(outcome)),
    canonical: async (id: string) => (await get(session, [id]))[0]?.row as Record<string, unknown>,
    caughtUp: async () => {
      const { next } = await rest(null)
      return async () => (await rest(next)).items
    },
  }
}

function idOf(outcome: Outcome | undefined): string {
  if (outcome?.is === 'applied') return outcome.id
  throw new Error(`Not applied: ${outcome?.problem.message ?? ''}`)
}

function restOf(outcome: Outcome | undefined): Problem {
  if (outcome?.is === 'applied' && outcome.rest) return outcome.rest
  throw new Error('There is no rest.')
}
