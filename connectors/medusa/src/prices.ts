import { Problem, writeEach, type Entity, type Outcome, type Write } from '@linchpin/connector'
import { priceFields, priceWrite as plainPrice } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { add, divide, isNegative, multiply, round } from '@linchpin/model'
import { z } from 'zod'
import { at } from './client.ts'
import { byIds, snapshotOf } from './listing.ts'
import { decimal, jsonNumber } from './money.ts'
import { openSales, putOnSale } from './sales.ts'
import type { Session } from './session.ts'
import { rateOf, ratesOf } from './taxes.ts'

const text = z.string()

const amount = z.looseObject({
  id: text,
  currency_code: text,
  amount: z.number(),
  min_quantity: z.number().nullish(),
  max_quantity: z.number().nullish(),
  /** Empty for a price that holds in every region. */
  rules: z.record(text, text).nullish(),
})
type Amount = z.infer<typeof amount>

const variant = z.looseObject({ id: text, sku: text.nullish(), product_id: text, prices: z.array(amount) })

/** The price of a variant in the store's first currency; `prices` holds all of them, those of price lists left out. */
export const priceRow = variant.extend({ currency: text, inclusive: z.boolean(), list: text })
export type PriceRow = z.infer<typeof priceRow>

const priceWrite = plainPrice.extend({
  breaks: z.array(z.object({ quantity: text, amount: text })).optional(),
})
export type PriceWrite = z.infer<typeof priceWrite>

const priceMapping: Mapping = {
  from: 'medusa.Price',
  to: 'Price',
  fields: {
    id: 'id',
    product: 'id',
    sku: 'sku',
    currency: { format: 'upper', of: 'currency' },
    taxInclusive: 'inclusive',
    list: 'list',
    'extra.prices': 'prices',
  },
}

const priceWriteMapping: Mapping = {
  from: 'Price',
  to: 'medusa.Price',
  fields: {
    ...priceFields,
    currency: { format: 'lower', of: 'currency' },
    breaks: {
      each: 'breaks',
      // Medusa dates price lists, not single prices: a break with a date of its own has no place in it.
      where: { all: [{ not: { has: 'from' } }, { not: { has: 'to' } }] },
      as: { quantity: 'minimumQuantity', amount: 'amount' },
    },
  },
}

export const price: Entity<Session, 'Price', PriceRow, PriceWrite> = {
  schema: priceRow,
  mapping: priceMapping,
  get: async (session, ids) => (await readPrices(session, ids)).map(snapshotOf),
  writer: {
    schema: priceWrite,
    mapping: priceWriteMapping,
    batch: 20,
    repeat: 'safe',
    write: writePrices,
  },
}

/** Those that have a price in the store's first currency; another one has none yet. */
async function readPrices(session: Session, ids: readonly string[]): Promise<readonly PriceRow[]> {
  if (ids.length === 0) return []
  const { currencies } = await session.facts()
  const [currency = '', inclusive = false] = [...currencies][0] ?? []
  return (await readVariants(session, ids)).flatMap(each => {
    const list = each.prices.find(one => one.currency_code === currency && isPlain(one))
    return list ? [{ ...each, currency, inclusive, list: decimal(list.amount) }] : []
  })
}

function readVariants(session: Session, ids: readonly string[]) {
  const fields = 'id,sku,product_id,*prices'
  return byIds(session, { path: '/product-variants', name: 'variants', fields }, variant, ids)
}

const isPlain = (each: Amount) => !each.min_quantity && !each.max_quantity && isEverywhere(each)
const isEverywhere = ({ rules }: Amount) => Object.keys(rules ?? {}).length === 0

async function writePrices(
  session: Session,
  writes: readonly Write<PriceWrite>[],
): Promise<readonly Outcome[]> {
  if (writes.length === 0) return []
  const ids = writes.map(({ id, row }) => id ?? row.product ?? '')
  const rows = await readVariants(
    session,
    [...new Set(ids)].filter(id => id !== ''),
  )
  const now = new Map(rows.map(row => [row.id, row]))
  const sales = await openSales(session)
  return writeEach(writes, session.io.signal, async ({ key, id, row }) => {
    const there = now.get(id ?? row.product ?? '')
    if (!there) throw new Problem('refused', `Variant ${row.sku ?? id ?? ''} is not in Medusa (any more).`)
    const told = await inBasis(session, there, row)
    await setPrices(session, there, told)
    await putOnSale(session, sales, there.id, told)
    return { key, is: 'applied', id: there.id, version: null }
  })
}

/** Medusa puts the prices that it is sent in place of all that were there: those that are not ours go along. */
async function setPrices(
  { client }: Session,
  there: z.infer<typeof variant>,
  { currency, list, breaks = [] }: PriceWrite,
): Promise<void> {
  const isOurs = (each: Amount) => each.currency_code === currency && isEverywhere(each)
  const wanted = [
    { currency_code: currency, amount: jsonNumber(list) },
    ...breaks.map(each => ({
      currency_code: currency,
      amount: jsonNumber(each.amount),
      min_quantity: jsonNumber(each.quantity),
    })),
  ]
  const had = there.prices.filter(isOurs)
  if (had.length === wanted.length && wanted.every(each => had.some(one => isSame(one, each)))) return
  const kept = there.prices
    .filter(each => !isOurs(each))
    .map(({ currency_code, amount: kept, min_quantity, max_quantity, rules }) => ({
      currency_code,
      amount: kept,
      ...(min_quantity && { min_quantity }),
      ...(max_quantity && { max_quantity }),
      ...(rules && Object.keys(rules).length > 0 && { rules }),
    }))
  await client.post(
    `/products/${at(there.product_id)}/variants/${at(there.id)}`,
    { prices: [...kept, ...wanted] },
    z.object({ product: z.object({ id: text }) }),
    { fields: 'id' },
  )
}

function isSame(had: Amount, wanted: { readonly amount: number; readonly min_quantity?: number }): boolean {
  return had.amount === wanted.amount && (had.min_quantity ?? null) === (wanted.min_quantity ?? null)
}

/** Whether prices of a currency are with tax is the shop's choice; a price of the other kind is converted. */
async function inBasis(
  session: Session,
  there: z.infer<typeof variant>,
  row: PriceWrite,
): Promise<PriceWrite> {
  const name = row.sku ?? there.sku ?? there.id
  const { currencies } = await session.facts()
  const inclusive = currencies.get(row.currency)
  const code = row.currency.toUpperCase()
  if (inclusive === undefined)
    throw new Problem(
      'refused',
      `The price of ${name} is in ${code}, which the store does not sell in. Add it there.`,
    )
  const amounts = [row.list, row.sale?.amount ?? '0', ...(row.breaks ?? []).map(each => each.amount)]
  const wrong = amounts.find(isNegative)
  if (wrong !== undefined) throw new Problem('refused', `The price of ${name} is negative: ${wrong}.`)
  if (inclusive === row.taxInclusive) return row
  const rate = rateOf(await ratesOf(session), there.product_id)
  if (rate === null)
    throw new Problem(
      'refused',
      `Prices in ${code} are ${inclusive ? 'with' : 'without'} tax in Medusa, that of ${name} is not, and its tax region has no rate to convert by. Add one there.`,
    )
  const factor = add('1', divide(rate, '100'))
  const convert = (value: string) => round(inclusive ? multiply(value, factor) : divide(value, factor), 6)
  return {
    ...row,
    taxInclusive: inclusive,
    list: convert(row.list),
    ...(row.sale && { sale: { ...row.sale, amount: convert(row.sale.amount) } }),
    ...(row.breaks && { breaks: row.breaks.map(each => ({ ...each, amount: convert(each.amount) })) }),
  }
}
