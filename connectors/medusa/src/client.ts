import { jsonIn, Problem, problemOf, textOf, Unanswered, type Io } from '@linchpin/connector'
import { z } from 'zod'
import type { Settings } from './settings.ts'

/** `updated_at[$gte]` and the like: a list becomes one parameter an item. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[]>>

interface Request<Data> {
  readonly data: z.ZodType<Data>
  readonly query?: Query
  readonly body?: object
}

/** The one way to Medusa: JSON over /admin, with a secret API key as the user of Basic (docs.medusajs.com/api/admin). */
export class Client {
  readonly #settings: Settings
  readonly #io: Io
  /** Medusa's clock minus ours, by the `date` of its last answer: whole seconds. */
  clockSkewMs: number | null = null

  constructor(settings: Settings, io: Io) {
    this.#settings = settings
    this.#io = io
  }

  get<Data>(path: string, data: z.ZodType<Data>, query: Query = {}): Promise<Data> {
    return this.#ask('GET', path, { data, query })
  }

  /** What changes something. Without a clear answer an `Unanswered`. */
  post<Data>(path: string, body: object, data: z.ZodType<Data>, query: Query = {}): Promise<Data> {
    return this.#ask('POST', path, { data, query, body })
  }

  /** Takes an assignment away, never a record. */
  async remove(path: string): Promise<void> {
    await this.#ask('DELETE', path, { data: z.looseObject({ deleted: z.boolean() }) })
  }

  async #ask<Data>(method: 'GET' | 'POST' | 'DELETE', path: string, request: Request<Data>): Promise<Data> {
    try {
      return await this.#send(method, path, request)
    } catch (error) {
      // Of a question it does not matter whether it arrived.
      if (error instanceof Unanswered && method === 'GET')
        throw new Problem(error.kind, error.message, { cause: error.cause })
      throw error
    }
  }

  async #send<Data>(method: string, path: string, { data, query, body }: Request<Data>): Promise<Data> {
    const { signal } = this.#io
    if (signal.aborted) throw new Problem('passing', 'The work was called off before this was sent.')
    const response = await this.#io
      .fetch(urlOf(this.#settings.url, path, query), {
        method,
        headers: {
          accept: 'application/json',
          authorization: basic(this.#settings),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal,
      })
      .catch((cause: unknown) => {
        if (cause instanceof Problem) throw cause
        throw new Unanswered('passing', 'Medusa did not answer, or the connection broke.', { cause })
      })
    this.#look(response.headers)
    const answer = jsonIn(await textOf(response, 'Medusa'))
    if (!response.ok) throw this.#failure(response, answer)
    const found = data.safeParse(answer)
    if (found.success) return found.data
    const where = found.error.issues[0]?.path.join('.') ?? ''
    if (answer === undefined)
      throw new Unanswered(
        'passing',
        'What answered is not Medusa, or its answer broke off. Is the URL right?',
      )
    throw new Unanswered('surprise', `Medusa answered ${path} in a way that we do not understand (${where}).`)
  }

  #look(headers: Headers): void {
    const date = Date.parse(headers.get('date') ?? '')
    if (Number.isFinite(date)) this.clockSkewMs = date - this.#io.now()
  }

  /** By Medusa's own `type` (@medusajs/utils, common/errors); the status alone says less. */
  #failure(response: Response, answer: unknown): Problem {
    const { status } = response
    if (status >= 300 && status < 400)
      return new Problem(
        'settings',
        `The URL of Medusa redirects (${status}). Enter the address it leads to.`,
      )
    const usual = problemOf(response, 'Medusa', this.#io.now())
    if (usual.kind === 'passing') return new Unanswered('passing', usual.message)
    const said = refusal.safeParse(answer)
    if (!said.success)
      return status === 404
        ? new Problem('settings', 'There is no Medusa at this URL (404). Correct it; leave /admin out.')
        : usual
    // A shared table was locked, or the same request is under way.
    if (said.data.type === 'conflict')
      return new Problem('passing', 'Medusa was busy with this record (409).')
    if (usual.kind !== 'refused') return usual
    return new Problem('refused', `Medusa refused: ${this.#hush(said.data.message)}`)
  }

  /** Medusa's own words without our secrets, should it repeat them. */
  #hush(words: string): string {
    const { apiKey, webhookSecret } = this.#settings
    return [apiKey, webhookSecret, basic(this.#settings).slice(6)]
      .filter(secret => secret !== undefined)
      .reduce((kept, secret) => kept.replaceAll(secret, '…'), words)
      .slice(0, 500)
  }
}

const refusal = z.looseObject({ type: z.string().optional(), message: z.string() })

function basic({ apiKey }: Settings): string {
  return `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`
}

function urlOf(base: string, path: string, query: Query = {}): string {
  const url = new URL(`${base.replace(/\/+$/, '')}/admin${path}`)
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'object') url.searchParams.append(name, String(value))
    else for (const each of value) url.searchParams.append(`${name}[]`, each)
  }
  return url.href
}

/** An id in a path. */
export const at = encodeURIComponent
