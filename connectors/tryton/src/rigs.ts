import { exampleOrder, type MakeRig, type Rig } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { priceList, salesOrder, type EntityName } from '@linchpin/model'
import { text, type Values } from './fake/books.ts'
import { demoAccess, fakeTryton, type FakeTryton } from './fake/fake-tryton.ts'
import { button } from './fake/sales.ts'
import { tryton } from './tryton.ts'

/** What the conformance suite needs of each entity, at the look-alike. Not part of the connector. */

type Parts = Omit<Rig, 'connector' | 'settings' | 'secret' | 'entity' | 'remote' | 'seed'> & {
  readonly seed: (count: number) => void
}

const FIELD = 'x_linchpin_engraving'
const EXTENSIBLE: readonly EntityName[] = [
  'Product',
  'Account',
  'SalesOrder',
  'Shipment',
  'Invoice',
  'CreditNote',
  'PriceList',
]

function rig(entity: EntityName, model: string, parts: (fake: FakeTryton) => Parts): MakeRig {
  return now => {
    let shift = 0
    const fake = fakeTryton({ shelf: new Shelf(null), now: () => now() + shift })
    for (const name of ['sale.sale', 'party.party', 'product.product', model])
      fake.books.addField(name, FIELD)
    const fields = EXTENSIBLE.includes(entity) ? { [entity]: [FIELD] } : {}
    const own = parts(fake)
    const answer = fetchFrom(fake.handler)
    return {
      reports: { gone: false },
      connector: tryton,
      settings: tryton.settings.parse({ url: 'https://erp.example.org', ...demoAccess, fields }),
      secret: demoAccess.password,
      entity,
      remote: (url, init) => answer(url, { ...init, signal: null }),
      ...own,
      seed: async (count, sameInstant) => {
        for (let turn = 0; turn < count; turn += 1) {
          shift = sameInstant === true ? -3_600_000 : -3_600_000 * (count - turn)
          own.seed(1)
        }
        shift = 0
      },
    }
  }
}

const within = (fake: FakeTryton, work: () => void) => fake.books.transaction(work)
const idsOf = (fake: FakeTryton, model: string) => fake.books.all(model).map(row => String(row.id))
const write = (fake: FakeTryton, model: string, id: string, values: Values) =>
  within(fake, () => fake.books.write(model, Number(id), values))
const remove = (fake: FakeTryton, model: string, id: string) =>
  within(fake, () => fake.books.delete(model, Number(id)))
const unique = (text: string) => Buffer.from(text).toString('hex').slice(0, 24)
let turns = 0
const next = () => (turns += 1)

const products = rig('Product', 'product.product', fake => ({
  seed: () =>
    void fake.people.makeProduct({
      sku: `SKU-${next()}`,
      name: 'Thing',
      price: '1.00',
      rate: '19',
      ean: `40063${next()}`,
    }),
  ids: async () => idsOf(fake, 'product.product'),
  touch: async id => write(fake, 'product.product', id, { description: `touched ${next()}` }),
  remove: async id => remove(fake, 'product.product', id),
  addField: async (id, name, value) => write(fake, 'product.product', id, { [name]: value }),
  keys: async id => {
    const row = fake.books.need('product.product', id)
    const ean = fake.books.where('product.identifier', each => each['product'] === row.id)[0]?.['code']
    return { sku: String(row['suffix_code']), ...(ean === undefined ? {} : { gtin: text(ean) }) }
  },
  canonical: {
    record: {
      id: 'p1',
      sku: 'MUG-9',
      gtin: '4006381333931',
      name: 'Mug',
      kind: 'goods',
      active: true,
      unit: 'C62',
      taxRate: '19',
    },
    survives: ({ sku, gtin, name, kind, active, unit, taxRate }) => [
      sku,
      gtin,
      name,
      kind,
      active,
      unit,
      taxRate,
    ],
  },
  row: text => ({ code: `S-${unique(text)}`, name: text, tax_percent: '19' }),
  rowWithoutText: () => ({ tax_percent: '7' }),
  badRow: () => ({ code: 'BAD', name: 'Bad', tax_percent: '16' }),
  textOf: row => (row as { name: string }).name,
}))

const prices = rig('Price', 'product.product', fake => ({
  seed: () =>
    void fake.people.makeProduct({ sku: `SKU-${next()}`, name: 'Thing', price: '1.00', rate: '19' }),
  ids: async () => idsOf(fake, 'product.product'),
  touch: async id => fake.people.setPrice(id, `${next()}.50`),
  remove: async id => remove(fake, 'product.product', id),
  keys: async id => ({ sku: String(fake.books.need('product.product', id)['suffix_code']) }),
  row: text => ({ list_price: text }),
  rowWithoutText: () => ({ currency: 'EUR' }),
  badRow: () => ({ list_price: '1.00', currency: 'USD' }),
  textOf: row => (row as { list_price: string }).list_price,
  canonical: {
    record: { id: 'p1', product: 'p1', currency: 'EUR', taxInclusive: false, list: '12.3456' },
    link: () => '1',
    survives: record => record['list'],
  },
  texts: ['1.00', '2.50', '3.3333', '4', '1000000.01'],
}))

const stock = rig('StockLevel', 'product.product', fake => ({
  seed: () =>
    void fake.people.makeProduct({
      sku: `SKU-${next()}`,
      name: 'Thing',
      price: '1.00',
      rate: '19',
      stock: 5,
    }),
  // Shipping, fees and rounding are services, which have no stock.
  ids: async () => idsOf(fake, 'product.product').slice(3),
  touch: async id => fake.people.countStock(id, 10 + next()),
  keys: async id => ({ sku: String(fake.books.need('product.product', id)['suffix_code']) }),
}))

const accounts = rig('Account', 'party.party', fake => ({
  seed: () =>
    within(fake, () => {
      const mails = [['create', [{ type: 'email', value: `p${next()}@example.org` }]]]
      const vats = [['create', [{ type: 'eu_vat', code: `DE${100_000_000 + next()}` }]]]
      fake.books.create('party.party', {
        name: `Party ${next()}`,
        contact_mechanisms: mails,
        identifiers: vats,
      })
    }),
  ids: async () => idsOf(fake, 'party.party'),
  touch: async id => write(fake, 'party.party', id, { name: `touched ${next()}` }),
  remove: async id => remove(fake, 'party.party', id),
  addField: async (id, name, value) => write(fake, 'party.party', id, { [name]: value }),
  keys: async id => {
    const of = (model: string) => fake.books.where(model, each => String(each['party']) === id)[0]
    const [email, vatId] = [of('party.contact_mechanism')?.['value'], of('party.identifier')?.['code']]
    return {
      ...(email === undefined ? {} : { email: text(email) }),
      ...(vatId === undefined ? {} : { vatId: text(vatId) }),
    }
  },
  canonical: {
    record: { ...exampleOrder.buyer, vatId: 'DE136695976' },
    survives: ({ name, email, vatId }) => [name, email, vatId],
  },
  row: text => ({
    name: text,
    email: `${unique(text)}@example.org`,
    invoice_address: { street: 'Hauptstr. 1', city: 'Berlin', country: 'DE' },
  }),
  rowWithoutText: () => ({ phone: '+49 30 1' }),
  badRow: () => ({ name: 'Bad', eu_vat: 'DE1' }),
  textOf: row => (row as { name: string }).name,
}))

const orders = rig('SalesOrder', 'sale.sale', fake => ({
  seed: () => void placed(fake),
  ids: async () => idsOf(fake, 'sale.sale'),
  touch: async id => write(fake, 'sale.sale', id, { comment: `touched ${next()}` }),
  remove: async id => {
    within(fake, () => fake.books.write('sale.sale', Number(id), { state: 'cancelled' }))
    remove(fake, 'sale.sale', id)
  },
  addField: async (id, name, value) => write(fake, 'sale.sale', id, { [name]: value }),
  row: text => orderRow(fake, { comment: text, reference: `N-${unique(text)}` }),
  rowWithoutText: () => orderRow(fake, { reference: 'again' }),
  badRow: () => orderRow(fake, { reference: 'bad' }, '16'),
  textOf: row => (row as { comment: string }).comment,
  canonical: {
    record: exampleOrder,
    link: ({ entity }) => (entity === 'Product' ? String(orderRow(fake, {}).lines[0]?.product) : '1'),
    survives: record => {
      const { totals, lines, charges } = salesOrder.parse(record)
      const figures = (each: { net: string; tax: string; gross: string }) => [each.net, each.tax, each.gross]
      return [totals, lines.map(line => [line.quantity, ...figures(line)]), charges.map(figures)]
    },
  },
}))

const shipments = rig('Shipment', 'stock.shipment.out', fake => ({
  seed: () => void placed(fake),
  ids: async () => idsOf(fake, 'stock.shipment.out'),
  touch: async id =>
    within(
      fake,
      () =>
        void fake.books.create('stock.package', {
          shipment: `stock.shipment.out,${id}`,
          shipping_reference: `TRACK-${next()}`,
        }),
    ),
  addField: async (id, name, value) => write(fake, 'stock.shipment.out', id, { [name]: value }),
}))

const invoices = rig('Invoice', 'account.invoice', fake => ({
  seed: () => void invoiced(fake),
  ids: async () =>
    fake.books.where('account.invoice', row => row['number'] != null).map(row => String(row.id)),
  touch: async id => write(fake, 'account.invoice', id, { reference: `touched ${next()}` }),
  addField: async (id, name, value) => write(fake, 'account.invoice', id, { [name]: value }),
  withFile: async () => invoiced(fake),
}))

const creditNotes = rig('CreditNote', 'account.invoice', fake => ({
  seed: () => void fake.people.credit(invoiced(fake)),
  ids: async () =>
    fake.books
      .where('account.invoice', row =>
        String(fake.books.value('account.invoice', row, 'total_amount')).startsWith('-'),
      )
      .map(row => String(row.id)),
  touch: async id => write(fake, 'account.invoice', id, { reference: `touched ${next()}` }),
  addField: async (id, name, value) => write(fake, 'account.invoice', id, { [name]: value }),
  withFile: async () => fake.people.credit(invoiced(fake)),
}))

const priceLists = rig('PriceList', 'product.price_list', fake => ({
  seed: () => within(fake, () => void fake.books.create('product.price_list', { name: `List ${next()}` })),
  ids: async () => idsOf(fake, 'product.price_list'),
  touch: async id =>
    within(
      fake,
      () =>
        void fake.books.create('product.price_list.line', {
          price_list: Number(id),
          product: 1,
          formula: `${next()}.50`,
        }),
    ),
  remove: async id => remove(fake, 'product.price_list', id),
  addField: async (id, name, value) => write(fake, 'product.price_list', id, { [name]: value }),
  canonical: {
    record: {
      id: 'l1',
      name: 'Wholesale',
      currency: 'EUR',
      taxInclusive: false,
      items: [
        { product: 'p1', minimumQuantity: '10', amount: '9.50' },
        { product: 'p1', amount: '11.0' },
      ],
    },
    link: () => '1',
    survives: record => priceList.parse(record).items.map(item => [item.minimumQuantity, item.amount]),
  },
  row: text => ({
    name: text,
    currency: 'EUR',
    tax_included: false,
    items: [{ product: '1', unit_price: '9.90' }],
  }),
  badRow: () => ({ name: 'In dollars', currency: 'USD', tax_included: false, items: [] }),
  textOf: row => (row as { name: string }).name,
}))

export const rigs: Readonly<Partial<Record<EntityName, MakeRig>>> = {
  Account: accounts,
  CreditNote: creditNotes,
  Invoice: invoices,
  Price: prices,
  PriceList: priceLists,
  Product: products,
  SalesOrder: orders,
  Shipment: shipments,
  StockLevel: stock,
}

/** An order of people's own, confirmed: two things that are in stock, and shipping. Answers its id. */
function placed(fake: FakeTryton): string {
  let id = 0
  within(fake, () => {
    const product = Number(
      fake.people.makeProduct({
        sku: `GOODS-${next()}`,
        name: 'Thing',
        price: '10.00',
        rate: '19',
        stock: 10,
      }),
    )
    const party = fake.books.create('party.party', {
      name: `Buyer ${next()}`,
      addresses: [['create', [{ city: 'Berlin' }]]],
    })
    const address = fake.books.where('party.address', each => each['party'] === party)[0]?.id
    const line = { product, unit: 1, quantity: 2, unit_price: '10.00', taxes: [['add', [1]]] }
    id = fake.books.create('sale.sale', {
      party,
      invoice_address: address,
      shipment_address: address,
      warehouse: 1,
      comment: 'theirs',
      lines: [['create', [line]]],
    })
    for (const name of ['quote', 'confirm']) button(fake.books, name, id)
  })
  return String(id)
}

function invoiced(fake: FakeTryton): string {
  const order = placed(fake)
  fake.people.ship(order, `TRACK-${next()}`)
  return fake.people.invoice(order)[0] ?? ''
}

function orderRow(fake: FakeTryton, own: Values, rate = '19') {
  const product = fake.books.where('product.product', row => row['suffix_code'] === 'MUG')[0]?.id
  const mug =
    product ?? fake.people.makeProduct({ sku: 'MUG', name: 'Mug', price: '10.00', rate: '19', stock: 1000 })
  const taxes = [{ rate, amount: '3.80' }]
  return {
    party: '1',
    state: 'processing',
    currency: 'EUR',
    invoice_address: { party_name: 'Ada', street: 'Hauptstr. 1', city: 'Berlin', country: 'DE' },
    lines: [
      {
        kind: 'item',
        product: String(mug),
        description: 'Mug',
        quantity: '2',
        amount: '20.00',
        tax_amount: '3.80',
        taxes,
      },
    ],
    charges: [],
    total_amount: '23.80',
    ...own,
  }
}
