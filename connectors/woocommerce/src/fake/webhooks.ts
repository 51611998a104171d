import { createHash, createHmac } from 'node:crypto'
import { WpError } from './answers.ts'
import { stampOf, type Books, type HookDoc, type Job } from './books.ts'
import { text, type Fields } from './products.ts'

/** Sends one delivery to its receiver and answers the status; rejects when nobody is there. */
export type Deliver = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<number>

export function createHook(books: Books, fields: Fields): HookDoc {
  const topic = text(fields['topic'])
  if (!/^(order|product|customer|coupon)\.(created|updated|deleted|restored|published)$/.test(topic))
    throw new WpError(
      'woocommerce_rest_webhook_invalid_topic',
      'Webhook topic is required and must be valid.',
      400,
    )
  const now = stampOf(books.now())
  const id = books.nextId('webhooks')
  const blank: HookDoc = {
    id,
    name: `Webhook created on ${now}`,
    status: 'active',
    topic,
    delivery_url: '',
    secret: '',
    failures: 0,
    date_created_gmt: now,
    date_modified_gmt: now,
  }
  // The greeting of a new webhook: a form, unsigned, and its answer is not looked at.
  books.jobs.put(`ping:${id}`, { hook: id, resource: 0, event: 'ping' })
  return books.hooks.put(id, written(blank, fields))
}

export function updateHook(books: Books, id: number, fields: Fields): HookDoc {
  const before = hookOrThrow(books, id)
  const after = { ...written(before, fields), date_modified_gmt: stampOf(books.now()) }
  const isWoken = before.status !== 'active' && after.status === 'active'
  return books.hooks.put(id, isWoken ? { ...after, failures: 0 } : after)
}

export function hookOrThrow(books: Books, id: number): HookDoc {
  const hook = books.hooks.get(id)
  if (!hook) throw new WpError('woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.', 404)
  return hook
}

/** The secret is never told. */
export function presentHook(hook: HookDoc): object {
  const { secret: _, failures: __, ...shown } = hook
  const [resource, event] = hook.topic.split('.')
  return { ...shown, resource, event, hooks: [], date_created: hook.date_created_gmt }
}

function written(before: HookDoc, fields: Fields): HookDoc {
  return {
    ...before,
    name: text(fields['name'], before.name),
    status: text(fields['status'], before.status),
    topic: text(fields['topic'], before.topic),
    delivery_url: text(fields['delivery_url'], before.delivery_url),
    secret: text(fields['secret'], before.secret),
  }
}

/** One run of the scheduler: each waiting delivery is tried once, with the record as it is now, and never again. */
export async function runHooks(
  books: Books,
  deliver: Deliver,
  payloadOf: (resource: string, id: number) => object | null,
): Promise<number> {
  const jobs: [string, Job][] = books.jobs
    .all()
    .map(job => [job.event === 'ping' ? `ping:${job.hook}` : `${job.hook}:${job.resource}`, job])
  for (const [key, job] of jobs) {
    books.jobs.remove(key)
    const hook = books.hooks.get(job.hook)
    if (!hook || hook.status !== 'active') continue
    if (job.event === 'ping') await ping(hook, deliver)
    else await tell(books, hook, job, deliver, payloadOf)
  }
  return jobs.length
}

async function ping(hook: HookDoc, deliver: Deliver): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  await deliver(hook.delivery_url, headers, `webhook_id=${hook.id}`).catch(() => 0)
}

async function tell(
  books: Books,
  hook: HookDoc,
  job: Job,
  deliver: Deliver,
  payloadOf: (resource: string, id: number) => object | null,
): Promise<void> {
  const [resource = '', event = ''] = hook.topic.split('.')
  const payload = event === 'deleted' ? { id: job.resource } : payloadOf(resource, job.resource)
  if (payload === null) return
  const body = JSON.stringify(payload)
  const status = await deliver(hook.delivery_url, headersOf(books, hook, resource, event, body), body).catch(
    () => 0,
  )
  const isGood = (status >= 200 && status < 300) || status === 301 || status === 302
  const latest = books.hooks.get(hook.id)
  if (!latest) return
  if (isGood) books.hooks.put(hook.id, { ...latest, failures: 0 })
  // More than five failures are counted already: this, the seventh in a row, is the last.
  else if (latest.failures > 5) books.hooks.put(hook.id, { ...latest, status: 'disabled' })
  else books.hooks.put(hook.id, { ...latest, failures: latest.failures + 1 })
}

function headersOf(
  books: Books,
  hook: HookDoc,
  resource: string,
  event: string,
  body: string,
): Record<string, string> {
  const second = Math.floor(books.now() / 1000)
  return {
    'content-type': 'application/json',
    'user-agent': 'WooCommerce/11.0.1 Hookshot (WordPress/7.0)',
    'x-wc-webhook-source': 'http://shop.example/',
    'x-wc-webhook-topic': hook.topic,
    'x-wc-webhook-resource': resource,
    'x-wc-webhook-event': event,
    'x-wc-webhook-signature': createHmac('sha256', hook.secret).update(body).digest('base64'),
    'x-wc-webhook-id': String(hook.id),
    // Webhook and second: all that one webhook tells within a second has one id.
    'x-wc-webhook-delivery-id': createHash('md5').update(`${hook.id}${second}`).digest('hex'),
  }
}
