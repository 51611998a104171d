import { inTurn, Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid } from './ids.ts'
import { allOf, beginningOf, pageInfo, pageOf, parts, type InnerList } from './inner-list.ts'
import { readNodes, type Nodes } from './nodes.ts'
import type { Session } from './session.ts'

const text = z.string()

const priceList = z.object({
  id: text,
  name: text,
  currency: text,
  catalog: z
    .object({
      id: text,
      title: text,
      status: text,
      companyLocations: pageOf(z.object({ id: text })).optional(),
    })
    .nullable(),
})
/** Its catalogue with all of its locations; none when it is no catalogue of companies. */
export type PriceList = Omit<z.infer<typeof priceList>, 'catalog'> & {
  readonly catalog: {
    readonly id: string
    readonly title: string
    readonly status: string
    readonly locations: readonly string[]
  } | null
}

export const catalogueLocations: InnerList<{ readonly id: string }> = {
  name: 'LocationsOfCatalogue',
  type: 'CompanyLocationCatalog',
  field: 'companyLocations',
  selection: 'id',
  schema: z.object({ id: text }),
  first: 100,
  more: 250,
}

export const priceListNodes: Nodes<z.infer<typeof priceList>> = {
  name: 'PriceLists',
  type: 'PriceList',
  selection: `id name currency catalog { id title status
    ... on CompanyLocationCatalog { ${beginningOf(catalogueLocations)} } }`,
  schema: priceList,
  atOnce: 3,
}

export async function readLists(session: Session, ids: readonly string[]): Promise<readonly PriceList[]> {
  const found = await readNodes(session, priceListNodes, ids)
  return inTurn(found, async ({ catalog, ...list }) => {
    if (!catalog) return { ...list, catalog }
    const { companyLocations: told, ...own } = catalog
    const locations = told ? await allOf(session, catalogueLocations, own.id, told) : []
    return { ...list, catalog: { ...own, locations: locations.map(({ id }) => id) } }
  })
}

/** The list whose name ends so. Shopify cannot be asked for it, so all names are read. */
export async function listMarked(session: Session, mark: string): Promise<PriceList | null> {
  for (let after: string | null = null; ;) {
    const { priceLists }: z.infer<typeof namesData> = await session.client.ask(names, { after })
    const found = priceLists.nodes.find(each => each.name.endsWith(mark))
    if (found) return (await readLists(session, [found.id]))[0] ?? null
    if (!priceLists.pageInfo.hasNextPage) return null
    after = priceLists.pageInfo.endCursor
  }
}

export interface ListPrice {
  readonly amount: string
  readonly breaks: readonly { readonly minimumQuantity: number; readonly amount: string }[]
}

/** What a list itself says, by variant: not what it reckons from the shop's prices. */
export async function pricesOf(session: Session, list: string): Promise<ReadonlyMap<string, ListPrice>> {
  const found = new Map<string, ListPrice>()
  for (let after: string | null = null; ;) {
    const variables: Readonly<Record<string, unknown>> = { list: gid('PriceList', list), after }
    const { priceList: told }: z.infer<typeof pricesData> = await session.client.ask(prices, variables)
    if (!told) return found
    for (const [at, { node }] of told.prices.edges.entries()) {
      const before = told.prices.edges[at - 1]?.cursor ?? after
      found.set(node.variant.id, {
        amount: node.price.amount,
        breaks: await breaksOf(session, list, before, node),
      })
    }
    if (!told.prices.pageInfo.hasNextPage) return found
    after = told.prices.pageInfo.endCursor
  }
}

/** All breaks of the price behind this cursor. A price has no id, so the rest is asked for by its place in the list. */
async function breaksOf(
  { client }: Session,
  list: string,
  before: string | null,
  { variant, quantityPriceBreaks }: z.infer<typeof listedPrice>,
): Promise<ListPrice['breaks']> {
  const told = [...quantityPriceBreaks.nodes]
  for (let { hasNextPage, endCursor } = quantityPriceBreaks.pageInfo; hasNextPage;) {
    const place: Readonly<Record<string, unknown>> = {
      list: gid('PriceList', list),
      before,
      after: endCursor,
    }
    const { priceList: now }: z.infer<typeof breaksData> = await client.ask(moreBreaks, place)
    const price = now?.prices.nodes[0]
    if (price?.variant.id !== variant.id)
      throw new Problem('passing', `Price list ${list} was changed in Shopify while we read it.`)
    told.push(...price.quantityPriceBreaks.nodes)
    ;({ hasNextPage, endCursor } = price.quantityPriceBreaks.pageInfo)
  }
  return told.map(({ minimumQuantity, price }) => ({ minimumQuantity, amount: price.amount }))
}

const namesData = z.object({ priceLists: pageOf(z.object({ id: text, name: text })) })
export const names: Operation<z.infer<typeof namesData>> = {
  text: `query NamesOfPriceLists($after: String) {
    priceLists(first: 250, after: $after) { ${parts('id name')} } }`,
  data: namesData,
}

const money = z.looseObject({ amount: text })
const breaks = pageOf(z.object({ minimumQuantity: z.int(), price: money }))
const listedPrice = z.object({ variant: z.object({ id: text }), price: money, quantityPriceBreaks: breaks })
const breakParts = parts('minimumQuantity price { amount }')

const pricesData = z.object({
  priceList: z
    .object({
      prices: z.object({ edges: z.array(z.object({ cursor: text, node: listedPrice })), pageInfo }),
    })
    .nullable(),
})
export const prices: Operation<z.infer<typeof pricesData>> = {
  text: `query PricesOfList($list: ID!, $after: String) {
    priceList(id: $list) { prices(first: 25, after: $after, originType: FIXED) {
      edges { cursor node { variant { id } price { amount } quantityPriceBreaks(first: 10) { ${breakParts} } } }
      pageInfo { hasNextPage endCursor } } } }`,
  data: pricesData,
}

const breaksData = z.object({
  priceList: z
    .object({
      prices: z.object({
        nodes: z.array(z.object({ variant: z.object({ id: text }), quantityPriceBreaks: breaks })),
      }),
    })
    .nullable(),
})
export const moreBreaks: Operation<z.infer<typeof breaksData>> = {
  text: `query BreaksOfPrice($list: ID!, $before: String, $after: String) {
    priceList(id: $list) { prices(first: 1, after: $before, originType: FIXED) {
      nodes { variant { id } quantityPriceBreaks(first: 100, after: $after) { ${breakParts} } } } } }`,
  data: breaksData,
}
