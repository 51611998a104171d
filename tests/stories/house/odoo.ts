import { fakeOdoo, type FakeOdoo } from '@linchpin/connector-odoo'
import { goods } from './goods.ts'
import type { BookedOrder, Erp, MakeErp } from './erp.ts'

export interface OdooErp extends Erp {
  readonly fake: FakeOdoo
}

export const odooErp: MakeErp<OdooErp> = ({ now, host }) => {
  const fake = fakeOdoo({ now })
  const { orm } = fake
  const { database, login, apiKey } = fake.access
  const product = (sku: string) => orm.need('product.product', fake.productId(sku))
  const erp: OdooErp = {
    fake,
    connector: 'odoo',
    settings: { url: `http://${host}`, database, login, apiKey },
    handler: fake.handler,
    faults: fake.faults,
    orders: shopNumber =>
      orm
        .all('sale.order')
        .filter(order => shopNumber === undefined || String(order['origin']) === shopNumber)
        .map(order => ({
          id: String(order.id),
          number: String(order['name']),
          total: orm.number('sale.order', order, 'amount_total').toFixed(2),
          state: stateOf(String(order['state'])),
        })),
    goods: () =>
      orm
        .all('product.product')
        .filter(each => each['default_code'] && orm.value('product.product', each, 'type') !== 'service')
        .map(each => ({
          sku: String(each['default_code']),
          price: orm.number('product.product', each, 'lst_price'),
          stock: orm.number('product.product', each, 'free_qty'),
        })),
    free: sku => orm.number('product.product', product(sku), 'free_qty'),
    ship(order, tracking, parts) {
      const [picking] = fake.pick(Number(order))
      if (picking === undefined) throw new Error(`Nothing of order ${order} is left to be shipped.`)
      fake.pack(picking)
      fake.ship(picking, { tracking, carrier: 'DHL', ...(parts ? { parts } : {}) })
    },
    invoice: async order => [String(await fake.invoice(Number(order)))],
    pay: invoice => void fake.pay(Number(invoice)),
    cancel: order => fake.cancel(Number(order)),
    setStock: (sku, quantity) => fake.adjustStock(sku, quantity),
    setPrice: (sku, price) => fake.setPrice(sku, price),
    addProduct({ sku, name, price, stock, rate = 19 }) {
      const tax = orm.all('account.tax').find(each => each['amount'] === rate && !each['price_include'])
      orm.transaction(() =>
        orm.create('product.product', {
          name,
          default_code: sku,
          lst_price: price,
          taxes_id: [[6, 0, [tax?.id ?? 0]]],
          type: 'consu',
          is_storable: true,
          invoice_policy: 'delivery',
        }),
      )
      fake.adjustStock(sku, stock)
    },
  }
  for (const article of goods) erp.addProduct(article)
  return erp
}

function stateOf(state: string): BookedOrder['state'] {
  if (state === 'cancel') return 'cancelled'
  return state === 'sale' ? 'confirmed' : 'draft'
}
