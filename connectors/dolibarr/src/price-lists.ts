import type { Entity, Page } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf } from './changes.ts'
import type { Row } from './client.ts'
import { priceAt } from './prices.ts'
import { figure, idOf, snapshotOf, textIn } from './rows.ts'
import type { Session } from './session.ts'

const item = z.object({ product: figure, ref: z.string(), amount: z.string() })
const levelRow = z.looseObject({
  /** The level: 1, 2 … */
  id: z.string(),
  name: z.string(),
  currency: z.string(),
  /** Prices with tax, where those without exception were typed in with it. */
  inclusive: z.boolean(),
  items: z.array(item),
})
type LevelRow = z.infer<typeof levelRow>

const mapping: Mapping = {
  from: 'dolibarr.PriceList',
  to: 'PriceList',
  fields: {
    id: 'id',
    name: 'name',
    currency: 'currency',
    taxInclusive: 'inclusive',
    items: {
      each: 'items',
      as: {
        product: { format: 'text', of: 'product' },
        sku: 'ref',
        amount: { format: 'decimal', of: 'amount' },
      },
    },
  },
}

/** Dolibarr's price levels. They are no records there: each is made of the prices of all products. */
export const priceLists: Entity<Session, 'PriceList', LevelRow> = {
  schema: levelRow,
  mapping,
  changes: levelChanges,
  get: getLevels,
}

const cursor = z.object({ inner: z.string().nullable(), touched: z.boolean(), next: z.number() })

/** When any product changed, each level is told anew, so many a page; its version tells whether it differs. */
async function levelChanges(session: Session, after: string | null, limit: number): Promise<Page<LevelRow>> {
  const state = after === null ? { inner: null, touched: false, next: 0 } : cursor.parse(JSON.parse(after))
  if (state.next > 0) return tellLevels(session, state, limit)
  const page = await changesOf<Row>(session, [{ path: '/products' }], {
    after: state.inner,
    limit: 100,
    get: async (_, ids) => ids.map(id => ({ id, version: '', row: {} })),
  })
  const touched = state.touched || page.items.length > 0
  const seen = { inner: page.next, touched, next: 1 }
  if (!page.more && touched) return tellLevels(session, { ...seen, touched: false }, limit)
  return { items: [], next: JSON.stringify({ ...seen, next: 0 }), more: page.more }
}

async function tellLevels(session: Session, state: z.infer<typeof cursor>, limit: number) {
  const levels = await levelIds(session)
  const some = levels.slice(state.next - 1, state.next - 1 + limit)
  const more = state.next - 1 + limit < levels.length
  const next = JSON.stringify({ ...state, next: more ? state.next + limit : 0 })
  return { items: await getLevels(session, some), next, more }
}

async function getLevels(session: Session, ids: readonly string[]) {
  if (ids.length === 0) return []
  const known = (await levelIds(session)).filter(level => ids.includes(level))
  if (known.length === 0) return []
  const products = await allProducts(session)
  return known.map(level => snapshotOf(rowOf(session, Number(level), products)))
}

/** Products tell their levels once the operator switched them on; a product without any tells `[]`, or one at 0. */
async function levelIds(session: Session): Promise<readonly string[]> {
  const [product] = await session.client.list('/products', { sortfield: 't.rowid', limit: 1 })
  const prices = product?.['multiprices']
  const isLevels = prices !== null && typeof prices === 'object' && !Array.isArray(prices)
  return isLevels ? (await allLevels(session)).toSorted((a, b) => Number(a) - Number(b)) : []
}

async function allLevels(session: Session): Promise<string[]> {
  const products = await allProducts(session)
  const levels = products.flatMap(row => Object.keys((row['multiprices'] as Row | undefined) ?? {}))
  return [...new Set(levels)].filter(level => Number(level) > 0)
}

async function allProducts(session: Session): Promise<readonly Row[]> {
  const found: Row[] = []
  for (let last = '0'; ; last = idOf(found.at(-1) ?? {})) {
    const rows = await session.client.list('/products', {
      sortfield: 't.rowid',
      sortorder: 'ASC',
      limit: 200,
      sqlfilters: `(t.rowid:>:${last})`,
    })
    found.push(...rows)
    if (rows.length < 200) return found
  }
}

function rowOf({ settings }: Session, level: number, products: readonly Row[]): LevelRow {
  const priced = products.flatMap(row => {
    const held = priceAt(row, level)
    return held && Number(held.price) !== 0 ? [{ row, inclusive: held.inclusive }] : []
  })
  const inclusive = priced.length > 0 && priced.every(each => each.inclusive)
  const field = inclusive ? 'multiprices_ttc' : 'multiprices'
  return {
    id: String(level),
    name: `Price level ${level}`,
    currency: settings.currency,
    inclusive,
    items: priced.map(({ row }) => ({
      product: idOf(row),
      ref: textIn(row['ref']),
      amount: textIn((row[field] as Row)[String(level)]),
    })),
  }
}
