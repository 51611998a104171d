import { z } from 'zod'
import { GraphQl, withId } from './graphql.ts'
import type { RealVendure } from './start.ts'

export interface Seeded {
  readonly channel: string
  readonly zone: string
  readonly stockLocation: string
  readonly couponCode: string
}

/**
 * Makes an empty Vendure a shop: euros, Germany with 19 % and 7 %, shipping at 4.90, payment that always succeeds,
 * and the coupon TENOFF for 10 % off the order. Prices are with tax, as in a consumer shop, or without.
 */
export async function seedVendure(
  shop: RealVendure,
  options: { readonly pricesIncludeTax: boolean },
): Promise<Seeded> {
  const admin = await signedIn(shop)
  const { activeChannel, stockLocations } = await admin.ask(
    '{ activeChannel { id } stockLocations { items { id } } }',
    {},
    z.object({ activeChannel: withId, stockLocations: z.object({ items: z.tuple([withId]) }) }),
  )
  const make = maker(admin)
  const country = await make('createCountry', 'CreateCountryInput', {
    code: 'DE',
    enabled: true,
    translations: [{ languageCode: 'en', name: 'Germany' }],
  })
  const zone = await make('createZone', 'CreateZoneInput', { name: 'Germany', memberIds: [country] })
  await make('updateChannel', 'UpdateChannelInput', {
    id: activeChannel.id,
    defaultTaxZoneId: zone,
    defaultShippingZoneId: zone,
    defaultCurrencyCode: 'EUR',
    availableCurrencyCodes: ['EUR', 'USD'],
    pricesIncludeTax: options.pricesIncludeTax,
    trackInventory: true,
  })
  for (const [name, value, isDefault] of [
    ['Standard', 19, true],
    ['Reduced', 7, false],
  ] as const) {
    const categoryId = await make('createTaxCategory', 'CreateTaxCategoryInput', { name, isDefault })
    const rate = { name: `${value} %`, enabled: true, value, categoryId, zoneId: zone }
    await make('createTaxRate', 'CreateTaxRateInput', rate)
  }
  await openTill(admin)
  await make('createPromotion', 'CreatePromotionInput', {
    enabled: true,
    couponCode: 'TENOFF',
    conditions: [],
    actions: [operation('order_percentage_discount', { discount: '10' })],
    translations: named('Ten percent off'),
  })
  return {
    zone,
    channel: activeChannel.id,
    stockLocation: stockLocations.items[0].id,
    couponCode: 'TENOFF',
  }
}

/** Shipping at 4.90 and a payment that always succeeds, in the channel of this session. */
export async function openTill(admin: GraphQl): Promise<void> {
  const make = maker(admin)
  await make('createShippingMethod', 'CreateShippingMethodInput', {
    code: 'parcel',
    fulfillmentHandler: 'manual-fulfillment',
    checker: operation('default-shipping-eligibility-checker', { orderMinimum: '0' }),
    calculator: operation('default-shipping-calculator', { rate: '490', includesTax: 'auto', taxRate: '19' }),
    translations: named('Parcel'),
  })
  await make('createPaymentMethod', 'CreatePaymentMethodInput', {
    code: 'dummy',
    enabled: true,
    handler: operation('dummy-payment-handler', { automaticSettle: 'true' }),
    translations: named('Dummy payment'),
  })
}

/** Calls a mutation that makes something, and answers its id. */
export function maker(admin: GraphQl) {
  return async (mutation: string, type: string, input: Record<string, unknown>): Promise<string> => {
    const query = `mutation ($input: ${type}!) { made: ${mutation}(input: $input) { ... on Node { id } } }`
    const { made } = await admin.ask(query, { input }, z.object({ made: withId }))
    return made.id
  }
}

/** The Admin API, signed in as the superadmin. */
export async function signedIn(shop: RealVendure, channel?: string): Promise<GraphQl> {
  const admin = new GraphQl(shop.adminUrl, channel)
  await admin.ask(
    'mutation ($username: String!, $password: String!) { login(username: $username, password: $password) { ... on CurrentUser { id } } }',
    { username: shop.username, password: shop.password },
    z.object({ login: withId }),
  )
  return admin
}

function named(name: string) {
  return [{ languageCode: 'en', name, description: '' }]
}

function operation(code: string, values: Record<string, string>) {
  return { code, arguments: Object.entries(values).map(([name, value]) => ({ name, value })) }
}
