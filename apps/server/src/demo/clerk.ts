import type { FakeOdoo } from '@linchpin/connector-odoo'

/**
 * The people at the ERP, for the orders that the demo placed itself: they pick, pack and ship in two parcels, invoice
 * and book the payment, one step at a time and always by what the books say, so that they go on after a crash.
 */
export function workAsClerk(
  erp: FakeOdoo,
  { everyMs, isOurs }: { everyMs: number; isOurs: (reference: string) => boolean },
): { stop: () => Promise<void> } {
  let busy: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    busy = busy.then(() => workOnce(erp, isOurs)).catch(error => console.error(error))
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await busy
    },
  }
}

async function workOnce(erp: FakeOdoo, isOurs: (reference: string) => boolean): Promise<void> {
  const orders = erp.orm.all('sale.order').filter(order => order['state'] === 'sale')
  for (const order of orders) {
    if (!isOurs(String(order['client_order_ref'] ?? '').replace(/^.*\//, ''))) continue
    if (await step(erp, order.id)) return
  }
}

/** Does the next thing that this order needs. False when it needs nothing. */
async function step(erp: FakeOdoo, order: number): Promise<boolean> {
  const pickings = erp.orm.all('stock.picking').filter(picking => picking['sale_id'] === order)
  const open = pickings.filter(picking => !['done', 'cancel'].includes(String(picking['state'])))
  const [next] = open
  if (next) {
    const shipped = pickings.length - open.length
    erp.pick(order)
    // The shelf is empty: this order waits for goods, and the next one is seen to.
    if (erp.orm.get('stock.picking', next.id)?.['state'] !== 'assigned') return false
    erp.pack(next.id)
    const tracking = `DEMO${String(order).padStart(6, '0')}${shipped + 1}`
    const parts = shipped === 0 ? firstParcel(erp, next.id) : null
    erp.ship(next.id, { tracking, carrier: 'DHL', ...(parts ? { parts } : {}) })
    return true
  }
  const invoices = erp.orm
    .all('account.move')
    .filter(move => move['move_type'] === 'out_invoice' && move['invoice_origin'] === nameOf(erp, order))
  const [invoice] = invoices
  if (!invoice) {
    await erp.invoice(order)
    return true
  }
  if (erp.orm.value('account.move', invoice, 'payment_state') !== 'not_paid') return false
  erp.pay(invoice.id)
  return true
}

const nameOf = (erp: FakeOdoo, order: number) => erp.orm.get('sale.order', order)?.['name']

/** The first article alone goes first; the rest follows. Null when there is only one. */
function firstParcel(erp: FakeOdoo, picking: number): Readonly<Record<string, number>> | null {
  const moves = erp.orm.all('stock.move').filter(move => move['picking_id'] === picking)
  const [first, ...others] = moves
  if (!first || others.length === 0) return null
  const sku = String(erp.orm.get('product.product', Number(first['product_id']))?.['default_code'])
  return { [sku]: Number(first['product_uom_qty']) }
}
