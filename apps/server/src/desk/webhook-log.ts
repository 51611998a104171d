import type { WebhookCall } from '@linchpin/api'
import type { RawRequest } from '@linchpin/connector'
import { masked } from './mask.ts'

/** The last webhooks that came to this node. In memory: what a stranger sends must not fill a disk. */
export interface WebhookLog {
  readonly add: (
    call: Pick<WebhookCall, 'connection' | 'verdict' | 'kept'>,
    request: RawRequest,
    at: number,
  ) => void
  /** Newest first, from before a call on. */
  readonly page: (asked: Asked) => { readonly calls: WebhookCall[]; readonly next: number | null }
}

interface Asked {
  readonly connection?: string | undefined
  readonly verdict?: WebhookCall['verdict'] | undefined
  readonly before?: number | undefined
  readonly limit: number
}

const KEPT = 200
const MOST_BYTES = 64 * 1024

export function createWebhookLog(): WebhookLog {
  // Oldest first. What is shown of a call is made when somebody looks: thousands come, and nobody looks at most of them.
  const calls: Kept[] = []
  let seq = 0
  return {
    add: (call, request, at) => {
      seq += 1
      calls.push({ ...call, seq, at: new Date(at).toISOString(), ...kept(request) })
      if (calls.length > KEPT) calls.shift()
    },
    page: ({ connection, verdict, before = Infinity, limit }) => {
      const wanted = calls
        .filter(
          each =>
            each.seq < before &&
            (connection === undefined || each.connection === connection) &&
            (verdict === undefined || each.verdict === verdict),
        )
        .reverse()
      const page = wanted.slice(0, limit).map(({ sent, ...call }) => ({ ...call, body: readable(sent) }))
      return { calls: page, next: wanted.length > limit ? (page.at(-1)?.seq ?? null) : null }
    },
  }
}

/** Of a signature it is shown that there was one. */
const SIGNATURES = /sign|hmac|token|auth|cookie|secret/i

/** `sent`: the body as it came, which leaves this process masked only; null: it was too large to be kept. */
type Kept = Omit<WebhookCall, 'body'> & { readonly sent: Uint8Array | null }

function kept({ headers, body }: RawRequest): Pick<Kept, 'headers' | 'bytes' | 'sent'> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    SIGNATURES.test(name) ? '(hidden)' : value,
  ])
  return {
    headers: Object.fromEntries(entries) as Record<string, string>,
    bytes: body.byteLength,
    sent: body.byteLength > MOST_BYTES ? null : body,
  }
}

function readable(sent: Uint8Array | null): unknown {
  if (sent === null) return null
  try {
    return masked(JSON.parse(Buffer.from(sent).toString('utf8')))
  } catch {
    return null
  }
}
