import { createHmac } from 'node:crypto'
import { sameBytes, type Webhook } from '@linchpin/connector'
import { z } from 'zod'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** What our plugin (plugin/linchpin-plugin.cjs) sends. Vendure itself has no webhooks. */
export const webhook: Webhook<Settings, Session> = {
  verify: ({ webhookSecret }, { headers, body }) => {
    const signature = headers['x-linchpin-signature']
    if (!webhookSecret || signature === undefined) return false
    const right = createHmac('sha256', webhookSecret).update(body).digest('hex')
    return sameBytes(Buffer.from(right), Buffer.from(signature))
  },
  parse: ({ body }) => {
    const told = notification.safeParse(parsed(body))
    return told.success ? [told.data] : []
  },
}

const notification = z.object({
  entity: z.enum(['SalesOrder', 'Product', 'Account']),
  id: z.string().min(1),
})

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as unknown
  } catch {
    return undefined
  }
}
