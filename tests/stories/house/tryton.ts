import { demoAccess, fakeTryton, type FakeTryton } from '@linchpin/connector-tryton'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import type { BookedOrder, Erp, MakeErp } from './erp.ts'
import { goods } from './goods.ts'

type Row = ReturnType<FakeTryton['books']['need']>

export interface TrytonErp extends Erp {
  readonly fake: FakeTryton
}

export const trytonErp: MakeErp<TrytonErp> = ({ now, host }) => {
  const fake = fakeTryton({ shelf: new Shelf(null), now })
  const { books, people } = fake
  const product = (sku: string) => {
    const found = books.all('product.product').find(row => row['suffix_code'] === sku)
    if (!found) throw new Error(`the look-alike has no product ${sku}`)
    return found
  }
  const warehouse = () => books.all('stock.location').find(row => row['code'] === 'WH')?.id ?? 0
  const free = (sku: string) => {
    const context = {
      locations: [warehouse()],
      with_childs: true,
      stock_date_end: {
        __class__: 'date',
        year: 9999,
        month: 12,
        day: 31,
      },
    }
    return Number(books.value('product.product', product(sku), 'forecast_quantity', context))
  }
  const erp: TrytonErp = {
    fake,
    connector: 'tryton',
    settings: { url: `https://${host}`, ...demoAccess },
    handler: fake.handler,
    faults: fake.faults,
    orders: shopNumber =>
      books
        .all('sale.sale')
        .filter(sale => shopNumber === undefined || String(sale['reference']).startsWith(`${shopNumber} [`))
        .map(sale => ({
          id: String(sale.id),
          number: String(sale['number']),
          total: Number(books.value('sale.sale', sale, 'total_amount')).toFixed(2),
          state: stateOf(fake, sale),
        })),
    goods: () => goods.map(({ sku, price }) => ({ sku, price, stock: free(sku) })),
    free,
    ship(order, tracking, parts) {
      const only = parts && Object.entries(parts).map(([sku, count]) => [String(product(sku).id), count])
      people.ship(order, tracking, ...(only ? [Object.fromEntries(only) as Record<string, number>] : []))
    },
    invoice: async order => people.invoice(order),
    pay: invoice => people.pay(invoice),
    cancel: order => callOff(fake, host, order),
    setStock: (sku, quantity) => people.countStock(String(product(sku).id), quantity),
    setPrice: (sku, price) => people.setPrice(String(product(sku).id), String(price)),
    addProduct: ({ sku, name, price, stock, rate = 19 }) =>
      void people.makeProduct({ sku, name, price: String(price), rate: rate === 7 ? '7' : '19', stock }),
  }
  for (const article of goods) erp.addProduct(article)
  return erp
}

/** An order that was called off in processing ends as done, with all its shipments cancelled. */
function stateOf({ books }: FakeTryton, sale: Row): BookedOrder['state'] {
  const shipments = books.value('sale.sale', sale, 'shipments') as readonly number[]
  const isGone = (id: number) => books.need('stock.shipment.out', id)['state'] === 'cancelled'
  const { state } = sale
  if (state === 'cancelled' || (shipments.length > 0 && shipments.every(isGone))) return 'cancelled'
  return state === 'processing' || state === 'done' ? 'confirmed' : 'draft'
}

/** As people do it once an order is in processing: its shipments, its draft invoices, and "recreate nothing" twice. */
async function callOff(fake: FakeTryton, host: string, order: string): Promise<void> {
  const { database, username, password } = demoAccess
  const ask = async (method: string, params: readonly unknown[], authorization = '') => {
    const response = await fetchFrom(fake.handler)(`https://${host}/${database}/`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 1, method, params }),
    })
    const { result } = (await response.json()) as { result: unknown }
    return result
  }
  const signedIn = await fetchFrom(fake.handler)(`https://${host}/${database}/`, {
    method: 'POST',
    body: JSON.stringify({ id: 1, method: 'common.db.login', params: [username, { password }, 'en'] }),
  })
  const [user, session] = (await signedIn.json()) as [number, string]
  const credentials = Buffer.from(`${username}:${user}:${session}`).toString('base64')
  const call = (method: string, params: readonly unknown[], context = {}) =>
    ask(method, [...params, context], `Session ${credentials}`)

  const { books } = fake
  const sale = books.need('sale.sale', order)
  await call('model.stock.shipment.out.cancel', [books.value('sale.sale', sale, 'shipments')])
  await call('model.account.invoice.cancel', [books.value('sale.sale', sale, 'invoices')])
  const active = { active_model: 'sale.sale', active_id: sale.id, active_ids: [sale.id] }
  for (const wizard of ['wizard.sale.handle.shipment.exception', 'wizard.sale.handle.invoice.exception']) {
    const [run, form] = (await call(`${wizard}.create`, [])) as [number, string]
    const asked = (await call(`${wizard}.execute`, [run, {}, form], active)) as {
      view: { defaults: Record<string, unknown> }
    }
    const answers = Object.entries(asked.view.defaults).map(([name, value]) => [
      name,
      name.startsWith('recreate_') ? [] : value,
    ])
    await call(
      `${wizard}.execute`,
      [run, { [form]: Object.fromEntries(answers) as unknown }, 'handle'],
      active,
    )
    await call(`${wizard}.delete`, [run])
  }
}
