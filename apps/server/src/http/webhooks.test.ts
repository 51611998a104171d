import { createHmac } from 'node:crypto'
import { createEngine } from '@linchpin/engine'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Linchpin } from '../linchpin.ts'
import { openRig, webhookSecret, type Rig } from '../testing/rig.ts'
import { realWorld } from '../world.ts'
import { listen, type Listening } from './server.ts'

// Its engine is not started: what is kept stays where it can be counted.
let rig: Rig
let door: Listening
const silent = pino({ level: 'silent' })
const openDoor = (linchpin: () => Linchpin) =>
  listen(linchpin, { host: '127.0.0.1', port: 0, token: null, log: silent })
beforeAll(async () => {
  rig = await openRig({
    config: {
      flows: [{ name: 'quiet', entity: 'SalesOrder', from: 'shop', to: 'erp', schedule: { every: '1d' } }],
    },
  })
  await rig.linchpin.store.pause(
    { target: { connection: 'shop' }, who: 'test', reason: 'Nothing shall be read.', kind: null },
    Date.now(),
  )
  rig.linchpin.engine.control.forget()
  door = await openDoor(() => rig.linchpin)
})
afterAll(async () => {
  await door.close()
  await rig.close()
})

const sign = (body: string | Buffer, secret = webhookSecret) =>
  createHmac('sha256', secret).update(body).digest('base64')

function post(body: string | Buffer | null, headers: Record<string, string> = {}, path = 'webhooks/shop') {
  return fetch(`${door.url}/${path}`, { method: 'POST', body, headers })
}

function told(id: number) {
  const body = JSON.stringify({ id })
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-wc-webhook-topic': 'order.updated',
      'x-wc-webhook-signature': sign(body),
    },
  }
}

async function kept(): Promise<number> {
  const { notices } = await rig.linchpin.store.status()
  return notices.reduce((sum, { count }) => sum + count, 0)
}

test('a signed webhook is answered with 202, and its notification is in the database by then', async () => {
  const before = await kept()
  const { body, headers } = told(9001)
  const answer = await post(body, headers)
  expect([answer.status, await answer.json()]).toEqual([202, { kept: 1 }])
  expect(await kept()).toBe(before + 1)
})

test('the bytes count, not what they mean: any content type is taken, and a body that was written anew is not', async () => {
  const { body, headers } = told(9002)
  for (const type of ['text/plain', 'application/json; charset=utf-16', 'multipart/form-data; boundary=x'])
    expect((await post(body, { ...headers, 'content-type': type })).status, type).toBe(202)
  expect((await post(`${body} `, headers)).status).toBe(401)
  expect((await post(JSON.stringify(JSON.parse(body), null, 1), headers)).status).toBe(401)
})

test('what is forged in any way is turned away with 401 and words, and nothing of it is kept', async () => {
  const before = await kept()
  const { body, headers } = told(9003)
  const signature = headers['x-wc-webhook-signature']
  const flipped = signature.replace(/^./, first => (first === 'A' ? 'B' : 'A'))
  for (const forged of [
    '',
    flipped,
    `${signature}A`,
    ` ${signature} x`,
    `${signature}, ${signature}`,
    sign(body, ''),
    sign(body, 'x'),
  ]) {
    const answer = await post(body, { ...headers, 'x-wc-webhook-signature': forged })
    expect(answer.status, forged).toBe(401)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toMatchObject({ code: 'forged', status: 401 })
  }
  const { 'x-wc-webhook-signature': _none, ...unsigned } = headers
  expect((await post(body, unsigned)).status).toBe(401)
  expect((await post(null)).status).toBe(401)
  expect(await kept()).toBe(before)
})

test('a greeting, which a shop sends unsigned and as a form, is answered, and keeps nothing', async () => {
  const before = await kept()
  const answer = await post('webhook_id=42', { 'content-type': 'application/x-www-form-urlencoded' })
  expect([answer.status, await answer.json()]).toEqual([202, { kept: 0 }])
  expect(await kept()).toBe(before)
})

test('a connection that is not there is 404', async () => {
  const { body, headers } = told(9004)
  for (const name of ['nobody', '..%2fapi', '%00'])
    expect((await post(body, headers, `webhooks/${name}`)).status, name).toBe(404)
})

test('20 MB are refused before they are read, rightly signed or not, and nothing is kept', async () => {
  const before = await kept()
  const large = Buffer.alloc(20 * 1024 * 1024, 'x')
  const headers = { 'x-wc-webhook-topic': 'order.updated', 'x-wc-webhook-signature': sign(large) }
  const answer = await post(large, headers).catch((error: unknown) => error)
  // Who is still sending when the door closes may see a broken connection instead of the words.
  if (answer instanceof Response)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([413, 'too-large'])
  else expect(answer).toBeInstanceOf(TypeError)
  expect(await kept()).toBe(before)
  expect((await post(told(9005).body, told(9005).headers)).status).toBe(202)
})

test('while the database does not take it, a webhook is answered with 500, so that the shop sends it again', async () => {
  const { linchpin } = rig
  const store = { ...linchpin.store, notify: async () => Promise.reject(new Error('the disk is full')) }
  const world = realWorld(silent, () => 0, new Set())
  const engine = createEngine({
    setup: linchpin.setup,
    store,
    world,
    node: 'test',
    fileUrl: async () => null,
  })
  const other = await openDoor(() => ({ ...linchpin, store, engine }))
  try {
    const { body, headers } = told(9006)
    const answer = await fetch(`${other.url}/webhooks/shop`, { method: 'POST', body, headers })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([500, 'failed'])
  } finally {
    await other.close()
  }
})

test('a door that opened before the house is ready says so, and a shop sends again', async () => {
  let ready = false
  const { Refusal } = await import('./problem.ts')
  const early = await openDoor(() => {
    if (!ready) throw new Refusal(503, 'starting', 'Linchpin is starting. Try again in a moment.')
    return rig.linchpin
  })
  try {
    const ring = () => fetch(`${early.url}/webhooks/shop`, { method: 'POST', ...told(9007) })
    expect((await ring()).status).toBe(503)
    expect((await fetch(`${early.url}/healthz`)).status).toBe(200)
    const readiness = await fetch(`${early.url}/readyz`)
    expect([readiness.status, await readiness.json()]).toMatchObject([503, { code: 'starting' }])
    ready = true
    expect((await ring()).status).toBe(202)
    expect((await fetch(`${early.url}/readyz`)).status).toBe(200)
  } finally {
    await early.close()
  }
})
