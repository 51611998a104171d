import type { FakeWooCommerce, Purchase } from '@linchpin/connector-woocommerce'

/** What somebody would like to buy. */
export interface Wish {
  /** How many different articles; 3 when not said. */
  readonly lines?: number
  readonly guest?: boolean
  readonly discount?: boolean
}

/** Of one article at once: one, two or three in turn. */
const MOST = 3

/** A cart of what the shop really has, filled from the top; throws with words when there is too little. */
export function purchaseOf(shop: FakeWooCommerce, wish: Wish, mark: string): Purchase {
  const { lines = 3, guest = false, discount = false } = wish
  const sellable = shop
    .products()
    .filter(
      product => product.type !== 'variable' && product.status === 'publish' && product.regular_price !== '',
    )
    .filter(product => (product.stock_quantity ?? 0) >= MOST)
  if (sellable.length < lines)
    throw new Error(
      `The shop has only ${sellable.length} articles in stock, and the order wants ${lines}. Wait for the catalogue, or order fewer.`,
    )
  // A reduced rate beside the standard one, so that the demo shows two tax rates in one order.
  const reduced = sellable.filter(product => product.tax_class === 'reduced-rate')
  const chosen = [...new Set([...reduced.slice(0, 1), ...sellable])].slice(0, lines)
  const customer = shop.customers()[0]
  return {
    lines: chosen.map((product, index) => ({
      product: product.parent_id || product.id,
      ...(product.parent_id ? { variation: product.id } : {}),
      quantity: (index % MOST) + 1,
    })),
    ...(guest || !customer ? { billing: GUEST } : { customer: customer.id }),
    ...(discount ? { coupon: 'welcome10' } : {}),
    meta: [{ key: mark, value: 'yes' }],
  }
}

const GUEST = {
  first_name: 'Noor',
  last_name: 'de Vries',
  email: 'noor.devries@example.com',
  phone: '+49 89 1112223',
  address_1: 'Lindwurmstraße 80',
  city: 'München',
  postcode: '80337',
  country: 'DE',
}
