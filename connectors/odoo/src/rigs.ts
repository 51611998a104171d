import type { MakeRig } from '@linchpin/connector/conformance'
import { creditInvoice } from './fake/accounting.ts'
import type { FakeOdoo } from './fake/index.ts'
import { rigFor, seedOver, versions } from './testing.ts'

type Parts = Parameters<typeof rigFor>[2]

const idsOf = (fake: FakeOdoo, model: string, keep: (row: Record<string, unknown>) => boolean = () => true) =>
  fake.orm
    .all(model)
    .filter(keep)
    .map(row => String(row.id))
const within = (fake: FakeOdoo, work: () => void) => fake.orm.transaction(work)
const write = (fake: FakeOdoo, model: string, id: string, vals: Record<string, unknown>) =>
  within(fake, () => fake.orm.write(model, [Number(id)], vals))

const people: Parts = fake => ({
  seed: async (count, same) =>
    seedOver(fake, count, same, index => {
      const turn = fake.orm.all('res.partner').length
      fake.orm.create('res.partner', { name: `Person ${turn}`, email: `person_${turn}.${index}@example.org` })
    }),
  ids: async () => idsOf(fake, 'res.partner', row => row['type'] === 'contact'),
  touch: async id => write(fake, 'res.partner', id, { phone: `+49 30 ${fake.orm.next('phone')}` }),
  remove: async id => within(fake, () => fake.orm.unlink('res.partner', [Number(id)])),
  addField: async (id, name, value) => {
    fake.orm.addField('res.partner', name)
    write(fake, 'res.partner', id, { [name]: value })
  },
  keys: async id => ({ email: String(fake.orm.need('res.partner', Number(id))['email']) }),
  row: text => ({
    name: 'Ada',
    company_name: text,
    email: `ada-${Buffer.from(text).toString('hex').slice(0, 20)}@example.org`,
  }),
  rowWithoutText: () => ({ phone: '+49 30 1' }),
  badRow: () => ({ name: 'Ada', vat: 'not a number at all' }),
  textOf: row => String((row as Record<string, unknown>)['company_name']),
})

const goods: Parts = fake => ({
  seed: async (count, same) =>
    seedOver(fake, count, same, () => {
      const turn = fake.orm.all('product.product').length
      fake.orm.create('product.product', {
        name: `Thing ${turn}`,
        default_code: `THING-${turn}`,
        barcode: `4000${turn}`,
        lst_price: 10,
      })
    }),
  ids: async () => idsOf(fake, 'product.product'),
  touch: async id => write(fake, 'product.product', id, { list_price: fake.orm.next('price') }),
  remove: async id => within(fake, () => fake.orm.unlink('product.product', [Number(id)])),
  addField: async (id, name, value) => {
    fake.orm.addField('product.product', name)
    write(fake, 'product.product', id, { [name]: value })
  },
  keys: async id => {
    const row = fake.orm.need('product.product', Number(id))
    return { sku: String(row['default_code']), gtin: String(row['barcode']) }
  },
  row: text => ({ name: text, tax_rate: '19' }),
  rowWithoutText: () => ({ weight: '1.5' }),
  badRow: () => ({ name: 'Taxed', tax_rate: '16.5' }),
  textOf: row => String((row as Record<string, unknown>)['name']),
})

const levels: Parts = fake => ({
  ...goods(fake),
  ids: async () => idsOf(fake, 'product.product'),
  seed: async (count, same) =>
    seedOver(fake, count, same, () => {
      const turn = fake.orm.all('product.product').length
      fake.orm.create('product.product', { name: `Thing ${turn}`, default_code: `THING-${turn}` })
    }),
  touch: async id =>
    fake.adjustStock(
      String(fake.orm.need('product.product', Number(id))['default_code']),
      5 + fake.orm.next('stock'),
    ),
})

/** A mug of 10.00 net at 19 %, in this quantity; the text is the customer's own number. */
function orderRow(fake: FakeOdoo, text: string, quantity = 2) {
  const net = (10 * quantity).toFixed(2)
  const tax = (1.9 * quantity).toFixed(2)
  const total = (11.9 * quantity).toFixed(2)
  const amounts = { price_subtotal: net, price_tax: tax, price_total: total }
  const line = {
    id: '1',
    kind: 'item',
    name: 'Mug',
    product_uom_qty: String(quantity),
    price_unit: '10',
    rates: ['19'],
    ...amounts,
  }
  return {
    partner_id: String(customerOf(fake)),
    client_order_ref: text,
    origin: 'W-1001',
    date_order: '2029-12-31 10:00:00',
    currency: 'EUR',
    cancelled: false,
    tax_included: false,
    amount_tax: tax,
    amount_total: total,
    rounding: '0',
    deliveries: [],
    order_line: [{ ...line, product_id: String(mugOf(fake)) }],
    charges: [],
    notes: [],
  }
}

function customerOf(fake: FakeOdoo): number {
  const found = fake.orm.all('res.partner').find(row => row['name'] === 'Ada')
  return found?.id ?? fake.orm.transaction(() => fake.orm.create('res.partner', { name: 'Ada' }).id)
}

function mugOf(fake: FakeOdoo): number {
  const found = fake.orm.all('product.product').find(row => row['default_code'] === 'MUG')
  return (
    found?.id ??
    fake.orm.transaction(
      () =>
        fake.orm.create('product.product', {
          name: 'Mug',
          default_code: 'MUG',
          lst_price: 10,
          invoice_policy: 'delivery',
        }).id,
    )
  )
}

/** An order as somebody at the ERP enters it. */
function placeOrder(fake: FakeOdoo): number {
  const line = [0, 0, { product_id: mugOf(fake), product_uom_qty: 3, price_unit: 10 }]
  return fake.orm.create('sale.order', { partner_id: customerOf(fake), order_line: [line] }).id
}

const orders: Parts = fake => ({
  seed: async (count, same) => {
    customerOf(fake)
    mugOf(fake)
    seedOver(fake, count, same, () => void placeOrder(fake))
  },
  ids: async () => idsOf(fake, 'sale.order'),
  touch: async id => write(fake, 'sale.order', id, { origin: `touched ${fake.orm.next('touch')}` }),
  remove: async id => within(fake, () => fake.orm.unlink('sale.order', [Number(id)])),
  addField: async (id, name, value) => {
    fake.orm.addField('sale.order', name)
    write(fake, 'sale.order', id, { [name]: value })
  },
  row: text => orderRow(fake, text),
  badRow: () => {
    const row = orderRow(fake, 'bad')
    return { ...row, order_line: row.order_line.map(line => ({ ...line, rates: ['16.5'] })) }
  },
  textOf: row => String((row as Record<string, unknown>)['client_order_ref']),
})

/** An order whose goods are confirmed, so that it has a picking. */
function pickedOrder(fake: FakeOdoo): number {
  const order = placeOrder(fake)
  fake.confirm(order)
  return order
}

const parcels: Parts = fake => ({
  seed: async (count, same) => {
    customerOf(fake)
    mugOf(fake)
    seedOver(fake, count, same, () => void pickedOrder(fake))
  },
  ids: async () => idsOf(fake, 'stock.picking'),
  touch: async id =>
    write(fake, 'stock.picking', id, { carrier_tracking_ref: `1Z${fake.orm.next('tracking')}` }),
  remove: async id => within(fake, () => fake.orm.unlink('stock.picking', [Number(id)])),
  addField: async (id, name, value) => {
    fake.orm.addField('stock.picking', name)
    write(fake, 'stock.picking', id, { [name]: value })
  },
})

/** An order of which everything has left, so that it can be invoiced. */
function deliveredOrder(fake: FakeOdoo): number {
  const order = pickedOrder(fake)
  fake.pick(order).forEach(picking => fake.ship(picking))
  return order
}

const bills: Parts = fake => {
  const invoiced = () => deliveredOrder(fake)
  return {
    seed: async (count, same) => {
      customerOf(fake)
      mugOf(fake)
      seedOver(fake, count, same, () => void fake.post(invoiced()))
    },
    ids: async () => idsOf(fake, 'account.move'),
    touch: async id => void fake.pay(Number(id), 1),
    remove: async id => within(fake, () => fake.orm.unlink('account.move', [Number(id)])),
    addField: async (id, name, value) => {
      fake.orm.addField('account.move', name)
      write(fake, 'account.move', id, { [name]: value })
    },
    withFile: async () => {
      const order = fake.orm.transaction(() => invoiced())
      return String(await fake.invoice(order))
    },
  }
}

/** The price of one piece, of an article that every price is about: the ids of prices are those of products. */
const prices: Parts = fake => {
  const { seed, touch, remove, addField } = goods(fake)
  return {
    seed,
    // To create a price is to give one to a product that had none.
    ids: async () =>
      fake.orm
        .all('product.product')
        .filter(row => fake.orm.number('product.product', row, 'lst_price') !== 0)
        .map(row => String(row.id)),
    ...(touch && { touch }),
    ...(remove && { remove }),
    ...(addField && { addField }),
    texts: ['11', '12.5', '13.99', '0.01', '1000000.01'],
    row: text => ({ product_id: String(productFor(fake, text)), lst_price: text }),
    badRow: () => ({ product_id: String(productFor(fake, 'bad')), lst_price: '1.00', currency: 'XTS' }),
    textOf: row => String((row as Record<string, unknown>)['lst_price']),
    canonical: {
      record: { id: 'p1', product: 'p1', currency: 'EUR', taxInclusive: false, list: '12.34' },
      link: () => String(mugOf(fake)),
      survives: record => record['list'],
    },
  }
}

/** A text of a price is that of a product of its own, made when first asked for. */
function productFor(fake: FakeOdoo, text: string): number {
  const code = `FOR-${text}`
  const found = fake.orm.all('product.product').find(row => row['default_code'] === code)
  const make = () => fake.orm.create('product.product', { name: 'Cup', default_code: code, lst_price: 0 }).id
  return found?.id ?? fake.orm.transaction(make)
}

const lists: Parts = fake => ({
  seed: async (count, same) =>
    seedOver(fake, count, same, () => {
      fake.orm.create('product.pricelist', { name: `List ${fake.orm.all('product.pricelist').length}` })
    }),
  ids: async () => idsOf(fake, 'product.pricelist'),
  touch: async id => write(fake, 'product.pricelist', id, { name: `List ${fake.orm.next('touch')}` }),
  remove: async id => within(fake, () => fake.orm.unlink('product.pricelist', [Number(id)])),
  row: text => ({ name: text, currency: 'EUR', items: [{ product_id: String(mugOf(fake)), amount: '9.9' }] }),
  rowWithoutText: () => ({ active: true }),
  badRow: () => ({ name: 'In strange money', currency: 'XTS', items: [] }),
  textOf: row => String((row as Record<string, unknown>)['name']),
  canonical: {
    record: {
      id: 'l1',
      name: 'Wholesale',
      currency: 'EUR',
      taxInclusive: false,
      items: [
        { product: 'p1', minimumQuantity: '10', amount: '9.5' },
        { product: 'p1', amount: '11' },
      ],
    },
    link: () => String(mugOf(fake)),
    survives: record =>
      (record['items'] as { minimumQuantity?: string; amount: string }[])
        .map(({ minimumQuantity, amount }) => `${minimumQuantity ?? '1'} for ${amount}`)
        .toSorted(),
  },
})

const money: Parts = fake => ({
  seed: async (count, same) => {
    customerOf(fake)
    mugOf(fake)
    seedOver(fake, count, same, () => void fake.pay(fake.post(deliveredOrder(fake))))
  },
  ids: async () => idsOf(fake, 'account.payment'),
})

const credits: Parts = fake => ({
  seed: async (count, same) => {
    customerOf(fake)
    mugOf(fake)
    seedOver(
      fake,
      count,
      same,
      () => void creditInvoice(fake.orm, fake.post(deliveredOrder(fake)), 'returned'),
    )
  },
  ids: async () => idsOf(fake, 'account.move', row => row['move_type'] === 'out_refund'),
  touch: async id => write(fake, 'account.move', id, { ref: `touched ${fake.orm.next('touch')}` }),
  withFile: async () =>
    String(await fake.credit(fake.post(fake.orm.transaction(() => deliveredOrder(fake))))),
})

const parts = {
  Account: people,
  CreditNote: credits,
  Invoice: bills,
  Payment: money,
  Price: prices,
  PriceList: lists,
  Product: goods,
  SalesOrder: orders,
  Shipment: parcels,
  StockLevel: levels,
} as const

/** What the conformance suite needs to drive each entity, against look-alikes of two versions. */
export const rigs: Readonly<Record<string, MakeRig>> = Object.fromEntries(
  versions.flatMap(version =>
    (Object.keys(parts) as (keyof typeof parts)[]).map(name => [
      `${name} of ${version}`,
      rigFor(version, name, parts[name]),
    ]),
  ),
)
export const against = 'look-alikes of Odoo 17 and 19'
