import { jsonIn, Problem, textOf, Unanswered, type Io } from '@linchpin/connector'
import { problemOfAnswer, refusalIn } from './errors.ts'
import type { Settings } from './settings.ts'

/** A record as Dolibarr names it, without what is null or an empty list: most of its sixty fields are. */
export type Row = Readonly<Record<string, unknown>>
export type Query = Readonly<Record<string, string | number>>

/** Speaks Dolibarr's REST API, and turns every failure into a Problem. */
export interface Client {
  /** The rows of a list. Dolibarr answers an empty one, also a page behind the last, with 404. */
  readonly list: (path: string, query?: Query) => Promise<readonly Row[]>
  /** One record or other answer; null when Dolibarr says that it is not there. */
  readonly one: (path: string, query?: Query) => Promise<Row | null>
  /** The same for an answer that is no object: a constant's value, a list of names. */
  readonly value: (path: string) => Promise<unknown>
  /** Changes something. Throws Unanswered when it may have taken effect. Null for 304: there was nothing to do. */
  readonly send: (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => Promise<unknown>
  /** Dolibarr's clock at its last answer, in whole seconds as its Date header has them, in ms. */
  readonly serverNow: () => number
  /** The same minus ours; null while nothing was answered. */
  readonly clockSkewMs: () => number | null
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export function makeClient(settings: Settings, io: Io): Client {
  const base = `${settings.url.replace(/\/+$/, '')}/api/index.php`
  let theirs: { readonly now: number; readonly skew: number } | null = null

  async function ask(method: string, path: string, query: Query, body?: object): Promise<Answer> {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString()
    const url = base + path + (search === '' ? '' : `?${search}`)
    const sent = io.now()
    try {
      const response = await io.fetch(url, {
        method,
        redirect: 'manual',
        signal: io.signal,
        headers: {
          DOLAPIKEY: settings.apiKey,
          accept: 'application/json',
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = (await textOf(response, 'Dolibarr')).replaceAll(settings.apiKey, '•••')
      theirs = clockIn(response.headers, sent, io.now()) ?? theirs
      return { status: response.status, headers: response.headers, text }
    } catch (cause) {
      // Certainly not sent: Linchpin is stopping, or it would have left too late.
      if (cause instanceof Problem) throw cause
      throw new Unanswered('passing', 'Dolibarr did not answer, or the connection broke.', {
        cause: cause instanceof Error ? new Error(cause.message) : undefined,
      })
    }
  }

  function valueOf(answer: Answer, call: string): unknown {
    if (answer.status < 200 || answer.status >= 300)
      throw problemOfAnswer(answer, answer.text, call, io.now())
    const value = jsonIn(answer.text)
    if (value === undefined)
      throw new Unanswered('surprise', `Dolibarr answered ${call} with something that is no JSON.`)
    return value
  }

  async function read(path: string, query: Query = {}): Promise<unknown> {
    return reading(async () => {
      const answer = await ask('GET', path, query)
      if (answer.status === 404 && isAbsent(answer.text)) return ABSENT
      return pruned(valueOf(answer, `GET ${path}`))
    })
  }

  return {
    list: async (path, query) => {
      const rows = await read(path, query)
      if (rows === ABSENT) return []
      if (Array.isArray(rows) && rows.every(isRow)) return rows
      throw new Problem('surprise', `Dolibarr answered ${path} with something else than a list.`)
    },
    one: async (path, query) => {
      const row = await read(path, query)
      if (row === ABSENT) return null
      if (isRow(row)) return row
      throw new Problem('surprise', `Dolibarr answered ${path} with something else than a record.`)
    },
    value: path => read(path),
    send: async (method, path, body = {}) => {
      const answer = await ask(method, path, {}, method === 'DELETE' ? undefined : body)
      return answer.status === 304 ? null : valueOf(answer, `${method} ${path}`)
    },
    serverNow: () => theirs?.now ?? io.now(),
    clockSkewMs: () => theirs?.skew ?? null,
  }
}

/** Dolibarr says that there is nothing: no list, no record. A `null` that it answers with 200 is no such word. */
const ABSENT = Symbol('absent')

/** A read that got no answer leaves nothing open. */
async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Unanswered) throw new Problem(error.kind, error.message, { cause: error.cause })
    throw error
  }
}

/** 'Not Found: No order found' is an answer; a bare 'Not Found' means that there is no such route. */
function isAbsent(text: string): boolean {
  const refusal = refusalIn(text)
  return refusal?.code === 404 && refusal.words !== 'Not Found'
}

/** The Date header has whole seconds, so half a second either way says nothing. */
function clockIn(headers: Headers, sent: number, answered: number) {
  const now = Date.parse(headers.get('date') ?? '')
  return Number.isFinite(now) ? { now, skew: now + 500 - Math.round((sent + answered) / 2) } : null
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned)
  if (!isRow(value)) return value
  const kept = Object.entries(value).filter(
    ([name, each]) => each !== null && !(Array.isArray(each) && each.length === 0) && !NOISE.has(name),
  )
  return Object.fromEntries(kept.map(([name, each]) => [name, pruned(each)]))
}

/** No part of a record: the state of PHP's objects, and an address that lets its reader pay without signing in. */
const NOISE = new Set(['linkedObjectsFullLoaded', 'validateFieldsErrors', 'online_payment_url', 'specimen'])

const isRow = (value: unknown): value is Row =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
