import { z } from 'zod'

/** One user's session at a real Vendure: remembers the token that a sign-in answers. */
export class GraphQl {
  readonly #url: string
  readonly #channel: string | undefined
  #token: string | null = null

  /** `channel` is a channel's token; the default channel when left out. */
  constructor(url: string, channel?: string) {
    this.#url = url
    this.#channel = channel
  }

  /** The data as the schema says it is; throws on errors, and on an ErrorResult where the schema allows none. */
  async ask<Data>(query: string, variables: Record<string, unknown>, schema: z.ZodType<Data>): Promise<Data> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.#channel !== undefined && { 'vendure-token': this.#channel }),
        ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      body: JSON.stringify({ query, variables }),
    })
    this.#token = response.headers.get('vendure-auth-token') ?? this.#token
    const answer = z
      .object({ data: z.unknown().optional(), errors: z.unknown().optional() })
      .parse(await response.json())
    if (answer.errors !== undefined) throw new Error(`${query}: ${JSON.stringify(answer.errors)}`)
    const parsed = schema.safeParse(answer.data)
    if (!parsed.success) throw new Error(`${query}: ${JSON.stringify(answer.data)}: ${parsed.error.message}`)
    return parsed.data
  }
}

/** What a record with an id answers; an ErrorResult has none, so it is refused by this schema. */
export const withId = z.object({ id: z.string() })
