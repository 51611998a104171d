import { exampleOrder, type MakeRig, type Rig } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { salesOrder, type EntityName } from '@linchpin/model'
import { dolibarr } from './dolibarr.ts'
import { demoAccess, fakeDolibarr, type FakeDolibarr } from './fake/fake-dolibarr.ts'
import { textOf, type TableName, type Values } from './fake/books.ts'
import { placeOrder, validateOrder } from './fake/sales.ts'

/** What the conformance suite needs of each entity, at the look-alike. Not part of the connector. */

type Parts = Omit<Rig, 'connector' | 'settings' | 'secret' | 'entity' | 'remote' | 'seed'> & {
  readonly seed: () => void
}

function rig(entity: EntityName, parts: (fake: FakeDolibarr) => Parts): MakeRig {
  return now => {
    let shift = 0
    const fake = fakeDolibarr({ shelf: new Shelf(null), now: () => now() + shift })
    const own = parts(fake)
    const answer = fetchFrom(fake.handler)
    return {
      reports: { gone: false },
      connector: dolibarr,
      settings: dolibarr.settings.parse({ url: 'https://erp.example.org', ...demoAccess }),
      secret: demoAccess.apiKey,
      entity,
      remote: (url, init) => answer(url, { ...init, signal: null }),
      ...own,
      seed: async (count, sameInstant) => {
        for (let turn = 0; turn < count; turn += 1) {
          shift = sameInstant === true ? -3_600_000 : -3_600_000 * (count - turn)
          own.seed()
        }
        shift = 0
      },
    }
  }
}

let turns = 0
const next = () => (turns += 1)
const unique = (text: string) => Buffer.from(text).toString('hex').slice(0, 24)
const idsOf = (fake: FakeDolibarr, table: TableName) => fake.books.all(table).map(row => String(row.rowid))
const write = (fake: FakeDolibarr, table: TableName, id: string, values: Values) =>
  void fake.books.update(table, id, values)
const addField = (fake: FakeDolibarr, table: TableName) => async (id: string, name: string, value: string) =>
  write(fake, table, id, { array_options: { [`options_${name}`]: value } })

/** What Dolibarr keeps as it was written. It trims edges, and four-byte signs become question marks there. */
const texts = [
  'one',
  'two',
  'three',
  'four',
  'five',
  '007',
  '1e5',
  'a\u0301',
  '<b>&amp;</b>',
  '{{7*7}} %s ${x}',
]
const hostile = [...texts, 'O\'Neill \\ "quoted"', '\u202eRTL', '(brackets): here']

const makeProduct = (fake: FakeDolibarr, price = '10.00') =>
  fake.people.makeProduct({
    sku: `SKU-${next()}`,
    name: 'Thing',
    price,
    rate: '19',
    stock: '10',
    ean: `40063${100_000 + next()}`,
  })
const TAKEN = 'TAKEN'
const makeParty = (fake: FakeDolibarr) =>
  fake.books.insert('thirdparties', {
    name: `Party ${next()}`,
    client: '1',
    status: '1',
    email: `p${next()}_x@example.org`,
    tva_intra: `DE${100_000_000 + next()}`,
    code_client: `CU-${next()}`,
    country_id: 5,
    town: 'Berlin',
  }).rowid

const products = rig('Product', fake => {
  fake.people.makeProduct({ sku: TAKEN, name: 'Thing', price: '1.00', rate: '19', ean: '40063812345' })
  return {
    seed: () => void makeProduct(fake),
    ids: async () => idsOf(fake, 'products'),
    touch: async id => write(fake, 'products', id, { description: `touched ${next()}` }),
    remove: async id => fake.books.remove('products', id),
    addField: addField(fake, 'products'),
    keys: async id => {
      const row = fake.books.need('products', id)
      return { sku: textOf(row['ref']), gtin: textOf(row['barcode']) }
    },
    canonical: {
      record: {
        id: 'p1',
        sku: 'MUG-9',
        gtin: '4006381333931',
        name: 'Mug',
        kind: 'goods',
        active: true,
        weightKg: '0.35',
        taxRate: '19',
      },
      survives: ({ sku, gtin, name, kind, active, weightKg }) => [sku, gtin, name, kind, active, weightKg],
    },
    texts: hostile,
    row: text => ({ ref: `S-${unique(text)}`, label: text, tva_tx: '19' }),
    rowWithoutText: () => ({ barcode: '4006381333931' }),
    badRow: () => ({ ref: TAKEN, label: 'Another thing of the same ref' }),
    textOf: row => (row as { label: string }).label,
  }
})

const prices = rig('Price', fake => ({
  seed: () => void makeProduct(fake, '1.00'),
  ids: async () => idsOf(fake, 'products'),
  touch: async id => fake.people.setPrice(id, `${next()}.50`),
  remove: async id => fake.books.remove('products', id),
  keys: async id => ({ sku: textOf(fake.books.need('products', id)['ref']) }),
  row: text => ({ list: text }),
  rowWithoutText: () => ({ list: '1.00', currency: 'EUR' }),
  badRow: () => ({ list: '1.00', currency: 'USD' }),
  textOf: row => String(Number((row as { list: string }).list)),
  canonical: {
    record: { id: 'p1', product: 'p1', currency: 'EUR', taxInclusive: false, list: '12.3456' },
    link: () => '1',
    survives: record => Number(record['list']),
  },
  texts: ['1', '2.5', '3.3333', '4', '1000000.01'],
}))

const priceLists = rig('PriceList', fake => {
  fake.traps.priceLevels = 0
  return {
    seed: () => {
      fake.traps.priceLevels += 1
      fake.people.setLevel(makeProduct(fake), fake.traps.priceLevels, '7.10')
    },
    ids: async () => Array.from({ length: fake.traps.priceLevels }, (_, index) => String(index + 1)),
    touch: async id => fake.people.setLevel(idsOf(fake, 'products')[0] ?? '', Number(id), `${next()}.20`),
  }
})

const stock = rig('StockLevel', fake => ({
  seed: () => void makeProduct(fake),
  ids: async () => idsOf(fake, 'products'),
  touch: async id => fake.people.countStock(id, String(10 + next())),
  remove: async id => fake.books.remove('products', id),
  keys: async id => ({ sku: textOf(fake.books.need('products', id)['ref']) }),
}))

const accounts = rig('Account', fake => ({
  seed: () => void makeParty(fake),
  ids: async () => idsOf(fake, 'thirdparties'),
  touch: async id => write(fake, 'thirdparties', id, { name: `touched ${next()}` }),
  remove: async id => fake.books.remove('thirdparties', id),
  addField: addField(fake, 'thirdparties'),
  keys: async id => {
    const row = fake.books.need('thirdparties', id)
    return {
      email: textOf(row['email']),
      vatId: textOf(row['tva_intra']),
      number: textOf(row['code_client']),
    }
  },
  canonical: {
    record: { ...exampleOrder.buyer, vatId: 'DE136695976', deliveryAddresses: [exampleOrder.billingAddress] },
    survives: ({ name, email, vatId, kind }) => [name, email, vatId, kind],
  },
  texts: hostile,
  row: text => ({
    name: text,
    email: `${unique(text)}@example.org`,
    billing: { streetName: 'Hauptstr. 1', cityName: 'Berlin', country: 'DE' },
  }),
  rowWithoutText: () => ({ phone: '+49 30 1' }),
  badRow: () => ({ name: 'Bad', billing: { country: 'XX' } }),
  textOf: row => (row as { name: string }).name,
}))

const orders = rig('SalesOrder', fake => ({
  seed: () => void placed(fake),
  ids: async () => idsOf(fake, 'orders'),
  touch: async id => write(fake, 'orders', id, { note_public: `touched ${next()}` }),
  remove: async id => fake.books.remove('orders', id),
  addField: addField(fake, 'orders'),
  texts: hostile,
  row: text => orderRow(fake, { note_public: text, ref_client: `N-${unique(text)}` }),
  rowWithoutText: () => orderRow(fake, { ref_client: 'again' }),
  badRow: () => orderRow(fake, { socid: '999999', ref_client: 'bad' }),
  textOf: row => (row as { note_public: string }).note_public,
  canonical: {
    record: {
      ...exampleOrder,
      deliveries: [{ id: 'd1', address: { name: 'Bea Lovelace', streetName: 'Nebenstr. 2', country: 'DE' } }],
    },
    link: ({ entity }) => (entity === 'Product' ? mug(fake) : buyer(fake)),
    survives: record => {
      const { totals, lines, charges } = salesOrder.parse(record)
      const figures = (each: { net: string; tax: string; gross: string }) =>
        [each.net, each.tax, each.gross].map(Number)
      const sums = [totals.net, totals.tax, totals.payable].map(Number)
      return [sums, lines.map(line => [Number(line.quantity), ...figures(line)]), charges.map(figures)]
    },
  },
}))

const shipments = rig('Shipment', fake => ({
  seed: () => void fake.people.ship(placed(fake), `TRACK-${next()}`),
  ids: async () => idsOf(fake, 'shipments'),
  touch: async id => write(fake, 'shipments', id, { tracking_number: `TRACK-${next()}` }),
  remove: async id => fake.books.remove('shipments', id),
  addField: addField(fake, 'shipments'),
}))

const invoices = rig('Invoice', fake => ({
  seed: () => void fake.people.invoice(placed(fake)),
  ids: async () => idsOf(fake, 'invoices'),
  touch: async id => write(fake, 'invoices', id, { note_public: `touched ${next()}` }),
  remove: async id => fake.books.remove('invoices', id),
  addField: addField(fake, 'invoices'),
  withFile: async () => fake.people.invoice(placed(fake)),
}))

const creditNotes = rig('CreditNote', fake => ({
  seed: () => void fake.people.credit(fake.people.invoice(placed(fake))),
  ids: async () =>
    fake.books
      .all('invoices')
      .filter(row => row['type'] === '2')
      .map(row => String(row.rowid)),
  touch: async id => write(fake, 'invoices', id, { note_public: `touched ${next()}` }),
  remove: async id => fake.books.remove('invoices', id),
  addField: addField(fake, 'invoices'),
  withFile: async () => fake.people.credit(fake.people.invoice(placed(fake))),
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

/** An order of people's own, validated: two pieces of a thing that is in stock. Answers its id. */
function placed(fake: FakeDolibarr): string {
  const line = { fk_product: makeProduct(fake), qty: '2', subprice: '10.00', tva_tx: '19', desc: 'Thing' }
  const id = placeOrder(fake.books, {
    socid: makeParty(fake),
    date: fake.books.seconds(),
    note_public: 'theirs',
    lines: [line],
  })
  validateOrder(fake.books, id)
  return String(id)
}

function mug(fake: FakeDolibarr): string {
  const there = fake.books.all('products').find(row => row['ref'] === 'MUG')
  return there
    ? String(there.rowid)
    : fake.people.makeProduct({ sku: 'MUG', name: 'Mug', price: '10.00', rate: '19', stock: '1000' })
}

const buyer = (fake: FakeDolibarr) => String(fake.books.all('thirdparties')[0]?.rowid ?? makeParty(fake))

function orderRow(fake: FakeDolibarr, own: Values) {
  const line = {
    kind: 'item',
    fk_product: mug(fake),
    name: 'Mug',
    qty: '2',
    unit_price: '10.00',
    rates: ['19'],
    net: '20.00',
    tax: '3.80',
    gross: '23.80',
  }
  return {
    socid: buyer(fake),
    currency: 'EUR',
    cancelled: false,
    tax_included: false,
    total_ttc: '23.80',
    rounding: '0',
    deliveries: [],
    lines: [line],
    charges: [],
    ...own,
  }
}
