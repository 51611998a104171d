import { sweepFrom, type Cursor, type Page } from '@linchpin/connector'
import { z } from 'zod'
import { gid } from './ids.ts'
import { beginningOf, pageOf, restOfList, type InnerList, type ListPage } from './inner-list.ts'
import { sweepIds } from './listing.ts'
import { loadThenSweep, type Load } from './load.ts'
import { readNodes, type Nodes } from './nodes.ts'
import {
  getProducts,
  productNodes,
  productOf,
  readProducts,
  variantsInBulk,
  type ProductRow,
} from './product-row.ts'
import type { Session } from './session.ts'

export const changesOfProducts = (session: Session, after: Cursor | null, limit: number) =>
  loadThenSweep(session, load, after, limit)

const load: Load<ProductRow> = {
  list: 'productVariants',
  query: () => variantsInBulk,
  rowOf: async (_, record) => productOf(record),
  get: readProducts,
  sweep: sweepProducts,
  sweepFrom: stamp => JSON.stringify({ ...BEGINNING, products: sweepFrom(stamp) } satisfies State),
}

/**
 * Variants cannot be listed in the order of their change; products can, and a product's `updatedAt` moves with its
 * variants. So the products that changed are found, and then their variants are told. These come from the products
 * themselves: the search would find a new one only later, when its product counts as told.
 */
async function sweepProducts(
  session: Session,
  after: Cursor | null,
  limit: number,
): Promise<Page<ProductRow>> {
  const state = await withVariants(session, after === null ? BEGINNING : (JSON.parse(after) as State))
  const now = state.variants.slice(0, Math.min(limit, productNodes.atOnce))
  const next: State = { ...state, variants: state.variants.slice(now.length) }
  return {
    items: await getProducts(session, now),
    next: JSON.stringify(next),
    more: next.variants.length > 0 || next.wide.length > 0 || next.more,
  }
}

interface State {
  readonly products: Cursor | null
  /** Those that are still to be told. */
  readonly variants: readonly string[]
  /** Products with more variants than were listed yet, and where their lists go on, in Shopify's words. */
  readonly wide: readonly { readonly id: string; readonly after: string | null }[]
  /** Whether there are more products after these. */
  readonly more: boolean
}
const BEGINNING: State = { products: null, variants: [], wide: [], more: false }

/** The same with variants to tell, if there are any left. */
async function withVariants(session: Session, state: State): Promise<State> {
  if (state.variants.length > 0) return state
  const [first, ...wide] = state.wide
  if (first) {
    const variables = { id: gid('Product', first.id), after: first.after }
    const { node } = await session.client.ask(restOfList(variantsOf), variables)
    if (!node) return { ...state, wide }
    return { ...state, variants: idsIn(node.list), wide: [...goesOn(first.id, node.list), ...wide] }
  }
  const page = await sweepIds(session, 'products', state.products, productsAtOnce)
  const ids = page.items.map(({ id }) => id)
  const found = await readNodes(session, changedProducts, ids)
  return {
    products: page.next,
    variants: found.flatMap(({ variants }) => idsIn(variants)),
    wide: found.flatMap(({ id, variants }) => goesOn(id, variants)),
    more: page.more,
  }
}

type Ids = ListPage<{ readonly id: string }>
const idsIn = ({ nodes }: Ids) => nodes.map(({ id }) => id)
const goesOn = (id: string, { pageInfo }: Ids): State['wide'] =>
  pageInfo.hasNextPage ? [{ id, after: pageInfo.endCursor }] : []

const withId = z.object({ id: z.string() })
export const variantsOf: InnerList<z.infer<typeof withId>> = {
  name: 'VariantsOfProduct',
  type: 'Product',
  field: 'variants',
  selection: 'id',
  schema: withId,
  first: 10,
  more: 250,
}

const productsAtOnce = 40
const changedProduct = z.object({ id: z.string(), variants: pageOf(withId) })
export const changedProducts: Nodes<z.infer<typeof changedProduct>> = {
  name: 'VariantsOfProducts',
  type: 'Product',
  selection: `id ${beginningOf(variantsOf)}`,
  schema: changedProduct,
  atOnce: productsAtOnce,
}
