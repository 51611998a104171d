import { createClient } from '@linchpin/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRig, type Rig } from '../testing/rig.ts'
import { enterCredential } from './connection.ts'
import { connectionsHealth } from './home.ts'

const DAY_MS = 24 * 3_600_000
let rig: Rig
beforeAll(async () => {
  rig = await openRig()
})
afterAll(() => rig.close())

test('a credential is kept sealed, takes the place of the one before, and is told of before it ends', async () => {
  const { linchpin } = rig
  const settings = { ...linchpin.config.connections['erp']?.settings, apiKey: { secret: 'apiKey' } }
  const erp = {
    ...linchpin.config.connections['erp'],
    settings,
  } as (typeof linchpin.config.connections)['erp']
  const config = { ...linchpin.config, connections: { ...linchpin.config.connections, erp } }
  const asked = { connection: 'erp', name: 'apiKey' }
  const enter = (secret: string, days: number | null) => {
    const expiresAt = days === null ? null : new Date(linchpin.now() + days * DAY_MS).toISOString()
    return enterCredential({ ...linchpin, config } as typeof linchpin, { ...asked, secret, expiresAt })
  }
  await enter('the first', null)
  await enter('the second', 3)
  const sealed = (await linchpin.store.secret('erp', 'apiKey')) ?? ''
  expect(sealed).not.toContain('second')
  expect(linchpin.keyring.open(asked, sealed)).toBe('the second')
  const becauseWith = async (asking: typeof linchpin) =>
    (await connectionsHealth(asking)).find(({ name }) => name === 'erp')?.verdict.because
  expect(await becauseWith({ ...linchpin, config } as typeof linchpin)).toContainEqual({
    code: 'expires',
    facts: { name: 'apiKey', days: 3 },
  })
  // The configuration of the rig has the key itself: what is left in the database is nobody's trouble.
  expect(await becauseWith(linchpin)).toEqual([])
})

test('what the configuration does not ask for is not kept, and the audit log tells nobody what it was', async () => {
  const api = createClient({ url: rig.url, fetch })
  const secret = 'a-canary-among-the-credentials'
  await expect(api.setCredential({ name: 'erp', setting: 'login', secret })).rejects.toMatchObject({
    code: 'no-credential',
  })
  const written = await api.audit({})
  expect(JSON.stringify(written)).toContain('setCredential')
  expect(JSON.stringify(written)).not.toContain(secret)
})
