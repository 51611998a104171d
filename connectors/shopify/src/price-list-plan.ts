import { Problem } from '@linchpin/connector'
import { compare, equal, isNegative } from '@linchpin/model'
import { converted } from './price-plan.ts'
import type { ListPrice } from './price-list-read.ts'
import type { PriceListWrite } from './price-list-writer.ts'
import type { Facts, Session } from './session.ts'

type Item = PriceListWrite['items'][number]

/** What the list shall say now, by variant, and when (ms since 1970) that is another thing. */
export function wantedPrices(
  { settings, io }: Session,
  { shop }: Facts,
  row: PriceListWrite,
): { readonly prices: ReadonlyMap<string, ListPrice>; readonly again: number | null } {
  const now = io.now()
  const prices = new Map<string, ListPrice>()
  for (const item of row.items.filter(each => isOn(each, now)).toSorted(bySeason)) {
    const name = item.sku ?? item.product
    const amount = converted(item.amount, row.taxInclusive, shop, settings.priceTaxRate, name)
    if (isNegative(amount)) throw refused(row, `a negative price for ${name}`)
    const known = prices.get(item.product) ?? { amount: '', breaks: [] }
    const quantity = item.quantity ?? '1'
    if (compare(quantity, '1') <= 0) prices.set(item.product, { ...known, amount })
    else if (!/^\d+$/.test(quantity)) throw refused(row, `a price of ${name} from ${quantity} pieces on`)
    else {
      const minimumQuantity = Number(quantity)
      const others = known.breaks.filter(each => each.minimumQuantity !== minimumQuantity)
      prices.set(item.product, { ...known, breaks: [...others, { minimumQuantity, amount }] })
    }
  }
  for (const [variant, { amount }] of prices)
    if (amount === '') {
      const name = row.items.find(({ product }) => product === variant)?.sku ?? variant
      throw refused(row, `a price of ${name} for many and none for one`)
    }
  return { prices, again: nextEdge([row, ...row.items], now) }
}

/** The variants whose prices differ, and those that the list shall say nothing of. */
export function changesOf(now: ReadonlyMap<string, ListPrice>, wanted: ReadonlyMap<string, ListPrice>) {
  return {
    set: [...wanted].filter(([variant, price]) => !isSame(now.get(variant), price)),
    gone: [...now.keys()].filter(variant => !wanted.has(variant)),
  }
}

export function isOn({ from, to }: Pick<Item, 'from' | 'to'>, now: number): boolean {
  return (from === undefined || Date.parse(from) <= now) && (to === undefined || now < Date.parse(to))
}

/** Of several prices in force for one quantity the last is taken: a season's, which began later or ends sooner. */
function bySeason(left: Item, right: Item): number {
  const began = ({ from }: Item) => (from === undefined ? 0 : Date.parse(from))
  const ends = ({ to }: Item) => (to === undefined ? Number.MAX_VALUE : Date.parse(to))
  return began(left) - began(right) || ends(right) - ends(left)
}

function nextEdge(dated: readonly Pick<Item, 'from' | 'to'>[], now: number): number | null {
  const edges = dated
    .flatMap(({ from, to }) => [from, to])
    .flatMap(each => (each === undefined ? [] : [Date.parse(each)]))
    .filter(each => each > now)
  return edges.length === 0 ? null : Math.min(...edges)
}

function isSame(there: ListPrice | undefined, { amount, breaks }: ListPrice): boolean {
  if (!there || !equal(there.amount, amount) || there.breaks.length !== breaks.length) return false
  return breaks.every(({ minimumQuantity, amount: each }) =>
    there.breaks.some(known => known.minimumQuantity === minimumQuantity && equal(known.amount, each)),
  )
}

const refused = ({ name }: PriceListWrite, what: string) =>
  new Problem('refused', `Price list ${name} has ${what}, which Shopify cannot have. Correct it in the ERP.`)
