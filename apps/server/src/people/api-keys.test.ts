import { createHash } from 'node:crypto'
import { createClient } from '@linchpin/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raw } from '../testing/raw.ts'
import { openRig, type Rig } from '../testing/rig.ts'

let rig: Rig
beforeAll(async () => {
  rig = await openRig()
})
afterAll(() => rig.close())

/** A program on this machine, and one with a key. */
const program = (token?: string) => createClient({ url: rig.url, fetch, ...(token ? { token } : {}) })

test('a key opens what it was made for and nothing else; its use is noted', async () => {
  const { id, key } = await program().addApiKey({ name: 'watcher', rights: ['look'], days: 1 })
  expect(key).toMatch(/^lp_[\w-]{43}$/)
  const watcher = program(key)
  expect((await watcher.status({})).connections.length).toBeGreaterThan(0)
  expect(await watcher.me({})).toMatchObject({ who: 'watcher', role: null, rights: ['look'] })
  await expect(watcher.sync({ flow: 'price-erp-to-shop' })).rejects.toMatchObject({
    status: 403,
    code: 'may-not',
  })
  const kept = (await program().apiKeys({})).keys.find(each => each.id === id)
  expect(kept).toMatchObject({ name: 'watcher', hint: key.slice(0, 9), usedFrom: '127.0.0.1' })
  expect(kept?.usedAt).not.toBeNull()
})

test('a key that was revoked, or is too old, opens nothing', async () => {
  const revoked = await program().addApiKey({ name: 'old job', rights: ['look'] })
  expect(await program().revokeApiKey({ id: revoked.id })).toEqual({ done: true })
  expect(await program().revokeApiKey({ id: revoked.id })).toEqual({ done: false })
  const aged = await program().addApiKey({ name: 'aged', rights: ['look'], days: 1 })
  const { db, now } = rig.linchpin
  await db.query('', 'update api_key set expires_at = $2 where id = $1', [aged.id, new Date(now())])
  for (const key of [revoked.key, aged.key, `${aged.key}x`, 'lp_'])
    await expect(program(key).status({})).rejects.toMatchObject({ status: 401, code: 'sign-in' })
})

test('nobody gives a right that they do not have', async () => {
  const { key } = await program().addApiKey({ name: 'inviter', rights: ['people'] })
  await expect(program(key).addApiKey({ name: 'more', rights: ['people', 'operate'] })).rejects.toThrow(
    'You may not give what you do not have: operate.',
  )
})

test('nobody makes somebody what they are not themselves, nor opens the way to such a person', async () => {
  const { key } = await program().addApiKey({ name: 'reception', rights: ['people', 'look'] })
  const reception = program(key)
  const refused = { status: 403, code: 'may-not' }
  await expect(reception.setUpLink({})).rejects.toMatchObject(refused)
  const eve = { name: 'Eve', email: 'mallory@example.com' }
  await expect(reception.addPerson({ ...eve, role: 'admin' })).rejects.toMatchObject(refused)
  await expect(reception.addPerson({ ...eve, role: 'support' })).rejects.toThrow(
    'You may not give what you do not have: reveal, comment.',
  )
  const { person } = await reception.addPerson({ ...eve, role: 'viewer' })
  await expect(reception.changePerson({ id: person.id, role: 'admin' })).rejects.toMatchObject(refused)
  const { person: ada } = await program().addPerson({
    name: 'Ada',
    email: 'boss@example.com',
    role: 'admin',
  })
  await expect(reception.invitePerson({ id: ada.id })).rejects.toMatchObject(refused)
  await expect(reception.changePerson({ id: ada.id, name: 'Eve' })).rejects.toMatchObject(refused)
  expect((await program().person({ id: ada.id })).person).toMatchObject({ name: 'Ada', role: 'admin' })
  expect((await reception.changePerson({ id: person.id, name: 'Eva' })).person.name).toBe('Eva')
  expect((await reception.invitePerson({ id: person.id })).link).toContain('/invitation#')
})

test('what a key does carries its name, whatever it says', async () => {
  const { key } = await program().addApiKey({ name: 'night job', rights: ['look', 'operate'] })
  await program(key).pauseFlow({ name: 'price-erp-to-shop', reason: 'a test', who: 'the boss' })
  const { flows } = await program().status({})
  expect(flows.find(({ name }) => name === 'price-erp-to-shop')?.paused).toMatchObject({ by: 'night job' })
  await program(key).resumeFlow({ name: 'price-erp-to-shop' })
  const { entries } = await program().audit({ who: 'night job' })
  expect(entries.map(({ what, how }) => [what, how])).toEqual([
    ['resumeFlow', 'key'],
    ['pauseFlow', 'key'],
  ])
  expect(entries[1]).toMatchObject({ before: null, after: { reason: 'a test' }, outcome: 'done' })
})

test('what somebody may not do is in the audit log too, and the log is whole', async () => {
  const { key } = await program().addApiKey({ name: 'curious', rights: ['look'] })
  await expect(program(key).skip({ reason: 'because', flow: 'x' })).rejects.toMatchObject({ code: 'may-not' })
  const { entries } = await program().audit({ who: 'curious' })
  expect(entries).toMatchObject([{ what: 'skip', outcome: 'may-not' }])
  const { whole, rows } = await program().verifyAudit({})
  expect([whole, rows > 5]).toEqual([true, true])
})

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  raw(`${rig.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

test('a call with an Idempotency-Key is done once, and said again it gets the same answer', async () => {
  const call = { name: 'Twice', email: 'twice@example.com', role: 'viewer' }
  const pause = { reason: 'once', who: 'a test' }
  const headers = { 'idempotency-key': 'k-1' }
  const first = await post('/flows/price-erp-to-shop/pause', pause, headers)
  expect((await post('/flows/price-erp-to-shop/resume', {})).status).toBe(200)
  expect(await post('/flows/price-erp-to-shop/pause', pause, headers)).toMatchObject({
    status: 200,
    text: first.text,
  })
  const { flows } = await program().status({})
  expect(flows.find(({ name }) => name === 'price-erp-to-shop')?.paused).toBeNull()
  const other = await post('/flows/price-erp-to-shop/pause', { ...pause, reason: 'else' }, headers)
  expect([other.status, JSON.parse(other.text)]).toMatchObject([422, { code: 'key-reused' }])
  // A refusal is repeated as well, and what is shown once is not shown again.
  const wrong = await post('/people', { ...call, role: 'king' }, { 'idempotency-key': 'k-2' })
  expect(wrong.status).toBe(400)
  expect((await post('/people', call, { 'idempotency-key': 'k-3' })).status).toBe(200)
  const again = await post('/people', call, { 'idempotency-key': 'k-3' })
  expect([again.status, JSON.parse(again.text)]).toMatchObject([409, { code: 'done-already' }])
  expect((await program().people({})).people.filter(({ name }) => name === 'Twice')).toHaveLength(1)
})

test('what is kept of such a call tells whoever has the database nothing of a password in it', async () => {
  const { db } = rig.linchpin
  const said = { secret: 'guessable', expiresAt: null, who: 'a test' }
  await post('/connections/erp/credentials/apiKey', said, { 'idempotency-key': 'k-digest' })
  const [kept] = await db.query<{ request: Buffer }>(
    '',
    `select request from said_before where key = 'k-digest'`,
  )
  expect(kept?.request).toHaveLength(32)
  const input = JSON.stringify(['setCredential', { ...said, name: 'erp', setting: 'apiKey' }])
  expect(kept?.request).not.toEqual(createHash('sha256').update(input).digest())
  expect(kept?.request).toEqual(Buffer.from(rig.linchpin.digest(input)))
})

test('of many with the same Idempotency-Key at once, one is done', async () => {
  const call = { name: 'Once', rights: ['look'] }
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => post('/api-keys', call, { 'idempotency-key': 'k-4' })),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect((await program().apiKeys({})).keys.filter(({ name }) => name === 'Once')).toHaveLength(1)
})

test('an Idempotency-Key is as good as new after a day, also one whose call never ended', async () => {
  const { db } = rig.linchpin
  const call = { name: 'Daily', rights: ['look'] }
  const say = async () => (await post('/api-keys', call, { 'idempotency-key': 'k-5' })).status
  const older = (hours: number) =>
    db.query('', `update said_before set at = at - $1 * interval '1 hour' where key = 'k-5'`, [hours])
  expect([await say(), await say()]).toEqual([200, 409])
  await older(23)
  expect(await say()).toBe(409)
  await older(2)
  expect([await say(), await say()]).toEqual([200, 409])
  await db.query('', `update said_before set status = null, answer = null where key = 'k-5'`)
  expect(await say()).toBe(409)
  await older(25)
  expect(await say()).toBe(200)
  expect((await program().apiKeys({})).keys.filter(({ name }) => name === 'Daily')).toHaveLength(3)
})

test('who has the answer already is not sent it again', async () => {
  const first = await raw(`${rig.url}/api/v1/people`)
  const tag = first.headers.etag ?? ''
  expect(tag).toMatch(/^"[\w-]{27}"$/)
  const again = await raw(`${rig.url}/api/v1/people`, { headers: { 'if-none-match': `"x", ${tag}` } })
  expect([again.status, again.text]).toEqual([304, ''])
})

test('who changes what has changed since they read it is refused, and is not written over', async () => {
  const { person } = await program().addPerson({ name: 'Eve', email: 'eve@example.com', role: 'viewer' })
  const read = async () => (await raw(`${rig.url}/api/v1/people/${person.id}`)).headers.etag ?? ''
  const tag = await read()
  expect((await post(`/people/${person.id}`, { role: 'support' }, { 'if-match': tag })).status).toBe(200)
  const late = await post(`/people/${person.id}`, { role: 'admin' }, { 'if-match': tag })
  expect([late.status, JSON.parse(late.text)]).toMatchObject([412, { code: 'changed-meanwhile' }])
  expect((await program().person({ id: person.id })).person.role).toBe('support')
  expect((await post(`/people/${person.id}`, { role: 'viewer' }, { 'if-match': await read() })).status).toBe(
    200,
  )
  const where = await post('/sync', { flow: 'price-erp-to-shop' }, { 'if-match': tag })
  expect([where.status, JSON.parse(where.text)]).toMatchObject([400, { code: 'no-such-condition' }])
})
