import { Problem, writeEach, type Entity, type Outcome, type Write } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { amount, equal } from '@linchpin/model'
import { z } from 'zod'
import { changesOf } from './changes.ts'
import type { Row } from './client.ts'
import { isCharge, matchProducts, withoutStock } from './products.ts'
import { figure, needId, rowsOf, snapshotOf, textIn } from './rows.ts'
import type { Session } from './session.ts'

const priceRow = z.looseObject({
  id: figure,
  ref: z.string(),
  price: figure,
  price_ttc: figure,
  /** HT or TTC: which of the two was typed in. */
  price_base_type: z.string().optional(),
  currency: z.string(),
  /** The price that the shop shows, of the level in the settings where there is one, in the basis it was typed in. */
  list: z.string(),
  list_inclusive: z.boolean(),
})
type PriceRow = z.infer<typeof priceRow>

const mapping: Mapping = {
  from: 'dolibarr.Price',
  to: 'Price',
  fields: {
    id: { format: 'text', of: 'id' },
    product: { format: 'text', of: 'id' },
    sku: 'ref',
    currency: 'currency',
    taxInclusive: 'list_inclusive',
    list: { format: 'decimal', of: 'list' },
  },
}

const priceWrite = z.object({
  product: z.string().optional(),
  list: amount,
  inclusive: z.boolean().optional(),
  currency: z.string().optional(),
})
type PriceWrite = z.infer<typeof priceWrite>

export const prices: Entity<Session, 'Price', PriceRow, PriceWrite> = {
  schema: priceRow,
  mapping,
  changes: (session, after, limit) =>
    changesOf<PriceRow>(session, [{ path: '/products' }], { after, limit, get: getPrices }),
  get: getPrices,
  match: matchProducts,
  writer: {
    schema: priceWrite,
    mapping: {
      from: 'Price',
      to: 'dolibarr.Price',
      fields: {
        product: { link: 'Product', of: 'product', by: { sku: 'sku' } },
        list: 'list',
        inclusive: 'taxInclusive',
        currency: 'currency',
      },
    },
    batch: 10,
    // A price is a product's: writing it twice is writing it once.
    repeat: 'safe',
    updatesOnly: true,
    write: (session, writes) => writeEach(writes, session.io.signal, write => writePrice(session, write)),
  },
}

async function getPrices(session: Session, ids: readonly string[]) {
  const rows = await rowsOf(session, '/products', ids)
  return rows
    .filter(row => !isCharge(session, row['ref']))
    .map(row => snapshotOf(withList(session, withoutStock(row)) as unknown as PriceRow))
}

function withList({ settings }: Session, row: Row): Row {
  const { currency, priceLevel } = settings
  const { price, inclusive } = priceAt(row, priceLevel) ?? priceAt(row, undefined) ?? NOTHING
  return { ...row, currency, list: price, list_inclusive: inclusive }
}
const NOTHING = { price: '0', inclusive: false }

/** The price of a level, in the basis that it was typed in; the product's own when there is no level. */
export function priceAt(row: Row, level: number | undefined): { price: string; inclusive: boolean } | null {
  if (level === undefined) {
    const inclusive = row['price_base_type'] === 'TTC'
    return { price: textIn(row[inclusive ? 'price_ttc' : 'price']) || '0', inclusive }
  }
  const at = (name: string) => (row[name] as Row | undefined)?.[String(level)]
  const inclusive = at('multiprices_base_type') === 'TTC'
  const price = textIn(at(inclusive ? 'multiprices_ttc' : 'multiprices'))
  return price === '' ? null : { price, inclusive }
}

async function writePrice(session: Session, { key, id, row }: Write<PriceWrite>): Promise<Outcome> {
  const { currency, priceLevel } = session.settings
  if (row.currency !== undefined && row.currency !== currency)
    throw new Problem('refused', `The price is in ${row.currency}, and Dolibarr keeps it in ${currency}.`)
  if (priceLevel !== undefined && priceLevel > 1)
    throw new Problem(
      'refused',
      `Dolibarr's API writes price level 1 only. Change level ${priceLevel} there.`,
    )
  const product = String(needId(id ?? row.product ?? '', 'Product'))
  const base = row.inclusive === true ? 'TTC' : 'HT'
  const field = row.inclusive === true ? 'price_ttc' : 'price'
  const there = await session.client.one(`/products/${product}`)
  if (there === null)
    throw new Problem('refused', `Product ${product} is no longer in Dolibarr, so it has no price.`)
  await session.client.send('PUT', `/products/${product}`, { [field]: row.list, price_base_type: base })
  return priceOutcome(session, key, product, row)
}

/** With other kinds of prices switched on, Dolibarr answers 200 and keeps the old price. */
async function priceOutcome(session: Session, key: string, id: string, row: PriceWrite): Promise<Outcome> {
  const [now] = await getPrices(session, [id])
  const held = now && priceAt(now.row, session.settings.priceLevel)
  if (!held || !equal(held.price, row.list))
    throw new Problem(
      'refused',
      `Dolibarr kept the price ${held?.price ?? ''} of ${now?.row.ref ?? id} when we wrote ${row.list}. Its kind of prices is managed elsewhere: change it there.`,
    )
  return { key, is: 'applied', id, version: now.version }
}
