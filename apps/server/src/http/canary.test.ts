import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { routes, type Route, type RouteName } from '@linchpin/api'
import { demoKey } from '@linchpin/connector-woocommerce'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setUpLink } from '../people/set-up.ts'
import { raw } from '../testing/raw.ts'
import { openRig, webhookSecret, type Rig } from '../testing/rig.ts'
import { visitor } from '../testing/visitor.ts'

const TOKEN = 'canary-http-token-7f3a'
const PASSWORD = 'canary password that nobody may read 91c2'
const MISTYPED = 'canary password in the wrong field 5d0e'
const OPENID = 'canary-openid-secret-aa17'
const MAIL = 'canary-mail-password-22b8'
const HOOK = 'canary-hook-path-9e1f'
const SIGNS = `whsec_${Buffer.from('canary-of-the-signing-secret-31c').toString('base64')}`
const KEY = Buffer.from('canary-key-of-the-sealed-secrets').toString('base64')

/** All that was logged, down to the last detail. */
const logged: string[] = []
/** All that was answered, but for the answers that are there to show a secret once. */
const answered: string[] = []
/** What must stand in neither. */
const canaries = new Map<string, string>([
  ['http.token', TOKEN],
  ['a password', PASSWORD],
  ['a password where the address belongs', MISTYPED],
  ['the secret for the OpenID provider', OPENID],
  ['the password of the mail server', MAIL],
  ['the address of a chat', HOOK],
  ['what signs the alerts', SIGNS],
  ['the key of the sealed secrets', KEY],
  ['the secret of the shop', demoKey.consumerSecret],
  ['the secret of its webhooks', webhookSecret],
])
let rig: Rig
const bearer = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }

beforeAll(async () => {
  const stream = { write: (line: string) => void logged.push(line) }
  const openid = { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: { env: 'OPENID' } }
  rig = await openRig({
    config: {
      alerts: { allowPrivate: ['127.0.0.1'] },
      http: { port: 0, token: { env: 'TOKEN' } },
      people: { openid },
    },
    environment: { TOKEN, OPENID, LINCHPIN_KEY: KEY },
    log: pino({ level: 'trace' }, stream),
  })
  canaries.set('the token of this machine', readFileSync(join(rig.folder, 'data', 'local-token'), 'utf8'))
  canaries.set('the key of the ERP', rig.erp.access.apiKey)
  await rig.until('an article is in the shop', () =>
    rig.shop.products().some(({ stock_quantity }) => (stock_quantity ?? 0) > 5),
  )
})
afterAll(() => rig.close())

/** A secret in any clothes in which it travels. */
const forms = (secret: string) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  JSON.stringify(secret).slice(1, -1),
]

const ask = async (path: string, init: Parameters<typeof raw>[1] = {}) => {
  const { headers, ...rest } = init
  const {
    status,
    text,
    headers: told,
  } = await raw(`${rig.url}${path}`, {
    headers: { ...bearer, ...headers },
    ...rest,
  })
  answered.push(text, JSON.stringify(told))
  return status
}

async function peopleComeAndGo(): Promise<void> {
  const { db, now } = rig.linchpin
  const first = await setUpLink(db, rig.url, now())
  const ada = visitor(rig.url)
  const token = first?.link.split('#')[1] ?? ''
  await ada.api.setUp({ token, name: 'Ada', email: 'ada@example.com', password: PASSWORD })
  await ada.api.signIn({ email: 'ada@example.com', password: PASSWORD })
  await visitor(rig.url)
    .api.signIn({ email: 'ada@example.com', password: MISTYPED })
    .catch(() => {})
  const { key } = await ada.api.addApiKey({ name: 'a program', rights: ['look'] })
  const { link } = await ada.api.addPerson({ name: 'Bob', email: 'bob@example.com', role: 'viewer' })
  canaries.set('an API key', key).set('a one-time link', link.split('#')[1] ?? '')
  canaries.set('the first link', token).set('the cookie of a session', ada.cookie().split('=')[1] ?? '')
  await raw(`${rig.url}/sign-in/openid`)
}

async function theClumsyToo(): Promise<void> {
  const post = (path: string, body: string) => ask(path, { method: 'POST', body })
  const browser = { 'sec-fetch-site': 'same-origin', 'linchpin-client': '1', authorization: '' }
  for (const body of [
    JSON.stringify({ email: MISTYPED, password: PASSWORD }),
    JSON.stringify({ email: 'ada@example.com', password: PASSWORD, more: 1 }),
    `{"email":"ada@example.com","password":"${PASSWORD}`,
    JSON.stringify({ token: PASSWORD, name: '', email: MISTYPED, password: 'short' }),
  ]) {
    await post('/api/v1/sign-in', body)
    await ask('/api/v1/set-up', { method: 'POST', body, headers: browser })
  }
  await ask(`/api/v1/nothing?password=${encodeURIComponent(PASSWORD)}`, { headers: { 'x-secret': PASSWORD } })
  await raw(`${rig.url}/webhooks/shop`, {
    method: 'POST',
    body: '{}',
    headers: { 'x-wc-webhook-signature': 'x' },
  })
}

interface Alerts {
  readonly rule: string
  /** A channel that rules tell by, and one that none does. */
  readonly mails: string
  readonly hook: string
}

/** By channels that cannot get through: what they say of that is kept and shown, too. */
async function alertsAreMade(): Promise<Alerts> {
  const post = async (path: string, body: object) => {
    const asked = { method: 'POST', body: JSON.stringify(body), headers: bearer }
    const { text } = await raw(`${rig.url}/api/v1/alerts/${path}`, asked)
    answered.push(text)
    const made = JSON.parse(text) as { channel?: { id: string }; rule?: { id: string } }
    return (made.channel ?? made.rule)?.id ?? ''
  }
  const mail = { host: '127.0.0.1', port: 9, user: 'x', from: 'a@example.com', to: ['b@example.com'] }
  const channels = [
    await post('channels', { kind: 'email', name: 'mail', ...mail, password: MAIL }),
    await post('channels', { kind: 'slack', name: 'slack', secretUrl: `http://127.0.0.1:9/${HOOK}` }),
    await post('channels', { kind: 'teams', name: 'odd', secretUrl: HOOK, more: MAIL }),
    await post('channels', {
      kind: 'webhook',
      name: 'hook',
      secretUrl: 'http://127.0.0.1:9/',
      secret: SIGNS,
    }),
  ].filter(id => id !== '')
  expect(channels).toHaveLength(3)
  const [mails = '', chat = '', hook = ''] = channels
  const rule = await post('rules', { name: 'all', events: ['paused'], channels: [mails, chat] })
  for (const id of channels) await post(`channels/${id}/test`, {})
  await post(`channels/${chat}`, {
    kind: 'slack',
    name: 'other',
    secretUrl: `http://127.0.0.1:9/${HOOK}`,
  })
  return { rule, mails, hook }
}

const FLOW = 'sales-order-shop-to-erp'

/** What each route takes, so that what is behind it runs. */
function bodiesFor(order: string, { mails }: Alerts): Partial<Record<RouteName, object>> {
  const [reason, why] = ['a test', 'a test']
  const ids = [order]
  return {
    retry: { flow: FLOW },
    skip: { flow: FLOW, ids: ['nothing'], reason },
    answer: { flow: FLOW, id: order, arrived: null },
    sync: { flow: FLOW, ids },
    replay: { since: '2026-11-01T00:00:00Z' },
    plan: { flow: FLOW, ids },
    apply: { flow: FLOW, steps: [] },
    match: { flow: 'account-shop-to-erp' },
    reconcile: { flow: FLOW },
    push: { to: 'erp', dryRun: true },
    ignoreField: { flow: FLOW, field: 'total', why },
    endIgnoring: { flow: FLOW, field: 'total' },
    pauseConnection: { reason },
    pauseFlow: { reason },
    load: { as: 'look' },
    link: {
      entity: 'SalesOrder',
      from: { connection: 'shop', id: order },
      to: { connection: 'erp', id: '1' },
    },
    unlink: { entity: 'SalesOrder', from: { connection: 'shop', id: 'nothing' }, to: 'erp' },
    reveal: { reason },
    comment: { words: 'a test' },
    correct: { set: [{ path: ['billing', 'city'], now: 'Bonn' }], dryRun: true, why },
    progress: { flow: FLOW, ids },
    previewMapping: { id: order },
    saveMapping: { mapping: { fields: { buyerReference: 'transaction_id' } }, over: 0, why },
    liveMapping: { version: 0, over: 1, why },
    signIn: { email: 'ada@example.com', password: PASSWORD },
    setUp: { token: 'a token that opens nothing', name: 'Eve', email: 'eve@example.com', password: PASSWORD },
    acceptInvitation: { token: 'a token that opens nothing', password: PASSWORD },
    changePassword: { password: PASSWORD, newPassword: PASSWORD },
    addPerson: { name: 'Cy', email: 'cy@example.com', role: 'viewer' },
    changePerson: { name: 'Bob B.' },
    addApiKey: { name: 'another program', rights: ['look'] },
    addAlertRule: { name: 'another', events: ['run'], channels: [mails] },
    changeAlertRule: { name: 'changed', events: ['run'], channels: [mails] },
    addAlertChannel: { kind: 'slack', name: 'another', secretUrl: `http://127.0.0.1:9/${HOOK}` },
    changeAlertChannel: { kind: 'webhook', name: 'changed' },
    setCredential: { secret: MISTYPED },
  }
}

/**
 * These say no also to who asks rightly: no credential is kept here, there is no demo, nothing to set up, no such link,
 * and a token is no person.
 */
const SAYS_NO = ['setCredential', 'enterDemo', 'setUp', 'setUpLink', 'acceptInvitation', 'changePassword']

/** Every route, with names that are there and with names that are not. Answers which did not do what they are for. */
async function everything(order: string, sku: string, alerts: Alerts): Promise<readonly string[]> {
  const { people } = JSON.parse((await raw(`${rig.url}/api/v1/people`, { headers: bearer })).text) as {
    people: { id: string; name: string }[]
  }
  const names: Record<string, string> = { flows: FLOW, connections: 'erp', mappings: 'shop.SalesOrder' }
  const parts: Record<string, string> = { connection: 'shop', entity: 'SalesOrder', flow: FLOW, sku }
  const bob = people.find(({ name }) => name === 'Bob')?.id ?? ''
  const queries: Partial<Record<RouteName, string>> = { trace: `?number=${order}`, search: `?text=${order}` }
  const bodies = bodiesFor(order, alerts)
  const saidNo: string[] = []
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const known = route.path
      .replace(/(flows|connections|mappings)\/\{name\}/, (_all, kind: string) => `${kind}/${names[kind]}`)
      .replace(/\{(connection|entity|flow|sku)\}/g, (_all, part: string) => parts[part] ?? '')
      .replace('/alerts/rules/{id}', `/alerts/rules/${alerts.rule}`)
      .replace('/alerts/channels/{id}', `/alerts/channels/${alerts.hook}`)
      .replace('{id}', route.path.startsWith('/people') ? bob : order)
    const init = {
      method: route.method,
      ...(route.method === 'GET' ? {} : { body: JSON.stringify(bodies[name] ?? {}) }),
    }
    const status = await ask(`/api/v1${known}${queries[name] ?? ''}`, init)
    if (status !== 200) saidNo.push(name)
    await ask(`/api/v1${route.path}?number=${order}&text=${order}`, init)
  }
  for (const path of ['/', '/metrics', '/healthz', '/readyz', '/api/v1/openapi.json']) await ask(path)
  return saidNo
}

test('no secret stands in a log, an answer, the audit log or anything else that is kept to be read', async () => {
  const product = rig.shop.products().find(({ stock_quantity }) => (stock_quantity ?? 0) > 5)
  const billing = {
    first_name: 'Noor',
    last_name: 'X',
    email: 'noor@example.com',
    country: 'DE',
    city: 'Ulm',
  }
  const alerts = await alertsAreMade()
  const order = rig.shop.placeOrder({ billing, lines: [{ product: product?.id ?? 0, quantity: 1 }] })
  await rig.shop.runWebhooks()
  await peopleComeAndGo()
  await theClumsyToo()
  await rig.until('the order is in the ERP', async () => {
    const { deliveries } = await rig.linchpin.store.status()
    return deliveries.some(({ flow, state }) => flow === 'sales-order-shop-to-erp' && state === 'done')
  })
  expect(await everything(String(order.id), product?.sku ?? '', alerts)).toEqual(SAYS_NO)
  await keptTables()
  expect([logged.length > 5, answered.length > 100]).toEqual([true, true])
  const all = [...logged, ...answered]
  for (const [name, secret] of canaries) {
    expect(secret.length, name).toBeGreaterThan(8)
    const found = all.filter(text => forms(secret).some(form => text.includes(form)))
    expect(
      found.map(text => text.slice(0, 300)),
      name,
    ).toEqual([])
  }
})

/** What is read later: who did what, what was sent and answered, what happened. */
async function keptTables(): Promise<void> {
  for (const table of [
    'audit',
    'journal',
    'attempt',
    'notice',
    'delivery',
    'said_before',
    'alert_channel',
    'alert_message',
  ]) {
    const rows = await rig.linchpin.db.query<{ row: string }>('', `select t::text "row" from ${table} t`)
    answered.push(...rows.map(({ row }) => row))
  }
}
