import { fakeShopify, type FakeShopify } from '@linchpin/connector-shopify/fake'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { goods } from './goods.ts'
import type { MakeShop, Shop } from './shop.ts'

export interface ShopifyShop extends Shop {
  readonly fake: FakeShopify
}

const app = { clientId: 'linchpin', clientSecret: 'the-secret-of-the-stories' }

/** It sells to companies, too. */
export const shopifyForCompanies: MakeShop<ShopifyShop> = place => {
  const shop = shopifyShop(place)
  return { ...shop, settings: { ...shop.settings, companies: true } }
}

/** It gives back the money of the ERP's credit notes. */
export const shopifyThatPaysBack: MakeShop<ShopifyShop> = place => {
  const shop = shopifyShop(place)
  return { ...shop, settings: { ...shop.settings, refunds: 'write' } }
}

export const shopifyShop: MakeShop<ShopifyShop> = ({ now, host, deliver }) => {
  const fake = fakeShopify({ shelf: new Shelf(null), now, ...app, taxesIncluded: false })
  const { books } = fake
  const variantOf = (sku: string) => books.variants.find(variant => variant.sku === sku)
  const orderOf = (id: string) => {
    const order = books.orders.get(id)
    if (!order) throw new Error(`The shop has no order ${id}.`)
    return order
  }
  return {
    fake,
    connector: 'shopify',
    settings: { url: `https://${host}`, ...app },
    handler: fake.handler,
    faults: fake.faults,
    place({ lines, coupon, guest }) {
      const { id, name } = fake.placeOrder({
        lines: Object.entries(lines).map(([sku, quantity]) => {
          const variant = variantOf(sku)
          if (!variant) throw new Error(`The shop does not sell ${sku}.`)
          // Shopify's rates of tax are not those of articles: its people set them, by collection and country.
          const taxRate = goods.find(each => each.sku === sku)?.rate ?? variant.taxRate
          books.variants.put(variant.id, { ...variant, taxRate })
          return { variant: variant.id, quantity }
        }),
        email: guest ?? 'ada@example.com',
        ...(coupon ? { code: 'TENOFF' } : {}),
      })
      const paid = orderOf(id).transactions.reduce((sum, { amount }) => sum + amount, 0)
      return { id, number: name.slice(1), total: (paid / 100).toFixed(2) }
    },
    order(id) {
      const { cancelledAt, closedAt, fulfilments, metafields } = orderOf(id)
      const own = (key: string) => metafields.find(each => each.key === key)?.value
      const open = closedAt === null ? 'open' : 'archived'
      return {
        status: cancelledAt === null ? open : 'cancelled',
        trackings: fulfilments.flatMap(({ numbers }) => numbers),
        invoices: (JSON.parse(own('invoices') ?? '[]') as { url?: string }[]).flatMap(({ url }) => url ?? []),
        erpNumber: own('erp_number') ?? null,
      }
    },
    cancel: id => administer(fake, host, id),
    closedStatus: 'archived',
    cancelledStatus: 'cancelled',
    product(sku) {
      const variant = variantOf(sku)
      if (!variant) return undefined
      return { price: (variant.price / 100).toFixed(2), stock: variant.levels['1']?.available ?? 0 }
    },
    skus: () => books.variants.all().map(({ sku }) => sku ?? ''),
    sendWebhooks: () => fake.sendWebhooks(deliver),
  }
}

/** What somebody does in the admin. */
async function administer(fake: FakeShopify, host: string, id: string): Promise<void> {
  const ask = async (path: string, body: object, headers: Record<string, string> = {}) =>
    fetchFrom(fake.handler)(`https://${host}/admin/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
  const grant = { grant_type: 'client_credentials', client_id: app.clientId, client_secret: app.clientSecret }
  const { access_token: token } = (await (await ask('oauth/access_token', grant)).json()) as Record<
    string,
    string
  >
  const query = `mutation { orderCancel(orderId: "gid://shopify/Order/${id}", reason: CUSTOMER, restock: true) {
    orderCancelUserErrors { message } } }`
  await ask('api/2026-10/graphql.json', { query }, { 'x-shopify-access-token': token ?? '' })
}
