import { jsonIn, Problem, problemOf, textOf, Unanswered, type Io } from '@linchpin/connector'
import { queryText, signedQuery } from './oauth.ts'
import type { Settings } from './settings.ts'

// A page of 100 orders was 0.6 MB; a hundred times that is no answer but an accident.

const REMEMBER_MS = 5 * 60_000

export interface Session {
  readonly settings: Settings
  readonly io: Io
  /** What was looked up and holds for some minutes, by name: an operator who adds a tax rate need not restart us. */
  readonly remember: <Value>(name: string, find: () => Promise<Value>) => Promise<Value>
  /** Work on one order's meta and notes, one after the other: they are read, changed and written back as a whole. */
  readonly alone: <Value>(name: string, work: () => Promise<Value>) => Promise<Value>
}

export interface Answer<Data> {
  readonly data: Data
  readonly headers: Headers
}
export interface Ask {
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: unknown
}

/** WooCommerce said no, by a code of its own. */
export class Refusal extends Problem {
  code = ''
  data: Readonly<Record<string, unknown>> = {}
}

export function openSession(settings: Settings, io: Io): Session {
  const memory = new Map<string, { readonly until: number; readonly found: Promise<unknown> }>()
  const queues = new Map<string, Promise<unknown>>()
  return {
    settings,
    io,
    remember: <Value>(name: string, find: () => Promise<Value>) => {
      const known = memory.get(name)
      if (known && io.now() < known.until) return known.found as Promise<Value>
      const found = find()
      memory.set(name, { until: io.now() + REMEMBER_MS, found })
      // A failure is not remembered: the next call tries again.
      found.catch(() => memory.delete(name))
      return found
    },
    alone: async <Value>(name: string, work: () => Promise<Value>) => {
      const turn = (queues.get(name) ?? Promise.resolve()).then(work, work)
      queues.set(name, turn)
      try {
        return await turn
      } finally {
        if (queues.get(name) === turn) queues.delete(name)
      }
    },
  }
}

/** A list, checked to be one. */
export async function list<Row extends object>(
  session: Session,
  path: string,
  query: Ask['query'] = {},
): Promise<readonly Row[]> {
  const { data } = await call<readonly Row[]>(session, 'GET', path, { query })
  if (!Array.isArray(data) || data.some(row => row === null || typeof row !== 'object'))
    throw new Unanswered('passing', 'WooCommerce answered something that is not the list we asked for.')
  return data
}

/** One record, checked to have an id. */
export async function record<Row extends object>(
  session: Session,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<Row> {
  const { data } = await call<Row>(session, method, path, body === undefined ? {} : { body })
  if (data === null || typeof data !== 'object' || !('id' in data))
    throw new Unanswered('passing', 'WooCommerce answered something that is not the record we asked for.')
  return data
}

/** One request to /wp-json/wc/v3 with JSON both ways. Whatever goes wrong is a Problem without secrets. */
export async function call<Data>(
  session: Session,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  ask: Ask = {},
): Promise<Answer<Data>> {
  const { settings, io } = session
  if (io.signal.aborted) throw new Problem('passing', 'The work was called off.')
  const response = await send(session, method, path, ask)
  const text = await textOf(response, 'WooCommerce')
  const data = jsonIn(text)
  if (response.ok && data !== undefined) return { data: data as Data, headers: response.headers }
  if (response.ok) throw new Unanswered('passing', 'WooCommerce answered something that is not JSON.')
  throw failure(response, data, settings, io.now())
}

async function send(session: Session, method: string, path: string, ask: Ask): Promise<Response> {
  const { settings, io } = session
  const url = `${settings.url.replace(/\/+$/, '')}/wp-json/wc/v3${path}`
  const query = Object.entries(ask.query ?? {}).map(([name, value]) => [name, String(value)] as const)
  const isBasic = settings.signIn === 'auto' ? url.startsWith('https:') : settings.signIn === 'basic'
  const full = isBasic
    ? queryText(query)
    : signedQuery({ method, url, query }, settings, { now: io.now(), nonce: io.nonce() })
  try {
    return await io.fetch(full === '' ? url : `${url}?${full}`, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'linchpin',
        ...(isBasic && { authorization: basic(settings) }),
        ...(ask.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(ask.body !== undefined && { body: JSON.stringify(ask.body) }),
      redirect: 'manual',
      signal: io.signal,
    })
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Unanswered('passing', 'The shop did not answer, or the connection broke.', { cause })
  }
}

function basic({ consumerKey, consumerSecret }: Settings): string {
  return `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`
}

function failure(response: Response, data: unknown, settings: Settings, now: number): Problem {
  const { status } = response
  if (status >= 300 && status < 400)
    return new Problem('settings', `The shop's URL redirects (${status}). Enter the address it leads to.`)
  if (status === 408 || (status >= 500 && !response.headers.has('retry-after')))
    return new Unanswered('passing', `The shop failed (${status}). We try again.`)
  const said = saidBy(data)
  if (status === 404 && (said === null || said.code === 'rest_no_route'))
    return new Problem(
      'settings',
      'There is no WooCommerce REST API at this URL (404). Check the URL, and that permalinks are not "Plain".',
    )
  const usual = problemOf(response, 'WooCommerce', now)
  if (said === null) return usual
  const words = redacted(said.message, settings)
  const refusal = new Refusal(
    usual.kind,
    usual.kind === 'refused' ? `WooCommerce: ${words}` : `${usual.message} It says: ${words}`,
    usual.retryAfterMs === null ? {} : { retryAfterMs: usual.retryAfterMs },
  )
  refusal.code = said.code
  refusal.data = said.data
  return refusal
}

/** The `{code, message, data}` of WordPress, which also stands inside a batch's answer for one item. */
export function saidBy(
  data: unknown,
): { code: string; message: string; data: Readonly<Record<string, unknown>> } | null {
  if (data === null || typeof data !== 'object' || !('code' in data) || typeof data.code !== 'string')
    return null
  const { message, data: more } = data as { message?: unknown; data?: unknown }
  return {
    code: data.code,
    message: [plain(message), ...Object.values(paramsOf(more)).map(plain)].join(' '),
    data: more !== null && typeof more === 'object' ? (more as Record<string, unknown>) : {},
  }
}

/** 'Invalid parameter(s): status' says little; `data.params` says what is wrong with it. */
function paramsOf(data: unknown): Readonly<Record<string, unknown>> {
  const params = data !== null && typeof data === 'object' && 'params' in data ? data.params : null
  return params !== null && typeof params === 'object' ? (params as Record<string, unknown>) : {}
}

function plain(message: unknown): string {
  return typeof message === 'string' ? message.replace(/<[^>]*>/g, '').slice(0, 300) : ''
}

/** A remote may repeat what we sent it. */
export function redacted(text: string, settings: Settings): string {
  const secrets = [
    settings.consumerSecret,
    settings.webhookSecret,
    settings.consumerKey,
    basic(settings).slice(6),
  ]
  return secrets.reduce((left, secret) => (secret === '' ? left : left.replaceAll(secret, '…')), text)
}
