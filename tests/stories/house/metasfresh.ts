import {
  demoToken,
  fakeMetasfresh,
  type FakeMetasfresh,
  type FakeMetasfreshOptions,
} from '@linchpin/connector-metasfresh'
import { Shelf } from '@linchpin/lookalike'
import type { Erp, MakeErp } from './erp.ts'
import { goods } from './goods.ts'

export interface MetasfreshErp extends Erp {
  readonly fake: FakeMetasfresh
}

export const metasfreshErp: MakeErp<MetasfreshErp> = place => metasfreshWith({})(place)

/** An installation of its own kind, and what its connection has to be told of it. */
export const metasfreshWith =
  (
    own: Pick<FakeMetasfreshOptions, 'installation' | 'services'>,
    settings: Readonly<Record<string, unknown>> = {},
    categoryOf = (rate: number): string => (rate === 7 ? 'REDUCED' : 'NORMAL'),
  ): MakeErp<MetasfreshErp> =>
  ({ now, host }) => {
    const fake = fakeMetasfresh({ shelf: new Shelf(null), now, ...own })
    const { books, people } = fake
    const erp: MetasfreshErp = {
      fake,
      connector: 'metasfresh',
      settings: { url: `https://${host}`, token: demoToken, ...settings },
      handler: fake.handler,
      faults: fake.faults,
      orders: shopNumber =>
        books.orders
          .filter(order => shopNumber === undefined || order.poReference.startsWith(`${shopNumber} [`))
          .map(order => ({
            id: String(order.id),
            number: order.documentNo,
            total: Number(order.total).toFixed(2),
            state: order.status === 'RE' ? 'cancelled' : 'confirmed',
          })),
      goods: () =>
        books.products
          .filter(({ type }) => type === 'I')
          .map(({ value, price }) => ({ sku: value, price: Number(price), stock: people.free(value) })),
      free: sku => people.free(sku),
      ship: (order, tracking, parts) => void people.ship(order, tracking, parts),
      invoice: async order => people.invoice(order),
      pay: invoice => people.pay(invoice),
      cancel: order => people.cancel(order),
      setStock: (sku, quantity) => people.setStock(sku, quantity),
      setPrice: (sku, price) => people.setPrice(sku, String(price)),
      addProduct: ({ sku, name, price, stock, rate = 19 }) =>
        void people.makeProduct({ sku, name, price: String(price), stock, category: categoryOf(rate) }),
    }
    for (const article of goods) erp.addProduct(article)
    return erp
  }
