import type { Connector } from '@linchpin/connector'
import type { MakeRig, Rig } from '@linchpin/connector/conformance'
import { fetchFrom } from '@linchpin/lookalike'
import type { Product, SalesOrder } from '@linchpin/model'
import { fakeMemory, type FakeMemory, type FakeTable } from './fake-memory.ts'
import { memory } from './memory.ts'

const secret = 'tok-c4n4ry'
const webhookSecret = 'hook-c4n4ry'
const dayBefore = Date.UTC(2029, 11, 31)

/** Orders of Memory's look-alike, for the conformance suite. */
export function orderRig(connector: Connector = memory, honoursKeys = true): MakeRig {
  return now => {
    const fake = fakeMemory({ now, token: secret, webhookSecret, honoursKeys })
    return {
      ...rigOf(connector, fake, fake.orders, 'order', number => anOrder(`seed ${number}`), now),
      entity: 'SalesOrder',
      acknowledged: async () => fake.received(),
      withFile: async () => fake.orders.add(anOrder('with a file')).id,
      touch: async id =>
        void fake.orders.change(id, { remark: `${String(fake.orders.get(id)?.['remark'])}!` }),
      row: anOrder,
      rowWithoutText: () => ({ currency: 'EUR' }),
      badRow: () => ({ ...anOrder('bad'), currency: 'Euro' }),
      textOf: row => (row as { remark: string }).remark,
      canonical: {
        record: canonicalOrder,
        link: ({ id }) => `linked-${id}`,
        survives: order => [order['totals'], order['lines'], order['charges']].map(withoutLinks),
      },
    }
  }
}

export function productRig(connector: Connector = memory): MakeRig {
  return now => {
    const fake = fakeMemory({ now, token: secret, webhookSecret })
    return {
      ...rigOf(connector, fake, fake.products, 'product', number => aProduct(`seed ${number}`), now),
      entity: 'Product',
      keys: async id => ({ sku: String(fake.products.get(id)?.['sku']) }),
      touch: async id =>
        void fake.products.change(id, { text: `${String(fake.products.get(id)?.['text'])}!` }),
      row: aProduct,
      rowWithoutText: () => ({ on_sale: false }),
      badRow: () => ({ ...aProduct('bad'), sku: '' }),
      textOf: row => (row as { text: string }).text,
      canonical: { record: canonicalProduct, survives: record => record['taxRate'] },
    }
  }
}

export const rigs: Readonly<Record<string, MakeRig>> = { SalesOrder: orderRig(), Product: productRig() }

function rigOf(
  connector: Connector,
  fake: FakeMemory,
  table: FakeTable,
  about: string,
  fields: (number: number) => object,
  now: () => number,
): Omit<Rig, 'entity'> {
  const request = (topic: string, by = webhookSecret) => ({
    url: 'http://linchpin/webhooks/erp',
    ...fake.webhook(topic, '7', by),
  })
  return {
    connector,
    settings: { url: 'http://memory.test', token: secret, webhookSecret },
    secret,
    remote: fetchFrom(fake.handler),
    seed: async (count, sameInstant = false) => {
      for (let number = 0; number < count; number += 1)
        table.add(fields(number), dayBefore + (sameInstant ? 0 : number * 1000))
    },
    ids: async () => table.ids(),
    late: async () => table.add(fields(99), now() - 30_000).id,
    remove: async id => table.remove(id),
    addField: async (id, name, value) => void table.change(id, { [name]: value }),
    webhook: {
      genuine: request(about),
      signedBy: by => request(about, by),
      signatureHeader: 'x-memory-signature',
      other: request('weather'),
    },
  }
}

function anOrder(remark: string) {
  const sums = { net: '10.00', tax: '2.00', gross: '12.00', taxes: [{ rate: '20', amount: '2.00' }] }
  return {
    remark,
    placed: '2029-12-31T12:00:00Z',
    currency: 'EUR',
    customer: { id: '1', name: 'Ada Lovelace', email: 'ada@example.com' },
    items: [{ pos: 1, article: '1', sku: 'MUG', title: 'Mug', qty: '1', price: '10.00', ...sums }],
    freight: [],
    sum_net: '10.00',
    sum_tax: '2.00',
    sum: '12.00',
  }
}

function aProduct(text: string) {
  return { sku: `SKU-${Buffer.from(text).toString('hex').slice(0, 40)}`, title: 'Mug', text, on_sale: true }
}

const mugs = { net: '19.98', tax: '4.00', gross: '23.98', taxes: [{ rate: '20', amount: '4.00' }] }
const parcel = { net: '4.1667', tax: '0.8333', gross: '5.0000', taxes: [{ rate: '20', amount: '0.8333' }] }
const canonicalOrder: SalesOrder = {
  id: '1042',
  number: 'W-1042',
  issuedAt: '2029-12-31T12:00:00Z',
  status: 'open',
  fulfilment: 'none',
  invoicing: 'none',
  payment: 'paid',
  currency: 'EUR',
  taxInclusive: false,
  buyer: { id: '7', kind: 'person', name: 'Ada Lovelace', email: 'ada@example.com' },
  deliveries: [],
  lines: [
    {
      id: '1',
      kind: 'item',
      product: '3',
      sku: 'MUG',
      name: 'Mug',
      quantity: '2',
      unitPrice: '9.99',
      ...mugs,
    },
  ],
  charges: [{ id: 'freight', kind: 'shipping', name: 'Parcel', ...parcel }],
  totals: { net: '24.1467', tax: '4.8333', payable: '28.98' },
}

const canonicalProduct: Product = {
  id: '3',
  sku: 'MUG-1',
  name: 'Mug',
  description: 'It holds tea.',
  kind: 'goods',
  active: true,
  taxRate: '20',
}

/** A link names another record on each side; all else must be the same. */
function withoutLinks(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (name, inner: unknown) => (name === 'product' ? undefined : inner)))
}
