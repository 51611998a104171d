import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PLAIN } from '../people/settings.ts'
import { raw } from '../testing/raw.ts'
import { openRig, type Rig } from '../testing/rig.ts'
import { listen, type Listening } from './server.ts'

let rig: Rig
let secure: Listening
beforeAll(async () => {
  rig = await openRig()
  const people = { ...PLAIN, publicUrl: 'https://sync.example.com' }
  const log = pino({ level: 'silent' })
  secure = await listen(() => rig.linchpin, { host: '127.0.0.1', port: 0, token: 'a-token', log, people })
  await secure.console.prepare()
})
afterAll(async () => {
  await secure.close()
  await rig.close()
})

const html = { accept: 'text/html' }

test('a page runs no script but those that come from here as files, and stands in no frame', async () => {
  const { status, headers, text } = await raw(`${secure.url}/`, { headers: html })
  expect(status).toBe(200)
  const policy = new Map(
    String(headers['content-security-policy'])
      .split(';')
      .map(each => each.trim().split(' '))
      .map(([name = '', ...values]) => [name, values.join(' ')]),
  )
  expect(policy.get('default-src')).toBe("'none'")
  expect(policy.get('script-src')).toBe("'self'")
  expect(policy.get('connect-src')).toBe("'self'")
  expect(policy.get('frame-ancestors')).toBe("'none'")
  expect(policy.get('base-uri')).toBe("'none'")
  const scripts = [...text.matchAll(/<script[^>]*>([^<]*)/g)]
  expect(scripts.length).toBeGreaterThan(0)
  for (const [tag, inside] of scripts) expect([/ src="\//.test(tag), inside]).toEqual([true, ''])
  expect(text).not.toMatch(/ on\w+=/)
})

test('every answer says so, also a refusal, and nobody is told where one was', async () => {
  for (const path of ['/', '/parked', '/api/v1/status', '/api/v1/me', '/healthz', '/nothing', '/metrics']) {
    const { headers } = await raw(`${rig.url}${path}`, { headers: html })
    expect(headers, path).toMatchObject({
      'content-security-policy': expect.stringContaining("script-src 'self'") as string,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
    expect(headers['access-control-allow-origin'], path).toBeUndefined()
  }
})

test('a browser is told to insist on HTTPS where there is HTTPS, and nowhere else', async () => {
  expect((await raw(`${secure.url}/healthz`)).headers['strict-transport-security']).toMatch(/^max-age=\d+/)
  expect((await raw(`${rig.url}/healthz`)).headers['strict-transport-security']).toBeUndefined()
})

test('an answer of the API is kept by no cache', async () => {
  expect((await raw(`${rig.url}/api/v1/people`)).headers['cache-control']).toBe('no-store')
})

test('another origin is not told that it may ask', async () => {
  const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
  const { status, headers: told } = await raw(`${rig.url}/api/v1/sync`, { method: 'OPTIONS', headers })
  expect([status, told['access-control-allow-origin']]).toEqual([404, undefined])
})
