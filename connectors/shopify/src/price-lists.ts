import { writeEach, type Entity, type Snapshot } from '@linchpin/connector'
import { priceListFields, priceListItemFields } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { withoutMark } from './catalogue-name.ts'
import { accountOfLocation } from './company-row.ts'
import { snapshotOf } from './listing.ts'
import { pricesOf, readLists, type PriceList } from './price-list-read.ts'
import { shopifyListWrite, writeList, type PriceListWrite } from './price-list-writer.ts'
import type { Session } from './session.ts'

const text = z.string()

/** A price list with its catalogue, which says which locations of companies get it. */
const priceListRow = z.looseObject({
  id: text,
  /** Its name without the mark by which we know it. */
  title: text,
  name: text,
  currency: text,
  taxesIncluded: z.boolean(),
  active: z.boolean(),
  accounts: z.array(text),
  prices: z.array(z.object({ variant: text, amount: text, quantity: text.optional() })),
})
export type PriceListRow = z.infer<typeof priceListRow>

const mapping: Mapping = {
  from: 'shopify.PriceList',
  to: 'PriceList',
  fields: {
    id: 'id',
    name: 'title',
    currency: 'currency',
    taxInclusive: 'taxesIncluded',
    accounts: { each: 'accounts', as: { value: '.' } },
    items: { each: 'prices', as: { product: 'variant', amount: 'amount', minimumQuantity: 'quantity' } },
    active: 'active',
  },
}

const writeMapping: Mapping = {
  from: 'PriceList',
  to: 'shopify.PriceList',
  fields: {
    ...priceListFields,
    accounts: {
      when: { has: 'accounts' },
      then: { each: 'accounts', as: { value: { link: 'Account', of: '.', optional: true } } },
    },
    items: { each: 'items', as: { ...priceListItemFields, from: 'from', to: 'to' } },
  },
}

/** Prices that some companies get: a price list and the catalogue that gives it to their locations. */
export const priceList: Entity<Session, 'PriceList', PriceListRow, PriceListWrite> = {
  schema: priceListRow,
  mapping,
  get: getLists,
  writer: {
    schema: shopifyListWrite,
    mapping: writeMapping,
    batch: 1,
    // The name of a price list is unique at Shopify, and ours holds our key.
    repeat: 'safe',
    write: (session, writes) => writeEach(writes, session.io.signal, write => writeList(session, write)),
  },
}

async function getLists(session: Session, ids: readonly string[]) {
  const shots: Snapshot<PriceListRow>[] = []
  for (const list of await readLists(session, ids)) shots.push(snapshotOf(await rowOf(session, list)))
  return shots
}

async function rowOf(session: Session, list: PriceList): Promise<PriceListRow> {
  const { shop } = await session.facts()
  const prices = await pricesOf(session, list.id)
  const { catalog, ...own } = list
  return {
    ...own,
    title: withoutMark(list.name),
    taxesIncluded: shop.taxesIncluded,
    active: catalog?.status === 'ACTIVE',
    accounts: (catalog?.locations ?? []).map(accountOfLocation),
    prices: [...prices].flatMap(([variant, { amount, breaks }]) => [
      { variant, amount },
      ...breaks.map(each => ({ variant, amount: each.amount, quantity: String(each.minimumQuantity) })),
    ]),
  }
}
