import { createServer, type AddressInfo } from 'node:net'
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

test('a private address is not taken as a credential, and not spoken to where it was entered all the same', async () => {
  let came = 0
  const trap = createServer(socket => void (socket.destroy(), (came += 1)))
  await new Promise<void>(resolve => trap.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`
  // Named by the environment at first; from the next start on, only the database knows where it is.
  const environment: Record<string, string | undefined> = { SECOND_URL: 'http://127.0.0.1:1' }
  const settings = { url: { secret: 'SECOND_URL' }, apiKey: 'a-key-of-the-second' }
  const other = await openRig({
    environment,
    config: { connections: { second: { connector: 'dolibarr', settings } }, flows: [] },
  })
  try {
    const { keyring, store, now } = other.linchpin
    const asked = { connection: 'second', name: 'url' }
    const api = createClient({ url: other.url, fetch })
    await expect(api.setCredential({ name: 'second', setting: 'url', secret: url })).rejects.toMatchObject({
      code: 'private-address',
    })
    expect(await store.secret('second', 'url')).toBeNull()
    await store.saveSecret('second', 'url', keyring.seal(asked, url), now())
    await other.running.stop()
    delete environment['SECOND_URL']
    const again = await other.restart()
    const test = await createClient({ url: again.url, fetch }).testConnection({ name: 'second' })
    expect(test).toMatchObject({ is: 'down', notes: [expect.stringContaining('is no public address')] })
    expect(came).toBe(0)
  } finally {
    await other.close()
    trap.close()
  }
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
