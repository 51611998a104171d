import { jsonIn, Problem, problemOf, textOf, Unanswered, type Io } from '@linchpin/connector'
import { z } from 'zod'

/** What GraphQL answers, be it 200 or 400. */
export const graphQlAnswer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.looseObject({
        message: z.string(),
        extensions: z.looseObject({ code: z.string().optional() }).optional(),
      }),
    )
    .optional(),
})
export type GraphQlAnswer = z.infer<typeof graphQlAnswer>

/** One GraphQL request. What is not a GraphQL answer is a Problem: Unanswered, when the work may have been done. */
export async function post(
  io: Io,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<{ readonly answer: GraphQlAnswer; readonly headers: Headers }> {
  const response = await io
    .fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: io.signal,
    })
    .catch((cause: unknown) => {
      if (cause instanceof Problem) throw cause
      throw new Unanswered('passing', 'Vendure did not answer, or the connection broke.', { cause })
    })
  if (response.status !== 200 && response.status !== 400) throw failed(response, io)
  const answer = graphQlAnswer.safeParse(jsonIn(await textOf(response, 'Vendure')))
  if (answer.success && (answer.data.data || answer.data.errors))
    return { answer: answer.data, headers: response.headers }
  if (response.status === 400) throw problemOf(response, 'Vendure', io.now())
  throw new Unanswered(
    'passing',
    'What answered is not Vendure, or its answer broke off. Is the URL that of the Admin API?',
  )
}

function failed(response: Response, io: Io): Problem {
  const { status } = response
  if (status >= 300 && status < 400)
    return new Problem('settings', `The URL of Vendure redirects (${status}). Enter the address it leads to.`)
  if (status === 404) return new Problem('settings', 'There is no Admin API at this URL (404). Correct it.')
  const problem = problemOf(response, 'Vendure', io.now())
  return problem.kind === 'passing' ? new Unanswered('passing', problem.message) : problem
}
