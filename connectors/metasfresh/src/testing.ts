import { connectorFor } from '@linchpin/connector'
import { exampleOrder, type MakeRig, type Rig } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import type { EntityName } from '@linchpin/model'
import { demoToken, fakeMetasfresh, type FakeMetasfresh } from './fake/fake-metasfresh.ts'
import { upsertPartners } from './fake/partners.ts'
import { createCandidates, processCandidates } from './fake/sales.ts'
import { metasfresh } from './metasfresh.ts'

/** What the conformance suite needs of each entity, at the look-alike. Not part of the connector. */

type Parts = Omit<Rig, 'connector' | 'settings' | 'secret' | 'entity' | 'remote' | 'seed'> & {
  readonly seed: (turn: number) => void
}

const pushToken = 'push-token-c4n4ry-0001'

function rig(entity: EntityName, parts: (fake: FakeMetasfresh) => Parts, own: object = {}): MakeRig {
  return now => {
    let shift = 0
    let turns = 0
    const fake = fakeMetasfresh({ shelf: new Shelf(null), now: () => now() + shift })
    const settings = { url: 'https://erp.example.org', token: demoToken, pushToken, ...own }
    const checked = metasfresh.settings.parse(settings)
    const answer = fetchFrom(fake.handler)
    const push = (body: unknown, by = pushToken) => ({
      url: 'http://linchpin/webhooks/erp',
      headers: { authorization: by },
      body: Buffer.from(JSON.stringify(body)),
    })
    return {
      reports: { gone: false },
      connector: connectorFor(metasfresh, checked),
      settings: checked,
      secret: demoToken,
      entity,
      remote: (url, init) => answer(url, { ...init, signal: null }),
      webhook: {
        genuine: push({ linchpin: [{ entity, id: '1000042' }] }),
        signedBy: by => push({ linchpin: [{ entity, id: '1000042' }] }, by),
        signatureHeader: 'authorization',
        notifies: [{ entity, id: '1000042' }],
        other: push({ linchpin: [{ entity: 'Weather', id: '1' }] }),
      },
      ...parts(fake),
      seed: async (count, sameInstant) => {
        const { seed } = parts(fake)
        for (let turn = 0; turn < count; turn += 1) {
          shift = sameInstant === true ? -3_600_000 : -3_600_000 * (count - turn)
          seed((turns += 1))
        }
        shift = 0
      },
    }
  }
}

const hex = (text: string) => Buffer.from(text).toString('hex').slice(0, 24)
const all = <Row extends { readonly id: number }>(rows: readonly Row[]) => rows.map(({ id }) => String(id))

/** A partner and a mug of its own, made when first asked for. */
export function basics(fake: FakeMetasfresh): { partner: string; mug: string } {
  const { books, people } = fake
  const partner = books.resolve('BPartner', 'ext-Linchpin-basics')
  if (partner === undefined) {
    upsertPartners(books, {
      requestItems: [
        {
          bpartnerIdentifier: 'ext-Linchpin-basics',
          bpartnerComposite: { bpartner: { name: 'Ada Lovelace' } },
        },
      ],
      syncAdvise: { ifNotExists: 'CREATE', ifExists: 'UPDATE_MERGE' },
    })
    people.makeProduct({ sku: 'MUG', name: 'Mug', price: '10.00', stock: 100 })
  }
  return {
    partner: String(books.resolve('BPartner', 'ext-Linchpin-basics')),
    mug: String(people.productOf('MUG').id),
  }
}

/** An order that people made, or another shop. Answers its number in metasfresh. */
export function placeOrder(fake: FakeMetasfresh, header: string, qty = 2): string {
  const { partner, mug } = basics(fake)
  const candidate = {
    orgCode: '001',
    externalSystemCode: 'Linchpin',
    externalHeaderId: header,
    externalLineId: '1',
    poReference: `1 [${header}]`,
    dateOrdered: '2029-12-31',
    bpartner: { bPartnerIdentifier: partner },
    productIdentifier: mug,
    productDescription: 'Mug',
    qty,
    price: 10,
    currencyCode: 'EUR',
    line: 10,
  }
  createCandidates(fake.world, { requests: [candidate] })
  processCandidates(fake.world, { externalHeaderId: header, externalSystemCode: 'Linchpin' })
  return String(fake.books.orders.find(order => order.header === header)?.id)
}

export const mugLine = (mug: string, text: string) => ({
  externalLineId: '7',
  kind: 'item',
  productIdentifier: mug,
  productDescription: text,
  qty: '2',
  net: '20.00',
  tax: '3.80',
  taxes: [{ rate: '19', amount: '3.80' }],
})

export function orderOf(fake: FakeMetasfresh, text: string, more: object = {}) {
  const { partner, mug } = basics(fake)
  return {
    poReference: `1042-${hex(text)}`,
    state: 'open',
    dateOrdered: '2030-01-01',
    bPartnerIdentifier: partner,
    billAddress: { name: 'Ada', address1: 'Hauptstr. 1', postal: '10115', city: 'Berlin', countryCode: 'DE' },
    currencyCode: 'EUR',
    lines: [mugLine(mug, text)],
    charges: [],
    total: '23.80',
    ...more,
  }
}

const orders = rig('SalesOrder', fake => ({
  seed: turn => void placeOrder(fake, `seed/${turn}`),
  ids: async () => [
    ...new Set(fake.books.candidates.all().map(each => String(each.request['externalHeaderId']))),
  ],
  touch: async id => {
    const order = fake.books.orders.find(each => each.header === id)
    if (!order) throw new Error(`There is no order ${id}.`)
    const poReference = `${order.poReference.length} [${id}]`
    fake.books.orders.put(order.id, { ...order, poReference, updated: fake.books.stamp() })
  },
  addField: async (id, name, value) => {
    const order = fake.books.orders.find(each => each.header === id)
    if (order) fake.books.orders.put(order.id, { ...order, own: { [name]: value } })
  },
  row: text => orderOf(fake, text),
  rowWithoutText: () => orderOf(fake, 'another'),
  badRow: () => orderOf(fake, 'bad', { lines: [mugLine('val-NO-SUCH-THING', 'bad')] }),
  textOf: row => (row as { Lines: { Description: string }[] }).Lines[0]?.Description ?? '',
  updates: { text: false },
  canonical: {
    record: exampleOrder,
    link: ({ entity }) => (entity === 'Account' ? basics(fake).partner : basics(fake).mug),
    survives: record => {
      const { net, tax, payable } = record['totals'] as Record<string, string>
      const lines = record['lines'] as { quantity: string; net: string; tax: string; gross: string }[]
      const figures = lines.map(line => [line.quantity, line.net, line.tax, line.gross].map(Number))
      return [[net, tax, payable].map(Number), figures]
    },
  },
}))

const accounts = rig('Account', fake => ({
  seed: turn =>
    void upsertPartners(fake.books, {
      requestItems: [
        {
          bpartnerIdentifier: `ext-Other-${turn}`,
          bpartnerComposite: { bpartner: { name: `Customer ${turn}`, customer: true } },
        },
      ],
      syncAdvise: { ifNotExists: 'CREATE' },
    }),
  ids: async () => all(fake.books.partners.all()),
  touch: async id => {
    const partner = fake.books.partners.get(id)
    if (!partner) throw new Error(`There is no partner ${id}.`)
    const name = `${String(partner.fields['name'])}!`
    fake.books.partners.put(id, {
      ...partner,
      updated: fake.books.stamp(),
      fields: { ...partner.fields, name },
    })
  },
  remove: async id => void fake.books.partners.remove(id),
  addField: async (id, name, value) => {
    const partner = fake.books.partners.get(id)
    if (partner) fake.books.partners.put(id, { ...partner, fields: { ...partner.fields, [name]: value } })
  },
  row: text => ({
    name: text,
    email: `${hex(text)}@example.com`,
    billAddress: { address1: 'Hauptstr. 1', city: 'Berlin', countryCode: 'DE' },
  }),
  rowWithoutText: () => ({ phone: '030 12345' }),
  badRow: () => ({ name: 'Bad', billAddress: { city: 'Nowhere', countryCode: 'Germany' } }),
  textOf: row => (row as { bpartner: { name: string } }).bpartner.name,
  canonical: {
    record: { id: '7', kind: 'company', name: 'Ada', company: 'Engines Ltd', vatId: 'DE123456789' },
    survives: ({ company, vatId }) => [company, vatId],
  },
}))

const aProduct = (fake: FakeMetasfresh, turn: number) =>
  void fake.people.makeProduct({ sku: `SKU-${turn}`, name: 'Thing', price: '1.50', stock: 5 })
const skuOf = (fake: FakeMetasfresh, id: string) => fake.books.products.get(id)?.value ?? ''
const goods = (fake: FakeMetasfresh) => fake.books.products.filter(({ type }) => type === 'I')

const products = rig('Product', fake => ({
  seed: turn => aProduct(fake, turn),
  ids: async () => all(goods(fake)),
  touch: async id => {
    const { name } = fake.people.productOf(skuOf(fake, id))
    fake.people.changeProduct(skuOf(fake, id), { name: `${name}!` })
  },
  remove: async id => void fake.books.products.remove(id),
  addField: async (id, name, value) => fake.people.changeProduct(skuOf(fake, id), { own: { [name]: value } }),
}))

const prices = rig('Price', fake => ({
  seed: turn => aProduct(fake, turn),
  ids: async () => all(goods(fake)),
  touch: async id => {
    const { price } = fake.people.productOf(skuOf(fake, id))
    fake.people.setPrice(skuOf(fake, id), String(Number(price) + 1))
  },
  remove: async id => void fake.books.products.remove(id),
}))

const stock = rig('StockLevel', fake => ({
  seed: turn => aProduct(fake, turn),
  ids: async () => all(goods(fake)),
  touch: async id => {
    const { onHand } = fake.people.productOf(skuOf(fake, id))
    fake.people.setStock(skuOf(fake, id), onHand + 1)
  },
  remove: async id => void fake.books.products.remove(id),
}))

const shipments = rig('Shipment', fake => ({
  seed: turn => void fake.people.ship(placeOrder(fake, `seed/${turn}`), `TRACK-${turn}`),
  ids: async () => all(fake.books.shipments.all()),
  touch: async id => {
    fake.people.addParcel(id, `TRACK-${fake.books.shipments.get(id)?.parcels.length ?? 0}`)
  },
}))

/** What is to be shipped, from the export queue. */
export const queueRig = rig(
  'Shipment',
  fake => ({
    reports: { gone: false, again: false },
    seed: turn => void placeOrder(fake, `seed/${turn}`),
    ids: async () => fake.books.orders.all().map(order => `plan-${order.header}`),
    acknowledged: async () => {
      const confirmed = new Set(fake.books.exports.all().flatMap(each => each.confirmed))
      const isSafe = (lines: readonly { readonly schedule: number }[]) =>
        lines.every(line => confirmed.has(line.schedule))
      return fake.books.orders.filter(order => isSafe(order.lines)).map(order => `plan-${order.header}`)
    },
  }),
  { shipments: 'queue' },
)

const billed = (fake: FakeMetasfresh, turn: number): string => {
  const order = placeOrder(fake, `seed/${turn}`)
  fake.people.ship(order, null)
  return fake.people.invoice(order)[0] ?? ''
}

const invoices = rig('Invoice', fake => ({
  seed: turn => void billed(fake, turn),
  ids: async () => all(fake.books.invoices.filter(each => each.base === 'ARI')),
  touch: async id => fake.people.touchInvoice(id),
  withFile: async () => billed(fake, 4711),
}))

const creditNotes = rig('CreditNote', fake => ({
  seed: turn => void fake.people.credit(billed(fake, turn)),
  ids: async () => all(fake.books.invoices.filter(each => each.base === 'ARC')),
  touch: async id => fake.people.touchInvoice(id),
  withFile: async () => fake.people.credit(billed(fake, 4711)),
}))

const payments = rig('Payment', fake => ({
  webhook: undefined as never,
  seed: () => {},
  ids: async () => fake.books.payments.all().map(each => each.id),
  row: text => {
    placeOrder(fake, 'shop/1')
    return {
      order: 'shop/1',
      bpartner: basics(fake).partner,
      currencyCode: 'EUR',
      amount: `${text.length}.50`,
    }
  },
  badRow: () => ({ order: 'shop/none', bpartner: '1', currencyCode: 'EUR', amount: '1' }),
  canonical: {
    record: {
      id: '5',
      order: '1042',
      account: '7',
      method: 'card',
      kind: 'payment',
      status: 'captured',
      amount: '23.80',
      currency: 'EUR',
    },
    link: ({ entity }) => {
      placeOrder(fake, 'shop/1')
      return entity === 'SalesOrder' ? 'shop/1' : basics(fake).partner
    },
  },
}))

const returned = rig('ReturnAuthorization', fake => ({
  webhook: undefined as never,
  seed: () => {},
  ids: async () => [
    ...new Set(fake.books.returns.all().map(each => each.externalId.split('/').slice(0, 2).join('/'))),
  ],
  row: text => {
    basics(fake)
    return { order: 'shop/1', lines: [{ id: `1-${hex(text)}`, sku: 'MUG', quantity: '1' }] }
  },
  badRow: () => ({ order: 'shop/1', lines: [{ id: '1', sku: 'NO-SUCH-THING', quantity: '1' }] }),
  canonical: {
    record: {
      id: '5',
      number: 'RMA-5',
      order: '1042',
      status: 'received',
      lines: [{ id: '1', sku: 'MUG', quantity: '1' }],
    },
    link: () => {
      basics(fake)
      return 'shop/1'
    },
  },
}))

export const rigs: Readonly<Partial<Record<EntityName, MakeRig>>> = {
  Account: accounts,
  CreditNote: creditNotes,
  Invoice: invoices,
  Payment: payments,
  Price: prices,
  Product: products,
  ReturnAuthorization: returned,
  SalesOrder: orders,
  Shipment: shipments,
  StockLevel: stock,
}
