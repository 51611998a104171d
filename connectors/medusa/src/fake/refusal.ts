/** What Medusa answers to a request that it does not do. */
export class Refusal extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, type: string, message: string) {
    super(message)
    this.status = status
    this.type = type
  }
}

export function missing(what: string, id: string | undefined): never {
  throw new Refusal(404, 'not_found', `${what} id not found: ${id}`)
}

export function wrong(message: string): never {
  throw new Refusal(400, 'invalid_data', message)
}
