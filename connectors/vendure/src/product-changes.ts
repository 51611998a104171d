import { sweepFrom, type Cursor, type Page } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { sweepListing } from './listing.ts'
import { getProducts, productVariants, type ProductRow } from './product-row.ts'
import type { Session } from './session.ts'
import { listVariants } from './variants.ts'

/**
 * A variant's `updatedAt` moves with its own fields, prices and stock, but not with the name, text and visibility that
 * it has from its product. So variants are read, then the products that changed, then the variants of those.
 */
export async function changesOfProducts(
  session: Session,
  after: Cursor | null,
  limit: number,
): Promise<Page<ProductRow>> {
  const state = after === null ? await firstState(session) : (JSON.parse(after) as State)
  if (state.turn === 'products') return ofProducts(session, state, limit)
  if (state.pending.length > 0) return pending(session, state, limit)
  const page = await sweepListing<ProductRow>(
    session,
    {
      stamp: 'updatedAt',
      read: (filter, take) => listVariants(session, productVariants, { filter, sort: oldestFirst, take }),
    },
    state.variants,
    limit,
  )
  const turn = page.more ? 'variants' : 'products'
  return { items: page.items, next: saved({ ...state, variants: page.next, turn }), more: true }
}

interface State {
  readonly turn: 'variants' | 'products'
  readonly variants: Cursor | null
  readonly products: Cursor | null
  /** Variants of changed products that are still to be told. */
  readonly pending: readonly string[]
}

async function ofProducts(session: Session, state: State, limit: number): Promise<Page<ProductRow>> {
  const page = await sweepListing<Changed>(
    session,
    {
      stamp: 'updatedAt',
      read: (filter, take) => changedProducts(session, { filter, sort: oldestFirst, take }),
    },
    state.products,
    limit,
  )
  const ids = page.items.flatMap(item => ('row' in item ? item.row.variants.map(({ id }) => id) : []))
  const next: State = {
    ...state,
    products: page.next,
    pending: ids,
    turn: page.more && ids.length === 0 ? 'products' : 'variants',
  }
  return { items: [], next: saved(next), more: page.more || ids.length > 0 }
}

async function pending(session: Session, state: State, limit: number): Promise<Page<ProductRow>> {
  const ids = state.pending.slice(0, limit)
  const rest = state.pending.slice(limit)
  const items = await getProducts(session, ids)
  return {
    items,
    next: saved({ ...state, pending: rest, turn: rest.length > 0 ? 'variants' : 'products' }),
    more: true,
  }
}

/** What their products were before we began comes with the variants themselves. */
async function firstState(session: Session): Promise<State> {
  const [newest] = await changedProducts(session, { filter: {}, sort: { updatedAt: 'DESC' }, take: 1 })
  return {
    turn: 'variants',
    variants: null,
    products: newest ? sweepFrom(newest.updatedAt) : null,
    pending: [],
  }
}

const saved = (state: State): Cursor => JSON.stringify(state)
const oldestFirst = { updatedAt: 'ASC', id: 'ASC' }

async function changedProducts(session: Session, options: object): Promise<readonly Changed[]> {
  return (await session.client.ask(productList, { options })).products.items
}

const changed = z.object({
  id: z.string(),
  updatedAt: z.string(),
  variants: z.array(z.object({ id: z.string() })),
})
type Changed = z.infer<typeof changed>

const productListData = z.object({ products: z.object({ items: z.array(changed) }) })
const productList: Operation<z.infer<typeof productListData>> = {
  text: `query ChangedProducts($options: ProductListOptions) {
    products(options: $options) { items { id updatedAt variants { id } } } }`,
  data: productListData,
}
