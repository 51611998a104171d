import { isIP, type LookupFunction } from 'node:net'
import type { World } from '@linchpin/engine'
import { Agent, fetch } from 'undici'
import { addressesOf, type Lookup } from '../addresses.ts'

/** The way of alerts out of the house: to public addresses, and to what the configuration allows. */
export interface Egress {
  /** The addresses of a host. Throws Unsent where one of them may not be spoken to. */
  readonly addressesOf: (host: string) => Promise<readonly string[]>
  /** Follows no redirect and reads no answer. Throws Unsent. */
  readonly post: (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<void>
}

/** It did not get through; the words are for people, and hold no secret. */
export class Unsent extends Error {
  override readonly name = 'Unsent'
  /** The same message will never be taken. */
  readonly isFinal: boolean
  /** Asked to wait for so long. */
  readonly retryAfterMs: number | null
  constructor(message: string, { isFinal = false, retryAfterMs = null as number | null } = {}) {
    super(message)
    this.isFinal = isFinal
    this.retryAfterMs = retryAfterMs
  }
}

const TIMEOUT_MS = 15_000

export function createEgress(
  {
    allowPrivate,
    log,
  }: { readonly allowPrivate: readonly string[]; readonly log: Pick<World['log'], 'warn'> },
  lookup?: Lookup,
): Egress {
  const look = addressesOf(allowPrivate, lookup)
  const open = async (host: string) => {
    const { addresses, closed } = await look(host)
    if (closed !== null) {
      // Whoever makes channels does not learn what the names in this network stand for.
      log.warn({ host, address: closed }, 'An alert was to go to an address that is not public.')
      throw new Unsent(
        `${host} is no public address, and alerts go to no other. Is it meant? Then allow it in the configuration: alerts.allowPrivate.`,
      )
    }
    if (addresses.length === 0) throw new Unsent(`No address is known for ${host}.`)
    return addresses
  }
  return { addressesOf: open, post: (url, headers, body) => post(new URL(url), { headers, body }, open) }
}

async function post(
  url: URL,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
  addressesOf: Egress['addressesOf'],
): Promise<void> {
  const addresses = await addressesOf(url.hostname)
  const agent = new Agent({ connect: { lookup: only(addresses) } })
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const request = { method: 'POST', headers: { ...headers }, body, redirect: 'manual', signal } as const
    const answer = await fetch(url, { ...request, dispatcher: agent }).catch((cause: unknown) => {
      throw new Unsent(`${url.host} did not answer${codeOf(cause)}.`)
    })
    await answer.body?.cancel()
    if (!answer.ok) throw refused(url.host, answer.status, answer.headers.get('retry-after'))
  } finally {
    await agent.destroy()
  }
}

/** What was looked at is what is spoken to, whatever the name stands for by now. */
function only(addresses: readonly string[]): LookupFunction {
  const all = addresses.map(address => ({ address, family: isIP(address) }))
  return (_host, { all: wantsAll }, done) => {
    const [first] = all
    if (wantsAll) done(null, all)
    else done(null, first?.address ?? '', first?.family ?? 4)
  }
}

/** What is wrong with the message itself stays wrong; all else, somebody may put right. */
const FINAL = new Set([400, 410, 413, 422])

function refused(host: string, status: number, retryAfter: string | null): Unsent {
  const words =
    status >= 300 && status < 400
      ? `${host} sends us elsewhere (${status}), and we do not follow.`
      : `${host} answered ${status}.`
  const seconds = Number(retryAfter ?? '')
  const waits = retryAfter !== null && Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}
  return new Unsent(words, { isFinal: FINAL.has(status), ...waits })
}

/** ' (ECONNREFUSED)': of what was thrown, only what holds no address. */
export function codeOf(thrown: unknown): string {
  const { cause, code, name } = (thrown ?? {}) as { cause?: unknown; code?: unknown; name?: unknown }
  if (name === 'TimeoutError') return ' in time'
  const inner = (cause as { code?: unknown } | undefined)?.code
  const told = typeof inner === 'string' ? inner : code
  return typeof told === 'string' && /^[A-Z0-9_]{3,40}$/.test(told) ? ` (${told})` : ''
}
