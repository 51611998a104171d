import { may, routes, type RouteName } from '@linchpin/api'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raw } from '../testing/raw.ts'
import { openRig, type Rig } from '../testing/rig.ts'
import { listen, type Listening } from './server.ts'

const TOKEN = 'a-token-of-the-tests'
const log = pino({ level: 'silent' })
let rig: Rig
let guarded: Listening
beforeAll(async () => {
  rig = await openRig()
  guarded = await listen(() => rig.linchpin, { host: '127.0.0.1', port: 0, token: TOKEN, log })
})
afterAll(async () => {
  await guarded.close()
  await rig.close()
})

const guardedRoutes = Object.entries(routes).filter(([name]) => may[name as RouteName] !== 'anyone')
const inside = guardedRoutes.map(([, { method, path }]) => ({
  method,
  path: `/api/v1${path.replace(/\{\w+\}/, 'shop')}`,
}))
const behindDoor = [
  ...inside,
  { method: 'GET', path: '/metrics' },
  { method: 'GET', path: '/api/v1/openapi.json' },
]

describe('without a token', () => {
  test('programs on this machine come in, by any of its names', async () => {
    const { port } = new URL(rig.url)
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, 'localhost'])
      expect((await raw(`${rig.url}/api/v1/status`, { headers: { host } })).status, host).toBe(200)
  })

  test('no page in a browser does, nor a name that somebody lets resolve to this machine, nor a proxy', async () => {
    const strangers: Record<string, string>[] = [
      { host: 'evil.example' },
      { host: '127.0.0.1.evil.example' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:8484' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'x-forwarded-for': '203.0.113.7' },
      { forwarded: 'for=203.0.113.7' },
    ]
    for (const headers of strangers)
      for (const { method, path } of behindDoor) {
        const { status, text } = await raw(`${rig.url}${path}`, { method, headers })
        expect([status, JSON.parse(text)], `${method} ${path} ${JSON.stringify(headers)}`).toMatchObject([
          401,
          { code: 'sign-in' },
        ])
      }
  })

  test('it does not listen elsewhere', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1'])
      await expect(listen(() => rig.linchpin, { host, port: 0, token: null, log })).rejects.toThrow(
        'set http.token to a secret',
      )
  })
})

describe('with a token', () => {
  test('only its bearer comes in, to every route', async () => {
    for (const { method, path } of behindDoor)
      for (const authorization of [
        undefined,
        '',
        'Bearer',
        'Bearer x',
        `Bearer ${TOKEN}x`,
        `Basic ${TOKEN}`,
      ]) {
        const headers = authorization === undefined ? {} : { authorization }
        const { status } = await raw(`${guarded.url}${path}`, { method, headers })
        expect(status, `${method} ${path} ${authorization}`).toBe(401)
      }
    for (const path of ['/api/v1/status', '/metrics', '/api/v1/openapi.json']) {
      const headers = { authorization: `Bearer ${TOKEN}`, host: 'sync.example.com' }
      expect((await raw(`${guarded.url}${path}`, { headers })).status, path).toBe(200)
    }
  })

  test('those who watch over the process need none, and learn nothing else', async () => {
    expect((await raw(`${guarded.url}/healthz`)).text).toBe('{"is":"up"}')
    expect((await raw(`${guarded.url}/readyz`)).text).toBe('{"is":"ready"}')
    expect((await raw(`${guarded.url}/`)).text).toMatch(/^Linchpin runs here/)
  })
})

describe('what comes in is checked', () => {
  const post = (
    path: string,
    body: string,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => raw(`${rig.url}/api/v1${path}`, { method: 'POST', headers, body })

  test('an unknown key is 400, and is named with the nearest right one', async () => {
    const answers = [
      await post('/parked/retry', '{"flwo":"x"}'),
      await post('/flows/product-erp-to-shop/pause', '{"whoo":"x"}'),
      await raw(`${rig.url}/api/v1/parked?limt=5`),
    ]
    for (const { status, headers, text } of answers) {
      expect(status).toBe(400)
      expect(headers['content-type']).toContain('application/problem+json')
      expect(JSON.parse(text)).toMatchObject({ code: 'bad-request', status: 400 })
    }
    expect(answers.map(({ text }) => /Did you mean \\"(\w+)\\"/.exec(text)?.[1])).toEqual([
      'flow',
      'who',
      'limit',
    ])
  })

  test('what is no JSON, poisoned, or of another kind is refused with words', async () => {
    expect((await post('/sync', '{')).status).toBe(400)
    expect((await post('/sync', '{"__proto__":{"a":1},"flow":"x"}')).status).toBe(400)
    const form = await post('/sync', 'flow=x', { 'content-type': 'application/x-www-form-urlencoded' })
    expect([form.status, JSON.parse(form.text)]).toMatchObject([415, { code: 'not-json' }])
    expect((await post('/sync', '{"flow":"x"}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post('/sync', `{"flow":${'['.repeat(100_000)}`)).status).toBe(400)
    expect(
      (await post('/sync', `{"flow":"${'x'.repeat(6_000_000)}"}`).catch(() => ({ status: 413 }))).status,
    ).toBe(413)
  })

  test('names that are not there are 404 with a code of their own', async () => {
    const flow = await post('/sync', '{"flow":"nothing"}')
    expect([flow.status, JSON.parse(flow.text)]).toMatchObject([404, { code: 'no-flow' }])
    const connection = await post('/connections/nothing/test', '{}')
    expect(JSON.parse(connection.text)).toMatchObject({ code: 'no-connection' })
    const record = await raw(`${rig.url}/api/v1/trace?number=no-such-number`)
    expect(JSON.parse(record.text)).toMatchObject({ code: 'no-record' })
    const nowhere = await raw(`${rig.url}/api/v2/status`)
    expect([nowhere.status, JSON.parse(nowhere.text)]).toMatchObject([404, { code: 'not-found' }])
  })
})

test('metrics tell deliveries by flow, and no record', async () => {
  await rig.until('something is delivered', async () => {
    const { text } = await raw(`${rig.url}/metrics`)
    return /linchpin_deliveries\{flow="product-erp-to-shop",state="done"\} [1-9]/.test(text)
  })
  const { text } = await raw(`${rig.url}/metrics`)
  expect(text).toContain('linchpin_connection_open{connection="erp"} 1')
  expect(text).not.toContain('@')
})

test('the port of another says so in words', async () => {
  const { port } = new URL(rig.url)
  const second = listen(() => rig.linchpin, { host: '127.0.0.1', port: Number(port), token: null, log })
  await expect(second).rejects.toThrow(`Something else uses port ${port}`)
})
