import { randomBytes } from 'node:crypto'
import { isIP, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import { Problem } from '@linchpin/connector'
import type { World } from '@linchpin/engine'
import { Agent } from 'undici'
import type { Logger } from 'pino'
import { addressesOf, type Lookup } from './addresses.ts'
import { exchange, MOST_BYTES } from './exchange.ts'

/**
 * The world in earnest. `offset` is how far the database's clock is ahead of this machine's, in ms. Hosts that the
 * configuration `named` ('erp.local:8069') are spoken to wherever they are. Any other, which somebody entered in the
 * console or a remote sent us to, only at public addresses.
 */
export function realWorld(
  log: Logger,
  offset: () => number,
  named: ReadonlySet<string>,
  lookup?: Lookup,
): World {
  const look = addressesOf([], lookup)
  // Connections are kept open: a TLS handshake for each of a thousand stock updates would cost more than the updates.
  const keeping = { keepAliveTimeout: 30_000, connections: 64, maxResponseSize: MOST_BYTES }
  const anywhere = new Agent(keeping)
  const outside = new Agent({ ...keeping, connect: { lookup: publicOnly(look) } })
  return {
    now: () => Date.now() + offset(),
    random: Math.random,
    nonce: () => randomBytes(16).toString('hex'),
    log: {
      info: (facts, message) => log.info(facts, message),
      warn: (facts, message) => log.warn(facts, message),
      error: (facts, message) => log.error(facts, message),
    },
    sleep: (ms, signal) => sleep(ms, signal),
    fetch: (url, init, timeoutMs) =>
      within(timeoutMs, init.signal ?? null, async signal => {
        const { host, hostname } = new URL(url)
        const isNamed = named.has(host)
        // Nobody looks up what is an address already.
        if (!isNamed && isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) await opened(hostname, look)
        const dispatcher = isNamed ? anywhere : outside
        return exchange(url, init, { dispatcher, signal })
      }),
  }
}

/** Ends the work after a time or when it is cut off. fetch throws many things; for us they are one: no whole answer. */
async function within<Result>(
  ms: number,
  outer: AbortSignal | null,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const ending = new AbortController()
  const end = () => ending.abort()
  const timer = setTimeout(end, ms)
  // Taken off again below: the outer signal lives as long as the process, and thousands of requests listen to it.
  outer?.addEventListener('abort', end, { once: true })
  if (outer?.aborted) end()
  try {
    // undici listens only when it has a connection: who waits for one, or for its turn, would wait on.
    return await Promise.race([work(ending.signal), aborted(ending.signal)])
  } catch (cause) {
    throw refusalIn(cause) ?? new TypeError('fetch failed', { cause })
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', end)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_done, failed) => {
    const fail = () => failed(signal.reason as Error)
    if (signal.aborted) fail()
    else signal.addEventListener('abort', fail, { once: true })
  })
}

type Look = ReturnType<typeof addressesOf>

async function opened(host: string, look: Look): Promise<readonly string[]> {
  const { addresses, closed } = await look(host)
  if (closed === null) return addresses
  throw new Problem(
    'settings',
    `${host} is no public address, and neither the configuration nor its environment names it: nothing was sent. Is it meant? Then write it there, and not as a secret.`,
  )
}

/** Looked at when a connection is made, so that what was looked at is what is spoken to. */
function publicOnly(look: Look): LookupFunction {
  const find = callbackify((host: string) => opened(host, look))
  return (host, { all }, done) =>
    find(host, (error, addresses) => {
      const found = (error ? [] : addresses).map(address => ({ address, family: isIP(address) }))
      const [first] = found
      if (error || !first) done(error ?? new Error(`No address is known for ${host}.`), '')
      else if (all) done(null, found)
      else done(null, first.address, first.family)
    })
}

/** That we did not want to speak to them is told as it is, however deep fetch packs it. */
function refusalIn(thrown: unknown): Problem | null {
  if (thrown instanceof Problem) return thrown
  const { cause } = (thrown ?? {}) as { cause?: unknown }
  return cause === undefined ? null : refusalIn(cause)
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const wake = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal?.addEventListener('abort', wake, { once: true })
  })
}
