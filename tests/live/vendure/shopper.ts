import { z } from 'zod'
import { GraphQl, withId } from './graphql.ts'

export interface Basket {
  /** Product variant id → quantity. */
  readonly lines: readonly { readonly variant: string; readonly quantity: number }[]
  readonly couponCode?: string
}

/** What a customer sees of an order in the shop. */
export type SeenOrder = z.infer<typeof seenOrder>

const errorResult = '... on ErrorResult { errorCode message }'
const address = {
  fullName: 'Ada Lovelace',
  company: 'Analytical Engines',
  streetLine1: 'Rechenweg 1',
  city: 'Berlin',
  province: 'Berlin',
  postalCode: '10115',
  countryCode: 'DE',
  phoneNumber: '+49 30 1234567',
}
const person = { firstName: 'Ada', lastName: 'Lovelace' }

/** A person with a browser: everything goes through the Shop API. */
export class Shopper {
  readonly #shop: GraphQl

  constructor(shopUrl: string, channel?: string) {
    this.#shop = new GraphQl(shopUrl, channel)
  }

  async register(emailAddress: string, password: string): Promise<void> {
    const registered = z.object({ registerCustomerAccount: z.object({ success: z.literal(true) }) })
    await this.#shop.ask(
      `mutation ($input: RegisterCustomerInput!) { registerCustomerAccount(input: $input) { ... on Success { success } ${errorResult} } }`,
      { input: { emailAddress, password, ...person } },
      registered,
    )
    await this.logIn(emailAddress, password)
  }

  async logIn(username: string, password: string): Promise<void> {
    await this.#shop.ask(
      `mutation ($username: String!, $password: String!) { login(username: $username, password: $password) { ... on CurrentUser { id } ${errorResult} } }`,
      { username, password },
      z.object({ login: withId }),
    )
  }

  /** Fills a basket, goes to the till, pays, and answers the order's code. A guest gives an e-mail address there. */
  async order(basket: Basket, guest?: string): Promise<string> {
    for (const { variant, quantity } of basket.lines)
      await this.#step('addItemToOrder(productVariantId: $variant, quantity: $quantity)', {
        variant: ['ID!', variant],
        quantity: ['Int!', quantity],
      })
    if (guest !== undefined)
      await this.#step('setCustomerForOrder(input: $input)', {
        input: ['CreateCustomerInput!', { emailAddress: guest, ...person }],
      })
    if (basket.couponCode !== undefined)
      await this.#step('applyCouponCode(couponCode: $code)', { code: ['String!', basket.couponCode] })
    await this.#step('setOrderShippingAddress(input: $input)', { input: ['CreateAddressInput!', address] })
    const { eligibleShippingMethods } = await this.#shop.ask(
      '{ eligibleShippingMethods { id } }',
      {},
      z.object({ eligibleShippingMethods: z.tuple([withId]) }),
    )
    await this.#step('setOrderShippingMethod(shippingMethodId: $ids)', {
      ids: ['[ID!]!', [eligibleShippingMethods[0].id]],
    })
    await this.#step('transitionOrderToState(state: "ArrangingPayment")', {})
    return this.#step('addPaymentToOrder(input: $input)', {
      input: ['PaymentInput!', { method: 'dummy', metadata: {} }],
    })
  }

  /** The order as its customer sees it: parcels, and what the shop wrote to them. */
  async see(code: string, invoices = false): Promise<SeenOrder> {
    const { orderByCode } = await this.#shop.ask(
      `query ($code: String!) { orderByCode(code: $code) {
        state totalWithTax fulfillments { state method trackingCode }
        history(options: { filter: { type: { eq: "ORDER_NOTE" } } }) { items { data } }
        ${invoices ? 'customFields { invoices }' : ''} } }`,
      { code },
      z.object({ orderByCode: seenOrder }),
    )
    return orderByCode
  }

  /** Price with tax (in minor units) and stock as the shop window shows them. */
  async look(slug: string): Promise<readonly SeenVariant[]> {
    const { product } = await this.#shop.ask(
      'query ($slug: String!) { product(slug: $slug) { variants { id sku name priceWithTax stockLevel } } }',
      { slug },
      z.object({ product: z.object({ variants: z.array(seenVariant) }).nullable() }),
    )
    return product?.variants ?? []
  }

  async #step(
    call: string,
    variables: Record<string, readonly [type: string, value: unknown]>,
  ): Promise<string> {
    const declared = Object.entries(variables).map(([name, [type]]) => `$${name}: ${type}`)
    const head = declared.length === 0 ? '' : `(${declared.join(', ')})`
    const values = Object.fromEntries(Object.entries(variables).map(([name, [, value]]) => [name, value]))
    const { done } = await this.#shop.ask(
      `mutation ${head} { done: ${call} { ... on Order { code } ${errorResult} } }`,
      values,
      z.object({ done: z.object({ code: z.string() }) }),
    )
    return done.code
  }
}

export type SeenVariant = z.infer<typeof seenVariant>
const seenVariant = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  priceWithTax: z.int(),
  stockLevel: z.string(),
})

const seenOrder = z.object({
  state: z.string(),
  totalWithTax: z.int(),
  fulfillments: z.array(
    z.object({ state: z.string(), method: z.string(), trackingCode: z.string().nullable() }),
  ),
  history: z.object({ items: z.array(z.object({ data: z.object({ note: z.string() }) })) }),
  customFields: z.object({ invoices: z.array(z.string()).nullable() }).optional(),
})
