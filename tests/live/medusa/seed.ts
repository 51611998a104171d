import { z } from 'zod'
import { Rest, withId } from './rest.ts'
import type { RealMedusa } from './start.ts'

export interface Seeded {
  readonly admin: Rest
  readonly store: Rest
  readonly apiKey: string
  readonly region: string
  readonly location: string
  readonly shippingOption: string
}

/**
 * Makes an empty Medusa a shop: euros without tax, Germany with 19 % and 7 %, shipping at 4.90, payment that always
 * succeeds, and the coupon TENOFF for 10 % off the order.
 */
export async function seedMedusa(shop: RealMedusa): Promise<Seeded> {
  const { email, password } = shop
  const nobody = new Rest(shop.url, {})
  const { token } = await nobody.post(
    '/auth/user/emailpass',
    { email, password },
    z.object({ token: z.string() }),
  )
  const admin = new Rest(shop.url, { authorization: `Bearer ${token}` })
  const first = async (path: string, name: string) =>
    (await admin.get(path, z.looseObject({ [name]: z.array(z.looseObject({ id: z.string() })) })))[
      name
    ]?.[0] ?? { id: '' }
  const channel = (await first('/admin/sales-channels', 'sales_channels')).id
  const profile = (await first('/admin/shipping-profiles', 'shipping_profiles')).id
  await admin.make(`/admin/stores/${(await first('/admin/stores', 'stores')).id}`, 'store', {
    supported_currencies: [{ currency_code: 'eur', is_default: true }, { currency_code: 'usd' }],
  })
  const region = await admin.make('/admin/regions', 'region', {
    name: 'Germany',
    currency_code: 'eur',
    countries: ['de'],
    payment_providers: ['pp_system_default'],
    automatic_taxes: true,
  })
  const taxRegion = await admin.make('/admin/tax-regions', 'tax_region', {
    country_code: 'de',
    provider_id: 'tp_system',
    default_tax_rate: { rate: 19, code: 'de19', name: 'Standard' },
  })
  const reduced = { tax_region_id: taxRegion, rate: 7, code: 'de7', name: 'Reduced' }
  await admin.make('/admin/tax-rates', 'tax_rate', reduced)
  const { location, shippingOption } = await openWarehouse(admin, channel, profile)
  const method = {
    type: 'percentage',
    target_type: 'order',
    value: 10,
    allocation: 'across',
    currency_code: 'eur',
  }
  const promotion = { code: 'TENOFF', type: 'standard', status: 'active', application_method: method }
  await admin.make('/admin/promotions', 'promotion', promotion)
  const { token: key, id } = await publishable(admin)
  await admin.make(`/admin/api-keys/${id}/sales-channels`, 'api_key', { add: [channel] })
  const secret = z.object({ api_key: z.object({ token: z.string() }) })
  const { api_key } = await admin.post('/admin/api-keys', { title: 'Linchpin', type: 'secret' }, secret)
  const store = new Rest(shop.url, { 'x-publishable-api-key': key })
  return { admin, store, apiKey: api_key.token, region, location, shippingOption }
}

async function publishable(admin: Rest): Promise<{ readonly id: string; readonly token: string }> {
  const keys = z.object({ api_keys: z.array(withId.extend({ token: z.string() })) })
  const { api_keys } = await admin.get('/admin/api-keys?type=publishable', keys)
  if (api_keys[0]) return api_keys[0]
  throw new Error('Medusa made no publishable key.')
}

async function openWarehouse(admin: Rest, channel: string, profile: string) {
  const address = { address_1: 'Hafen 1', city: 'Hamburg', country_code: 'de' }
  const location = await admin.make('/admin/stock-locations', 'stock_location', { name: 'Main', address })
  const path = `/admin/stock-locations/${location}`
  await admin.make(`${path}/fulfillment-providers`, 'stock_location', { add: ['manual_manual'] })
  await admin.make(`${path}/sales-channels`, 'stock_location', { add: [channel] })
  const { stock_location } = await admin.post(
    `${path}/fulfillment-sets?fields=*fulfillment_sets`,
    { name: 'Delivery', type: 'shipping' },
    z.object({ stock_location: z.object({ fulfillment_sets: z.tuple([withId]) }) }),
  )
  const { fulfillment_set } = await admin.post(
    `/admin/fulfillment-sets/${stock_location.fulfillment_sets[0].id}/service-zones`,
    { name: 'Germany', geo_zones: [{ type: 'country', country_code: 'de' }] },
    z.object({ fulfillment_set: z.object({ service_zones: z.tuple([withId]) }) }),
  )
  const shippingOption = await admin.make('/admin/shipping-options', 'shipping_option', {
    name: 'Parcel',
    service_zone_id: fulfillment_set.service_zones[0].id,
    shipping_profile_id: profile,
    provider_id: 'manual_manual',
    price_type: 'flat',
    type: { label: 'Parcel', code: 'parcel', description: 'By parcel' },
    prices: [{ currency_code: 'eur', amount: 4.9 }],
    rules: [],
  })
  return { location, shippingOption }
}
