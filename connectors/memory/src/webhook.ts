import { createHmac } from 'node:crypto'
import { sameBytes, type RawRequest, type Webhook } from '@linchpin/connector'
import type { EntityName } from '@linchpin/model'
import { z } from 'zod'
import { call, type Session } from './client.ts'
import type { Settings } from './settings.ts'

const entityOf: Readonly<Record<string, EntityName>> = { order: 'SalesOrder', product: 'Product' }
const body = z.object({ about: z.string(), id: z.string().min(1) })

export const webhook: Webhook<Settings, Session> = {
  verify: ({ webhookSecret }, request) => {
    const signature = request.headers['x-memory-signature']
    if (webhookSecret === '' || signature === undefined) return false
    // Compared as text: decoding base64 ignores junk at its end, and 'signature + A' would be believed.
    return sameBytes(Buffer.from(sign(webhookSecret, request)), Buffer.from(signature))
  },
  parse: request => {
    const told = body.safeParse(parsed(request.body))
    const entity = told.success ? entityOf[told.data.about] : undefined
    return told.success && entity !== undefined ? [{ entity, id: told.data.id }] : []
  },
  subscribe: async (session, url) => {
    const hooks = await call(session, '/hooks', z.array(z.object({ url: z.string() })))
    if (hooks.some(hook => hook.url === url)) return []
    await call(session, '/hooks', z.object({}), { method: 'POST', body: { url } })
    return [`Memory did not call ${url}; now it does.`]
  },
}

function sign(secret: string, request: RawRequest): string {
  return createHmac('sha256', secret).update(request.body).digest('base64')
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as unknown
  } catch {
    return undefined
  }
}
