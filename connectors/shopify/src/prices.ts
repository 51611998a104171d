import { inTurn, Problem, type Entity, type Outcome, type Write } from '@linchpin/connector'
import { priceFields, priceWrite } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { compare } from '@linchpin/model'
import { z } from 'zod'
import { snapshotOf } from './listing.ts'
import { readNodes, type Nodes } from './nodes.ts'
import { pricePlan, type PricePlan } from './price-plan.ts'
import { sendPrices } from './price-writer.ts'
import type { Session } from './session.ts'

const text = z.string()

/** The price of a variant. `compareAtPrice` is what it costs when it is not on sale. */
const variantPrice = z.looseObject({
  id: text,
  sku: text.nullish(),
  price: text,
  compareAtPrice: text.nullish(),
  product: z.looseObject({ id: text }),
})
export type VariantPrice = z.infer<typeof variantPrice>

const priceRow = z.looseObject({
  ...variantPrice.shape,
  currencyCode: text,
  taxesIncluded: z.boolean(),
  /** The greater of both prices, and the price where that is less. */
  listPrice: text,
  salePrice: text.nullable(),
})
export type PriceRow = z.infer<typeof priceRow>

export type PriceWrite = z.infer<typeof priceWrite>

export const priceNodes: Nodes<VariantPrice> = {
  name: 'Prices',
  type: 'ProductVariant',
  selection: 'id sku price compareAtPrice product { id }',
  schema: variantPrice,
  atOnce: 250,
}

const priceMapping: Mapping = {
  from: 'shopify.Price',
  to: 'Price',
  fields: {
    id: 'id',
    product: 'id',
    sku: 'sku',
    currency: 'currencyCode',
    taxInclusive: 'taxesIncluded',
    list: 'listPrice',
    sale: { when: { has: 'salePrice' }, then: { object: { amount: 'salePrice' } } },
  },
}

const priceWriteMapping: Mapping = {
  from: 'Price',
  to: 'shopify.Price',
  fields: priceFields,
}

/**
 * Shopify's prices have no dates: we write the one in force now, and answer when the next one is. Quantity breaks belong
 * to companies' price lists there.
 */
export const price: Entity<Session, 'Price', PriceRow, PriceWrite> = {
  schema: priceRow,
  mapping: priceMapping,
  get: getPrices,
  writer: {
    schema: priceWrite,
    mapping: priceWriteMapping,
    batch: 250,
    repeat: 'safe',
    write: writePrices,
  },
}

async function getPrices(session: Session, ids: readonly string[]) {
  if (ids.length === 0) return []
  const { shop } = await session.facts()
  const rows = await readNodes(session, priceNodes, ids)
  return rows.map(row => snapshotOf({ ...row, ...shownOf(row), ...pick(shop) }))
}

const pick = ({ currencyCode, taxesIncluded }: { currencyCode: string; taxesIncluded: boolean }) => ({
  currencyCode,
  taxesIncluded,
})

function shownOf({ price: now, compareAtPrice }: VariantPrice) {
  const isSale = typeof compareAtPrice === 'string' && compare(compareAtPrice, now) > 0
  return { listPrice: isSale ? compareAtPrice : now, salePrice: isSale ? now : null }
}

async function writePrices(
  session: Session,
  writes: readonly Write<PriceWrite>[],
): Promise<readonly Outcome[]> {
  if (writes.length === 0) return []
  const { shop } = await session.facts()
  const ids = writes.map(({ id, row }) => id ?? row.product ?? '')
  const now = new Map((await readNodes(session, priceNodes, ids)).map(row => [row.id, row]))
  const plans = writes.map((write, at): PricePlan | Outcome => {
    try {
      const there = now.get(ids[at] ?? '')
      if (!there)
        throw new Problem('refused', `Variant ${write.row.sku ?? ids[at]} is not in Shopify (any more).`)
      return pricePlan(session, shop, there, write)
    } catch (error) {
      if (error instanceof Problem) return { key: write.key, is: 'refused', problem: error }
      throw error
    }
  })
  const sent = await sendPrices(
    session,
    plans.filter(each => 'variant' in each),
  )
  return inTurn(plans, async each => ('variant' in each ? sent.get(each)! : each))
}
