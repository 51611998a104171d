import { Problem, writeEach, type Entity, type Outcome, type Snapshot, type Write } from '@linchpin/connector'
import { priceListFields, priceListWrite } from '@linchpin/connector/shop'
import type { Mapping } from '@linchpin/mapping'
import { contentHash, isNegative } from '@linchpin/model'
import { z } from 'zod'
import { at } from './client.ts'
import { snapshotOf } from './listing.ts'
import { allLists, listRow, pricesIn, setListPrices, type ListRow } from './lists.ts'
import { groupNamed } from './groups.ts'
import { decimal } from './money.ts'
import type { Session } from './session.ts'

const text = z.string()

/** A price list of type `override`, with its prices as decimal text. */
export const priceListRow = listRow.extend({
  currency: text,
  inclusive: z.boolean(),
  prices: z.array(z.object({ variant: text, amount: text, quantity: text.nullable() })),
})
export type PriceListRow = z.infer<typeof priceListRow>

const medusaListWrite = priceListWrite.extend({
  groups: z.array(text).optional(),
  customers: z.array(text).optional(),
})
export type PriceListWrite = z.infer<typeof medusaListWrite>

const priceListMapping: Mapping = {
  from: 'medusa.PriceList',
  to: 'PriceList',
  fields: {
    id: 'id',
    name: 'title',
    currency: { format: 'upper', of: 'currency' },
    taxInclusive: 'inclusive',
    from: { format: 'instant', of: 'starts_at' },
    to: { format: 'instant', of: 'ends_at' },
    items: {
      each: 'prices',
      as: { product: 'variant', amount: 'amount', minimumQuantity: 'quantity' },
    },
    active: {
      when: { is: ['status', { constant: 'active' }] },
      then: { constant: true },
      else: { constant: false },
    },
    modifiedAt: { format: 'instant', of: 'updated_at' },
  },
}

const priceListWriteMapping: Mapping = {
  from: 'PriceList',
  to: 'medusa.PriceList',
  fields: {
    ...priceListFields,
    currency: { format: 'lower', of: 'currency' },
    groups: 'groups',
    customers: { each: 'accounts', as: { value: { link: 'Account', of: '.', optional: true } } },
  },
}

export const priceList: Entity<Session, 'PriceList', PriceListRow, PriceListWrite> = {
  schema: priceListRow,
  mapping: priceListMapping,
  get: getPriceLists,
  url: ({ settings }, id) => `${settings.url.replace(/\/+$/, '')}/app/price-lists/${encodeURIComponent(id)}`,
  writer: {
    schema: medusaListWrite,
    mapping: priceListWriteMapping,
    batch: 1,
    repeat: 'safe',
    write: (session, writes) => writeEach(writes, session.io.signal, write => writeList(session, write)),
  },
}

async function getPriceLists(
  session: Session,
  ids: readonly string[],
): Promise<readonly Snapshot<PriceListRow>[]> {
  if (ids.length === 0) return []
  const rows: Snapshot<PriceListRow>[] = []
  for (const list of await allLists(session, ids)) rows.push(snapshotOf(await withPrices(session, list)))
  return rows
}

async function withPrices(session: Session, list: ListRow): Promise<PriceListRow> {
  const { currencies } = await session.facts()
  const prices = await pricesIn(session, list.id)
  const currency = prices[0]?.currency_code ?? [...currencies.keys()][0] ?? 'eur'
  return {
    ...list,
    currency,
    inclusive: currencies.get(currency) ?? false,
    prices: prices.flatMap(({ price_set, currency_code, amount, min_quantity }) => {
      const variant = price_set?.variant?.id
      if (variant === undefined || currency_code !== currency) return []
      return [{ variant, amount: decimal(amount), quantity: min_quantity ? decimal(min_quantity) : null }]
    }),
  }
}

/** The list is known by our key, which stands in its metadata: a create that is sent again finds it. */
async function writeList(session: Session, { key, id, row }: Write<PriceListWrite>): Promise<Outcome> {
  await check(session, row)
  const lists = await allLists(session)
  const there = lists.find(each => (id === null ? each.metadata?.['linchpin_key'] === key : each.id === id))
  if (id !== null && !there)
    throw new Problem('refused', `Price list ${row.name} is no longer in Medusa. Someone deleted it there.`)
  const group = await groupsOf(session, key, row)
  const wanted = {
    title: row.name,
    status: row.active === false ? 'draft' : 'active',
    starts_at: row.from === undefined ? null : new Date(row.from).toISOString(),
    ends_at: row.to === undefined ? null : new Date(row.to).toISOString(),
    rules: { 'customer.groups.id': group },
  }
  const list = there?.id ?? (await create(session, key, wanted))
  if (there && !isSame(there, wanted))
    await session.client.post(
      `/price-lists/${at(list)}`,
      wanted,
      z.object({ price_list: z.object({ id: text }) }),
    )
  await setListPrices(
    session,
    list,
    there ? await pricesIn(session, list) : [],
    row.items.map(each => ({
      variant: each.product,
      currency: row.currency,
      amount: each.amount,
      quantity: each.quantity,
    })),
  )
  return { key, is: 'applied', id: list, version: null, number: row.name }
}

async function create(session: Session, key: string, wanted: object): Promise<string> {
  const body = {
    ...wanted,
    type: 'override',
    description: 'From the ERP, kept by Linchpin',
    metadata: { linchpin_key: key },
  }
  const { price_list } = await session.client.post(
    '/price-lists',
    body,
    z.object({ price_list: z.object({ id: text }) }),
  )
  return price_list.id
}

/**
 * A list without a rule would be everybody's price. So it is always for customer groups: those that the ERP names, or
 * one of the list's own name, into which its accounts go and anybody whom the shop puts there.
 */
async function groupsOf(
  session: Session,
  key: string,
  { name, groups = [], customers = [] }: PriceListWrite,
): Promise<string[]> {
  const names = groups.length > 0 ? groups : [name]
  const ids: string[] = []
  for (const each of names) ids.push(await groupNamed(session, each, key))
  const [first] = ids
  if (first !== undefined && customers.length > 0)
    await session.client.post(
      `/customer-groups/${at(first)}/customers`,
      { add: customers },
      z.looseObject({}),
      {
        fields: 'id',
      },
    )
  return ids
}

async function check({ facts }: Session, row: PriceListWrite): Promise<void> {
  const inclusive = (await facts()).currencies.get(row.currency)
  const code = row.currency.toUpperCase()
  if (inclusive === undefined)
    throw new Problem(
      'refused',
      `Price list ${row.name} is in ${code}, which the store does not sell in. Add it there.`,
    )
  if (inclusive !== row.taxInclusive && row.items.length > 0)
    throw new Problem(
      'refused',
      `Prices in ${code} are ${inclusive ? 'with' : 'without'} tax in Medusa, those of price list ${row.name} are not. Change one of the two.`,
    )
  const wrong = row.items.find(({ amount }) => isNegative(amount))
  if (wrong)
    throw new Problem(
      'refused',
      `Price list ${row.name} has a negative price for ${wrong.sku ?? wrong.product}.`,
    )
}

function isSame(
  there: ListRow,
  wanted: { title: string; status: string; starts_at: string | null; ends_at: string | null; rules: object },
): boolean {
  const now = [there.title, there.status, there.starts_at ?? null, there.ends_at ?? null, there.rules ?? {}]
  return (
    contentHash(now) ===
    contentHash([wanted.title, wanted.status, wanted.starts_at, wanted.ends_at, wanted.rules])
  )
}
