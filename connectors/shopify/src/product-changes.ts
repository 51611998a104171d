import { sweepFrom, type Cursor, type Page } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { snapshotOf, sweepIds } from './listing.ts'
import { loadThenSweep, type Load } from './load.ts'
import { decode, readNodes } from './nodes.ts'
import { productNodes, productOf, productSelection, variantsInBulk, type ProductRow } from './product-row.ts'
import type { Session } from './session.ts'

export const changesOfProducts = (session: Session, after: Cursor | null, limit: number) =>
  loadThenSweep(session, load, after, limit)

const load: Load<ProductRow> = {
  list: 'productVariants',
  query: () => variantsInBulk,
  rowOf: async (_, record) => productOf(record),
  get: (session, ids) => readNodes(session, productNodes, ids),
  sweep: sweepProducts,
  sweepFrom: stamp => JSON.stringify({ ...BEGINNING, products: sweepFrom(stamp) } satisfies State),
}

/**
 * Variants cannot be listed in the order of their change; products can, and a product's `updatedAt` moves with its
 * variants. So the products that changed are found, and then their variants are told.
 */
async function sweepProducts(
  session: Session,
  after: Cursor | null,
  limit: number,
): Promise<Page<ProductRow>> {
  const state = after === null ? BEGINNING : (JSON.parse(after) as State)
  if (state.pending.length > 0) return tell(session, state, limit)
  const page = await sweepIds(session, 'products', state.products, productsAtOnce)
  const pending = page.items.map(({ id }) => id)
  const next: State = { products: page.next, pending, at: null, more: page.more }
  if (pending.length > 0) return tell(session, next, limit)
  return { items: [], next: JSON.stringify(next), more: page.more }
}

interface State {
  readonly products: Cursor | null
  /** Products whose variants are being told. */
  readonly pending: readonly string[]
  /** Where in the list of their variants we are, in Shopify's words. */
  readonly at: string | null
  /** Whether there are more products after these. */
  readonly more: boolean
}
const BEGINNING: State = { products: null, pending: [], at: null, more: false }

/** As many as stand in one search. */
const productsAtOnce = 40
/** As many variants as are worth fewer points than Shopify lets one question have. */
const variantsAtOnce = 25

async function tell(session: Session, state: State, limit: number): Promise<Page<ProductRow>> {
  const { productVariants } = await session.client.ask(variantsOf, {
    first: Math.min(limit, variantsAtOnce),
    after: state.at,
    query: `product_ids:${state.pending.join(',')}`,
  })
  const { nodes, pageInfo } = productVariants
  const next: State = pageInfo.hasNextPage
    ? { ...state, at: pageInfo.endCursor }
    : { ...state, pending: [], at: null }
  return {
    items: nodes.map(node => snapshotOf(decode(productNodes, node))),
    next: JSON.stringify(next),
    more: pageInfo.hasNextPage || state.more,
  }
}

const variantsData = z.object({
  productVariants: z.object({
    nodes: z.array(z.looseObject({})),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  }),
})
export const variantsOf: Operation<z.infer<typeof variantsData>> = {
  text: `query VariantsOfProducts($first: Int!, $after: String, $query: String!) {
    productVariants(first: $first, after: $after, query: $query, sortKey: ID) {
      nodes { ${productSelection} } pageInfo { hasNextPage endCursor } } }`,
  data: variantsData,
}
