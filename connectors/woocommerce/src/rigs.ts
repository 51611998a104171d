import type { MakeRig } from '@linchpin/connector/conformance'
import {
  attached,
  bill,
  DAY,
  erpOrder,
  metaOf,
  mugIn,
  orderIn,
  price,
  productFor,
  productIds,
  rig,
  webhookAbout,
} from './rig-tools.ts'

/** What the conformance suite needs to drive each entity against the look-alike. */
export const rigs: Readonly<Record<string, MakeRig>> = {
  SalesOrder: rig('SalesOrder', ({ fake, ago, count }) => ({
    seed: async (amount, sameInstant = false) => {
      const mug = fake.products().find(each => each.sku === 'MUG') ?? ago(9 * DAY, () => mugIn(fake))
      for (let at = 0; at < amount; at += 1)
        ago(sameInstant ? DAY : 3 * DAY - count() * 60_000, () =>
          fake.placeOrder({
            customer: 1,
            lines: [{ product: mug.id, quantity: 1 + at }],
            coupon: 'welcome10',
          }),
        )
    },
    ids: async () => fake.orders().map(({ id }) => String(id)),
    touch: async id => void fake.updateOrder(Number(id), { customer_note: `Ring twice, ${count()}` }),
    remove: async id => fake.trashOrder(Number(id)),
    addField: async (id, key, value) => void fake.updateOrder(Number(id), { meta_data: [{ key, value }] }),
    row: text => ({ erp_number: text }),
    rowWithoutText: () => ({ status: 'completed' }),
    textOf: row => metaOf(row, '_linchpin_erp_number'),
    canonical: { record: erpOrder },
    webhook: webhookAbout('order.updated', { id: 42, status: 'processing' }, [
      { entity: 'SalesOrder', id: '42' },
    ]),
  })),
  Product: rig('Product', ({ fake, ago, count }) => ({
    seed: async (amount, sameInstant = false) => {
      for (let at = 0; at < amount; at += 1)
        ago(sameInstant ? DAY : 3 * DAY - count() * 60_000, () => mugIn(fake, `SEED-${count()}`))
    },
    ids: async () => productIds(fake),
    touch: async id => void fake.updateProduct(Number(id), { description: `Now ${count()}` }),
    remove: async id => fake.trashProduct(Number(id)),
    addField: async (id, key, value) => void fake.updateProduct(Number(id), { meta_data: [{ key, value }] }),
    keys: async id => ({ sku: fake.products().find(each => String(each.id) === id)?.sku ?? '' }),
    row: text => ({ sku: `SKU ${text.slice(0, 60)}`, name: text, status: 'publish', tax_rate: '19' }),
    rowWithoutText: () => ({ status: 'draft', weight_kg: '0.5' }),
    badRow: () => ({ sku: 'BAD', name: 'Bad', status: 'publish', tax_rate: '16' }),
    textOf: row => String((row as { name: unknown }).name),
    canonical: {
      record: {
        id: '7',
        sku: 'CUP',
        name: 'Cup',
        kind: 'goods',
        active: true,
        taxRate: '7',
        weightKg: '0.25',
      },
      survives: ({ sku, name, kind, active, weightKg }) => [sku, name, kind, active, weightKg],
    },
    webhook: webhookAbout('product.updated', { id: 12, type: 'variable', variations: [14, 15] }, [
      ...(['Product', 'Price', 'StockLevel'] as const).map(entity => ({ entity, id: '12/14' })),
      ...(['Product', 'Price', 'StockLevel'] as const).map(entity => ({ entity, id: '12/15' })),
    ]),
  })),
  StockLevel: rig('StockLevel', ({ fake, ago, count }) => ({
    seed: async (amount, sameInstant = false) => {
      for (let at = 0; at < amount; at += 1)
        ago(sameInstant ? DAY : 3 * DAY - count() * 60_000, () => mugIn(fake, `SEED-${count()}`))
    },
    ids: async () => productIds(fake, each => each.manage_stock),
    touch: async id => void fake.updateProduct(Number(id), { stock_quantity: 100 + count() }),
    remove: async id => fake.trashProduct(Number(id)),
    keys: async id => ({ sku: fake.products().find(each => String(each.id) === id)?.sku ?? '' }),
    texts: ['11', '12', '13', '0', '-3'],
    row: text => ({ product: productFor(fake, text), stock_quantity: Number(text) }),
    textOf: row => String((row as { stock_quantity: unknown }).stock_quantity),
    canonical: {
      record: { id: '7', product: '7', sku: 'CUP', onHand: '12', available: '9.5' },
      link: () => productFor(fake, '11'),
    },
  })),
  Price: rig('Price', ({ fake, ago, count }) => ({
    seed: async (amount, sameInstant = false) => {
      for (let at = 0; at < amount; at += 1)
        ago(sameInstant ? DAY : 3 * DAY - count() * 60_000, () => mugIn(fake, `SEED-${count()}`))
    },
    ids: async () => productIds(fake, each => each.regular_price !== ''),
    touch: async id => void fake.updateProduct(Number(id), { regular_price: `${100 + count()}.00` }),
    remove: async id => fake.trashProduct(Number(id)),
    keys: async id => ({ sku: fake.products().find(each => String(each.id) === id)?.sku ?? '' }),
    texts: ['11.00', '12.50', '13.99', '0.01'],
    row: text => ({ ...price, product: productFor(fake, text), regular_price: text }),
    badRow: () => ({
      ...price,
      product: productFor(fake, '11.00'),
      regular_price: '5.00',
      sale_price: '6.00',
    }),
    textOf: row => String((row as { regular_price: unknown }).regular_price),
    canonical: {
      record: {
        id: '7',
        product: '7',
        currency: 'EUR',
        taxInclusive: false,
        list: '10.5',
        sale: { amount: '8', from: '2030-01-01T00:00:00Z', to: '2030-02-01T00:00:00Z' },
      },
      link: () => productFor(fake, '11.00'),
      survives: ({ list, sale, currency }) => [list, sale, currency],
    },
  })),
  Account: rig('Account', ({ fake, ago, count }) => ({
    seed: async (amount, sameInstant = false) => {
      for (let at = 0; at < amount; at += 1)
        ago(sameInstant ? DAY : 3 * DAY - count() * 60_000, () =>
          fake.createCustomer({ email: `seed-${count()}@example.com`, first_name: 'Seed' }),
        )
    },
    ids: async () => fake.customers().map(({ id }) => String(id)),
    reports: { gone: false },
    touch: async id => void fake.updateCustomer(Number(id), { first_name: `Ada ${count()}` }),
    addField: async (id, key, value) => void fake.updateCustomer(Number(id), { meta_data: [{ key, value }] }),
    keys: async id => ({ email: fake.customers().find(each => String(each.id) === id)?.email ?? '' }),
    row: text => ({
      email: `${Buffer.from(text).toString('hex').slice(0, 60)}@example.com`,
      last_name: text,
    }),
    rowWithoutText: () => ({ first_name: 'Ada' }),
    badRow: () => ({ email: 'no address at all', last_name: 'Bad' }),
    textOf: row => String((row as { last_name: unknown }).last_name),
    canonical: {
      record: {
        id: '7',
        kind: 'company',
        name: 'Nordlicht GmbH',
        company: 'Nordlicht GmbH',
        email: 'info@nordlicht.example',
        vatId: 'DE129273398',
        billingAddress: { company: 'Nordlicht GmbH', streetName: 'Hafen 1', cityName: 'Kiel', country: 'DE' },
      },
      survives: ({ kind, name, email, vatId }) => [kind, name, email, vatId],
    },
    webhook: webhookAbout('customer.updated', { id: 7 }, [{ entity: 'Account', id: '7' }]),
  })),
  Shipment: rig('Shipment', ({ fake, ago, count }) => ({
    ...attached(fake, ago, count, '_linchpin_shipment_'),
    row: text => ({
      order_id: orderIn(fake, ago),
      number: text,
      status: 'shipped',
      carrier: 'DHL',
      tracking: [{ number: 'JJD0001' }],
      lines: [],
    }),
    badRow: () => ({ order_id: 'nowhere', number: 'BAD', tracking: [], lines: [] }),
    textOf: row => String((row as { number: unknown }).number),
    canonical: {
      record: {
        id: '3',
        number: 'WH/OUT/00003',
        order: 'S1',
        status: 'shipped',
        tracking: [{ number: 'JJD1', carrier: 'DHL' }],
        lines: [{ id: '1', sku: 'MUG', quantity: '2' }],
      },
      link: ({ entity }) => (entity === 'SalesOrder' ? orderIn(fake, ago) : null),
      survives: ({ number, status, tracking }) => [number, status, tracking],
    },
  })),
  Invoice: rig('Invoice', ({ fake, ago, count }) => ({
    ...attached(fake, ago, count, '_linchpin_invoice_'),
    row: text => ({
      order_ids: [orderIn(fake, ago)],
      number: text,
      total: '119.00',
      currency: 'EUR',
      url: 'https://x.example/1',
    }),
    badRow: () => ({ order_ids: ['999999'], number: 'BAD' }),
    textOf: row => String((row as { number: unknown }).number),
    canonical: {
      record: bill,
      link: () => orderIn(fake, ago),
      survives: ({ number, status, currency }) => [number, status, currency],
    },
  })),
  CreditNote: rig('CreditNote', ({ fake, ago, count }) => ({
    ...attached(fake, ago, count, '_linchpin_credit_note_'),
    row: text => ({ order_ids: [orderIn(fake, ago)], number: text, total: '19.00', currency: 'EUR' }),
    textOf: row => String((row as { number: unknown }).number),
    canonical: {
      record: bill,
      link: () => orderIn(fake, ago),
      survives: ({ number, status, currency }) => [number, status, currency],
    },
  })),
  Refund: rig('Refund', ({ fake, ago, count }) => ({
    seed: async (amount, sameInstant = false) => {
      for (let at = 0; at < amount; at += 1)
        ago(sameInstant ? DAY : 3 * DAY - count() * 60_000, () =>
          fake.refund(Number(orderIn(fake, (_, work) => work())), { amount: '1.00' }),
        )
    },
    ids: async () => fake.books.refunds.all().map(({ id }) => String(id)),
  })),
}
