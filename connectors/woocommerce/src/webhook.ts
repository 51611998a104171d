import { createHmac } from 'node:crypto'
import { Problem, sameBytes, type Notification, type RawRequest, type Webhook } from '@linchpin/connector'
import type { EntityName } from '@linchpin/model'
import { z } from 'zod'
import { call, list, record, type Session } from './client.ts'
import type { Settings } from './settings.ts'

/**
 * WooCommerce tells once, never tries again, and tells the latest state for many changes. Its delivery id is a hash of
 * webhook and second, so a hundred products of one batch share one: nothing may be dropped by it.
 */
export const webhook: Webhook<Settings, Session> = {
  verify: ({ webhookSecret }, { headers, body }) => {
    const signature = headers['x-wc-webhook-signature']
    if (webhookSecret === '' || signature === undefined) return false
    const expected = createHmac('sha256', webhookSecret).update(body).digest('base64')
    return sameBytes(Buffer.from(expected), Buffer.from(signature))
  },
  parse: request => {
    const [resource = ''] = (request.headers['x-wc-webhook-topic'] ?? '').split('.')
    const payload = payloadOf(request)
    return payload === null ? [] : (readers[resource]?.(payload) ?? [])
  },
  // A new webhook is announced so, unsigned.
  greets: ({ body }) => body.length < 40 && /^webhook_id=\d+$/.test(Buffer.from(body).toString('latin1')),
  subscribe,
}

const TOPICS = ['order', 'product', 'customer'].flatMap(resource =>
  ['created', 'updated', 'deleted', ...(resource === 'customer' ? [] : ['restored'])].map(
    event => `${resource}.${event}`,
  ),
)

const payload = z.looseObject({
  id: z.int().positive(),
  parent_id: z.int().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  variations: z.array(z.int()).catch([]).default([]),
})
type Payload = z.infer<typeof payload>

/** Null for the greeting of a new webhook ('webhook_id=7', unsigned) and for what is not JSON. */
function payloadOf({ body }: RawRequest): Payload | null {
  try {
    return payload.safeParse(JSON.parse(Buffer.from(body).toString('utf8'))).data ?? null
  } catch {
    return null
  }
}

const readers: Readonly<Record<string, (payload: Payload) => Notification[]>> = {
  order: ({ id }) => [{ entity: 'SalesOrder', id: String(id) }],
  customer: ({ id }) => [{ entity: 'Account', id: String(id) }],
  product: each => productIds(each).flatMap(id => PRODUCT_ENTITIES.map(entity => ({ entity, id }))),
}

const PRODUCT_ENTITIES: readonly EntityName[] = ['Product', 'Price', 'StockLevel']

/** A product with variations is no product of ours: they are. */
function productIds({ id, parent_id: parent, type, variations }: Payload): string[] {
  if (parent !== undefined && parent > 0) return [`${parent}/${id}`]
  return type === 'variable' ? variations.map(variation => `${id}/${variation}`) : [String(id)]
}

interface Hook {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly topic: string
  readonly delivery_url: string
}

/** Creates what is missing, wakes what WooCommerce switched off after its failures, corrects address and secret. */
async function subscribe(session: Session, url: string): Promise<readonly string[]> {
  const { webhookSecret } = session.settings
  if (webhookSecret === '')
    throw new Problem(
      'settings',
      'Set `webhookSecret` of this shop first: without it no webhook is believed.',
    )
  const hooks = await list<Hook>(session, '/webhooks', { per_page: 100, status: 'all' })
  const repairs: string[] = []
  for (const topic of TOPICS) {
    const name = `Linchpin ${topic} ${fingerprint(webhookSecret)}`
    const ours = hooks.filter(hook => hook.topic === topic && isOurs(hook, url))
    const wanted = { name, topic, delivery_url: url, secret: webhookSecret, status: 'active' }
    repairs.push(...(await settle(session, ours, wanted)))
  }
  return repairs.length > 0 ? [...repairs, ...deafness(url)] : []
}

async function settle(session: Session, ours: readonly Hook[], wanted: Omit<Hook, 'id'>): Promise<string[]> {
  const [hook, ...surplus] = ours
  const repairs: string[] = []
  if (!hook) {
    await record<Hook>(session, 'POST', '/webhooks', wanted)
    repairs.push(`Created the webhook ${wanted.topic}.`)
  } else if (
    hook.status !== wanted.status ||
    hook.delivery_url !== wanted.delivery_url ||
    hook.name !== wanted.name
  ) {
    await record<Hook>(session, 'PUT', `/webhooks/${hook.id}`, wanted)
    repairs.push(`Repaired the webhook ${wanted.topic}: ${whatWasWrong(hook, wanted)}.`)
  }
  for (const { id } of surplus) {
    await call(session, 'DELETE', `/webhooks/${id}`, { query: { force: 'true' } })
    repairs.push(`Removed a second webhook ${wanted.topic}.`)
  }
  return repairs
}

function whatWasWrong(hook: Hook, wanted: Omit<Hook, 'id'>): string {
  if (hook.status !== wanted.status) return `it was ${hook.status}`
  return hook.delivery_url === wanted.delivery_url ? 'it had another secret' : 'it led to another address'
}

function isOurs(hook: Hook, url: string): boolean {
  return hook.name.startsWith('Linchpin ') || hook.delivery_url === url
}

/** WooCommerce never tells a webhook's secret. The name says which one it has, and gives nothing of it away. */
function fingerprint(secret: string): string {
  return createHmac('sha256', secret).update('linchpin webhook').digest('hex').slice(0, 8)
}

/** wp_safe_remote_request refuses private addresses and other ports, and WooCommerce says nothing about it. */
function deafness(url: string): string[] {
  const { hostname, port } = new URL(url)
  const isPrivate = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)/.test(hostname)
  if (!isPrivate && ['', '80', '443', '8080'].includes(port)) return []
  return [
    'WordPress delivers only to public addresses on ports 80, 443 and 8080, so these webhooks may never come. The poll still does.',
  ]
}
