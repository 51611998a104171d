import { equal } from '@linchpin/model'
import { z } from 'zod'
import { at } from './client.ts'
import { decimal, jsonNumber } from './money.ts'
import type { Session } from './session.ts'

const text = z.string()

/** A price list of Medusa's: a dated sale, or what a group of customers pays. Its prices are a list of their own. */
export const listRow = z.looseObject({
  id: text,
  title: text,
  type: text,
  status: text,
  starts_at: text.nullish(),
  ends_at: text.nullish(),
  updated_at: text,
  metadata: z.record(text, z.unknown()).nullish(),
  rules: z.record(text, z.unknown()).nullish(),
})
export type ListRow = z.infer<typeof listRow>

const fields = 'id,title,type,status,starts_at,ends_at,updated_at,metadata,*price_list_rules'

/** All of them: the list cannot be filtered by what we put into `metadata`. */
export async function allLists(session: Session, ids?: readonly string[]): Promise<readonly ListRow[]> {
  const answer = z.object({ price_lists: z.array(listRow) })
  const query = { fields, limit: 1000, ...(ids && { id: ids }) }
  return (await session.client.get('/price-lists', answer, query)).price_lists
}

const listPrice = z.object({
  id: text,
  currency_code: text,
  amount: z.number(),
  min_quantity: z.number().nullish(),
  price_set: z.object({ variant: z.object({ id: text }).nullish() }).nullish(),
})
export type ListPrice = z.infer<typeof listPrice>

export interface WantedPrice {
  readonly variant: string
  readonly currency: string
  readonly amount: string
  readonly quantity?: string | undefined
}

const pageSize = 1000

export async function pricesIn({ client }: Session, list: string): Promise<readonly ListPrice[]> {
  const found: ListPrice[] = []
  for (;;) {
    const { prices } = await client.get(
      `/price-lists/${at(list)}/prices`,
      z.object({ prices: z.array(listPrice) }),
      {
        fields: 'id,currency_code,amount,min_quantity,price_set.variant.id',
        order: 'id',
        limit: pageSize,
        offset: found.length,
      },
    )
    found.push(...prices)
    if (prices.length < pageSize) return found
  }
}

/**
 * Brings these variants' prices in a list to what is wanted. Medusa takes a second price of one variant and currency
 * without a word, so what is there is changed and what is too many is taken out. Answers whether anything was to do.
 */
export async function setListPrices(
  session: Session,
  list: string,
  there: readonly ListPrice[],
  wanted: readonly WantedPrice[],
): Promise<boolean> {
  const kept = new Set<string>()
  const create: object[] = []
  const update: object[] = []
  for (const price of wanted) {
    const had = there.find(each => !kept.has(each.id) && isAbout(each, price))
    const body = {
      variant_id: price.variant,
      currency_code: price.currency,
      amount: jsonNumber(price.amount),
      ...(price.quantity !== undefined && { min_quantity: jsonNumber(price.quantity) }),
    }
    if (!had) create.push(body)
    else kept.add(had.id)
    if (had && !equal(decimal(had.amount), price.amount)) update.push({ ...body, id: had.id })
  }
  const surplus = there.filter(({ id }) => !kept.has(id)).map(({ id }) => id)
  if (create.length + update.length + surplus.length === 0) return false
  const body = { create, update, delete: surplus }
  await session.client.post(
    `/price-lists/${at(list)}/prices/batch`,
    body,
    z.looseObject({ created: z.array(z.unknown()) }),
  )
  return true
}

function isAbout(there: ListPrice, { variant, currency, quantity }: WantedPrice): boolean {
  return (
    there.price_set?.variant?.id === variant &&
    there.currency_code === currency &&
    (there.min_quantity ?? null) === (quantity === undefined ? null : Number(quantity))
  )
}
