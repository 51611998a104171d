import { z } from 'zod'
import type { Operation } from './client.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'

/** What we want to hear of. What Shopify sends with it is not read beyond the ids. */
const always = [
  'ORDERS_CREATE',
  'ORDERS_UPDATED',
  'ORDERS_CANCELLED',
  'REFUNDS_CREATE',
  'RETURNS_REQUEST',
  'RETURNS_APPROVE',
  'RETURNS_DECLINE',
  'RETURNS_UPDATE',
  'RETURNS_PROCESS',
  'RETURNS_CANCEL',
  'RETURNS_CLOSE',
  'RETURNS_REOPEN',
  'CUSTOMERS_CREATE',
  'CUSTOMERS_UPDATE',
  'CUSTOMERS_DELETE',
  'PRODUCTS_CREATE',
  'PRODUCTS_UPDATE',
] as const
const ofCompanies = [
  'COMPANY_LOCATIONS_CREATE',
  'COMPANY_LOCATIONS_UPDATE',
  'COMPANY_LOCATIONS_DELETE',
] as const

export const topicsFor = ({ companies }: Settings): readonly string[] => [
  ...always,
  ...(companies ? ofCompanies : []),
]

/** After eight failures in a row Shopify removes a subscription without a word; this brings it back. */
export async function subscribe(session: Session, url: string): Promise<readonly string[]> {
  const there = await ownSubscriptions(session)
  const repairs: string[] = []
  for (const topic of topicsFor(session.settings)) {
    const [first, ...surplus] = there.filter(each => each.topic === topic)
    if (!first) {
      await create(session, topic, url)
      repairs.push(`Subscribed to ${topic}.`)
    } else if (first.uri !== url) {
      await correct(session, first.id, url)
      repairs.push(`Corrected the address that ${topic} is sent to.`)
    }
    for (const { id } of surplus) {
      await remove(session, id)
      repairs.push(`Removed a second subscription to ${topic}.`)
    }
  }
  return repairs
}

/** Shopify shows an app its own subscriptions only. */
export async function ownSubscriptions({ client, settings }: Session) {
  const { webhookSubscriptions } = await client.ask(listing, { topics: topicsFor(settings) })
  return webhookSubscriptions.nodes
}

async function create({ client }: Session, topic: string, uri: string): Promise<void> {
  const { webhookSubscriptionCreate } = await client.ask(creating, { topic, uri })
  accept(webhookSubscriptionCreate.userErrors, `Shopify does not let us subscribe to ${topic}`)
}

async function correct({ client }: Session, id: string, uri: string): Promise<void> {
  const { webhookSubscriptionUpdate } = await client.ask(updating, {
    id: gid('WebhookSubscription', id),
    uri,
  })
  accept(webhookSubscriptionUpdate.userErrors, 'Shopify does not let us correct a subscription')
}

async function remove({ client }: Session, id: string): Promise<void> {
  const { webhookSubscriptionDelete } = await client.ask(deleting, { id: gid('WebhookSubscription', id) })
  accept(webhookSubscriptionDelete.userErrors, 'Shopify does not let us remove a subscription')
}

const listData = z.object({
  webhookSubscriptions: z.object({
    nodes: z.array(z.object({ id: z.string(), topic: z.string(), uri: z.string() })),
  }),
})
export const listing: Operation<z.infer<typeof listData>> = {
  text: `query Subscriptions($topics: [WebhookSubscriptionTopic!]!) {
    webhookSubscriptions(first: 100, topics: $topics) { nodes { id topic uri } } }`,
  data: listData,
}

const createData = z.object({ webhookSubscriptionCreate: z.object({ userErrors }) })
export const creating: Operation<z.infer<typeof createData>> = {
  text: `mutation Subscribe($topic: WebhookSubscriptionTopic!, $uri: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) {
      userErrors { field message } } }`,
  data: createData,
}

const updateData = z.object({ webhookSubscriptionUpdate: z.object({ userErrors }) })
export const updating: Operation<z.infer<typeof updateData>> = {
  text: `mutation Resubscribe($id: ID!, $uri: String!) {
    webhookSubscriptionUpdate(id: $id, webhookSubscription: { uri: $uri }) { userErrors { field message } } }`,
  data: updateData,
}

const deleteData = z.object({ webhookSubscriptionDelete: z.object({ userErrors }) })
export const deleting: Operation<z.infer<typeof deleteData>> = {
  text: `mutation Unsubscribe($id: ID!) { webhookSubscriptionDelete(id: $id) { userErrors { field message } } }`,
  data: deleteData,
}
