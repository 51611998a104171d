import { createHmac } from 'node:crypto'
import type { MakeRig, Rig } from '@linchpin/connector/conformance'
import { Shelf } from '@linchpin/lookalike'
import type { EntityName } from '@linchpin/model'
import type { ProductDoc } from './fake/books.ts'
import { fakeWooCommerce, type FakeWooCommerce } from './fake/fake-woocommerce.ts'
import { woocommerce } from './woocommerce.ts'

const SECRET = 'cs_3141592653589793238462643383279502884197'
export const settings = {
  url: 'https://shop.example',
  consumerKey: 'ck_2718281828459045235360287471352662497757',
  consumerSecret: SECRET,
  webhookSecret: SECRET,
  signIn: 'auto',
  pageSize: 100,
  language: 'en',
} as const

export const DAY = 86_400_000

/** A look-alike with tax rates and customers, and an hour hand of its own, so that records can be made in the past. */
export function fakeAt(now: () => number, pricesIncludeTax = false) {
  let shift = 0
  const fake = fakeWooCommerce({
    shelf: new Shelf(null),
    now: () => now() + shift,
    keys: [{ ...settings, permissions: 'read_write' }],
    pricesIncludeTax,
  })
  fake.seedDemo()
  return {
    fake,
    /** Does this so many milliseconds ago. */
    ago: <Value>(ms: number, work: () => Value): Value => {
      shift = -ms
      try {
        return work()
      } finally {
        shift = 0
      }
    },
  }
}

type Ago = ReturnType<typeof fakeAt>['ago']
type Made = Pick<Rig, 'seed' | 'ids'> & Partial<Rig>

export function rig(
  entity: EntityName,
  make: (stage: { fake: FakeWooCommerce; ago: Ago; count: () => number }) => Made,
): MakeRig {
  return now => {
    const { fake, ago } = fakeAt(now)
    let counted = 0
    const rest = make({ fake, ago, count: () => (counted += 1) })
    return { connector: woocommerce, settings, secret: SECRET, entity, remote: fake.fetch, ...rest }
  }
}

export const price = { sale_price: '', date_on_sale_from_gmt: '', date_on_sale_to_gmt: '' }

export function mugIn(fake: FakeWooCommerce, sku = 'MUG') {
  return fake.createProduct({
    name: 'Mug',
    sku,
    regular_price: '10.00',
    manage_stock: true,
    stock_quantity: 1000,
  })
}

export function productIds(
  fake: FakeWooCommerce,
  has: (product: ProductDoc) => boolean = () => true,
): string[] {
  return fake
    .products()
    .filter(each => each.status !== 'trash' && has(each))
    .map(({ id }) => String(id))
}

/** Stock and price of a text are those of a product of its own, made when first asked for, without either. */
export function productFor(fake: FakeWooCommerce, text: string): string {
  const sku = `FOR-${text}`
  const product = fake.products().find(each => each.sku === sku) ?? fake.createProduct({ name: 'Cup', sku })
  return String(product.id)
}

export const bill = {
  id: '9',
  number: 'INV/2030/00001',
  orders: ['S1'],
  status: 'posted',
  issuedOn: '2030-01-01',
  currency: 'EUR',
  taxInclusive: false,
  lines: [],
  charges: [],
  totals: { net: '0', tax: '0', payable: '0' },
}

export const erpOrder = {
  id: '55',
  number: 'S00042',
  issuedAt: '2030-01-01T00:00:00Z',
  status: 'open',
  fulfilment: 'complete',
  invoicing: 'none',
  payment: 'unpaid',
  currency: 'EUR',
  taxInclusive: false,
  buyer: { id: '9', kind: 'person', name: 'Ada' },
  deliveries: [],
  lines: [],
  charges: [],
  totals: { net: '0', tax: '0', payable: '0' },
}

export function orderIn(fake: FakeWooCommerce, ago: Ago): string {
  const [order] = fake.orders()
  if (order) return String(order.id)
  return String(
    ago(5 * DAY, () =>
      fake.placeOrder({
        customer: 1,
        lines: [{ product: mugIn(fake, `ORDERED-${fake.products().length}`).id, quantity: 900 }],
      }),
    ).id,
  )
}

/** What stands in the meta of orders. */
export function attached(fake: FakeWooCommerce, ago: Ago, count: () => number, prefix: string): Made {
  return {
    seed: async amount => {
      for (let at = 0; at < amount; at += 1) {
        const order = orderIn(fake, ago)
        const name = count().toString(16).padStart(12, '0')
        const value = prefix.includes('shipment')
          ? {
              key: name,
              number: name,
              status: 'shipped',
              carrier: '',
              shipped_at: '',
              tracking: [],
              lines: [],
            }
          : {
              key: name,
              number: name,
              status: 'posted',
              issued_on: '',
              currency: 'EUR',
              total: '1.00',
              url: '',
            }
        fake.updateOrder(Number(order), { meta_data: [{ key: prefix + name, value }] })
      }
    },
    ids: async () =>
      fake
        .orders()
        .flatMap(order =>
          order.meta_data
            .filter(meta => meta.key.startsWith(prefix))
            .map(meta => `${order.id}/${meta.key.slice(prefix.length)}`),
        ),
    remove: async id => {
      const [order, name = ''] = id.split('/')
      fake.updateOrder(Number(order), { meta_data: [{ key: prefix + name, value: null }] })
    },
  }
}

export function metaOf(row: unknown, key: string): string {
  const { meta_data: meta } = row as { meta_data: { key: string; value: unknown }[] }
  return String(meta.find(each => each.key === key)?.value)
}

export function webhookAbout(topic: string, payload: object, notifies: { entity: EntityName; id: string }[]) {
  const request = (about: string, content: object, by = SECRET) => {
    const body = Buffer.from(JSON.stringify(content))
    const signature = createHmac('sha256', by).update(body).digest('base64')
    const headers = { 'x-wc-webhook-topic': about, 'x-wc-webhook-signature': signature }
    return { url: 'https://linchpin.example/webhooks/shop', headers, body }
  }
  return {
    genuine: request(topic, payload),
    signedBy: (by: string) => request(topic, payload, by),
    signatureHeader: 'x-wc-webhook-signature',
    notifies,
    other: request('coupon.created', { id: 9 }),
  }
}
