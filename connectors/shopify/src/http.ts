import { jsonIn, Problem, problemOf, textOf, Unanswered, type Io } from '@linchpin/connector'
import { z } from 'zod'

const throttleStatus = z.object({
  maximumAvailable: z.number(),
  currentlyAvailable: z.number(),
  restoreRate: z.number(),
})
export type ThrottleStatus = z.infer<typeof throttleStatus>

/** What the Admin API answers. `cost` is what the question was worth, and what is left to ask for. */
const graphQlAnswer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.looseObject({
        message: z.string(),
        extensions: z.looseObject({ code: z.string().optional() }).optional(),
      }),
    )
    .optional(),
  extensions: z
    .looseObject({
      cost: z
        .looseObject({
          requestedQueryCost: z.number().nullish(),
          actualQueryCost: z.number().nullish(),
          throttleStatus: throttleStatus.optional(),
        })
        .optional(),
    })
    .optional(),
})
export type GraphQlAnswer = z.infer<typeof graphQlAnswer>

interface Posted {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** In points of Shopify's budget. */
  readonly cost: number
}

/** One GraphQL request. What is not a GraphQL answer is a Problem: Unanswered, when the work may have been done. */
export async function post(
  io: Io,
  { url, headers, body, cost }: Posted,
): Promise<{ readonly answer: GraphQlAnswer; readonly headers: Headers }> {
  const response = await send(io, url, headers, body, cost)
  if (response.status !== 200) throw failed(response, io)
  const answer = graphQlAnswer.safeParse(jsonIn(await textOf(response, 'Shopify')))
  if (answer.success && (answer.data.data || answer.data.errors))
    return { answer: answer.data, headers: response.headers }
  throw new Unanswered('passing', 'What answered is not Shopify, or its answer broke off.')
}

export async function send(
  io: Io,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
  cost: number,
): Promise<Response> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal: io.signal,
  } as const
  return io.fetch(url, request, cost).catch((cause: unknown) => {
    if (cause instanceof Problem) throw cause
    throw new Unanswered('passing', 'Shopify did not answer, or the connection broke.', { cause })
  })
}

/** Shopify's own codes: 402 a shop that has not paid, 423 one that is locked, 404 one that does not exist. */
export function failed(response: Response, io: Io): Problem {
  const { status } = response
  if (status >= 300 && status < 400)
    return new Problem(
      'settings',
      `The address of the shop redirects (${status}). Enter the .myshopify.com one.`,
    )
  if (status === 404)
    return new Problem('settings', 'Shopify knows no shop at this address (404). Correct it in the settings.')
  if (status === 402 || status === 423)
    return new Problem(
      'settings',
      `The shop is frozen or locked at Shopify (${status}). Its owner has to free it.`,
    )
  const problem = problemOf(response, 'Shopify', io.now())
  return problem.kind === 'passing' ? new Unanswered('passing', problem.message) : problem
}
