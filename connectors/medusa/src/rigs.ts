import { createHmac } from 'node:crypto'
import type { MakeRig, Rig } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { contentHash, type EntityName } from '@linchpin/model'
import { fresh } from './fake/books.ts'
import { fakeMedusa, type FakeMedusa } from './fake/fake-medusa.ts'
import { refundPayment } from './fake/orders.ts'
import { makeCustomer } from './fake/people.ts'
import { medusa } from './medusa.ts'

const secret = 'sk_c4n4ry'
const webhookSecret = 'hook-c4n4ry-of-16'
const dayBefore = Date.UTC(2029, 11, 31)

/** One rig for each entity of the look-alike, for the conformance suite. */
export const rigs: Readonly<Partial<Record<EntityName, MakeRig>>> = {
  SalesOrder: rigFor(({ books, order, common }) => ({
    ...common(books.orders.all, () => void order()),
    entity: 'SalesOrder',
    webhook: notifies('SalesOrder'),
    reports: { gone: false },
    // Money goes back: that moves the payment's stamp and not the order's.
    touch: async id => {
      const there = books.orders.get(id)
      if (there) refundPayment(books, there, 1)
    },
    addField: async (id, name, value) => addField(books.orders, id, name, value),
    row: text => ({ number: text }),
    rowWithoutText: () => ({ status: 'open' }),
    textOf: row => (row as { metadata: { linchpin_erp_number: string } }).metadata.linchpin_erp_number,
  })),

  Product: rigFor(({ books, article, common }) => ({
    ...common(books.variants.all, () => void article({ price: 11.99 })),
    entity: 'Product',
    webhook: notifies('Product'),
    reports: { gone: false },
    // A product's title moves its own stamp and not its variants'.
    touch: async id => {
      const product = books.products.get(books.variants.get(id)?.product_id ?? '')
      const updated_at = books.stamp()
      if (product) books.products.put(product.id, { ...product, title: `${product.title}!`, updated_at })
    },
    remove: async id => void books.variants.remove(id),
    addField: async (id, name, value) => addField(books.variants, id, name, value),
    keys: async id => ({ sku: books.variants.get(id)?.sku ?? '' }),
    row: text => ({ sku: `SKU-${contentHash(text).slice(0, 12)}`, name: text, active: true, taxRate: '7' }),
    rowWithoutText: () => ({ active: false }),
    badRow: () => ({ name: 'Without an SKU' }),
    textOf: row => (row as { name: string }).name,
  })),

  Price: rigFor(({ books, article, common }) => ({
    ...common(
      () => books.variants.filter(({ prices }) => prices.length > 0),
      () => void article({ price: 11.99 }),
    ),
    entity: 'Price',
    remove: async id => void books.variants.remove(id),
    texts: ['1', '2.5', '1199.99', '0.01', '7.77'],
    row: text => ({ product: article({}), currency: 'eur', taxInclusive: true, list: text }),
    badRow: () => ({ product: article({}), currency: 'gbp', taxInclusive: true, list: '1' }),
    textOf: row => (row as { list: string }).list,
  })),

  PriceList: rigFor(({ books, article, common, count }) => {
    const row = (text: string) => ({
      name: text,
      currency: 'eur',
      taxInclusive: true,
      items: [{ product: article({ price: 10 }), amount: '7.5' }],
    })
    return {
      ...common(books.priceLists.all, () => {
        const id = books.next('plist')
        const plain = { type: 'override', status: 'active', starts_at: null, ends_at: null, rules: {} }
        books.priceLists.put(id, { ...fresh(books), ...plain, id, title: `List ${count()}`, description: '' })
      }),
      entity: 'PriceList',
      remove: async id => void books.priceLists.remove(id),
      row,
      badRow: () => ({ ...row('bad'), currency: 'gbp' }),
      textOf: read => (read as { title: string }).title,
    }
  }),

  StockLevel: rigFor(({ books, article, common }) => ({
    ...common(
      () => books.variants.filter(({ id }) => (books.levels.get(`iitem-${id}`)?.stocked ?? 0) > 0),
      () => void article({ stock: 10 }),
    ),
    entity: 'StockLevel',
    remove: async id => void books.variants.remove(id),
    texts: ['1', '2', '30', '400', '5000'],
    row: text => ({ product: article({}), available: text }),
    badRow: () => ({ product: article({}), available: '90000000000000000' }),
    textOf: row => (row as { level: { stocked: string } }).level.stocked,
  })),

  Account: rigFor(({ books, common, count }) => ({
    ...common(
      books.customers.all,
      () => void makeCustomer(books, { email: `seed${count()}@example.com` }, null, true),
    ),
    entity: 'Account',
    webhook: notifies('Account'),
    reports: { gone: false },
    touch: async id => {
      const there = books.customers.get(id)
      const updated_at = books.stamp()
      if (there) books.customers.put(id, { ...there, last_name: `${there.last_name}!`, updated_at })
    },
    remove: async id => void books.customers.remove(id),
    addField: async (id, name, value) => addField(books.customers, id, name, value),
    keys: async id => ({ email: books.customers.get(id)?.email ?? '' }),
    row: text => ({
      email: `${contentHash(text).slice(0, 12)}@example.com`,
      first_name: 'Ada',
      last_name: text,
      billingAddress: { first_name: 'Ada', address_1: 'Rechenweg 1', country_code: 'de' },
      deliveryAddresses: [{ first_name: 'Ada', address_1: 'Rechenweg 1', country_code: 'de' }],
    }),
    rowWithoutText: () => ({ phone: '+49 30 1' }),
    badRow: () => ({ email: '', last_name: 'Bad' }),
    textOf: row => (row as { last_name: string }).last_name,
  })),

  Shipment: rigFor(({ books, order, common, count }) => {
    const shipments = () =>
      books.orders.all().flatMap(each => each.fulfillments.map(one => ({ id: `${each.id}/${one.id}` })))
    const row = (number: string, quantity: string) => {
      const { order: id, product } = order()
      const tracking = [{ number: 'JJD1', url: 'https://t.example/JJD1' }, { number: 'JJD2' }]
      return {
        order: id,
        number,
        status: 'shipped',
        carrier: 'DHL',
        tracking,
        lines: [{ product, quantity }],
      }
    }
    return {
      ...common(shipments, () => {
        const placed = books.orders.get(order().order)
        if (!placed) return
        const times = {
          packed_at: books.stamp(),
          shipped_at: books.stamp(),
          delivered_at: null,
          canceled_at: null,
        }
        const items = [{ line_item_id: placed.items[0]?.id ?? '', quantity: 1 }]
        const made = { ...fresh(books), ...times, id: books.next('ful'), items, labels: [] }
        const metadata = { linchpin_shipment: `SEED/${count()}` }
        books.orders.put(placed.id, { ...placed, fulfillments: [{ ...made, metadata }] })
      }),
      entity: 'Shipment',
      remove: async id => {
        const there = books.orders.get(id.split('/')[0] ?? '')
        if (there) books.orders.put(there.id, { ...there, fulfillments: [] })
      },
      texts: ['SHP/1', 'SHP/2', 'SHP/3', 'SHP/4', 'SHP/5'],
      row: text => row(text, '1'),
      badRow: () => row('SHP/BAD', '99'),
    }
  }),

  Invoice: billRig('Invoice', 'linchpin_invoice_'),
  CreditNote: billRig('CreditNote', 'linchpin_credit_note_'),

  ReturnAuthorization: rigFor(({ books, order, common, count }) => ({
    ...common(books.returns.all, () => {
      const placed = books.orders.get(order().order)
      const id = books.next('return')
      const item = { quantity: 1, received_quantity: 0, note: 'Broken' }
      const items = [{ ...item, id: books.next('retitem'), item_id: placed?.items[0]?.id ?? '' }]
      const returned = { id, display_id: count(), order_id: placed?.id ?? '', status: 'requested', items }
      books.returns.put(id, { ...fresh(books), ...returned })
    }),
    entity: 'ReturnAuthorization',
    webhook: notifies('ReturnAuthorization'),
    reports: { gone: false },
    touch: async id => {
      const there = books.returns.get(id)
      if (!there) return
      const items = there.items.map(each => ({ ...each, received_quantity: each.received_quantity + 1 }))
      books.returns.put(id, { ...there, items, updated_at: books.stamp() })
    },
    remove: async id => void books.returns.remove(id),
  })),

  Refund: rigFor(({ books, order, common }) => ({
    ...common(
      () =>
        books.payments.all().flatMap(({ id, refunds }) => refunds.map(each => ({ id: `${id}/${each.id}` }))),
      () => {
        const placed = books.orders.get(order().order)
        if (placed) refundPayment(books, placed, 1.5)
      },
    ),
    entity: 'Refund',
    reports: { gone: false },
  })),
}

/** What stands in the metadata of orders. */
function billRig(entity: 'Invoice' | 'CreditNote', prefix: string): MakeRig {
  return rigFor(({ books, order, common, count }) => ({
    ...common(
      () =>
        books.orders
          .all()
          .flatMap(({ id, metadata }) =>
            Object.keys(metadata ?? {}).flatMap(name =>
              name.startsWith(prefix) ? [{ id: `${id}/${name}` }] : [],
            ),
          ),
      () => {
        const placed = books.orders.get(order().order)
        const value = { number: `SEED/${count()}`, status: 'posted', total: '28.88', currency: 'EUR' }
        if (placed) books.orders.put(placed.id, { ...placed, metadata: { [`${prefix}0123456789ab`]: value } })
      },
    ),
    entity,
    texts: ['INV/1', 'INV/2', 'INV/3', 'INV/4', 'INV/5'],
    row: text => bill(text, [order().order], 'posted'),
    badRow: () => bill('INV/BAD', [order().order], 'draft'),
    textOf: row => (row as { number: string }).number,
    updates: { text: false },
  }))
}

const bill = (number: string, orders: readonly string[], status: string) => ({
  orders,
  number,
  status,
  payable: '28.88',
  currency: 'EUR',
  url: 'https://linchpin.test/documents/1',
})

/** As our subscriber sends it. */
function notifies(entity: EntityName): NonNullable<Rig['webhook']> {
  const request = (told: object, by = webhookSecret) => {
    const body = Buffer.from(JSON.stringify({ records: [told] }))
    const signature = createHmac('sha256', by).update(body).digest('hex')
    return {
      url: '/webhooks/shop',
      headers: { 'x-linchpin-signature': signature },
      body: new Uint8Array(body),
    }
  }
  return {
    genuine: request({ entity, id: 'x_7' }),
    signedBy: by => request({ entity, id: 'x_7' }, by),
    other: request({ entity: 'Weather', id: 'x_7' }),
    signatureHeader: 'x-linchpin-signature',
    notifies: [{ entity, id: 'x_7' }],
  }
}

interface Bench {
  readonly books: FakeMedusa['books']
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
    const fake = fakeMedusa({ shelf: new Shelf(null), now: () => at ?? now(), apiKey: secret })
    const article = (given: object) => {
      const number = count()
      return fake.addProduct({ sku: `MUG-${number}`, name: `Mug ${number}`, ...given })
    }
    const order = () => {
      const product = article({ price: 11.99, stock: 10 })
      const email = `ada${count()}@example.com`
      const { id } = fake.placeOrder({ lines: [{ variant: product, quantity: 2 }], email })
      return { order: id, product }
    }
    return make({
      books: fake.books,
      count,
      article,
      order,
      common: (records, seed) => ({
        connector: medusa,
        settings: medusa.settings.parse({ url: 'http://medusa.test', apiKey: secret, webhookSecret }),
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
  table: { get(id: string): { metadata: object | null } | undefined; put(id: string, row: never): unknown },
  id: string,
  name: string,
  value: string,
): void {
  const there = table.get(id)
  if (there) table.put(id, { ...there, metadata: { ...there.metadata, [name]: value } } as never)
}
