import type { Kernel } from '../kernel.ts'
import type { NetFaults } from '../plan.ts'
import type { Patience } from './patience.ts'
import type { Process } from '../process.ts'
import type { Fields, Remote, Reply, Request } from './remote.ts'

/** Between Linchpin's processes and the remotes: whatever can happen to a request happens here. */
export interface Network {
  readonly fetch: (process: Process, url: string, init: RequestInit, timeoutMs: number) => Promise<Response>
  /** When each request to a remote left, by the remote's name. */
  readonly sent: ReadonlyMap<string, readonly number[]>
  /** How often a write of each record left, by its target and its key: 'erp north/SalesOrder/1001'. */
  readonly writes: ReadonlyMap<string, number>
}

/** One record that is about to be written. */
export interface Sent {
  readonly remote: string
  readonly table: string
  readonly key: string
  readonly fields: Fields
}

export interface NetworkOptions {
  readonly kernel: Kernel
  readonly remotes: ReadonlyMap<string, Remote>
  readonly faults: () => NetFaults
  readonly isDown: (remote: string) => boolean
  readonly isStorm: (remote: string) => boolean
  /** How long a remote thinks over each request just now, in ms. */
  readonly thinks: (remote: string) => number
  readonly patienceOf: (remote: string) => Patience
  readonly onWrite: (write: Sent) => void
  /** Whether a remote lets in who shows this token. */
  readonly admits: (remote: string, token: string) => boolean
}

export function createNetwork(options: NetworkOptions): Network {
  const { kernel, remotes, faults, isDown, isStorm, thinks, patienceOf, onWrite, admits } = options
  const sent = new Map<string, number[]>()
  const writes = new Map<string, number>()
  const chance = kernel.chance('network')
  return {
    sent,
    writes,
    fetch: (process, url, init, timeoutMs) =>
      new Promise((answer, fail) => {
        const { hostname, pathname, searchParams } = new URL(url)
        const name = hostname.split('.')[0] ?? ''
        const remote = remotes.get(name)
        if (!remote) throw new TypeError('fetch failed: there is no such host')
        const times = sent.get(name) ?? []
        sent.set(name, times)
        times.push(kernel.now())
        patienceOf(name).sent(kernel.now())
        const request = requestOf(init, pathname, searchParams)
        for (const write of writesIn(name, request)) {
          const key = `${name} ${write.key}`
          writes.set(key, (writes.get(key) ?? 0) + 1)
          onWrite(write)
        }
        const label = `${process.name} ${request.method} ${name}${pathname}`
        let over = false
        const end = (what: string, go: () => void) => {
          if (over) return
          over = true
          disarm()
          process.resume(`${label} ${what}`, go)
        }
        const lose = () => fail(new TypeError('fetch failed'))
        const disarm = kernel.at(kernel.now() + timeoutMs, `${label} timeout`, () => end('timeout', lose))
        const { lostRequest, lostReply, late, lateMaxMs } = faults()
        if (isDown(name)) {
          kernel.at(kernel.now() + 20, `${label} refused`, () => end('refused', lose))
          return
        }
        if (chance.happens(lostRequest)) return
        const delay = chance.happens(late)
          ? chance.between(timeoutMs, lateMaxMs)
          : chance.between(5, 300) + thinks(name)
        kernel.at(kernel.now() + delay, `${label} arrives`, () => {
          const reply = isStorm(name) ? wait(chance.between(5, 30)) : answerOf(remote, request)
          if (chance.happens(lostReply)) return
          kernel.at(kernel.now() + chance.between(5, 100), `${label} ${reply.status}`, () =>
            end(String(reply.status), () => {
              if (reply.retryAfter !== undefined)
                patienceOf(name).told(kernel.now(), reply.retryAfter * 1_000, process.alive)
              answer(responseOf(reply))
            }),
          )
        })
      }),
  }

  function answerOf(remote: Remote, request: Request): Reply {
    const { before500, after500, busy, okWithError, html, truncated } = faults()
    if (chance.happens(before500)) return { status: 500, body: 'Internal error' }
    if (chance.happens(busy)) return wait(chance.between(1, 20))
    if (chance.happens(okWithError)) return { status: 200, body: { ok: false, error: 'LOCKED' } }
    if (!admits(remote.name, request.token)) return { status: 401, body: 'Who are you?' }
    const reply = remote.handle(request)
    if (chance.happens(after500)) return { status: 500, body: 'Internal error' }
    if (chance.happens(html)) return { status: 200, body: '<html>Please sign in' }
    if (chance.happens(truncated)) return { status: 200, body: JSON.stringify(reply.body).slice(0, 20) }
    return reply
  }
}

const wait = (seconds: number): Reply => ({ status: 429, body: '', retryAfter: seconds })

function writesIn(remote: string, { method, path, key, body }: Request): readonly Sent[] {
  const [, table = '', id] = path.split('/')
  if (method === 'GET') return []
  if (id !== 'batch') return [{ remote, table, key: key ?? '', fields: body }]
  const items = body['items'] as readonly { readonly key: string; readonly body: Fields }[]
  return items.map(item => ({ remote, table, key: item.key, fields: item.body }))
}

function requestOf(init: RequestInit, path: string, query: URLSearchParams): Request {
  const headers = (init.headers ?? {}) as Record<string, string>
  const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Fields) : {}
  const token = headers['x-token'] ?? ''
  return { method: init.method ?? 'GET', path, query, body, token, key: headers['idempotency-key'] ?? null }
}

/**
 * What the simulated connectors use of a Response. A real one reads its body through streams, which would take
 * turns of Node's own event loop: slower, and in an order that is not ours.
 */
function responseOf({ status, body, retryAfter }: Reply): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = retryAfter === undefined ? NO_HEADERS : new Headers({ 'retry-after': String(retryAfter) })
  return { status, ok: status < 300, headers, text: async () => text } as Response
}

/** Nobody writes into the headers of an answer. */
const NO_HEADERS = new Headers()
