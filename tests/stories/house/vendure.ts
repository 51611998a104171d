import { fakeVendure, type FakeVendure } from '@linchpin/connector-vendure'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import type { MakeShop, Shop } from './shop.ts'

export interface VendureShop extends Shop {
  readonly fake: FakeVendure
}

const account = { username: 'linchpin', password: 'a-password-of-the-stories' }

export const vendureShop: MakeShop<VendureShop> = ({ now, host }) => {
  const fake = fakeVendure({ shelf: new Shelf(null), now, ...account, pricesIncludeTax: false })
  const { books } = fake
  const variantOf = (sku: string) => books.variants.find(variant => variant.sku === sku)
  const orderOf = (id: string) => {
    const order = books.orders.get(id)
    if (!order) throw new Error(`The shop has no order ${id}.`)
    return order
  }
  return {
    fake,
    connector: 'vendure',
    settings: { url: `https://${host}/admin-api`, ...account },
    handler: fake.handler,
    faults: fake.faults,
    place({ lines, coupon, guest }) {
      const { id, code } = fake.placeOrder({
        lines: Object.entries(lines).map(([sku, quantity]) => {
          const variant = variantOf(sku)
          if (!variant) throw new Error(`The shop does not sell ${sku}.`)
          return {
            variant: variant.id,
            quantity,
          }
        }),
        email: guest ?? 'ada@example.com',
        guest: guest !== undefined,
        ...(coupon ? { couponCode: 'TENOFF' } : {}),
      })
      const paid = orderOf(id).payments.reduce((sum, { amount }) => sum + amount, 0)
      return { id, number: code, total: (paid / 100).toFixed(2) }
    },
    order(id) {
      const { state, fulfillments, customFields, history } = orderOf(id)
      const notes = history.filter(({ type, isPublic }) => type === 'ORDER_NOTE' && isPublic)
      return {
        status: state,
        trackings: fulfillments.map(each => each.trackingCode),
        invoices: notes.flatMap(
          ({ data }) => /https?:\S+\/documents\/[\w.-]+/.exec(String(data['note'])) ?? [],
        ),
        erpNumber: (customFields['erpNumber'] as string | null) ?? null,
      }
    },
    cancel: id => administer(fake, host, 'CancelOrder', { input: { orderId: id } }),
    closedStatus: 'Shipped',
    cancelledStatus: 'Cancelled',
    product(sku) {
      const variant = variantOf(sku)
      if (!variant) return undefined
      const [price] = variant.prices
      return {
        price: ((price?.price ?? 0) / 100).toFixed(2),
        stock: variant.stockOnHand - variant.stockAllocated,
      }
    },
    skus: () => books.variants.all().map(({ sku }) => sku),
    sendWebhooks: async () => {},
  }
}

/** What somebody does in the dashboard. */
async function administer(
  fake: FakeVendure,
  host: string,
  operationName: string,
  variables: object,
): Promise<void> {
  const ask = async (name: string, given: object, headers: Record<string, string>) =>
    fetchFrom(fake.handler)(`https://${host}/admin-api`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ operationName: name, query: '', variables: given }),
    })
  const signedIn = await ask('SignIn', account, {})
  const token = signedIn.headers.get('vendure-auth-token') ?? ''
  await ask(operationName, variables, { authorization: `Bearer ${token}` })
}
