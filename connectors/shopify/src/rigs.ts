import type { MakeRig, Rig } from '@linchpin/connector/conformance'
import { contentHash } from '@linchpin/model'
import type { Books } from './fake/books.ts'
import { openCompany } from './fake/companies.ts'
import { fulfil } from './fake/fulfilment.ts'
import { register } from './fake/people.ts'
import { creditNoteIn } from './refund-note.ts'
import { addField, bill, billsOf, count, notifies, rigFor } from './rig-tools.ts'

type Make = Parameters<typeof rigFor>[0]

/** Of what is read one after the other at first, or in bulk. */
const makes: Readonly<Record<'SalesOrder' | 'Product' | 'Account', Make>> = {
  SalesOrder: ({ books, order, common, at }) => ({
    ...common(books.orders.all, () => void order()),
    entity: 'SalesOrder',
    webhook: notifies('orders/updated', { id: 7 }, [{ entity: 'SalesOrder', id: '7' }]),
    reports: { gone: false },
    touch: async id => {
      const there = books.orders.get(id)
      if (there) books.orders.put(id, { ...there, note: `${there.note ?? ''}!`, updatedAt: books.stamp() })
    },
    late: async () => at(-20_000, () => order().order),
    remove: async id => void books.orders.remove(id),
    addField: async (id, name, value) => addField(books.orders, books, id, name, value),
    texts: ['SO1', 'SO2', 'a\u0301', 'O\'Neill \\ "quoted"', '<b>&amp;</b>'],
    row: text => ({ number: text }),
    rowWithoutText: () => ({ cancelled: false }),
    textOf: row => (row as { own: { erp_number: string } }).own.erp_number,
  }),

  Product: ({ books, article, common, at }) => ({
    ...common(books.variants.all, () => void article({ price: 1199 })),
    entity: 'Product',
    webhook: notifies('products/update', { id: 7, variants: [{ id: 8 }] }, [
      { entity: 'Product', id: '8' },
      { entity: 'Price', id: '8' },
    ]),
    reports: { gone: false },
    touch: async id => {
      const product = books.products.get(books.variants.get(id)?.product ?? '')
      if (product)
        books.products.put(product.id, { ...product, title: `${product.title}!`, updatedAt: books.stamp() })
    },
    late: async () => at(-20_000, () => article({ price: 1199 })),
    remove: async id => {
      books.products.remove(books.variants.get(id)?.product ?? '')
      books.variants.remove(id)
    },
    addField: async (id, name, value) => addField(books.variants, books, id, name, value),
    keys: async id => ({ sku: books.variants.get(id)?.sku ?? '' }),
    texts: [
      'one',
      'two',
      'three',
      '007',
      '😈',
      'a\u0301',
      '<b>&amp;</b>',
      'O\'Neill \\ "quoted"',
      'x'.repeat(255),
    ],
    row: text => ({
      sku: `SKU-${contentHash(text).slice(0, 12)}`,
      name: text,
      enabled: true,
      barcode: '4006381333931',
    }),
    rowWithoutText: () => ({ enabled: false }),
    badRow: () => ({ sku: 'BAD-1', name: 'x'.repeat(256) }),
    textOf: row => (row as { product: { title: string } }).product.title,
  }),

  Account: ({ books, common, number, at }) => ({
    ...common(books.customers.all, () => void register(books, { email: `seed${number()}@example.com` })),
    entity: 'Account',
    webhook: notifies('customers/update', { id: 7 }, [{ entity: 'Account', id: '7' }]),
    reports: { gone: false },
    touch: async id => {
      const there = books.customers.get(id)
      if (there)
        books.customers.put(id, { ...there, lastName: `${there.lastName ?? ''}!`, updatedAt: books.stamp() })
    },
    late: async () => at(-20_000, () => register(books, { email: `late${number()}@example.com` }).id),
    remove: async id => void books.customers.remove(id),
    addField: async (id, name, value) => addField(books.customers, books, id, name, value),
    keys: async id => ({ email: books.customers.get(id)?.email ?? '' }),
    texts: [
      'one',
      'two',
      'three',
      '007',
      '😈',
      'a\u0301',
      '<b>&amp;</b>',
      'O\'Neill \\ "quoted"',
      'x'.repeat(255),
    ],
    row: text => ({
      email: `${contentHash(text).slice(0, 12)}@example.com`,
      firstName: 'Ada',
      lastName: text,
      vatId: 'DE136695976',
      billingAddress: { firstName: 'Ada', address1: 'Rechenweg 1', countryCode: 'DE' },
    }),
    rowWithoutText: () => ({ phone: '+49 30 1234567' }),
    badRow: () => ({ email: '', lastName: 'Bad' }),
    textOf: row => (row as { lastName: string }).lastName,
  }),
}

const makeCompany: Make = ({ books, common, number, at }) => {
  const locations = () => books.companyLocations.all().map(({ id }) => ({ id: `location/${id}` }))
  const locationOf = (id: string) => books.companyLocations.get(id.replace('location/', ''))
  const open = () => `location/${openCompany(books, { company: { name: `Engines ${number()}` } }).location}`
  return {
    ...common(locations, () => void open()),
    entity: 'Account',
    webhook: notifies('company_locations/update', { id: 7 }, [{ entity: 'Account', id: 'location/7' }]),
    reports: { gone: false },
    touch: async id => {
      const there = locationOf(id)
      if (there)
        books.companyLocations.put(there.id, { ...there, name: `${there.name}!`, updatedAt: books.stamp() })
    },
    late: async () => at(-20_000, open),
    remove: async id => void books.companyLocations.remove(id.replace('location/', '')),
    addField: async (id, name, value) =>
      addField(books.companyLocations, books, id.replace('location/', ''), name, value),
    texts: ['one', 'two', 'three', '007', '😈', 'a\u0301', '<b>&amp;</b>', 'O\'Neill \\ "quoted"'],
    row: text => ({
      company: { name: text },
      vatId: 'DE136695976',
      billingAddress: { firstName: 'Ada', address1: 'Rechenweg 1', countryCode: 'DE' },
      deliveryAddresses: [{ firstName: 'Ida', address1: 'Lager 2', city: 'Berlin', countryCode: 'DE' }],
    }),
    rowWithoutText: () => ({ phone: '+49 30 1234567' }),
    badRow: () => ({ company: { name: 'x'.repeat(256) } }),
    textOf: row => (row as { company: { name: string } }).company.name,
  }
}

const makePriceList: Make = ({ books, article, common, number }) => {
  const row = (name: string) => ({
    name,
    currency: 'EUR',
    taxInclusive: true,
    items: [
      { product: article({ price: 1000 }), amount: '7.50' },
      { product: article({ price: 1000 }), amount: '9.00' },
    ],
  })
  return {
    ...common(books.priceLists.all, () => {
      const id = books.next('priceList')
      books.priceLists.put(id, { id, name: `List ${number()}`, currency: 'EUR', catalogue: null, prices: [] })
    }),
    entity: 'PriceList',
    remove: async id => void books.priceLists.remove(id),
    texts: ['one', 'two', 'three', '007', '😈', 'a\u0301', '<b>&amp;</b>', 'O\'Neill \\ "quoted"'],
    row,
    badRow: () => ({ ...row('bad'), items: [{ product: article({}), amount: '-1.00' }] }),
    textOf: read => (read as { title: string }).title,
  }
}

const makePrice: Make = ({ books, article, common }) => ({
  ...common(
    () => books.variants.filter(({ price }) => price > 0),
    () => void article({ price: 1199 }),
  ),
  entity: 'Price',
  webhook: notifies('products/update', { id: 7, variants: [{ id: 8 }] }),
  remove: async id => void books.variants.remove(id),
  texts: ['1.00', '2.50', '1199.99', '0.01', '7.77'],
  row: text => ({ product: article({}), currency: 'EUR', taxInclusive: true, list: text }),
  badRow: () => ({ product: article({}), currency: 'GBP', taxInclusive: true, list: '1.00' }),
  textOf: row => (row as { listPrice: string }).listPrice,
})

/** Rigs of the look-alike for the conformance suite, at least one for each entity. */
export const rigs: Readonly<Record<string, MakeRig>> = {
  SalesOrder: rigFor(makes.SalesOrder),
  Product: rigFor(makes.Product),
  Account: rigFor(makes.Account),
  'SalesOrder, loaded in bulk': rigFor(makes.SalesOrder, { bulkFrom: 0 }),
  'Product, loaded in bulk': rigFor(makes.Product, { bulkFrom: 0 }),
  'Account, loaded in bulk': rigFor(makes.Account, { bulkFrom: 0 }),

  'Account, a company': rigFor(makeCompany, { companies: true }),

  PriceList: rigFor(makePriceList, { companies: true }),

  Price: rigFor(makePrice),
  'Price, changed in bulk': rigFor(makePrice, { bulkPricesFrom: 1 }),

  StockLevel: rigFor(({ books, article, common }) => ({
    ...common(
      () =>
        books.variants.filter(({ levels }) => Object.values(levels).some(({ available }) => available > 0)),
      () => void article({ stock: 10 }),
    ),
    entity: 'StockLevel',
    remove: async id => void books.variants.remove(id),
    texts: ['1', '2', '30', '400', '5000'],
    row: text => ({ product: article({}), available: text }),
    badRow: () => ({ product: article({}), available: '3000000000' }),
    textOf: row => String((row as { quantities: { available: number } }).quantities.available),
  })),

  Shipment: rigFor(({ books, order, common }) => {
    const withLines = (number: string, quantity: string) => {
      const placed = order()
      return {
        order: placed.order,
        number,
        status: 'shipped',
        carrier: 'DHL',
        tracking: [{ number: 'JJD1' }, { number: 'JJD2' }],
        lines: [{ product: placed.product, quantity }],
      }
    }
    return {
      ...common(
        () =>
          books.orders.all().flatMap(each => each.fulfilments.map(one => ({ id: `${each.id}/${one.id}` }))),
        () => {
          const [waiting] = books.orders.get(order().order)?.fulfilmentOrders ?? []
          const line = { id: `gid://shopify/FulfillmentOrderLineItem/${waiting?.lines[0]?.id}`, quantity: 1 }
          fulfil(books, {
            lineItemsByFulfillmentOrder: [
              {
                fulfillmentOrderId: `gid://shopify/FulfillmentOrder/${waiting?.id}`,
                fulfillmentOrderLineItems: [line],
              },
            ],
          })
        },
      ),
      entity: 'Shipment',
      remove: async id => {
        const there = books.orders.get(id.split('/')[0] ?? '')
        if (there) books.orders.put(there.id, { ...there, fulfilments: [] })
      },
      texts: ['SHP/1', 'SHP/2', 'SHP/3', 'SHP/4', 'SHP/5'],
      row: text => withLines(text, '1'),
      badRow: () => withLines('SHP/BAD', '99'),
    }
  }),

  Invoice: billRig('Invoice', 'invoices'),
  CreditNote: billRig('CreditNote', 'credit_notes'),
  'CreditNote, paid back': billRig('CreditNote', 'credit_notes', { refunds: 'write' }),

  ReturnAuthorization: rigFor(({ books, order, common, at }) => {
    const sendBack = () => {
      const placed = books.orders.get(order().order)
      if (!placed) throw new Error('The look-alike lost an order.')
      const line = { fulfilmentLine: '1', line: placed.lines[0]?.id ?? '', quantity: 1, processed: 0 }
      const id = books.next('return')
      const lines = [{ ...line, id: books.next('returnLine'), reason: 'Too small' }]
      const facts = { name: `${placed.name}-R1`, status: 'REQUESTED', createdAt: books.stamp(), exchange: [] }
      books.orders.put(placed.id, { ...placed, returns: [{ id, lines, ...facts }] })
      return id
    }
    const orderOf = (id: string) => books.orders.find(({ returns }) => returns.some(each => each.id === id))
    return {
      ...common(
        () => books.orders.all().flatMap(({ returns }) => returns),
        () => void sendBack(),
      ),
      entity: 'ReturnAuthorization',
      webhook: notifies('returns/request', { id: 7 }, [{ entity: 'ReturnAuthorization', id: '7' }]),
      reports: { gone: false },
      touch: async id => {
        const there = orderOf(id)
        const returns = there?.returns.map(each => ({ ...each, name: `${each.name}!` })) ?? []
        if (there) books.orders.put(there.id, { ...there, returns, updatedAt: books.stamp() })
      },
      late: async () => at(-20_000, sendBack),
      remove: async id => {
        const there = orderOf(id)
        if (there) books.orders.put(there.id, { ...there, returns: [] })
      },
    }
  }),

  Refund: rigFor(({ books, order, common, at }) => {
    const giveBack = () => {
      const placed = books.orders.get(order().order)
      if (!placed) throw new Error('The look-alike lost an order.')
      const lines = [{ line: placed.lines[0]?.id ?? '', quantity: 1, restockType: 'RETURN' }]
      const id = books.next('refund')
      const refund = { id, createdAt: books.stamp(), note: 'Broken', amount: 500, lines }
      books.orders.put(placed.id, { ...placed, refunds: [refund] })
      return `${placed.id}/${id}`
    }
    const orderOf = (id: string) => books.orders.get(id.split('/')[0] ?? '')
    return {
      ...common(
        () => books.orders.all().flatMap(each => each.refunds.map(one => ({ id: `${each.id}/${one.id}` }))),
        () => void giveBack(),
      ),
      entity: 'Refund',
      webhook: notifies('refunds/create', { id: 8, order_id: 7 }, [
        { entity: 'SalesOrder', id: '7' },
        { entity: 'Refund', id: '7/8' },
      ]),
      reports: { gone: false },
      touch: async id => {
        const there = orderOf(id)
        const refunds = there?.refunds.map(each => ({ ...each, note: `${each.note ?? ''}!` })) ?? []
        if (there) books.orders.put(there.id, { ...there, refunds, updatedAt: books.stamp() })
      },
      late: async () => at(-20_000, giveBack),
      remove: async id => {
        const there = orderOf(id)
        if (there) books.orders.put(there.id, { ...there, refunds: [] })
      },
    }
  }),
}

/** What stands in a metafield of orders; once more for each time that its money was given back again. */
function billRig(
  entity: 'Invoice' | 'CreditNote',
  key: 'invoices' | 'credit_notes',
  settings: Parameters<typeof rigFor>[1] = {},
): MakeRig {
  const twice = (books: Books) =>
    books.orders
      .all()
      .flatMap(({ id, refunds }) =>
        refunds.slice(1).map(({ note }) => ({ id: `${id}/${creditNoteIn(note) ?? ''}` })),
      )
  return rigFor(
    ({ books, order, common }): Rig => ({
      ...common(
        () => [...billsOf(books, key), ...twice(books)],
        () => {
          const there = books.orders.get(order().order)
          const value = JSON.stringify([bill(`SEED/${count(books)}`)])
          const metafield = { id: books.next('metafield'), namespace: 'linchpin', key, type: 'json', value }
          if (there) books.orders.put(there.id, { ...there, metafields: [metafield] })
        },
      ),
      entity,
      texts: ['INV/1', 'INV/2', 'INV/3', 'INV/4', 'INV/5'],
      row: text => ({ orders: [order().order], ...bill(text) }),
      badRow: () => ({ orders: [order().order], ...bill('INV/BAD'), status: 'draft' }),
    }),
    settings,
  )
}
