import { createHmac } from 'node:crypto'
import type { Books, Subscription } from './books.ts'
import { answered, refuse } from './failure.ts'
import { connection, gidOf, idIn } from './lists.ts'

export type Deliver = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<number>

export function webhookFields({ subscriptions, next }: Books) {
  const view = (each: Subscription) => ({ ...each, id: gidOf('WebhookSubscription', each.id) })
  return {
    webhookSubscriptions: (args: { readonly first?: number; readonly topics?: readonly string[] }) =>
      connection(
        subscriptions.filter(({ topic }) => !args.topics || args.topics.includes(topic)).map(view),
        args,
      ),
    webhookSubscriptionCreate: (args: { topic: string; webhookSubscription: { readonly uri: string } }) =>
      answered(() => {
        const { uri } = args.webhookSubscription
        if (subscriptions.find(each => each.topic === args.topic && each.uri === uri))
          refuse(['webhookSubscription', 'uri'], 'Address for this topic has already been taken')
        const id = next('subscription')
        subscriptions.put(id, { id, topic: args.topic, uri, failures: 0 })
        return {}
      }),
    webhookSubscriptionUpdate: (args: { id: string; webhookSubscription: { readonly uri: string } }) =>
      answered(() => {
        const there =
          subscriptions.get(idIn('WebhookSubscription', args.id)) ??
          refuse(['id'], 'Webhook subscription does not exist')
        subscriptions.put(there.id, { ...there, uri: args.webhookSubscription.uri })
        return {}
      }),
    webhookSubscriptionDelete: ({ id }: { readonly id: string }) =>
      answered(() => {
        if (!subscriptions.remove(idIn('WebhookSubscription', id)))
          refuse(['id'], 'Webhook subscription does not exist')
        return {}
      }),
  }
}

/** Tells subscribers of this topic. One that fails eight times in a row is dropped without a word. */
export async function tell(
  { subscriptions, stamp, shop }: Books,
  secret: string,
  deliver: Deliver,
  event: { readonly topic: string; readonly id: string; readonly payload: object },
): Promise<void> {
  const body = JSON.stringify(event.payload)
  for (const each of subscriptions.filter(({ topic }) => topic === event.topic)) {
    const status = await deliver(each.uri, signed(secret, event, body, shop.domain, stamp()), body)
    const failures = status >= 200 && status < 300 ? 0 : each.failures + 1
    if (failures >= 8) subscriptions.remove(each.id)
    else subscriptions.put(each.id, { ...each, failures })
  }
}

export function signed(
  secret: string,
  { topic, id }: { readonly topic: string; readonly id: string },
  body: string,
  domain: string,
  at: string,
): Record<string, string> {
  const [, resource = '', event = ''] = /^(.+)_(\w+?)$/.exec(topic.toLowerCase()) ?? []
  return {
    'content-type': 'application/json',
    'x-shopify-topic': `${resource}/${event}`,
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    'x-shopify-shop-domain': domain,
    'x-shopify-event-id': id,
    'x-shopify-webhook-id': `${id}-delivery`,
    'x-shopify-triggered-at': at,
  }
}
