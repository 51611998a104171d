import { jsonIn, Problem, textOf, Unanswered, type Io } from '@linchpin/connector'
import { z } from 'zod'
import { failed, send } from './http.ts'
import type { Settings } from './settings.ts'

/** So long before its end a token is exchanged, in ms: a request that has left must still arrive with a good one. */
const early = 300_000

/**
 * The token that opens the Admin API. An app of the Dev Dashboard gets one for 24 hours in exchange for its id and secret
 * (https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/client-credentials-grant). All who
 * find it stale wait for the same exchange. Nodes do not wait for each other: each has a token of its own.
 */
export class Token {
  readonly #settings: Settings
  #held: Held | null = null
  #exchanging: Promise<Held> | null = null
  #refused: string | null = null

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async get(io: Io): Promise<string> {
    const { accessToken } = this.#settings
    if (accessToken !== undefined) return accessToken
    if (this.#held !== null && io.now() < this.#held.until) return this.#held.token
    const others = this.#exchanging
    this.#exchanging ??= exchange(this.#settings, io).finally(() => {
      this.#exchanging = null
    })
    try {
      this.#held = await this.#exchanging
      return this.#held.token
    } catch (error) {
      // That another's time was up says nothing of ours.
      if (others && error instanceof Problem && error.kind === 'passing') return this.get(io)
      throw error
    }
  }

  /** Shopify did not take this one. True when there is a way to another. */
  refused(token: string): boolean {
    if (this.#settings.accessToken !== undefined) return false
    this.#refused = token
    if (this.#held?.token === token) this.#held = null
    return true
  }

  /** What must not be repeated to anybody. */
  secrets(): readonly string[] {
    const { clientSecret, accessToken } = this.#settings
    const all = [clientSecret, accessToken, this.#held?.token, this.#refused]
    return all.filter(each => typeof each === 'string')
  }
}

interface Held {
  readonly token: string
  /** When to exchange it, in ms since 1970. */
  readonly until: number
}

async function exchange({ url, clientId, clientSecret }: Settings, io: Io): Promise<Held> {
  const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const address = new URL('/admin/oauth/access_token', url).href
  try {
    const response = await send(io, address, {}, body, 1)
    if (response.status === 400 || response.status === 401 || response.status === 403) throw refusal()
    if (response.status !== 200) throw failed(response, io)
    const answer = granted.safeParse(jsonIn(await textOf(response, 'Shopify')))
    if (!answer.success)
      throw new Problem(
        'passing',
        'Shopify answered our asking for a token in a way that we do not understand.',
      )
    return {
      token: answer.data.access_token,
      until: io.now() + answer.data.expires_in * 1000 - early,
    }
  } catch (error) {
    // Whether it arrived is all one: nothing but a token came of it.
    if (error instanceof Unanswered) throw new Problem(error.kind, error.message, { cause: error.cause })
    throw error
  }
}

const refusal = () =>
  new Problem(
    'login',
    "Shopify gave us no token for this client id and secret. Correct them, and see that the app is installed in the shop and belongs to the shop's organisation.",
  )

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })
