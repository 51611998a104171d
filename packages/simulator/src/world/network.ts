import type { Kernel } from '../kernel.ts'
import type { NetFaults } from '../plan.ts'
import type { Process } from '../process.ts'
import type { Fields, Remote, Reply, Request } from './remote.ts'

/** Between Linchpin's processes and the remotes: whatever can happen to a request happens here. */
export interface Network {
  readonly fetch: (process: Process, url: string, init: RequestInit, timeoutMs: number) => Promise<Response>
  /** When each request to a remote left, by the remote's name. */
  readonly sent: ReadonlyMap<string, readonly number[]>
}

export function createNetwork(
  kernel: Kernel,
  remotes: ReadonlyMap<string, Remote>,
  faults: () => NetFaults,
  isDown: (remote: string) => boolean,
): Network {
  const sent = new Map<string, number[]>()
  const chance = kernel.chance('network')
  return {
    sent,
    fetch: (process, url, init, timeoutMs) =>
      new Promise((answer, fail) => {
        const { hostname, pathname, searchParams } = new URL(url)
        const name = hostname.split('.')[0] ?? ''
        const remote = remotes.get(name)
        if (!remote) throw new TypeError('fetch failed: there is no such host')
        const times = sent.get(name) ?? []
        sent.set(name, times)
        times.push(kernel.now())
        const request = requestOf(init, pathname, searchParams)
        const label = `${process.name} ${request.method} ${name}${pathname}`
        let over = false
        const end = (what: string, go: () => void) => {
          if (over) return
          over = true
          process.resume(`${label} ${what}`, go)
        }
        const lose = () => fail(new TypeError('fetch failed'))
        kernel.at(kernel.now() + timeoutMs, `${label} timeout`, () => end('timeout', lose))
        const { lostRequest, lostReply, late, lateMaxMs } = faults()
        if (isDown(name)) {
          kernel.at(kernel.now() + 20, `${label} refused`, () => end('refused', lose))
          return
        }
        if (chance.happens(lostRequest)) return
        const delay = chance.happens(late) ? chance.between(timeoutMs, lateMaxMs) : chance.between(5, 300)
        kernel.at(kernel.now() + delay, `${label} arrives`, () => {
          const reply = answerOf(remote, request)
          if (chance.happens(lostReply)) return
          kernel.at(kernel.now() + chance.between(5, 100), `${label} ${reply.status}`, () =>
            end(String(reply.status), () => answer(responseOf(reply))),
          )
        })
      }),
  }

  function answerOf(remote: Remote, request: Request): Reply {
    const { before500, after500, busy, okWithError, html, truncated } = faults()
    if (chance.happens(before500)) return { status: 500, body: 'Internal error' }
    if (chance.happens(busy)) return { status: 429, body: '', retryAfter: chance.between(1, 20) }
    if (chance.happens(okWithError)) return { status: 200, body: { ok: false, error: 'LOCKED' } }
    const reply = remote.handle(request)
    if (chance.happens(after500)) return { status: 500, body: 'Internal error' }
    if (chance.happens(html)) return { status: 200, body: '<html>Please sign in' }
    if (chance.happens(truncated)) return { status: 200, body: JSON.stringify(reply.body).slice(0, 20) }
    return reply
  }
}

function requestOf(init: RequestInit, path: string, query: URLSearchParams): Request {
  const headers = (init.headers ?? {}) as Record<string, string>
  const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Fields) : {}
  return { method: init.method ?? 'GET', path, query, body, key: headers['idempotency-key'] ?? null }
}

/**
 * What the simulated connectors use of a Response. A real one reads its body through streams, which would take
 * turns of Node's own event loop: slower, and in an order that is not ours.
 */
function responseOf({ status, body, retryAfter }: Reply): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) })
  return { status, ok: status < 300, headers, text: async () => text } as Response
}
