import { Problem, problemOf, type Health, type Io } from '@linchpin/connector'
import { z } from 'zod'
import type { Settings } from './settings.ts'

export interface Session {
  readonly settings: Settings
  readonly io: Io
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PATCH'
  readonly body?: unknown
  /** Memory makes one record of all requests with the same key. */
  readonly idempotencyKey?: string
}

/** The one way to Memory: what comes back has the asked shape, or it is a Problem. */
export async function call<Answer>(
  session: Session,
  path: string,
  shape: z.ZodType<Answer>,
  ask: Ask = {},
): Promise<Answer> {
  const response = await send(session, path, ask)
  const text = await response.text().catch(lost)
  if (!response.ok) throw explained(session, problemOf(response, 'Memory', session.io.now()), text)
  const answer = shape.safeParse(parsed(text))
  if (answer.success) return answer.data
  throw new Problem('passing', `Memory answered ${path.split('?')[0]} with something that we cannot read.`)
}

/** Bytes instead of JSON; null when there are none (404). */
export async function download(session: Session, path: string): Promise<Uint8Array | null> {
  const response = await send(session, path, {})
  if (response.status === 404) return null
  if (!response.ok) throw problemOf(response, 'Memory', session.io.now())
  return new Uint8Array(await response.arrayBuffer().catch(lost))
}

export async function health(session: Session): Promise<Health> {
  try {
    const about = await call(session, '/about', z.object({ version: z.string(), time: z.string() }))
    const clockSkewMs = Date.parse(about.time) - session.io.now()
    return { is: 'up', notes: [], version: `Memory ${about.version}`, clockSkewMs }
  } catch (error) {
    if (error instanceof Problem) return { is: 'down', notes: [error.message], problem: error }
    return { is: 'down', notes: ['Memory could not be asked how it is.'] }
  }
}

async function send({ settings, io }: Session, path: string, ask: Ask): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${settings.token}` }
  if (ask.idempotencyKey !== undefined) headers['idempotency-key'] = ask.idempotencyKey
  if (ask.body !== undefined) headers['content-type'] = 'application/json'
  const body = ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }
  return io.fetch(settings.url + path, { method: ask.method ?? 'GET', headers, ...body }).catch(lost)
}

function lost(cause: unknown): never {
  throw new Problem('passing', 'The line to Memory broke before it answered.', { cause })
}

/** Memory says in `message` what it does not like. Its words are shown, without our secrets should it repeat them. */
function explained({ settings }: Session, problem: Problem, text: string): Problem {
  const said = z.object({ message: z.string() }).safeParse(parsed(text))
  if (problem.kind !== 'refused' || !said.success) return problem
  const words = [settings.token, settings.webhookSecret]
    .filter(secret => secret !== '')
    .reduce((kept, secret) => kept.replaceAll(secret, '…'), said.data.message)
  return new Problem('refused', `${problem.message} It says: ${words.slice(0, 500)}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
