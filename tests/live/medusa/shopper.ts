import { z } from 'zod'
import { Rest, withId } from './rest.ts'
import type { Seeded } from './seed.ts'

const cartAnswer = z.object({
  cart: z.looseObject({
    id: z.string(),
    items: z.array(z.looseObject({ variant_sku: z.string(), unit_price: z.number(), quantity: z.number() })),
  }),
})

/** Someone who buys in the storefront, as a guest or signed in. */
export class Shopper {
  readonly #shop: Seeded
  readonly #store: Rest

  constructor(shop: Seeded, store: Rest = shop.store) {
    this.#shop = shop
    this.#store = store
  }

  /** A cart with this in it, by variants; its prices are the ones that this customer gets. */
  async fill(email: string, lines: Readonly<Record<string, number>>) {
    const { region } = this.#shop
    const address = {
      first_name: 'Ada',
      last_name: 'Lovelace',
      address_1: 'Rechenweg 1',
      city: 'Berlin',
      postal_code: '10115',
      country_code: 'de',
    }
    const { cart } = await this.#store.post(
      '/store/carts',
      { region_id: region, email, shipping_address: address },
      cartAnswer,
    )
    let now = cart
    for (const [variant_id, quantity] of Object.entries(lines))
      now = (
        await this.#store.post(`/store/carts/${cart.id}/line-items`, { variant_id, quantity }, cartAnswer)
      ).cart
    return now
  }

  /** Goes to the till; answers the order's id. */
  async buy(email: string, lines: Readonly<Record<string, number>>, coupon = false): Promise<string> {
    const { id } = await this.fill(email, lines)
    if (coupon)
      await this.#store.post(`/store/carts/${id}/promotions`, { promo_codes: ['TENOFF'] }, cartAnswer)
    const option = { option_id: this.#shop.shippingOption }
    await this.#store.post(`/store/carts/${id}/shipping-methods`, option, cartAnswer)
    const collection = await this.#store.make('/store/payment-collections', 'payment_collection', {
      cart_id: id,
    })
    const provider = { provider_id: 'pp_system_default' }
    await this.#store.make(
      `/store/payment-collections/${collection}/payment-sessions`,
      'payment_collection',
      provider,
    )
    const done = z.object({ type: z.literal('order'), order: withId })
    return (await this.#store.post(`/store/carts/${id}/complete`, {}, done)).order.id
  }
}

/** Someone who registered: their cart shows what their groups pay. */
export async function register(shop: Seeded, url: string, email: string) {
  const credentials = { email, password: 'a-password-of-a-customer' }
  const token = z.object({ token: z.string() })
  const begun = await shop.store.post('/auth/customer/emailpass/register', credentials, token)
  const key = await publishableOf(shop)
  const signed = (bearer: string) =>
    new Rest(url, { 'x-publishable-api-key': key, authorization: `Bearer ${bearer}` })
  const person = { email, first_name: 'Ada', last_name: 'Lovelace', company_name: 'Analytical Engines' }
  const id = await signed(begun.token).make('/store/customers', 'customer', person)
  const { token: session } = await shop.store.post('/auth/customer/emailpass', credentials, token)
  return { id, shopper: new Shopper(shop, signed(session)) }
}

async function publishableOf({ admin }: Seeded): Promise<string> {
  const keys = z.object({ api_keys: z.array(z.object({ token: z.string() })) })
  const { api_keys } = await admin.get('/admin/api-keys?type=publishable', keys)
  return api_keys[0]?.token ?? ''
}
