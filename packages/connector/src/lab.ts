import { contentHash } from '@linchpin/model'
import type { Io } from './connector.ts'

/** An Io for tests: its clock stands still until it is moved, and it can misbehave on the way to a look-alike. */
export interface Lab extends Io {
  /** One request gets this fault: the next, or the one after `skip` others. */
  readonly next: (fault: LabFault, skip?: number) => void
  /** Every request gets this fault, until `always(null)`. */
  readonly always: (fault: LabFault | null) => void
  /** The work is called off, after `skip` more requests have been answered. */
  readonly abort: (skip?: number) => void
  /** Lets so many milliseconds pass. */
  readonly advance: (ms: number) => void
  /** Each request that was asked for, also those that never left. */
  readonly seen: readonly Seen[]
  /** How many requests were under way at once, at most. */
  readonly mostAtOnce: () => number
  /** What was logged, one text a line. */
  readonly lines: readonly string[]
}

export interface Seen {
  readonly url: string
  readonly method: string
  /** The `authorization` header, '' when there is none. */
  readonly authorization: string
}

export type LabFault =
  /** The request never arrives. */
  | { readonly is: 'lose request' }
  /** The request takes effect, and its answer never arrives. */
  | { readonly is: 'lose reply' }
  /** This answer, and no effect. */
  | {
      readonly is: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** The effect, and this answer in place of the real one. */
  | { readonly is: 'answer after effect'; readonly status: number; readonly body?: string }
  /** The effect, and half of the answer. */
  | { readonly is: 'truncate' }

export type Remote = (url: string, init?: RequestInit) => Promise<Response>
export interface Clock {
  now: number
}

/** Far from today, so that a connector that reads the machine's clock is found out. */
export const labStart = Date.UTC(2030, 0, 1)

export function makeLab(remote: Remote, clock: Clock = { now: labStart }): Lab {
  const controller = new AbortController()
  const seen: Seen[] = []
  const lines: string[] = []
  const planned = new Map<number, LabFault>()
  let always: LabFault | null = null
  let abortAt = Infinity
  let nonces = 0
  let [underWay, mostAtOnce] = [0, 0]
  return {
    seen,
    lines,
    mostAtOnce: () => mostAtOnce,
    signal: controller.signal,
    now: () => clock.now,
    nonce: () => contentHash(['nonce', (nonces += 1)]),
    log: (message, facts = {}) => void lines.push(`${message} ${JSON.stringify(facts)}`),
    advance: ms => void (clock.now += ms),
    next: (fault, skip = 0) => void planned.set(seen.length + skip, fault),
    always: fault => void (always = fault),
    abort: (skip = 0) => {
      abortAt = seen.length + skip
      if (skip === 0) controller.abort()
    },
    fetch: async (url, init) => {
      const turn = seen.push(requestOf(url, init)) - 1
      if (controller.signal.aborted) throw noAnswer('the work was called off')
      underWay += 1
      mostAtOnce = Math.max(mostAtOnce, underWay)
      try {
        const response = await answer(planned.get(turn) ?? always, () => remote(url, init))
        if (turn + 1 >= abortAt) controller.abort()
        return response
      } finally {
        underWay -= 1
      }
    },
  }
}

async function answer(fault: LabFault | null, remote: () => Promise<Response>): Promise<Response> {
  switch (fault?.is) {
    case undefined:
      return remote()
    case 'lose request':
      throw noAnswer('nobody answered')
    case 'lose reply':
      await remote()
      throw noAnswer('the socket was closed')
    case 'answer':
      return new Response(fault.body ?? null, { status: fault.status, headers: fault.headers ?? {} })
    case 'answer after effect':
      await remote()
      return new Response(fault.body ?? null, { status: fault.status })
    case 'truncate':
      return half(await remote())
  }
}

async function half(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (bytes.length === 0) return response
  const { status, headers } = response
  return new Response(bytes.slice(0, Math.floor(bytes.length / 2)), { status, headers })
}

function requestOf(url: string, init: RequestInit = {}): Seen {
  const authorization = new Headers(init.headers).get('authorization') ?? ''
  return { url, method: init.method ?? 'GET', authorization }
}

/** As Node's fetch rejects, whatever was or was not sent. */
const noAnswer = (why: string) => new TypeError('fetch failed', { cause: new Error(why) })
