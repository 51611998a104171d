import { Problem, type Entity, type Outcome, type Write } from '@linchpin/connector'
import { priceFields, priceWrite, saleNow } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { add, divide, multiply } from '@linchpin/model'
import { z } from 'zod'
import { snapshotOf } from './listing.ts'
import { moneyOf, plain } from './money.ts'
import type { Facts, Session } from './session.ts'
import { readVariants, type Variants } from './variants.ts'
import { updateTogether, type VariantInput } from './variant-updates.ts'

const text = z.string()

/** The price of a variant in the channel's own currency; `prices` holds those in the others, too. */
export const priceRow = z.looseObject({
  id: text,
  sku: text,
  currencyCode: text,
  listPrice: text,
  pricesIncludeTax: z.boolean(),
  prices: z.array(z.looseObject({ currencyCode: text, price: text })),
  taxRateApplied: z.looseObject({ value: z.number() }),
})
export type PriceRow = z.infer<typeof priceRow>

export type PriceWrite = z.infer<typeof priceWrite>

const priceVariants: Variants<PriceRow> = {
  name: 'Prices',
  selection: () => 'id sku prices { currencyCode price } taxRateApplied { value }',
  // Vendure gives each variant a price when it makes it, and one without a price costs nothing.
  schema: z
    .looseObject({ prices: z.array(z.looseObject({ currencyCode: text, price: text })), currencyCode: text })
    .transform(row => ({
      ...row,
      listPrice: row.prices.find(({ currencyCode }) => currencyCode === row.currencyCode)?.price ?? '0',
    }))
    .pipe(priceRow),
  beside: (_item, _session, { channel }) => ({
    currencyCode: channel.defaultCurrencyCode,
    pricesIncludeTax: channel.pricesIncludeTax,
  }),
}

const priceMapping: Mapping = {
  from: 'vendure.Price',
  to: 'Price',
  fields: {
    id: 'id',
    product: 'id',
    sku: 'sku',
    currency: 'currencyCode',
    taxInclusive: 'pricesIncludeTax',
    list: 'listPrice',
    'extra.prices': 'prices',
  },
}

const priceWriteMapping: Mapping = {
  from: 'Price',
  to: 'vendure.Price',
  fields: priceFields,
}

/**
 * Vendure has no dated prices: we write the one in force now, and answer when the next one is. Quantity breaks have no
 * place in it either.
 */
export const price: Entity<Session, 'Price', PriceRow, PriceWrite> = {
  schema: priceRow,
  mapping: priceMapping,
  get: async (session, ids) => (await readVariants(session, priceVariants, ids)).map(snapshotOf),
  writer: {
    schema: priceWrite,
    mapping: priceWriteMapping,
    batch: 50,
    repeat: 'safe',
    write: writePrices,
  },
}

async function writePrices(
  session: Session,
  writes: readonly Write<PriceWrite>[],
): Promise<readonly Outcome[]> {
  if (writes.length === 0) return []
  const facts = await session.facts()
  const ids = writes.map(variantOf)
  const now = new Map((await readVariants(session, priceVariants, known(ids))).map(row => [row.id, row]))
  return updateTogether(session, writes, (write, at) => {
    const there = now.get(ids[at] ?? '')
    if (!there)
      throw new Problem('refused', `Variant ${write.row.sku ?? ids[at]} is not in Vendure (any more).`)
    return { ...inputOf(session, facts, there, write.row), id: there.id }
  })
}

function inputOf({ io }: Session, facts: Facts, there: PriceRow, row: PriceWrite): VariantInput {
  const { channel, precision } = facts
  if (!channel.availableCurrencyCodes.includes(row.currency))
    throw new Problem(
      'refused',
      `The price of ${there.sku} is in ${row.currency}, which channel ${channel.code} does not sell in. Add the currency there.`,
    )
  const { isOn, again } = saleNow(row, io.now())
  const amount = isOn && row.sale ? row.sale.amount : row.list
  const money = moneyOf(inBasis(amount, row.taxInclusive, there), precision)
  if (money < 0) throw new Problem('refused', `The price of ${there.sku} is negative: ${amount}.`)
  const had = there.prices.find(({ currencyCode }) => currencyCode === row.currency)
  const isSame = had !== undefined && moneyOf(had.price, precision) === money
  return {
    ...(!isSame && { prices: [{ currencyCode: row.currency, price: money }] }),
    ...(again !== null && { again }),
  }
}

/** A channel enters its prices with tax or without; a price of the other kind is converted by the variant's rate. */
function inBasis(amount: string, taxInclusive: boolean, there: PriceRow): string {
  if (taxInclusive === there.pricesIncludeTax) return amount
  const factor = add('1', divide(plain(there.taxRateApplied.value), '100'))
  return taxInclusive ? divide(amount, factor) : multiply(amount, factor)
}

/** A price has the id of its product. */
function variantOf({ id, row }: Write<{ readonly product?: string | undefined }>): string | null {
  return id ?? row.product ?? null
}

const known = (ids: readonly (string | null)[]): string[] => [...new Set(ids.filter(id => id !== null))]
