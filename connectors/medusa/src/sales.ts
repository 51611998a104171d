import { z } from 'zod'
import { allLists, pricesIn, setListPrices, type ListPrice, type ListRow } from './lists.ts'
import type { PriceWrite } from './prices.ts'
import type { Session } from './session.ts'

/** The sale lists of ours that have not ended, and their prices as far as they were read: for one batch of prices. */
export interface Sales {
  readonly lists: Map<string, SaleList>
  readonly prices: Map<string, readonly ListPrice[]>
}
type SaleList = Pick<ListRow, 'id'>

export async function openSales(session: Session): Promise<Sales> {
  const lists = (await allLists(session)).flatMap(each => {
    const window = each.metadata?.['linchpin_sale']
    const isOurs = each.type === 'sale' && typeof window === 'string'
    return isOurs && !hasEnded(each.ends_at, session.io.now()) ? [[window, each] as const] : []
  })
  return { lists: new Map(lists), prices: new Map() }
}

/**
 * A reduced price is an entry in a price list of type `sale`, one list for each beginning and end: so Medusa itself
 * begins and ends it, Linchpin or no Linchpin. The list is found again by its window, which stands in its metadata.
 */
export async function putOnSale(
  session: Session,
  sales: Sales,
  variant: string,
  { currency, sale }: PriceWrite,
): Promise<void> {
  const wanted = sale === undefined || hasEnded(sale.to, session.io.now()) ? null : sale
  const window = wanted && windowOf(wanted)
  if (wanted && window !== null && !sales.lists.has(window))
    sales.lists.set(window, await begin(session, window, wanted))
  for (const [key, { id }] of sales.lists) {
    const own = (await pricesOf(session, sales, id)).filter(each => isOf(each, variant, currency))
    const amounts = key === window && wanted ? [{ variant, currency, amount: wanted.amount }] : []
    if (await setListPrices(session, id, own, amounts)) sales.prices.delete(id)
  }
}

type Sale = NonNullable<PriceWrite['sale']>

async function pricesOf(session: Session, { prices }: Sales, id: string): Promise<readonly ListPrice[]> {
  const found = prices.get(id) ?? (await pricesIn(session, id))
  prices.set(id, found)
  return found
}

async function begin(session: Session, window: string, { from, to }: Sale): Promise<SaleList> {
  const { price_list } = await session.client.post(
    '/price-lists',
    {
      title: `Sale ${from?.slice(0, 16) ?? ''} – ${to?.slice(0, 16) ?? ''}`,
      description: 'Reduced prices from the ERP, kept by Linchpin',
      type: 'sale',
      status: 'active',
      ...(from !== undefined && { starts_at: new Date(from).toISOString() }),
      ...(to !== undefined && { ends_at: new Date(to).toISOString() }),
      metadata: { linchpin_sale: window },
    },
    z.object({ price_list: z.object({ id: z.string() }) }),
  )
  return price_list
}

const windowOf = ({ from = '', to = '' }: Sale) => `${from}/${to}`

function hasEnded(to: string | null | undefined, now: number): boolean {
  return typeof to === 'string' && Date.parse(to) <= now
}

function isOf(price: ListPrice, variant: string, currency: string): boolean {
  return price.price_set?.variant?.id === variant && price.currency_code === currency
}
