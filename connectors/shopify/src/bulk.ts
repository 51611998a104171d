import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { userErrors } from './errors.ts'
import { gid } from './ids.ts'
import type { Session } from './session.ts'

/**
 * Shopify answers a question about everything in the background, and writes the answer into a file: one line for each
 * record, and one for each of what belongs to it (https://shopify.dev/docs/api/usage/bulk-operations/queries).
 */
export interface Bulk {
  readonly id: string
  readonly createdAt: string
  readonly state: 'running' | 'done' | 'failed'
  /** Null when there was nothing to write. */
  readonly file: { readonly url: string; readonly size: number; readonly records: number } | null
}

/** Begins one; null when too many are under way already. */
export async function beginBulk({ client }: Session, query: string): Promise<string | null> {
  const { bulkOperationRunQuery } = await client.ask(beginning, { query })
  if (bulkOperationRunQuery.bulkOperation) return bulkOperationRunQuery.bulkOperation.id
  const [error] = bulkOperationRunQuery.userErrors
  if (error?.code === 'OPERATION_IN_PROGRESS' || error?.code === 'LIMIT_REACHED') return null
  throw new Problem(
    'surprise',
    `Shopify does not answer this in bulk: ${error?.message ?? 'it says not why'}`,
  )
}

/** How it stands; null when Shopify no longer knows it, a week after. */
export async function lookAtBulk({ client }: Session, id: string): Promise<Bulk | null> {
  const { bulkOperation: told } = await client.ask(looking, { id: gid('BulkOperation', id) })
  if (!told) return null
  const size = Number(told.fileSize ?? 0)
  return {
    id,
    createdAt: told.createdAt,
    state: states[told.status] ?? 'failed',
    file: told.url ? { url: told.url, size, records: Number(told.rootObjectCount) } : null,
  }
}

const states: Readonly<Record<string, Bulk['state']>> = {
  CREATED: 'running',
  RUNNING: 'running',
  COMPLETED: 'done',
}

/** Numbers that may be greater than JSON's come as texts. */
const count = z.union([z.string(), z.number()])

const begunData = z.object({
  bulkOperationRunQuery: z.object({
    bulkOperation: z.object({ id: z.string() }).nullable(),
    userErrors,
  }),
})
export const beginning: Operation<z.infer<typeof begunData>> = {
  text: `mutation BeginBulk($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: true) { bulkOperation { id } userErrors { field message code } } }`,
  data: begunData,
}

const lookedData = z.object({
  bulkOperation: z
    .object({
      status: z.string(),
      createdAt: z.string(),
      url: z.string().nullable(),
      fileSize: count.nullable(),
      rootObjectCount: count,
    })
    .nullable(),
})
export const looking: Operation<z.infer<typeof lookedData>> = {
  text: `query LookAtBulk($id: ID!) {
    bulkOperation(id: $id) { status createdAt url fileSize rootObjectCount } }`,
  data: lookedData,
}
