import type { FakeOdoo } from '@linchpin/connector-odoo'
import type { Dice } from './dice.ts'

const HOUR_MS = 3_600_000
/** From the shelf into a parcel: an order rests so long at least, and an invoice so long until it is paid. */
const REST_MS = 3 * HOUR_MS
const AT_ONCE = 30
const FULL = 400
const LOW = 150

export interface Warehouse {
  /** Ships and invoices what was ordered hours ago, oldest first. */
  readonly work: () => Promise<void>
  /** Goods come in wherever a shelf runs low. */
  readonly restock: () => void
  /** A new article; false when it is there already. */
  readonly add: (sku: string, name: string, price: number) => boolean
}

/** The people of the demo ERP, for a week of many orders. */
export function warehouse(erp: FakeOdoo, chance: Dice): Warehouse {
  const { orm } = erp
  let [looked, last] = [0, 0]
  const open: { readonly id: number; readonly since: number }[] = []
  return {
    async work() {
      for (const order of orm.all('sale.order').filter(({ id }) => id > looked)) {
        looked = Math.max(looked, order.id)
        if (order['state'] === 'sale') open.push({ id: order.id, since: orm.now() })
      }
      const due = open.filter(({ since }) => orm.now() - since >= REST_MS).slice(0, AT_ONCE)
      open.splice(0, due.length)
      for (const { id } of due) {
        // Some wait for the next day, and some have to be looked for.
        if (chance.oneIn(25)) continue
        if (!ship(erp, id, chance) || !mayBeBilled(erp, id)) continue
        const invoice = await erp.invoice(id)
        if (!chance.oneIn(8)) erp.pay(invoice)
        if (chance.oneIn(60)) await erp.credit(invoice)
        // Other work gets its turn.
        await new Promise(done => setImmediate(done))
      }
    },
    restock() {
      const today = Math.floor(orm.now() / (8 * HOUR_MS))
      if (today === last) return
      last = today
      for (const product of orm.all('product.product')) {
        const sku = String(product['default_code'] ?? '')
        const isKept = orm.value('product.product', product, 'type') !== 'service'
        if (sku && isKept && orm.number('product.product', product, 'qty_available') < LOW)
          erp.adjustStock(sku, FULL)
      }
    },
    add(sku, name, price) {
      if (orm.all('product.product').some(row => row['default_code'] === sku)) return false
      const tax = orm.all('account.tax').find(row => row['amount'] === 19 && row['price_include'] === false)
      orm.transaction(() =>
        orm.create('product.product', {
          name,
          default_code: sku,
          lst_price: price,
          type: 'consu',
          is_storable: true,
          invoice_policy: 'delivery',
          taxes_id: [[6, 0, [tax?.id ?? 0]]],
        }),
      )
      return true
    },
  }
}

const mayBeBilled = ({ orm }: FakeOdoo, order: number) =>
  orm.value('sale.order', orm.need('sale.order', order), 'invoice_status') === 'to invoice'

/** Most orders leave in one parcel. False when the shelf is empty. */
function ship(erp: FakeOdoo, order: number, chance: Dice): boolean {
  for (const picking of erp.pick(order)) {
    if (erp.orm.get('stock.picking', picking)?.['state'] !== 'assigned') return false
    erp.pack(picking)
    const tracking = `JJD${String(order).padStart(8, '0')}${picking % 10}`
    erp.ship(picking, { tracking, carrier: chance.pick(['DHL', 'DHL', 'UPS', 'DPD']) })
  }
  return true
}
