import { randomBytes } from 'node:crypto'
import type { World } from '@linchpin/engine'
import { Agent, fetch, type RequestInit as UndiciRequest, type Response as UndiciResponse } from 'undici'
import type { Logger } from 'pino'

/** The world in earnest. `offset` is how far the database's clock is ahead of this machine's, in ms. */
export function realWorld(log: Logger, offset: () => number): World {
  // Connections are kept open: a TLS handshake for each of a thousand stock updates would cost more than the updates.
  const dispatcher = new Agent({ keepAliveTimeout: 30_000, connections: 64 })
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
        const request = { ...init, redirect: 'manual', signal, dispatcher } as UndiciRequest
        return wholeAnswer(await fetch(url, request))
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
    return await work(ending.signal)
  } catch (cause) {
    throw new TypeError('fetch failed', { cause })
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', end)
  }
}

/** No page of records and no invoice comes near it; a remote that sends more would fill our memory. */
const MOST_BYTES = 20 * 1024 * 1024

/** The answer with its body read to the end: half an answer is none. */
async function wholeAnswer(response: UndiciResponse): Promise<Response> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) throw new Error(`The answer is larger than ${MOST_BYTES} bytes.`)
    chunks.push(chunk)
  }
  const { status, statusText } = response
  const headers = [...response.headers].filter(([name]) => !ENCODED.has(name))
  return new Response(bytes === 0 ? null : Buffer.concat(chunks), { status, statusText, headers })
}

/** They tell of the body as it travelled, which is decoded by now. */
const ENCODED = new Set(['content-encoding', 'content-length', 'transfer-encoding'])

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
