import type { FakeWooCommerce } from '@linchpin/connector-woocommerce'
import { purchaseOf } from './shopper.ts'

const EVERY_MS = 700
const ORDERS = 40
const WRAP = 'WRAP-ONLY-IN-SHOP'

/**
 * A day at the demo shop after its first order has arrived: shoppers come one after the other, and some of what they
 * order needs a person. So every screen of the console has something to show. Answers how to end it.
 */
export function liveOneDay(shop: FakeWooCommerce, mark: string): () => void {
  const wrap = shop.createProduct({
    name: 'Gift wrapping, which the ERP does not know',
    sku: WRAP,
    regular_price: '4.90',
  })
  let placed = 0
  const timer = setInterval(() => {
    placed += 1
    if (placed > ORDERS) return clearInterval(timer)
    // An empty shelf ends nobody's day.
    try {
      placeOne(shop, mark, placed, wrap.id)
    } catch {
      clearInterval(timer)
    }
  }, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

function placeOne(shop: FakeWooCommerce, mark: string, placed: number, wrap: number): void {
  const guest = placed % 3 === 0
  const purchase = purchaseOf(shop, { lines: 1 + (placed % 3), guest, discount: placed % 4 === 0 }, mark)
  if (placed % 6 === 1)
    shop.placeOrder({ ...purchase, lines: [...purchase.lines, { product: wrap, quantity: 1 }] })
  else if (placed % 10 === 2)
    shop.placeOrder({ ...purchase, billing: { ...SOMEWHERE, email: `guest${placed}@example.com` } })
  else shop.placeOrder({ ...purchase, meta: [...(purchase.meta ?? []), ...marketOf(placed)] })
}

/** Some come from marketplaces; of one of them, nobody has told Linchpin yet. */
function marketOf(placed: number) {
  const market = [null, 'ebay', null, 'otto', 'kaufland'][placed % 5]
  return market ? [{ key: '_marketplace', value: market }] : []
}

/** A country that no ERP has heard of. */
const SOMEWHERE = {
  first_name: 'Bo',
  last_name: 'Larsen',
  address_1: 'Nowhere 1',
  city: 'Atlantis',
  postcode: '00000',
  country: 'ZZ',
}
