import { z } from 'zod'

export const withId = z.looseObject({ id: z.string() })

/** Medusa's API as its people use it: what is not a success is an error with Medusa's own words. */
export class Rest {
  readonly #url: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.#url = url
    this.#headers = headers
  }

  get<Data>(path: string, data: z.ZodType<Data>): Promise<Data> {
    return this.#ask('GET', path, undefined, data)
  }

  post<Data>(path: string, body: object, data: z.ZodType<Data>): Promise<Data> {
    return this.#ask('POST', path, JSON.stringify(body), data)
  }

  /** The same API, asked by someone else. */
  as(headers: Readonly<Record<string, string>>): Rest {
    return new Rest(this.#url, headers)
  }

  async remove(path: string): Promise<void> {
    await this.#ask('DELETE', path, undefined, z.unknown())
  }

  /** Makes something, and answers its id, which stands under this name. */
  async make(path: string, name: string, body: object): Promise<string> {
    return (await this.post(path, body, z.looseObject({ [name]: withId })))[name]?.id ?? ''
  }

  async #ask<Data>(
    method: string,
    path: string,
    body: string | undefined,
    data: z.ZodType<Data>,
  ): Promise<Data> {
    const headers = { 'content-type': 'application/json', ...this.#headers }
    const response = await fetch(this.#url + path, { method, headers, ...(body !== undefined && { body }) })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`)
    return data.parse(JSON.parse(text))
  }
}
