import { goods } from '../stories/house/goods.ts'
import type { Erp } from '../stories/house/erp.ts'
import { odooErp } from '../stories/house/odoo.ts'
import { trytonErp } from '../stories/house/tryton.ts'
import { wooShop, type WooShop } from '../stories/house/woocommerce.ts'
import type { Booked, Customer, Taken } from './books.ts'

/** A look-alike shop and the look-alike ERP that its orders go to. */
export interface Pair {
  readonly shop: string
  readonly erp: string
  readonly open: () => OpenPair
}

export interface OpenPair {
  readonly shop: WooShop
  readonly erp: Erp
  readonly booked: () => readonly Booked[]
  readonly confirmed: () => number
  readonly customers: () => readonly Customer[]
}

/** One ERP that takes our key only once (`safe`), and one that is looked into before anything is repeated (`find`). */
export const pairs: readonly Pair[] = [
  { shop: 'shop', erp: 'erp', open: openOdoo },
  { shop: 'outlet', erp: 'ledger', open: openTryton },
]

const ENOUGH = 1_000_000

function openOdoo(): OpenPair {
  const erp = stocked(odooErp({ now: Date.now, host: '127.0.0.1' }))
  const { orm } = erp.fake
  const orders = () => orm.all('sale.order')
  return {
    shop: openShop(),
    erp,
    confirmed: () => orders().filter(({ state }) => state === 'sale').length,
    booked: () =>
      orders().map(order => ({
        shop: 'shop',
        number: String(order['name']),
        shopNumber: String(order['origin']),
        total: orm.number('sale.order', order, 'amount_total').toFixed(2),
        isConfirmed: order['state'] === 'sale',
      })),
    // An address for deliveries hangs on its customer and has the same e-mail.
    customers: () =>
      orm
        .all('res.partner')
        .filter(partner => !partner['parent_id'] && partner['email'])
        .map(({ email }) => ({ shop: 'shop', email: String(email) })),
  }
}

function openTryton(): OpenPair {
  const erp = stocked(trytonErp({ now: Date.now, host: '127.0.0.1' }))
  const { books } = erp.fake
  const orders = () => books.all('sale.sale')
  const isConfirmed = (state: unknown) => state === 'processing' || state === 'done'
  return {
    shop: openShop(),
    erp,
    confirmed: () => orders().filter(({ state }) => isConfirmed(state)).length,
    // Its reference is the shop's number and the mark of our key: "42 [a1b2c3]".
    booked: () =>
      orders().map(sale => ({
        shop: 'outlet',
        number: String(sale['number']),
        shopNumber: String(sale['reference']).split(' [')[0] ?? '',
        total: Number(books.value('sale.sale', sale, 'total_amount')).toFixed(2),
        isConfirmed: isConfirmed(sale['state']),
      })),
    customers: () =>
      books
        .all('party.contact_mechanism')
        .filter(({ type }) => type === 'email')
        .map(({ value }) => ({ shop: 'outlet', email: String(value) })),
  }
}

export function takenBy(name: string, { fake }: WooShop): readonly Taken[] {
  return fake.orders().map(({ number, total, meta_data }) => {
    const told = meta_data.find(({ key }) => key === '_linchpin_erp_number')?.value
    return { shop: name, number, total, erpNumber: typeof told === 'string' ? told : null }
  })
}

/** Its shop never runs out: what is to be seen here is orders. */
function stocked<Made extends Erp>(erp: Made): Made {
  for (const { sku } of goods) erp.setStock(sku, ENOUGH)
  return erp
}

function openShop(): WooShop {
  return wooShop({ now: Date.now, host: '127.0.0.1', deliver: ring })
}

async function ring(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  const signal = AbortSignal.timeout(5_000)
  const answer = await fetch(url, { method: 'POST', headers: { ...headers }, body, signal }).catch(() => null)
  await answer?.arrayBuffer().catch(() => {})
  return answer?.status ?? 0
}
