import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid } from './ids.ts'
import type { Session } from './session.ts'

/** One of the lists that a record holds. It comes with the beginning of it; the rest is asked for apart. */
export interface InnerList<Row> {
  /** Names the question for the rest: what it costs is remembered by it. */
  readonly name: string
  readonly type:
    | 'Order'
    | 'Product'
    | 'ProductVariant'
    | 'Customer'
    | 'Company'
    | 'CompanyLocation'
    | 'CompanyLocationCatalog'
    | 'Refund'
    | 'Return'
    | 'FulfillmentOrder'
    | 'Fulfillment'
  readonly field: string
  readonly selection: string
  readonly schema: z.ZodType<Row>
  /** As many as the usual record has. */
  readonly first: number
  /** So many at once of the rest are worth fewer points than Shopify lets one question have. */
  readonly more: number
}

export interface ListPage<Row> {
  readonly nodes: readonly Row[]
  readonly pageInfo: Readonly<z.infer<typeof pageInfo>>
}

/** Whether a list goes on behind this page, and where. */
export const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() })

export const pageOf = <Row>(schema: z.ZodType<Row>) => z.object({ nodes: z.array(schema), pageInfo })

export const parts = (selection: string) => `nodes { ${selection} } pageInfo { hasNextPage endCursor }`

/** What is asked with the record. */
export const beginningOf = ({ field, first, selection }: InnerList<unknown>): string =>
  `${field}(first: ${first}) { ${parts(selection)} }`

/** The whole list of the record with this id. */
export async function allOf<Row>(
  { client }: Session,
  list: InnerList<Row>,
  id: string,
  beginning: ListPage<Row>,
): Promise<readonly Row[]> {
  const rows = [...beginning.nodes]
  const operation = restOfList(list)
  let { hasNextPage, endCursor } = beginning.pageInfo
  while (hasNextPage) {
    const { node } = await client.ask(operation, { id: gid(list.type, id), after: endCursor })
    if (!node) throw new Problem('passing', `Shopify lost ${list.type} ${id} while we read it.`)
    rows.push(...node.list.nodes)
    ;({ hasNextPage, endCursor } = node.list.pageInfo)
  }
  return rows
}

/** The whole list of a record that was not read before. */
export function listOf<Row>(session: Session, list: InnerList<Row>, id: string): Promise<readonly Row[]> {
  return allOf(session, list, id, { nodes: [], pageInfo: { hasNextPage: true, endCursor: null } })
}

export function restOfList<Row>({
  name,
  type,
  field,
  selection,
  schema,
  more,
}: InnerList<Row>): Operation<{ readonly node: { readonly list: ListPage<Row> } | null }> {
  return {
    text: `query ${name}($id: ID!, $after: String) { node(id: $id) { ... on ${type} {
      list: ${field}(first: ${more}, after: $after) { ${parts(selection)} } } } }`,
    data: z.object({ node: z.object({ list: pageOf(schema) }).nullable() }),
  }
}
