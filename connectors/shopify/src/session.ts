import type { Io } from '@linchpin/connector'
import { chosen } from '@linchpin/connector/shop'
import { z } from 'zod'
import { Client, type Operation } from './client.ts'
import { commonOf, type Common } from './common.ts'
import type { Settings } from './settings.ts'

export interface Session {
  readonly settings: Settings
  readonly io: Io
  readonly client: Client
  /** Read once a session. */
  readonly facts: () => Promise<Facts>
  /** Read now. */
  readonly freshFacts: () => Promise<Facts>
  readonly alone: Common['alone']
  readonly priceBulks: Common['priceBulks']
  readonly pricesAfterBulk: Common['pricesAfterBulk']
}

/** What the shop is like: it changes about never. */
export interface Facts {
  readonly shop: z.infer<typeof shop>
  readonly locations: readonly z.infer<typeof location>[]
}

export function openSession(settings: Settings, io: Io): Session {
  const common = commonOf(settings)
  const client = new Client(settings, io, common)
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
  const { alone, priceBulks, pricesAfterBulk } = common
  return { settings, io, client, facts: remembered, freshFacts, alone, priceBulks, pricesAfterBulk }
}

/** The location that we fill: the one named in the settings, or the only one. */
export function locationOf({ locations }: Facts, wanted: string | undefined): string {
  return chosen({ shop: 'Shopify', what: 'location' }, locations, wanted)
}

async function readFacts(client: Client): Promise<Facts> {
  const { shop, locations } = await client.ask(factsQuery)
  return { shop, locations: locations.nodes }
}

const shop = z.object({
  name: z.string(),
  myshopifyDomain: z.string(),
  currencyCode: z.string(),
  taxesIncluded: z.boolean(),
  plan: z.object({ publicDisplayName: z.string() }),
})
const location = z.object({ id: z.string(), name: z.string() })

const factsData = z.object({ shop, locations: z.object({ nodes: z.array(location) }) })
export const factsQuery: Operation<z.infer<typeof factsData>> = {
  text: `query Facts {
    shop { name myshopifyDomain currencyCode taxesIncluded plan { publicDisplayName } }
    locations(first: 100) { nodes { id name } } }`,
  data: factsData,
}
