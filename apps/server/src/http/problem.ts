import type { ProblemAnswer } from '@linchpin/api'
import { Problem } from '@linchpin/connector'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** An answer that is not a success (RFC 9457): a stable code for programs, words for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string
  /** In so many seconds it may be tried again. */
  readonly retryAfter: number | null
  constructor(status: number, code: string, detail: string, retryAfter: number | null = null) {
    super(detail)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
  }
}

export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemAnswer(error)
  if (problem.code === 'failed') request.log.error({ err: error }, 'A request failed.')
  if (error instanceof Refusal && error.retryAfter !== null)
    void reply.header('retry-after', error.retryAfter)
  return reply.code(problem.status).type('application/problem+json').send(problem)
}

/** The body that may be sent: a webhook or a request. */
export const MOST_BYTES = 5 * 1024 * 1024

export function problemAnswer(error: unknown): ProblemAnswer {
  if (error instanceof Refusal) return answer(error.status, error.code, error.message)
  // A shop or an ERP that we asked on somebody's behalf: it is not us who failed.
  if (error instanceof Problem) return answer(502, `remote-${error.kind}`, error.message)
  const status = (error as { statusCode?: number }).statusCode
  if (status === 413) return answer(413, 'too-large', 'The request is larger than 5 MB.')
  if (status === 415) return answer(415, 'not-json', 'Send JSON, with content-type: application/json.')
  if (status !== undefined && status < 500) return answer(status, 'bad-request', (error as Error).message)
  // Strangers ask too: what went wrong inside is told in the log.
  return answer(500, 'failed', 'That failed inside of Linchpin. Its log says why.')
}

export function answer(status: number, code: string, detail: string): ProblemAnswer {
  return { type: 'about:blank', title: TITLES[status] ?? 'Problem', status, code, detail }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Sign in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  410: 'Gone',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Wrong kind of content',
  422: 'Not as before',
  429: 'Too often',
  500: 'Failed',
  502: 'The other system did not play along',
  503: 'Not ready',
}
