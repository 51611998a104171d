import { demoKey, fakeWooCommerce, type FakeWooCommerce } from '@linchpin/connector-woocommerce'
import { Shelf } from '@linchpin/lookalike'
import type { MakeShop, Shop } from './shop.ts'

export interface WooShop extends Shop {
  readonly fake: FakeWooCommerce
  readonly cancel: (id: string) => void
  /** Who may come in: a story takes keys away and gives them back. */
  readonly keys: (typeof demoKey)[]
  /** As the cart names what carries this SKU. */
  readonly lineOf: (
    sku: string,
    quantity: number,
  ) => { readonly product: number; readonly variation?: number; readonly quantity: number }
}

export const webhookSecret = 'a-webhook-secret-of-the-stories'

export const wooShop: MakeShop<WooShop> = ({ now, host, deliver }) => {
  const keys = [demoKey]
  const fake = fakeWooCommerce({ shelf: new Shelf(null), now, deliver, keys })
  fake.seedDemo()
  const { consumerKey, consumerSecret } = demoKey
  const productOf = (sku: string) => fake.products().find(product => product.sku === sku)
  const lineOf = (sku: string, quantity: number) => {
    const product = productOf(sku)
    if (!product) throw new Error(`The shop does not sell ${sku}.`)
    return product.parent_id
      ? { product: product.parent_id, variation: product.id, quantity }
      : { product: product.id, quantity }
  }
  const orderOf = (id: string) => {
    const order = fake.order(Number(id))
    if (!order) throw new Error(`The shop has no order ${id}.`)
    return order
  }
  return {
    fake,
    keys,
    lineOf,
    connector: 'woocommerce',
    settings: { url: `https://${host}`, consumerKey, consumerSecret, webhookSecret },
    handler: fake.handler,
    faults: fake.faults,
    place({ lines, coupon, guest }) {
      const { id, number, total } = fake.placeOrder({
        lines: Object.entries(lines).map(([sku, quantity]) => lineOf(sku, quantity)),
        ...(guest === undefined ? { customer: fake.customers()[0]?.id ?? 0 } : { billing: guestOf(guest) }),
        ...(coupon ? { coupon: 'welcome10' } : {}),
      })
      return { id: String(id), number, total }
    },
    order(id) {
      const { status, meta_data } = orderOf(id)
      const meta = (key: string) => meta_data.find(each => each.key === key)?.value
      const parcels = (meta('_wc_shipment_tracking_items') ?? []) as { tracking_number: string }[]
      const notes = fake.notes(Number(id)).map(({ note }) => note)
      return {
        status,
        trackings: parcels.map(each => each.tracking_number),
        invoices: notes.flatMap(note => /https?:\S+\/documents\/[\w.-]+/.exec(note) ?? []),
        erpNumber: (meta('_linchpin_erp_number') as string | undefined) ?? null,
      }
    },
    cancel: id => void fake.setStatus(Number(id), 'cancelled'),
    closedStatus: 'completed',
    cancelledStatus: 'cancelled',
    product(sku) {
      const product = productOf(sku)
      return product && { price: product.regular_price, stock: product.stock_quantity ?? 0 }
    },
    skus: () => fake.products().flatMap(({ sku }) => (sku ? [sku] : [])),
    sendWebhooks: () => fake.runWebhooks(),
  }
}

export function guestOf(email: string) {
  const [name = 'guest'] = email.split('@')
  return {
    first_name: name,
    last_name: 'Guest',
    email,
    address_1: 'Lindwurmstraße 80',
    city: 'München',
    postcode: '80337',
    country: 'DE',
  }
}
