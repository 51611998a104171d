import { jsonIn, sameBytes, type Notification, type RawRequest, type Webhook } from '@linchpin/connector'
import { isEntityName } from '@linchpin/model'
import { z } from 'zod'
import type { Session } from './client.ts'
import type { Settings } from './settings.ts'

/**
 * What metasfresh pushes when a document is completed: its scripted export (external system "ScriptedAdapter") posts
 * what our script makes of the document, with our token as the Authorization header. See push/linchpin.js.
 *
 * The token says who speaks, not that every word is theirs: there is no signature over the body. That is enough here,
 * since a push only names a record, which is then read.
 */
const PUSH = z.looseObject({
  linchpin: z.array(z.looseObject({ entity: z.string(), id: z.union([z.string().min(1), z.int()]) })),
})

export const webhook: Webhook<Settings, Session> = {
  verify: ({ pushToken }, request) => {
    const shown = request.headers['authorization']
    if (pushToken === undefined || pushToken === '' || shown === undefined) return false
    if (!sameBytes(Buffer.from(pushToken), Buffer.from(shown))) return false
    return pushIn(request).success
  },
  parse: request => {
    const push = pushIn(request)
    if (!push.success) return []
    return push.data.linchpin.flatMap(({ entity, id }): Notification[] =>
      FOLLOWED.has(entity) && isEntityName(entity) ? [{ entity, id: String(id) }] : [],
    )
  },
}

const FOLLOWED = new Set([
  'SalesOrder',
  'Shipment',
  'Invoice',
  'CreditNote',
  'StockLevel',
  'Price',
  'Product',
  'Account',
])

const pushIn = (request: RawRequest) => PUSH.safeParse(jsonIn(Buffer.from(request.body).toString()))
