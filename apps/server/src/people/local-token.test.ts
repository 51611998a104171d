import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listen, type Listening } from '../http/server.ts'
import { raw } from '../testing/raw.ts'
import { openRig, type Rig } from '../testing/rig.ts'
import { localTokenFile, openLocalToken } from './local-token.ts'
import { PLAIN } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'linchpin-local-token-'))
let rig: Rig
let proxied: Listening
let token: string
beforeAll(async () => {
  rig = await openRig()
  token = await openLocalToken(join(folder, 'data'))
  const people = { ...PLAIN, publicUrl: 'https://sync.example.com', localToken: token }
  const log = pino({ level: 'silent' })
  proxied = await listen(() => rig.linchpin, { host: '127.0.0.1', port: 0, token: null, log, people })
})
afterAll(async () => {
  await proxied.close()
  await rig.close()
  rmSync(folder, { recursive: true })
})

test('the token is made once, whoever comes first, and only its owner reads it', async () => {
  const other = join(folder, 'other')
  const made = await Promise.all([1, 2, 3, 4].map(() => openLocalToken(other)))
  expect(new Set(made).size).toBe(1)
  expect(readdirSync(other)).toEqual(['local-token'])
  expect(statSync(localTokenFile(other)).mode & 0o777).toBe(0o600)
  writeFileSync(localTokenFile(other), '')
  await expect(openLocalToken(other)).rejects.toThrow('is empty. Delete it')
})

test('behind a proxy nobody is trusted for coming from this machine: a stranger would, too', async () => {
  // As nginx hands on when nobody tells it more: under our own name, and without a word about whom for.
  expect((await raw(`${proxied.url}/api/v1/status`)).status).toBe(401)
  const headers = { authorization: `Bearer ${token}` }
  expect((await raw(`${proxied.url}/api/v1/status`, { headers })).status).toBe(200)
  const wrong = { authorization: `Bearer ${token}x` }
  expect((await raw(`${proxied.url}/api/v1/status`, { headers: wrong })).status).toBe(401)
})
