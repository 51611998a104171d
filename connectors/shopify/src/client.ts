import { Problem, Unanswered, type Io } from '@linchpin/connector'
import type { z } from 'zod'
import type { Budget } from './budget.ts'
import type { Common } from './common.ts'
import { explain } from './errors.ts'
import { post, type GraphQlAnswer } from './http.ts'
import { withPlainIds } from './ids.ts'
import type { Settings } from './settings.ts'
import type { Token } from './token.ts'
import { apiVersion } from './version.ts'

/** One GraphQL document, and the shape of what it answers, with plain ids. */
export interface Operation<Data> {
  readonly text: string
  readonly data: z.ZodType<Data>
}

/** The one way to Shopify's Admin API. */
export class Client {
  readonly io: Io
  readonly #token: Token
  readonly #budget: Budget
  readonly #url: string
  /** Shopify's clock minus ours, by the `date` of its last answer: whole seconds. */
  clockSkewMs: number | null = null
  /** The version that it answered in, which is another one once ours is too old. */
  answeredVersion: string | null = null

  constructor({ url }: Settings, io: Io, { token, budget }: Common) {
    this.io = io
    this.#token = token
    this.#budget = budget
    this.#url = new URL(`/admin/api/${apiVersion}/graphql.json`, url).href
  }

  /** What Shopify answers, or a Problem. Of a mutation without a clear answer an `Unanswered`. */
  async ask<Data>(
    operation: Operation<Data>,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<Data> {
    const name = nameOf(operation)
    const answer = await this.#send(operation, name, variables)
    const [error] = answer.errors ?? []
    if (error?.extensions?.code === 'THROTTLED') throw this.#budget.refused(name)
    if (error) {
      const { kind, message } = explain({ ...error, message: this.#hush(error.message) }, name)
      // A mutation may have done its work before Shopify failed.
      throw kind === 'passing' && isMutation(operation)
        ? new Unanswered(kind, message)
        : new Problem(kind, message)
    }
    const data = operation.data.safeParse(withPlainIds(answer.data))
    if (data.success) return data.data
    const where = data.error.issues[0]?.path.join('.') ?? ''
    const words = `Shopify answered ${name} in a way that we do not understand (${where}).`
    throw isMutation(operation) ? new Unanswered('surprise', words) : new Problem('surprise', words)
  }

  async #send(operation: Operation<unknown>, name: string, variables: unknown): Promise<GraphQlAnswer> {
    this.#budget.claim(name, this.io.now())
    const token = await this.#token.get(this.io)
    try {
      return await this.#post(operation, name, variables, token)
    } catch (error) {
      // A token of 24 hours may end sooner, when someone rotates the app's secret.
      if (error instanceof Problem && error.kind === 'login' && this.#token.refused(token))
        return this.#post(operation, name, variables, await this.#token.get(this.io))
      throw error
    }
  }

  async #post(
    operation: Operation<unknown>,
    name: string,
    variables: unknown,
    token: string,
  ): Promise<GraphQlAnswer> {
    const body = { operationName: name, query: operation.text, variables }
    const headers = { 'x-shopify-access-token': token }
    const cost = this.#budget.expected(name)
    const posted = await post(this.io, { url: this.#url, headers, body, cost }).catch((error: unknown) => {
      // Of a question it does not matter whether it arrived.
      if (error instanceof Unanswered && !isMutation(operation))
        throw new Problem(error.kind, error.message, { cause: error.cause })
      throw error
    })
    this.#look(posted.headers)
    this.#budget.learn(name, posted.answer, this.io.now())
    return posted.answer
  }

  #look(headers: Headers): void {
    const date = Date.parse(headers.get('date') ?? '')
    if (Number.isFinite(date)) this.clockSkewMs = date - this.io.now()
    this.answeredVersion = headers.get('x-shopify-api-version') ?? this.answeredVersion
  }

  /** Shopify's own words without our secrets, should it repeat them. */
  #hush(words: string): string {
    return this.#token
      .secrets()
      .reduce((kept, secret) => kept.replaceAll(secret, '…'), words)
      .slice(0, 500)
  }
}

function isMutation({ text }: Operation<unknown>): boolean {
  return text.startsWith('mutation')
}

/** 'query Orders($ids: …' → 'Orders' */
export function nameOf({ text }: { readonly text: string }): string {
  return /^(?:query|mutation) (\w+)/.exec(text)?.[1] ?? ''
}
