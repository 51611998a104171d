import { sweepFrom, type Cursor, type Page } from '@linchpin/connector'
import { z } from 'zod'
import { byIds, sweepListing, type Listing } from './listing.ts'
import { getProducts, readProducts, variantList, type ProductRow } from './product-row.ts'
import type { Session } from './session.ts'

/**
 * A variant's `updated_at` moves with its own fields and prices, but not with the title, text and status that it has
 * from its product. So variants are read, then the products that changed, then the variants of those.
 */
export async function changesOfProducts(
  session: Session,
  after: Cursor | null,
  limit: number,
): Promise<Page<ProductRow>> {
  const state = after === null ? await firstState(session) : (JSON.parse(after) as State)
  if (state.pending.length > 0) return pending(session, state, limit)
  if (state.turn === 'products') return ofProducts(session, state, limit)
  const page = await sweepListing(session, { ...variantList, read: readProducts }, state.variants, limit)
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
  const page = await sweepListing(session, parents, state.products, limit)
  const ids = page.items.flatMap(item => ('row' in item ? item.row.variants.map(({ id }) => id) : []))
  const next: State = {
    ...state,
    products: page.next,
    pending: ids,
    turn: page.more ? 'products' : 'variants',
  }
  return { items: [], next: saved(next), more: page.more || ids.length > 0 }
}

async function pending(session: Session, state: State, limit: number): Promise<Page<ProductRow>> {
  const rest = state.pending.slice(limit)
  const items = await getProducts(session, state.pending.slice(0, limit))
  return {
    items,
    next: saved({ ...state, pending: rest }),
    more: rest.length > 0 || state.turn === 'products',
  }
}

/** What their products were before we began comes with the variants themselves. */
async function firstState({ client }: Session): Promise<State> {
  const newest = z.object({ products: z.array(z.object({ updated_at: z.string() })) })
  const { products } = await client.get('/products', newest, {
    fields: 'id,updated_at',
    order: '-updated_at',
    limit: 1,
  })
  return {
    turn: 'variants',
    variants: null,
    products: products[0] ? sweepFrom(products[0].updated_at) : null,
    pending: [],
  }
}

const saved = (state: State): Cursor => JSON.stringify(state)

const changed = z.looseObject({ id: z.string(), variants: z.array(z.object({ id: z.string() })) })
const parents: Listing<z.infer<typeof changed>> = {
  path: '/products',
  name: 'products',
  read: (session, ids) => {
    const fields = 'id,title,description,status,external_id,handle,metadata,variants.id'
    return byIds(session, { path: '/products', name: 'products', fields }, changed, ids)
  },
}
