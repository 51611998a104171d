import { fakeMedusa, type FakeMedusa } from '@linchpin/connector-medusa'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import type { MakeShop, Shop } from './shop.ts'

export interface MedusaShop extends Shop {
  readonly fake: FakeMedusa
}

const apiKey = 'sk_of_the_stories'

export const medusaShop: MakeShop<MedusaShop> = ({ now, host }) => {
  const fake = fakeMedusa({ shelf: new Shelf(null), now, apiKey, pricesIncludeTax: false })
  const { books } = fake
  const variantOf = (sku: string) => books.variants.find(variant => variant.sku === sku)
  const orderOf = (id: string) => {
    const order = books.orders.get(id)
    if (!order) throw new Error(`The shop has no order ${id}.`)
    return order
  }
  return {
    fake,
    connector: 'medusa',
    settings: { url: `https://${host}`, apiKey },
    handler: fake.handler,
    faults: fake.faults,
    place({ lines, coupon = false, guest }) {
      const { id, number, total } = fake.placeOrder({
        lines: Object.entries(lines).map(([sku, quantity]) => {
          const variant = variantOf(sku)
          if (!variant) throw new Error(`The shop does not sell ${sku}.`)
          return { variant: variant.id, quantity }
        }),
        email: guest ?? 'ada@example.com',
        guest: guest !== undefined,
        coupon,
      })
      return { id, number, total: total.toFixed(2) }
    },
    order(id) {
      const { status, items, fulfillments, metadata } = orderOf(id)
      const told = Object.entries(metadata ?? {})
      const isShipped = items.every(each => each.shipped >= each.quantity)
      return {
        // Medusa completes an order when somebody says so; its customer is shown how far the goods have come.
        status: isShipped ? 'shipped' : status,
        trackings: fulfillments.flatMap(({ labels }) => labels.map(each => each.tracking_number)),
        invoices: told.flatMap(([name, value]) =>
          name.startsWith('linchpin_invoice_') ? [(value as { url: string }).url] : [],
        ),
        erpNumber: (metadata?.['linchpin_erp_number'] as string | undefined) ?? null,
      }
    },
    async cancel(id) {
      const headers = { authorization: `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}` }
      const url = `https://${host}/admin/orders/${id}/cancel`
      await fetchFrom(fake.handler)(url, { method: 'POST', headers, body: '{}' })
    },
    closedStatus: 'shipped',
    cancelledStatus: 'canceled',
    product(sku) {
      const variant = variantOf(sku)
      if (!variant) return undefined
      const price = variant.prices.find(each => each.currency_code === 'eur' && each.min_quantity === null)
      const level = books.levels.get(`iitem-${variant.id}`)
      return { price: (price?.amount ?? 0).toFixed(2), stock: (level?.stocked ?? 0) - (level?.reserved ?? 0) }
    },
    skus: () => books.variants.all().map(({ sku }) => sku ?? ''),
    sendWebhooks: async () => {},
  }
}
