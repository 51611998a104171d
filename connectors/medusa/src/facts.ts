import { chosen } from '@linchpin/connector/shop'
import { z } from 'zod'
import type { Client } from './client.ts'
import type { Session } from './session.ts'

/** What the shop is like: it changes about never. */
export interface Facts {
  readonly defaultChannel: string | null
  readonly channels: readonly Named[]
  readonly locations: readonly Named[]
  /** Lower case, as Medusa writes them; whether prices in it are with tax. */
  readonly currencies: ReadonlyMap<string, boolean>
  /** The shipping profile for new products. */
  readonly shippingProfile: string | null
}

const named = z.object({ id: z.string(), name: z.string() })
type Named = z.infer<typeof named>

const most = { limit: 1000 }

export async function readFacts(client: Client): Promise<Facts> {
  const { stores } = await client.get('/stores', storeList, { fields: '*supported_currencies', ...most })
  const { sales_channels } = await client.get('/sales-channels', channelList, { fields: 'id,name', ...most })
  const { stock_locations } = await client.get('/stock-locations', locationList, {
    fields: 'id,name',
    ...most,
  })
  const { price_preferences } = await client.get('/price-preferences', preferenceList, {
    attribute: 'currency_code',
    ...most,
  })
  const { shipping_profiles } = await client.get('/shipping-profiles', profileList, most)
  const inclusive = price_preferences.filter(
    each => each.attribute === 'currency_code' && each.is_tax_inclusive,
  )
  const codes = stores.flatMap(store => store.supported_currencies.map(each => each.currency_code))
  return {
    defaultChannel: stores[0]?.default_sales_channel_id ?? null,
    channels: sales_channels,
    locations: stock_locations,
    currencies: new Map(codes.map(code => [code, inclusive.some(({ value }) => value === code)])),
    shippingProfile:
      (shipping_profiles.find(each => each.type === 'default') ?? shipping_profiles[0])?.id ?? null,
  }
}

export async function locationOf({ facts, settings }: Session): Promise<string> {
  return chosen({ shop: 'Medusa', what: 'stock location' }, (await facts()).locations, settings.stockLocation)
}

/** The channel that new products go into; null when the store has none. */
export async function channelOf({ facts, settings }: Session): Promise<string | null> {
  const { channels, defaultChannel } = await facts()
  if (settings.salesChannel === undefined && defaultChannel !== null) return defaultChannel
  return channels.length === 0
    ? null
    : chosen({ shop: 'Medusa', what: 'sales channel' }, channels, settings.salesChannel)
}

const storeList = z.object({
  stores: z.array(
    z.object({
      default_sales_channel_id: z.string().nullish(),
      supported_currencies: z.array(z.object({ currency_code: z.string() })),
    }),
  ),
})
const channelList = z.object({ sales_channels: z.array(named) })
const locationList = z.object({ stock_locations: z.array(named) })
const preferenceList = z.object({
  price_preferences: z.array(
    z.object({ attribute: z.string(), value: z.string().nullable(), is_tax_inclusive: z.boolean() }),
  ),
})
const profileList = z.object({ shipping_profiles: z.array(z.object({ id: z.string(), type: z.string() })) })
