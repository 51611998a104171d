import { createHmac } from 'node:crypto'
import { sameBytes, type Notification, type Webhook } from '@linchpin/connector'
import { z } from 'zod'
import { accountOfLocation } from './company-row.ts'
import { plainId } from './ids.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'
import { subscribe } from './subscriptions.ts'

/**
 * Shopify signs each webhook with the app's secret. It sends one again until it is answered, in any order, with the payload
 * of the first time, up to a day late, and sometimes not at all
 * (https://shopify.dev/docs/apps/build/webhooks/best-practices). All of that is harmless here: a webhook only says which
 * record to read. An event that is told twice (`x-shopify-event-id`) is not read again.
 */
export const webhook: Webhook<Settings, Session> = {
  verify: ({ clientSecret }, { headers, body }) => {
    const signature = headers['x-shopify-hmac-sha256']
    if (!clientSecret || signature === undefined) return false
    const right = createHmac('sha256', clientSecret).update(body).digest('base64')
    return sameBytes(Buffer.from(right), Buffer.from(signature))
  },
  parse: ({ headers, body }) => {
    const [resource = ''] = (headers['x-shopify-topic'] ?? '').split('/')
    const told = payload.safeParse(parsed(body))
    return told.success ? (readers[resource]?.(told.data) ?? []) : []
  },
  // One event, such as a cancelling, can be told under several topics, at different moments of it.
  event: ({ headers }) => {
    const id = headers['x-shopify-event-id']
    return id === undefined ? null : `${headers['x-shopify-topic'] ?? ''} ${id}`
  },
  subscribe,
}

const id = z.int().positive()
const payload = z.looseObject({
  id: id.optional().catch(undefined),
  /** Some topics tell of a return by its address alone. */
  admin_graphql_api_id: z.string().optional().catch(undefined),
  order_id: id.optional().catch(undefined),
  variants: z.array(z.looseObject({ id })).optional().catch(undefined),
})
type Payload = z.infer<typeof payload>

const one = (entity: Notification['entity'], number: number | undefined): Notification[] =>
  number === undefined ? [] : [{ entity, id: String(number) }]

/** A refund is told with its order, whose state it changes. */
const readers: Readonly<Record<string, (payload: Payload) => Notification[]>> = {
  orders: told => one('SalesOrder', told.id),
  refunds: told => [
    ...one('SalesOrder', told.order_id),
    ...(told.id && told.order_id ? [{ entity: 'Refund' as const, id: `${told.order_id}/${told.id}` }] : []),
  ],
  returns: told =>
    one('ReturnAuthorization', told.id ?? (Number(plainId(told.admin_graphql_api_id ?? '')) || undefined)),
  customers: told => one('Account', told.id),
  company_locations: told =>
    one('Account', told.id).map(each => ({ ...each, id: accountOfLocation(each.id) })),
  products: ({ variants = [] }) =>
    variants.flatMap(each => [...one('Product', each.id), ...one('Price', each.id)]),
}

/** Numbers in Shopify's payloads are below 2^53; ids are told as numbers there, and as addresses beside them. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as unknown
  } catch {
    return undefined
  }
}
