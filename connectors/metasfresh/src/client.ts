import { bytesOf, jsonIn, Problem, problemOf, textOf, Unanswered, type Io } from '@linchpin/connector'
import { z } from 'zod'
import { wordsOf } from './errors.ts'
import type { Settings } from './settings.ts'

export interface Session {
  readonly settings: Settings
  readonly io: Io
  /** The list of a sweep that is under way. */
  readonly kept: { stock: { readonly at: number; readonly list: readonly unknown[] } | null }
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly body?: unknown
  /** Nothing happens at the remote when this arrives: a lost answer leaves nothing open. */
  readonly reads?: boolean
}

/**
 * The one way to metasfresh. The answer has the asked shape, or it is a Problem; Unanswered when the request may have
 * taken effect. `null` when there is no such record (404).
 */
export async function call<Answer>(
  session: Session,
  path: string,
  shape: z.ZodType<Answer>,
  ask: Ask = {},
): Promise<Answer | null> {
  const reads = ask.reads ?? (ask.method === undefined || ask.method === 'GET')
  return settled(reads, async () => answered(session, path, shape, await send(session, path, ask)))
}

/** What an answer says, in the asked shape; null for 404. */
export async function answered<Answer>(
  session: Session,
  path: string,
  shape: z.ZodType<Answer>,
  response: Response,
): Promise<Answer | null> {
  const text = await textOf(response, 'metasfresh')
  if (response.status === 404 && !isPage(text)) return null
  if (!response.ok) throw refusal(session, response, text)
  if (isPage(text))
    throw new Unanswered(
      'surprise',
      `metasfresh answered ${nameOf(path)} with a web page. Check the address.`,
    )
  const answer = shape.safeParse(answerIn(response, text, path))
  if (answer.success) return answer.data
  throw new Unanswered(
    'surprise',
    `metasfresh answered ${nameOf(path)} in a way that we do not know: ${z.prettifyError(answer.error).slice(0, 300)}`,
  )
}

/** Like `call`, for what has to be there. */
export async function need<Answer>(
  session: Session,
  path: string,
  shape: z.ZodType<Answer>,
  ask: Ask = {},
): Promise<Answer> {
  const answer = await call(session, path, shape, ask)
  if (answer !== null) return answer
  throw new Problem('refused', `metasfresh has nothing at ${nameOf(path)} (404).`)
}

/** Bytes instead of JSON; null when there are none (404). */
export async function download(session: Session, path: string): Promise<Uint8Array | null> {
  return settled(true, async () => {
    const response = await send(session, path, {})
    if (response.status === 404) return null
    if (!response.ok) throw refusal(session, response, await textOf(response, 'metasfresh'))
    return bytesOf(response, 'metasfresh')
  })
}

export async function send({ settings, io }: Session, path: string, ask: Ask): Promise<Response> {
  const headers: Record<string, string> = { authorization: settings.token, accept: 'application/json' }
  if (ask.body !== undefined) headers['content-type'] = 'application/json'
  const body = ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }
  const url = `${settings.url.replace(/\/*$/, '')}/api/v2${path}`
  try {
    return await io.fetch(url, { method: ask.method ?? 'GET', headers, signal: io.signal, ...body })
  } catch (cause) {
    // Certainly not sent: Linchpin is stopping, or it would have left too late.
    if (cause instanceof Problem) throw cause
    throw new Unanswered('passing', 'metasfresh did not answer: the line broke or the time was up.', {
      cause: cause instanceof Error ? new Error(cause.message) : undefined,
    })
  }
}

/** Reading leaves nothing open, so its trouble is plain trouble. */
async function settled<T>(reads: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (reads && error instanceof Unanswered)
      throw new Problem(error.kind, error.message, { cause: error.cause })
    throw error
  }
}

/**
 * An installation may wrap every answer ({ requestId, endpointResponse }) or put requests by to be done later, which
 * it answers by 202 (API_Audit_Config: IsWrapApiResponse, IsForceProcessedAsync).
 */
function answerIn(response: Response, text: string, path: string): unknown {
  if (response.status === 202) {
    const request = response.headers.get('x-api-request-audit-id') ?? 'without a number'
    throw new Unanswered(
      'settings',
      `metasfresh put ${nameOf(path)} by to do it later (API request audit ${request}). Switch "Force processed async" off for api/v2 under API Audit Config; what was put by is recognised then.`,
    )
  }
  // A success may have an empty body (a payment), but what we read is never nothing.
  const answer = text === '' ? undefined : jsonIn(text)
  return isObject(answer) && 'endpointResponse' in answer ? answer['endpointResponse'] : answer
}

function refusal(session: Session, response: Response, text: string): Problem {
  const problem = problemOf(response, 'metasfresh', session.io.now())
  // Whether a 5xx came before or after the effect, nobody can tell.
  if (problem.kind === 'passing') return new Unanswered('passing', problem.message)
  if (problem.kind !== 'refused') return problem
  const words = wordsOf(jsonIn(text))
  const kept = secretsOf(session.settings).reduce((left, secret) => left.replaceAll(secret, '…'), words)
  return new Problem('refused', kept === '' ? problem.message : `metasfresh refused it: ${kept}`)
}

const secretsOf = ({ token, pushToken }: Settings) => [token, ...(pushToken ? [pushToken] : [])]
const isPage = (text: string) => /^\s*</.test(text)
const nameOf = (path: string) => path.split('?')[0]
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
