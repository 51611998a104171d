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
  readonly calls: (connection?: string) => readonly WebhookCall[]
}

const KEPT = 200
const MOST_BYTES = 64 * 1024

export function createWebhookLog(): WebhookLog {
  let calls: readonly WebhookCall[] = []
  return {
    add: (call, request, at) => {
      calls = [{ ...call, at: new Date(at).toISOString(), ...shown(request) }, ...calls].slice(0, KEPT)
    },
    calls: connection => calls.filter(each => connection === undefined || each.connection === connection),
  }
}

/** Of a signature it is shown that there was one. */
const SIGNATURES = /sign|hmac|token|auth|cookie|secret/i

function shown({ headers, body }: RawRequest): Pick<WebhookCall, 'headers' | 'bytes' | 'body'> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    SIGNATURES.test(name) ? '(hidden)' : value,
  ])
  return {
    headers: Object.fromEntries(entries) as Record<string, string>,
    bytes: body.byteLength,
    body: readable(body),
  }
}

function readable(body: Uint8Array): unknown {
  if (body.byteLength > MOST_BYTES) return null
  try {
    return masked(JSON.parse(Buffer.from(body).toString('utf8')))
  } catch {
    return null
  }
}
