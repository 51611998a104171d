import { demoAccess, fakeDolibarr, type FakeDolibarr } from '@linchpin/connector-dolibarr'
import { Shelf } from '@linchpin/lookalike'
import type { BookedOrder, Erp, MakeErp } from './erp.ts'
import { goods } from './goods.ts'

export interface DolibarrErp extends Erp {
  readonly fake: FakeDolibarr
}

export const dolibarrErp: MakeErp<DolibarrErp> = ({ now, host }) => {
  const fake = fakeDolibarr({ shelf: new Shelf(null), now })
  const { books, people, orderOf, free } = fake
  const idOf = (sku: string) => String(people.productBySku(sku).rowid)
  const erp: DolibarrErp = {
    fake,
    connector: 'dolibarr',
    settings: { url: `https://${host}`, ...demoAccess },
    handler: fake.handler,
    faults: fake.faults,
    orders: shopNumber =>
      books
        .all('orders')
        .filter(order => shopNumber === undefined || String(order['ref_client']) === shopNumber)
        .map(order => orderOf(String(order.rowid)))
        .map(({ id, number, total, status }) => ({ id, number, total, state: stateOf(status) })),
    goods: () => goods.map(({ sku, price }) => ({ sku, price, stock: free(sku) })),
    free,
    ship(order, tracking, parts) {
      const only = parts && Object.entries(parts).map(([sku, count]) => [idOf(sku), count] as const)
      people.ship(order, tracking, ...(only ? [Object.fromEntries(only)] : []))
    },
    invoice: async order => [people.invoice(order)],
    pay: invoice => people.pay(invoice),
    cancel: order => people.cancel(order),
    setStock: (sku, quantity) => people.countStock(idOf(sku), String(quantity)),
    setPrice: (sku, price) => people.setPrice(idOf(sku), String(price)),
    addProduct: ({ sku, name, price, stock, rate = 19 }) =>
      void people.makeProduct({ sku, name, price: String(price), rate: String(rate), stock: String(stock) }),
  }
  for (const article of goods) erp.addProduct(article)
  return erp
}

function stateOf(status: string): BookedOrder['state'] {
  if (status === '-1') return 'cancelled'
  return status === '0' ? 'draft' : 'confirmed'
}
