import type { Io } from '@linchpin/connector'
import { chosen } from '@linchpin/connector/shop'
import { z } from 'zod'
import { Client, type Operation } from './client.ts'
import type { Settings } from './settings.ts'

export interface Session {
  readonly settings: Settings
  readonly io: Io
  readonly client: Client
  /** Read once a session. */
  readonly facts: () => Promise<Facts>
  /** Read now. */
  readonly freshFacts: () => Promise<Facts>
}

/** What the shop is like: it changes about never. */
export interface Facts {
  readonly channel: Channel
  /** How many decimals Vendure's integer amounts have, whatever the currency. */
  readonly precision: number
  readonly locations: readonly { readonly id: string; readonly name: string }[]
  /** Names of the custom fields of an entity that can be read as plain values. */
  readonly customFields: (entity: string) => readonly string[]
}

export function openSession(settings: Settings, io: Io): Session {
  const client = new Client(settings, io)
  let facts: Promise<Facts> | null = null
  const remembered = async () => {
    facts ??= readFacts(client)
    try {
      return await facts
    } catch (error) {
      facts = null
      throw error
    }
  }
  const freshFacts = () => {
    facts = null
    return remembered()
  }
  return { settings, io, client, facts: remembered, freshFacts }
}

/** Selects custom fields by their names. */
export function custom(names: readonly string[]): string {
  return names.length === 0 ? '' : `customFields { ${names.join(' ')} }`
}

/** The location that we fill: the one named in the settings, or the only one. */
export function locationOf({ locations }: Facts, wanted: string | undefined): string {
  return chosen({ shop: 'Vendure', what: 'stock location' }, locations, wanted)
}

async function readFacts(client: Client): Promise<Facts> {
  const { activeChannel, globalSettings, stockLocations } = await client.ask(factsQuery)
  const { moneyStrategyPrecision: precision, entityCustomFields } = globalSettings.serverConfig
  return {
    channel: activeChannel,
    precision,
    locations: stockLocations.items,
    customFields: entity =>
      (entityCustomFields.find(({ entityName }) => entityName === entity)?.customFields ?? [])
        .filter(({ type }) => plainTypes.includes(type))
        .map(({ name }) => name),
  }
}

/** Relations and structs need a selection of their own. */
const plainTypes = ['string', 'localeString', 'text', 'localeText', 'int', 'float', 'boolean', 'datetime']

const channel = z.object({
  id: z.string(),
  code: z.string(),
  pricesIncludeTax: z.boolean(),
  defaultCurrencyCode: z.string(),
  availableCurrencyCodes: z.array(z.string()),
  defaultLanguageCode: z.string(),
  defaultTaxZone: z.object({ id: z.string() }).nullable(),
})
export type Channel = z.infer<typeof channel>

const factsData = z.object({
  activeChannel: channel,
  globalSettings: z.object({
    serverConfig: z.object({
      moneyStrategyPrecision: z.int(),
      entityCustomFields: z.array(
        z.object({
          entityName: z.string(),
          customFields: z.array(z.object({ name: z.string(), type: z.string() })),
        }),
      ),
    }),
  }),
  stockLocations: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
})

const factsQuery: Operation<z.infer<typeof factsData>> = {
  text: `query Facts {
    activeChannel { id code pricesIncludeTax defaultCurrencyCode availableCurrencyCodes defaultLanguageCode
      defaultTaxZone { id } }
    globalSettings { serverConfig { moneyStrategyPrecision
      entityCustomFields { entityName customFields { ... on CustomField { name type } } } } }
    stockLocations { items { id name } } }`,
  data: factsData,
}
