import { Problem, Unanswered, type Io } from '@linchpin/connector'
import { z } from 'zod'
import { explain } from './errors.ts'
import { post, type GraphQlAnswer } from './http.ts'
import type { Settings } from './settings.ts'

/** One GraphQL document, and the shape of what it answers. Its name goes to the server's log, and to the look-alike. */
export interface Operation<Data> {
  readonly text: string
  readonly data: z.ZodType<Data>
}

/** The one way to Vendure. It signs in when it must, and again when Vendure forgot us. */
export class Client {
  readonly #settings: Settings
  readonly #io: Io
  readonly #url: string
  #signedIn: Promise<Readonly<Record<string, string>>> | null = null
  /** Vendure's clock minus ours, by the `date` of its last answer: whole seconds. */
  clockSkewMs: number | null = null

  constructor(settings: Settings, io: Io) {
    this.#settings = settings
    this.#io = io
    this.#url = adminUrl(settings.url)
  }

  get io(): Io {
    return this.#io
  }

  /** What Vendure answers, or a Problem. Of a mutation without a clear answer an `Unanswered`. */
  async ask<Data>(
    operation: Operation<Data>,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<Data> {
    let answer = await this.#send(operation, variables)
    // A session that Vendure forgot and a right that we lack look alike: FORBIDDEN. Nothing was done in either case.
    if (isForbidden(answer) && this.#settings.apiKey === undefined) {
      this.#signedIn = null
      answer = await this.#send(operation, variables)
    }
    if (answer.errors?.[0]) throw explain(answer.errors[0], nameOf(operation), word => this.#hush(word))
    const data = operation.data.safeParse(answer.data)
    if (data.success) return data.data
    const where = data.error.issues[0]?.path.join('.') ?? ''
    const words = `Vendure answered ${nameOf(operation)} in a way that we do not understand (${where}).`
    throw isMutation(operation) ? new Unanswered('surprise', words) : new Problem('surprise', words)
  }

  async #send<Data>(operation: Operation<Data>, variables: unknown): Promise<GraphQlAnswer> {
    const credentials = await this.#credentials()
    const { text: query } = operation
    try {
      const { answer, headers } = await post(
        this.#io,
        this.#url,
        { ...this.#channel(), ...credentials },
        {
          operationName: nameOf(operation),
          query,
          variables,
        },
      )
      this.#look(headers)
      return answer
    } catch (error) {
      // Of a question it does not matter whether it arrived.
      if (error instanceof Unanswered && !isMutation(operation))
        throw new Problem(error.kind, error.message, { cause: error.cause })
      throw error
    }
  }

  async #credentials(): Promise<Readonly<Record<string, string>>> {
    const { apiKey } = this.#settings
    if (apiKey !== undefined) return { 'vendure-api-key': apiKey }
    this.#signedIn ??= this.#signIn()
    try {
      return await this.#signedIn
    } catch (error) {
      this.#signedIn = null
      throw error
    }
  }

  async #signIn(): Promise<Readonly<Record<string, string>>> {
    const { username, password } = this.#settings
    const { answer, headers } = await post(this.#io, this.#url, this.#channel(), {
      operationName: 'SignIn',
      query: signIn,
      variables: { username, password },
    }).catch((error: unknown) => {
      if (error instanceof Unanswered) throw new Problem(error.kind, error.message, { cause: error.cause })
      throw error
    })
    this.#look(headers)
    const result = signInResult.safeParse(answer.data)
    if (!result.success)
      throw new Problem('passing', 'Vendure answered our signing in in a way that we do not understand.')
    if (result.data.login.errorCode !== undefined)
      throw new Problem('login', 'Vendure refused our user name or password. Enter them for this connection.')
    const token = headers.get('vendure-auth-token')
    if (token !== null) return { authorization: `Bearer ${token}` }
    const cookie = headers.getSetCookie().map(each => each.split(';')[0])
    if (cookie.length > 0) return { cookie: cookie.join('; ') }
    throw new Problem(
      'settings',
      "Vendure signed us in without a token. Its `authOptions.tokenMethod` must allow 'bearer' or 'cookie'.",
    )
  }

  #channel(): Readonly<Record<string, string>> {
    return this.#settings.channel === undefined ? {} : { 'vendure-token': this.#settings.channel }
  }

  #look(headers: Headers): void {
    const date = Date.parse(headers.get('date') ?? '')
    if (Number.isFinite(date)) this.clockSkewMs = date - this.#io.now()
  }

  /** Vendure's own words without our secrets, should it repeat them. */
  #hush(words: string): string {
    const { password, apiKey, webhookSecret } = this.#settings
    return [password, apiKey, webhookSecret]
      .filter(secret => secret !== undefined)
      .reduce((kept, secret) => kept.replaceAll(secret, '…'), words)
      .slice(0, 500)
  }
}

const signIn = `mutation SignIn($username: String!, $password: String!) {
  login(username: $username, password: $password) {
    ... on CurrentUser { id } ... on ErrorResult { errorCode } } }`
const signInResult = z.object({ login: z.object({ errorCode: z.string().optional() }) })

export function adminUrl(url: string): string {
  const { pathname } = new URL(url)
  return pathname === '/' ? new URL('/admin-api', url).href : url
}

function isForbidden({ errors }: GraphQlAnswer): boolean {
  return errors?.some(({ extensions }) => extensions?.code === 'FORBIDDEN') ?? false
}

function isMutation({ text }: { readonly text: string }): boolean {
  return text.startsWith('mutation')
}

/** 'query Orders($options: …' → 'Orders' */
function nameOf({ text }: { readonly text: string }): string {
  return /^(?:query|mutation) (\w+)/.exec(text)?.[1] ?? ''
}
