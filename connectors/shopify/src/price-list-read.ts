import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid } from './ids.ts'
import { readNodes, type Nodes } from './nodes.ts'
import type { Session } from './session.ts'

const text = z.string()

const priceList = z.looseObject({
  id: text,
  name: text,
  currency: text,
  catalog: z
    .looseObject({
      id: text,
      title: text,
      status: text,
      companyLocations: z.object({ nodes: z.array(z.object({ id: text })) }).optional(),
    })
    .nullable(),
})
export type PriceList = z.infer<typeof priceList>

export const priceListNodes: Nodes<PriceList> = {
  name: 'PriceLists',
  type: 'PriceList',
  selection: `id name currency catalog { id title status
    ... on CompanyLocationCatalog { companyLocations(first: 250) { nodes { id } } } }`,
  schema: priceList,
  atOnce: 3,
}

export function readLists(session: Session, ids: readonly string[]): Promise<readonly PriceList[]> {
  return readNodes(session, priceListNodes, ids)
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
    for (const { variant, price, quantityPriceBreaks } of told.prices.nodes)
      found.set(variant.id, {
        amount: price.amount,
        breaks: quantityPriceBreaks.nodes.map(each => ({
          minimumQuantity: each.minimumQuantity,
          amount: each.price.amount,
        })),
      })
    if (!told.prices.pageInfo.hasNextPage) return found
    after = told.prices.pageInfo.endCursor
  }
}

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: text.nullable() })

const namesData = z.object({
  priceLists: z.object({ nodes: z.array(z.object({ id: text, name: text })), pageInfo }),
})
export const names: Operation<z.infer<typeof namesData>> = {
  text: `query NamesOfPriceLists($after: String) {
    priceLists(first: 250, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } } }`,
  data: namesData,
}

const money = z.looseObject({ amount: text })
const pricesData = z.object({
  priceList: z
    .object({
      prices: z.object({
        nodes: z.array(
          z.object({
            variant: z.object({ id: text }),
            price: money,
            quantityPriceBreaks: z.object({
              nodes: z.array(z.object({ minimumQuantity: z.int(), price: money })),
            }),
          }),
        ),
        pageInfo,
      }),
    })
    .nullable(),
})
export const prices: Operation<z.infer<typeof pricesData>> = {
  text: `query PricesOfList($list: ID!, $after: String) {
    priceList(id: $list) { prices(first: 25, after: $after, originType: FIXED) {
      nodes { variant { id } price { amount }
        quantityPriceBreaks(first: 10) { nodes { minimumQuantity price { amount } } } }
      pageInfo { hasNextPage endCursor } } } }`,
  data: pricesData,
}
