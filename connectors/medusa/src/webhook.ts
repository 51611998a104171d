import { createHmac } from 'node:crypto'
import { jsonIn, sameBytes, type Webhook } from '@linchpin/connector'
import { z } from 'zod'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** What our subscriber (subscriber/) sends. Medusa itself has no webhooks. */
export const webhook: Webhook<Settings, Session> = {
  verify: ({ webhookSecret }, { headers, body }) => {
    const signature = headers['x-linchpin-signature']
    if (!webhookSecret || signature === undefined) return false
    const right = createHmac('sha256', webhookSecret).update(body).digest('hex')
    return sameBytes(Buffer.from(right), Buffer.from(signature))
  },
  parse: ({ body }) => {
    const told = notifications.safeParse(jsonIn(Buffer.from(body).toString()))
    if (!told.success) return []
    return told.data.records.flatMap(each => {
      const known = notification.safeParse(each)
      return known.success ? [known.data] : []
    })
  },
}

const notification = z.object({
  entity: z.enum(['SalesOrder', 'Product', 'Account', 'ReturnAuthorization']),
  id: z.string().min(1),
})
const notifications = z.object({ records: z.array(z.unknown()) })
