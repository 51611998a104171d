import { createHmac } from 'node:crypto'
import type { MakeRig, Rig } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { contentHash, type EntityName } from '@linchpin/model'
import { fakeVendure, type FakeVendure } from './fake/fake-vendure.ts'
import { withEvent } from './fake/events.ts'
import { fulfil, moveFulfillment } from './fake/fulfilment.ts'
import { register } from './fake/people.ts'
import { vendure } from './vendure.ts'

const secret = 'pass-c4n4ry'
const webhookSecret = 'hook-c4n4ry-of-16'
const dayBefore = Date.UTC(2029, 11, 31)

/** One rig for each entity of the look-alike, for the conformance suite. */
export const rigs: Readonly<Partial<Record<EntityName, MakeRig>>> = {
  SalesOrder: rigFor(({ fake, books, order, common }) => ({
    ...common(books.orders.all, () => void order()),
    entity: 'SalesOrder',
    webhook: notifies('SalesOrder'),
    reports: { gone: false },
    touch: async id => {
      const there = books.orders.get(id)
      if (there) books.orders.put(id, withEvent(fake.books, there, 'ORDER_NOTE', { note: 'Hurry' }, false))
    },
    addField: async (id, name, value) => addField(books.orders, id, name, value),
    row: text => ({ number: text }),
    rowWithoutText: () => ({ cancelled: false }),
    textOf: row => (row as { customFields: { erpNumber: string } }).customFields.erpNumber,
  })),

  Product: rigFor(({ fake, books, article, common }) => ({
    ...common(books.variants.all, () => void article({ price: 1199 })),
    entity: 'Product',
    webhook: notifies('Product'),
    reports: { gone: false },
    // A product's name moves its own stamp and not its variants'.
    touch: async id => {
      const product = books.products.get(books.variants.get(id)?.product ?? '')
      const updatedAt = fake.books.stamp()
      if (product) books.products.put(product.id, { ...product, name: `${product.name}!`, updatedAt })
    },
    remove: async id => void books.variants.remove(id),
    addField: async (id, name, value) => addField(books.variants, id, name, value),
    keys: async id => ({ sku: books.variants.get(id)?.sku ?? '' }),
    row: text => ({ sku: `SKU-${contentHash(text).slice(0, 12)}`, name: text, enabled: true, taxRate: '7' }),
    rowWithoutText: () => ({ enabled: false }),
    badRow: () => ({ sku: 'BAD-1', name: 'Bad', taxRate: '5.5' }),
    textOf: row => (row as { name: string }).name,
  })),

  Price: rigFor(({ books, article, common }) => ({
    ...common(
      () => books.variants.filter(({ prices }) => prices.some(({ price }) => price > 0)),
      () => void article({ price: 1199 }),
    ),
    entity: 'Price',
    remove: async id => void books.variants.remove(id),
    texts: ['1.00', '2.50', '1199.99', '0.01', '7.77'],
    row: text => ({ product: article({}), currency: 'EUR', taxInclusive: true, list: text }),
    badRow: () => ({ product: article({}), currency: 'GBP', taxInclusive: true, list: '1.00' }),
    textOf: row => (row as { listPrice: string }).listPrice,
  })),

  StockLevel: rigFor(({ books, article, common }) => ({
    ...common(
      () => books.variants.filter(({ stockOnHand }) => stockOnHand > 0),
      () => void article({ stock: 10 }),
    ),
    entity: 'StockLevel',
    remove: async id => void books.variants.remove(id),
    texts: ['1', '2', '30', '400', '5000'],
    row: text => ({ product: article({}), available: text }),
    badRow: () => ({ product: article({}), available: '3000000000' }),
    textOf: row => String((row as { level: { stockOnHand: number } }).level.stockOnHand),
  })),

  Account: rigFor(({ fake, books, common, count }) => ({
    ...common(
      books.customers.all,
      () => void register(fake.books, { emailAddress: `seed${count()}@example.com` }),
    ),
    entity: 'Account',
    webhook: notifies('Account'),
    reports: { gone: false },
    touch: async id => {
      const there = books.customers.get(id)
      if (there)
        books.customers.put(id, { ...there, lastName: `${there.lastName}!`, updatedAt: fake.books.stamp() })
    },
    remove: async id => void books.customers.remove(id),
    addField: async (id, name, value) => addField(books.customers, id, name, value),
    keys: async id => ({ email: books.customers.get(id)?.emailAddress ?? '' }),
    row: text => ({
      emailAddress: `${contentHash(text).slice(0, 12)}@example.com`,
      firstName: 'Ada',
      lastName: text,
      billingAddress: { fullName: 'Ada', streetLine1: 'Rechenweg 1', countryCode: 'DE' },
    }),
    rowWithoutText: () => ({ phoneNumber: '+49 30 1' }),
    badRow: () => ({ emailAddress: '', lastName: 'Bad' }),
    textOf: row => (row as { lastName: string }).lastName,
  })),

  Shipment: rigFor(({ fake, books, order, common, count }) => {
    const fulfillments = () =>
      books.orders.all().flatMap(each => each.fulfillments.map(one => ({ id: `${each.id}/${one.id}` })))
    const row = (number: string) => ({
      ...order(),
      number,
      status: 'shipped',
      carrier: 'DHL',
      trackingCodes: ['JJD1', 'JJD2'],
    })
    const withLines = (number: string, quantity: string) => {
      const { order: id, product, ...rest } = row(number)
      return { ...rest, order: id, lines: [{ product, quantity }] }
    }
    return {
      ...common(fulfillments, () => {
        const placed = books.orders.get(order().order)
        const lines = [{ orderLineId: placed?.lines[0]?.id ?? '', quantity: 1 }]
        const value = `DHL (SEED/${count()})`
        const handler = { code: 'manual-fulfillment', arguments: [{ name: 'method', value }] }
        const made = fulfil(fake.books, { lines, handler }) as { id: string }
        moveFulfillment(fake.books, made.id, 'Shipped')
      }),
      entity: 'Shipment',
      remove: async id => {
        const there = books.orders.get(id.split('/')[0] ?? '')
        if (there) books.orders.put(there.id, { ...there, fulfillments: [] })
      },
      texts: ['SHP/1', 'SHP/2', 'SHP/3', 'SHP/4', 'SHP/5'],
      row: text => withLines(text, '1'),
      badRow: () => withLines('SHP/BAD', '99'),
    }
  }),

  Invoice: billRig('Invoice', 'Invoice'),
  CreditNote: billRig('CreditNote', 'Credit note'),
}

/** What stands in the public notes of orders. */
function billRig(entity: 'Invoice' | 'CreditNote', title: string): MakeRig {
  return rigFor(({ books, order, common }) => ({
    ...common(
      () =>
        books.orders.all().flatMap(each =>
          each.history.flatMap(({ data }) => {
            const number = new RegExp(`^${title} (\\S+) \\(`).exec(String(data['note']))?.[1]
            return number === undefined ? [] : [{ id: `${each.id}/${number}` }]
          }),
        ),
      () => undefined,
    ),
    entity,
    texts: ['INV/1', 'INV/2', 'INV/3', 'INV/4', 'INV/5'],
    row: text => bill(text, [order().order], 'posted'),
    badRow: () => bill('INV/BAD', [order().order], 'draft'),
  }))
}

/** As our plugin sends it. */
function notifies(entity: EntityName): NonNullable<Rig['webhook']> {
  const request = (told: object, by = webhookSecret) => {
    const body = Buffer.from(JSON.stringify(told))
    const signature = createHmac('sha256', by).update(body).digest('hex')
    return {
      url: '/webhooks/shop',
      headers: { 'x-linchpin-signature': signature },
      body: new Uint8Array(body),
    }
  }
  return {
    genuine: request({ entity, id: '7' }),
    signedBy: by => request({ entity, id: '7' }, by),
    other: request({ entity: 'Weather', id: '7' }),
    signatureHeader: 'x-linchpin-signature',
    notifies: [{ entity, id: '7' }],
  }
}

interface Bench {
  readonly fake: FakeVendure
  readonly books: FakeVendure['books']
  readonly count: () => number
  /** Makes a product; answers its variant. */
  readonly article: (given: { readonly price?: number; readonly stock?: number }) => string
  /** Someone orders two of a product. */
  readonly order: () => { readonly order: string; readonly product: string }
  readonly common: (
    records: () => readonly { readonly id: string }[],
    seed: () => void,
  ) => Pick<Rig, 'connector' | 'settings' | 'secret' | 'remote' | 'seed' | 'ids'>
}

function rigFor(make: (bench: Bench) => Rig): MakeRig {
  return now => {
    let at: number | null = null
    let counted = 0
    const count = () => (counted += 1)
    const fake = fakeVendure({
      shelf: new Shelf(null),
      now: () => at ?? now(),
      username: 'linchpin',
      password: secret,
    })
    const article = (given: object) => {
      const number = count()
      return fake.addProduct({ sku: `MUG-${number}`, name: `Mug ${number}`, ...given })
    }
    const order = () => {
      const product = article({ price: 1199, stock: 10 })
      const email = `ada${count()}@example.com`
      const { id } = fake.placeOrder({ lines: [{ variant: product, quantity: 2 }], email })
      return { order: id, product }
    }
    const settings = { url: 'http://vendure.test', username: 'linchpin', password: secret, webhookSecret }
    return make({
      fake,
      books: fake.books,
      count,
      article,
      order,
      common: (records, seed) => ({
        connector: vendure,
        settings: vendure.settings.parse(settings),
        secret,
        remote: fetchFrom(fake.handler),
        ids: async () => records().map(({ id }) => id),
        seed: async (wanted, sameInstant = false) => {
          for (let number = 0; number < wanted; number += 1) {
            at = dayBefore + (sameInstant ? 0 : number * 1000)
            seed()
          }
          at = null
        },
      }),
    })
  }
}

function addField(
  table: { get(id: string): { customFields: object } | undefined; put(id: string, row: never): unknown },
  id: string,
  name: string,
  value: string,
): void {
  const there = table.get(id)
  if (there) table.put(id, { ...there, customFields: { ...there.customFields, [name]: value } } as never)
}

const bill = (number: string, orders: readonly string[], status: string) => ({
  orders,
  number,
  status,
  payable: '28.88',
  currency: 'EUR',
  url: 'https://linchpin.test/documents/1',
})
