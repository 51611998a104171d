import { inTurn, Problem } from '@linchpin/connector'
import { z } from 'zod'
import { chunksOf } from './chunks.ts'
import type { Operation } from './client.ts'
import { gid, isId } from './ids.ts'
import type { Session } from './session.ts'

/** One kind of record, asked for by ids. */
export interface Nodes<Row> {
  /** Names the question: what it costs is remembered by it. */
  readonly name: string
  readonly type:
    'Order' | 'Product' | 'ProductVariant' | 'Customer' | 'Return' | 'CompanyLocation' | 'PriceList'
  readonly selection: string
  readonly schema: z.ZodType<Row>
  /** So many at once are worth fewer points than Shopify lets one question have. */
  readonly atOnce: number
}

/** Those of these records that exist, in no particular order. An id that Shopify never gave is not asked for. */
export async function readNodes<Row>(
  session: Session,
  nodes: Nodes<Row>,
  ids: readonly string[],
): Promise<readonly Row[]> {
  const asked = [...new Set(ids)].filter(isId)
  const operation = operationOf(nodes)
  const answers = await inTurn(chunksOf(asked, nodes.atOnce), chunk =>
    session.client.ask(operation, { ids: chunk.map(id => gid(nodes.type, id)) }),
  )
  return answers.flatMap(answer =>
    answer.nodes.filter(node => node !== null).map(node => decode(nodes, node)),
  )
}

export function operationOf({ name, type, selection }: Nodes<unknown>): Operation<z.infer<typeof answer>> {
  return {
    text: `query ${name}($ids: [ID!]!) { nodes(ids: $ids) { ... on ${type} { ${selection} } } }`,
    data: answer,
  }
}

export function decode<Row>({ type, schema }: Pick<Nodes<Row>, 'type' | 'schema'>, node: unknown): Row {
  const row = schema.safeParse(node)
  if (row.success) return row.data
  const where = row.error.issues[0]?.path.join('.') ?? ''
  throw new Problem('surprise', `Shopify told us of a ${type} in a way that we do not understand (${where}).`)
}

const answer = z.object({ nodes: z.array(z.looseObject({}).nullable()) })
