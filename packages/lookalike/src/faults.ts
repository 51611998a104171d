/** How a look-alike can misbehave: each is a thing that a real system was seen to do. */
export type Fault =
  /** The request never arrives. */
  | { readonly is: 'lose request' }
  /** The request takes effect, and its answer never arrives. */
  | { readonly is: 'lose reply' }
  /** An answer instead of the effect. */
  | {
      readonly is: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** The effect, and then another answer: a 500 after the order was stored. */
  | { readonly is: 'answer after effect'; readonly status: number; readonly body?: string }
  /** The effect, and then an answer that breaks off in the middle. */
  | { readonly is: 'truncate' }

export type Handler = (request: Request) => Promise<Response>

/** The connection broke: `serve` closes the socket, `fetchFrom` rejects as fetch does. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

/** Stands before a look-alike's handler and misbehaves when told to: once, or until told to stop. */
export class Faults {
  readonly #once: { fault: Fault; matches: (request: Request) => boolean }[] = []
  #always: ((request: Request) => Fault | null) | null = null

  /** The next request that matches gets this fault. */
  next(fault: Fault, matches: (request: Request) => boolean = () => true): void {
    this.#once.push({ fault, matches })
  }

  /** Each request gets what `choose` says, null for none; `always(null)` ends it. */
  always(choose: ((request: Request) => Fault | null) | null): void {
    this.#always = choose
  }

  wrap(handler: Handler): Handler {
    return async request => {
      const fault = this.#take(request)
      if (fault === null) return handler(request)
      switch (fault.is) {
        case 'lose request':
          throw new ConnectionLost('the request was lost')
        case 'lose reply':
          await handler(request)
          throw new ConnectionLost('the answer was lost')
        case 'answer':
          return new Response(fault.body ?? null, { status: fault.status, headers: fault.headers ?? {} })
        case 'answer after effect':
          await handler(request)
          return new Response(fault.body ?? null, { status: fault.status })
        case 'truncate':
          return half(await handler(request))
      }
    }
  }

  #take(request: Request): Fault | null {
    const index = this.#once.findIndex(({ matches }) => matches(request))
    if (index >= 0) return this.#once.splice(index, 1)[0]?.fault ?? null
    return this.#always?.(request) ?? null
  }
}

async function half(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  const body = bytes.length === 0 ? null : bytes.slice(0, Math.floor(bytes.length / 2))
  return new Response(body, { status: response.status, headers })
}
