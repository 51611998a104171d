/** An error of GraphQL, with the code that Vendure gives it. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export function missing(entity: string, id: unknown): never {
  throw new Failure('ENTITY_NOT_FOUND', `No ${entity} with the id "${String(id)}" could be found`)
}

/** What Vendure answers with HTTP 200 in place of a result. */
export function errorResult(errorCode: string, message: string, more: object = {}): object {
  return { errorCode, message, ...more }
}
