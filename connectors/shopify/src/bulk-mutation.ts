import { Problem, problemOf } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { reasonsIn, userErrors } from './errors.ts'
import type { Session } from './session.ts'

/**
 * Lets Shopify do one mutation with each of these variables, in the background; its id, or null when it does too many
 * already (https://shopify.dev/docs/api/usage/bulk-operations/imports).
 */
export async function beginMutations(
  session: Session,
  { text: mutation }: Operation<unknown>,
  variables: readonly object[],
): Promise<string | null> {
  const path = await upload(session, variables.map(each => `${JSON.stringify(each)}\n`).join(''))
  const { bulkOperationRunMutation: begun } = await session.client.ask(beginning, { mutation, path })
  if (begun.bulkOperation) return begun.bulkOperation.id
  const code = begun.userErrors[0]?.code
  if (code === 'OPERATION_IN_PROGRESS' || code === 'LIMIT_REACHED') return null
  throw new Problem(
    code === 'INVALID_MUTATION' ? 'surprise' : 'passing',
    `Shopify does not do this in bulk: ${reasonsIn(begun.userErrors)}`,
  )
}

/** Those that Shopify has not done with. At most five run at once, so they stand among the newest. */
export async function mutationsUnderWay({ client }: Session): Promise<readonly string[]> {
  const { bulkOperations } = await client.ask(newest)
  return bulkOperations.nodes
    .filter(({ type, status }) => type === 'MUTATION' && ['CREATED', 'RUNNING', 'CANCELING'].includes(status))
    .map(({ id }) => id)
}

/** Puts the file where Shopify wants it, and answers what it calls it. Nothing is done with it yet. */
async function upload({ client, io }: Session, file: string): Promise<string> {
  const { stagedUploadsCreate: staged } = await client.ask(staging, {
    input: [
      {
        resource: 'BULK_MUTATION_VARIABLES',
        filename: 'variables.jsonl',
        mimeType: 'text/jsonl',
        httpMethod: 'POST',
      },
    ],
  })
  const [target] = staged.stagedTargets ?? []
  const path = target?.parameters.find(({ name }) => name === 'key')?.value
  if (!target || path === undefined)
    throw new Problem('surprise', `Shopify takes no file from us: ${reasonsIn(staged.userErrors)}`)
  const boundary = `linchpin-${io.nonce()}`
  // Its store asks for no token, and must not get to know ours.
  const response = await io
    .fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: formOf(boundary, target.parameters, file),
      signal: io.signal,
    })
    .catch((cause: unknown) => {
      if (cause instanceof Problem) throw cause
      throw new Problem('passing', "Shopify's file store did not answer.", { cause })
    })
  if (!response.ok) throw problemOf(response, "Shopify's file store", io.now())
  return path
}

/** The store reads no further than the file, so that comes last. */
function formOf(
  boundary: string,
  parameters: readonly { readonly name: string; readonly value: string }[],
  file: string,
): string {
  const part = (facts: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; ${facts}\r\n\r\n${value}\r\n`
  const fields = parameters.map(({ name, value }) => part(`name="${name}"`, value))
  const named = 'name="file"; filename="variables.jsonl"\r\ncontent-type: text/jsonl'
  return `${fields.join('')}${part(named, file)}--${boundary}--\r\n`
}

const stagedData = z.object({
  stagedUploadsCreate: z.object({
    stagedTargets: z
      .array(
        z.object({
          url: z.string(),
          parameters: z.array(z.object({ name: z.string(), value: z.string() })),
        }),
      )
      .nullable(),
    userErrors,
  }),
})
export const staging: Operation<z.infer<typeof stagedData>> = {
  text: `mutation StageFile($input: [StagedUploadInput!]!) {
    stagedUploadsCreate(input: $input) { stagedTargets { url parameters { name value } } userErrors { field message } } }`,
  data: stagedData,
}

const begunData = z.object({
  bulkOperationRunMutation: z.object({
    bulkOperation: z.object({ id: z.string() }).nullable(),
    userErrors,
  }),
})
export const beginning: Operation<z.infer<typeof begunData>> = {
  text: `mutation BeginMutations($mutation: String!, $path: String!) {
    bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
      bulkOperation { id } userErrors { field message code } } }`,
  data: begunData,
}

const newestData = z.object({
  bulkOperations: z.object({
    nodes: z.array(z.object({ id: z.string(), type: z.string(), status: z.string() })),
  }),
})
export const newest: Operation<z.infer<typeof newestData>> = {
  text: `query NewestBulks {
    bulkOperations(first: 25, sortKey: CREATED_AT, reverse: true) { nodes { id type status } } }`,
  data: newestData,
}
