import type { RawRequest } from '@linchpin/connector'
import type { Hint, Store } from '@linchpin/store'
import type { Heard } from './heard.ts'
import { known, type Setup } from './setup.ts'
import type { World } from './world.ts'

/** What to answer: 'kept' only after the notifications are durable. */
export type WebhookAnswer =
  | { readonly is: 'kept'; readonly count: number }
  /** Kept when it was told before. */
  | { readonly is: 'known' }
  | { readonly is: 'forged' }
  | { readonly is: 'unreadable' }
  | { readonly is: 'no webhook' }

/** A webhook notifies: what rang is written down before it is answered, and read later. Its payload is never used. */
export async function receiveWebhook(
  connection: string,
  request: RawRequest,
  { setup, notify, world, heard }: { setup: Setup; notify: Notify; world: World; heard: Heard },
): Promise<WebhookAnswer> {
  if (!setup.connections.has(connection)) return { is: 'no webhook' }
  const { connector, settings } = known(setup.connections, connection)
  const { webhook } = connector
  if (!webhook) return { is: 'no webhook' }
  if (!webhook.verify(settings, request)) {
    if (webhook.greets?.(request)) return { is: 'kept', count: 0 }
    world.log.warn({ connection }, 'A webhook without a valid signature was turned away.')
    return { is: 'forged' }
  }
  let hints: readonly Hint[]
  try {
    const wanted = new Set(setup.flows.filter(flow => flow.from === connection).map(flow => flow.entity))
    hints = webhook
      .parse(request)
      .filter(({ entity }) => wanted.has(entity))
      .map(({ entity, id }) => ({ connection, entity, id, cause: 'webhook' as const }))
  } catch {
    return { is: 'unreadable' }
  }
  // One event can be about several records, and each of them is a telling of its own.
  const event = webhook.event?.(request) ?? null
  const named = hints.map(hint => ({ hint, name: JSON.stringify([event, hint]) }))
  const news = named.filter(({ name }) => event === null || !heard.has(name))
  if (news.length === 0 && hints.length > 0) return { is: 'known' }
  await notify(news.map(({ hint }) => hint))
  if (event !== null) for (const { name } of news) heard.add(name)
  return { is: 'kept', count: news.length }
}

export type Notify = (hints: readonly Hint[]) => Promise<void>

/**
 * Notifications that arrive while a write to the store is under way are written together by the next: at the door,
 * one transaction for many is worth more than anything else (measured: three to five times).
 */
export function groupCommit(store: Store, world: Pick<World, 'now'>): Notify {
  let waiting: { hints: readonly Hint[]; done: () => void; failed: (error: unknown) => void }[] = []
  let busy = false
  const flush = async () => {
    busy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE)
      waiting = waiting.slice(MOST_AT_ONCE)
      try {
        await store.notify(
          batch.flatMap(({ hints }) => hints),
          world.now(),
        )
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    busy = false
  }
  return hints =>
    hints.length === 0
      ? Promise.resolve()
      : new Promise((done, failed) => {
          waiting.push({ hints, done, failed })
          if (!busy) void flush()
        })
}

const MOST_AT_ONCE = 256
