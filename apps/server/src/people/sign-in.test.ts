import { addPerson, countTry, forgetTries, tidyPeople } from '@linchpin/store'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listen, type Listening } from '../http/server.ts'
import { raw } from '../testing/raw.ts'
import { openRig, type Rig } from '../testing/rig.ts'
import { visitor } from '../testing/visitor.ts'
import { hashPassword } from './passwords.ts'
import { PLAIN } from './settings.ts'
import { setUpLink } from './set-up.ts'

const PASSWORD = 'a sentence that is easy to remember'
const admin = { name: 'Ada', email: 'Ada@example.com', password: PASSWORD }
const log = pino({ level: 'silent' })
let rig: Rig
let secure: Listening
beforeAll(async () => {
  rig = await openRig()
  const people = { ...PLAIN, publicUrl: 'https://sync.example.com' }
  secure = await listen(() => rig.linchpin, { host: '127.0.0.1', port: 0, token: 'a-token', log, people })
})
afterAll(async () => {
  await secure.close()
  await rig.close()
})

const tokenOf = (link: string) => link.split('#')[1] ?? ''

test('the first link makes the first admin, once, and a newer one ends the older', async () => {
  const { db, now, publicUrl } = rig.linchpin
  const older = await setUpLink(db, publicUrl, now())
  const newer = await setUpLink(db, publicUrl, now())
  const someone = visitor(rig.url)
  expect(await someone.api.me({})).toMatchObject({ who: null, setUp: true })
  await expect(someone.api.setUp({ token: tokenOf(older?.link ?? ''), ...admin })).rejects.toThrow(
    'used already',
  )
  const token = tokenOf(newer?.link ?? '')
  expect(await someone.api.setUp({ token, ...admin })).toMatchObject({
    who: 'Ada',
    role: 'admin',
    setUp: false,
  })
  await expect(visitor(rig.url).api.setUp({ token, ...admin, email: 'eve@example.com' })).rejects.toThrow(
    'used already',
  )
  expect(await setUpLink(db, publicUrl, now())).toBeNull()
  expect((await someone.api.people({})).people.map(({ name }) => name)).toEqual(['Ada'])
})

test('whoever signs in gets a cookie that no script reads, and over HTTPS goes nowhere else', async () => {
  const plain = visitor(rig.url)
  await plain.api.signIn({ email: 'ada@EXAMPLE.com', password: PASSWORD })
  expect(plain.setCookie()).toMatch(/^linchpin=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/)
  const safe = visitor(secure.url)
  await safe.api.signIn({ email: admin.email, password: PASSWORD })
  expect(safe.setCookie()).toMatch(
    /^__Host-linchpin=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
  )
})

test('a cookie is known to the database by its digest only', async () => {
  const ada = visitor(rig.url)
  await ada.api.signIn({ email: admin.email, password: PASSWORD })
  const rows = await rig.linchpin.db.query<{ all: string }>(
    '',
    `select (select string_agg(s::text, '') from session s) || (select string_agg(p::text, '') from person p) "all"`,
  )
  expect(rows[0]?.all).not.toContain(ada.cookie().split('=')[1])
  expect(rows[0]?.all).not.toContain(PASSWORD)
  expect(rows[0]?.all).toContain('$argon2id$')
})

test('who signs out, and whose session an admin ends, is out at once', async () => {
  const [ada, bob] = [visitor(rig.url), visitor(rig.url)]
  await ada.api.signIn({ email: admin.email, password: PASSWORD })
  const { link } = await ada.api.addPerson({ name: 'Bob', email: 'bob@example.com', role: 'viewer' })
  await bob.api.acceptInvitation({ token: tokenOf(link), password: `${PASSWORD} of Bob` })
  await expect(
    visitor(rig.url).api.acceptInvitation({ token: tokenOf(link), password: PASSWORD }),
  ).rejects.toThrow('used already')
  expect(await bob.api.me({})).toMatchObject({ who: 'Bob', rights: ['look'] })
  const theirs = (await ada.api.sessions({})).sessions.find(({ name }) => name === 'Bob')
  expect(await ada.api.endSession({ id: theirs?.id ?? '' })).toEqual({ done: true })
  expect((await bob.api.me({})).who).toBeNull()
  await expect(bob.api.status({})).rejects.toMatchObject({ status: 401, code: 'sign-in' })
  const kept = ada.cookie()
  await ada.api.signOut({})
  expect((await raw(`${rig.url}/api/v1/status`, { headers: { cookie: kept } })).status).toBe(401)
})

test('a new role or being shut out ends the sessions; the last admin stays one', async () => {
  const [ada, bob] = [visitor(rig.url), visitor(rig.url)]
  const known = await ada.api.signIn({ email: admin.email, password: PASSWORD })
  const signIn = () => bob.api.signIn({ email: 'bob@example.com', password: `${PASSWORD} of Bob` })
  await signIn()
  const id = (await ada.api.people({})).people.find(({ name }) => name === 'Bob')?.id ?? ''
  await ada.api.changePerson({ id, role: 'support' })
  expect((await bob.api.me({})).who).toBeNull()
  expect(await signIn()).toMatchObject({ role: 'support' })
  await ada.api.changePerson({ id, active: false })
  expect((await bob.api.me({})).who).toBeNull()
  await expect(signIn()).rejects.toMatchObject({ code: 'wrong-password' })
  const mine = (await ada.api.people({})).people.find(({ email }) => email === known.email)?.id ?? ''
  await expect(ada.api.changePerson({ id: mine, role: 'viewer' })).rejects.toMatchObject({
    code: 'last-admin',
  })
})

test('a link that set no password is not used up', async () => {
  const { db } = rig.linchpin
  const ada = visitor(rig.url)
  await ada.api.signIn({ email: admin.email, password: PASSWORD })
  const { link } = await ada.api.addPerson({ name: 'Dee', email: 'dee@example.com', role: 'viewer' })
  const accept = () => visitor(rig.url).api.acceptInvitation({ token: tokenOf(link), password: PASSWORD })
  await db.query('', `alter table person add constraint broken check (name <> 'Dee' or password is null)`)
  await expect(accept()).rejects.toMatchObject({ status: 500 })
  await db.query('', 'alter table person drop constraint broken')
  expect(await accept()).toMatchObject({ who: 'Dee' })
  await expect(accept()).rejects.toMatchObject({ code: 'dead-link' })
})

test('a password can be changed by who knows it, and other sessions end', async () => {
  const [here, there] = [visitor(rig.url), visitor(rig.url)]
  for (const each of [here, there]) await each.api.signIn({ email: admin.email, password: PASSWORD })
  await expect(
    here.api.changePassword({ password: 'something else', newPassword: `${PASSWORD}!` }),
  ).rejects.toMatchObject({ code: 'wrong-password' })
  await here.api.changePassword({ password: PASSWORD, newPassword: `${PASSWORD}!` })
  expect([(await here.api.me({})).who, (await there.api.me({})).who]).toEqual(['Ada', null])
  await here.api.changePassword({ password: `${PASSWORD}!`, newPassword: PASSWORD })
})

test('wrong passwords are counted: after five, also the right one has to wait', async () => {
  const { db, now } = rig.linchpin
  const password = await hashPassword(PASSWORD)
  await addPerson(db, { id: 'cy', name: 'Cy', email: 'cy@example.com', role: 'viewer', password }, now())
  const attempt = (email: string, words: string) =>
    raw(`${rig.url}/api/v1/sign-in`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'linchpin-client': '1',
        'sec-fetch-site': 'same-origin',
      },
      body: JSON.stringify({ email, password: words }),
    })
  const statuses: number[] = []
  for (let time = 0; time < 5; time += 1) statuses.push((await attempt('cy@example.com', 'no')).status)
  expect(statuses).toEqual([401, 401, 401, 401, 401])
  const late = await attempt('cy@example.com', PASSWORD)
  expect(late.status).toBe(429)
  expect(Number(late.headers['retry-after'])).toBeGreaterThan(60)
  // Another account is not locked out by it, and who is unknown is told nothing else.
  expect((await attempt('nobody@example.com', 'no')).text).toBe((await attempt('ada@example.com', 'no')).text)
  expect((await attempt('ada@example.com', PASSWORD)).status).toBe(200)
})

test('a stranger cannot fill the audit log', async () => {
  const { db } = rig.linchpin
  const headers = {
    'content-type': 'application/json',
    'linchpin-client': '1',
    'sec-fetch-site': 'same-origin',
  }
  const ask = () => raw(`${rig.url}/api/v1/sign-in/demo`, { method: 'POST', headers, body: '{}' })
  const rows = async () => (await db.query('', `select from audit where what = 'enterDemo'`)).length
  for (let time = 0; time < 110; time += 1) await ask()
  const before = await rows()
  expect(before).toBeLessThan(250)
  const last = await ask()
  expect([last.status, await rows()]).toEqual([429, before])
  await forgetTries(db, ['stranger from 127.0.0.1'])
})

test('strangers are counted by the clock on the wall, also while a demo lives through last week', async () => {
  const { db, wall } = rig.linchpin
  const began = wall()
  const demo = vi.spyOn(rig.linchpin, 'now').mockReturnValue(began - 7 * 24 * 3_600_000)
  const headers = {
    'content-type': 'application/json',
    'linchpin-client': '1',
    'sec-fetch-site': 'same-origin',
  }
  await raw(`${rig.url}/api/v1/sign-in/demo`, { method: 'POST', headers, body: '{}' })
  demo.mockRestore()
  const since = `select since from sign_in_try where key = 'stranger from 127.0.0.1'`
  const [row] = await db.query<{ since: number }>('', since)
  expect(row?.since).toBeGreaterThanOrEqual(began - 1000)
  await forgetTries(db, ['stranger from 127.0.0.1'])
})

test('a window of tries ends, and of many at once no more get through than may', async () => {
  const { db } = rig.linchpin
  const [limits, windowMs] = [[{ key: 'a test', most: 3 }], 1000]
  const waits = await Promise.all([1, 2, 3, 4, 5].map(() => countTry(db, limits, { now: 5_000, windowMs })))
  expect(waits.filter(wait => wait === 0)).toHaveLength(3)
  expect(await countTry(db, limits, { now: 6_001, windowMs })).toBe(0)
  await forgetTries(db, ['a test'])
})

test('a page that is only open is no sign of life', async () => {
  const { db } = rig.linchpin
  const ada = visitor(rig.url)
  await ada.api.signIn({ email: admin.email, password: PASSWORD })
  const id = (await ada.api.mySessions({})).sessions.find(each => each.current)?.id ?? ''
  const seenMinutesAgo = async () => {
    const sql = 'select extract(epoch from $2 - seen_at)::int / 60 minutes from session where id = $1'
    const [row] = await db.query<{ minutes: number }>('', sql, [id, new Date(rig.linchpin.now())])
    return row?.minutes
  }
  await db.query('', `update session set seen_at = seen_at - interval '50 minutes' where id = $1`, [id])
  const headers = { cookie: ada.cookie(), 'sec-fetch-site': 'same-origin' }
  await raw(`${rig.url}/api/v1/status`, { headers: { ...headers, 'linchpin-idle': '1' } })
  const listening = await fetch(`${rig.url}/api/v1/events`, { headers })
  await listening.body?.cancel()
  expect([listening.status, await seenMinutesAgo()]).toEqual([200, 50])
  await raw(`${rig.url}/api/v1/status`, { headers })
  expect(await seenMinutesAgo()).toBe(0)
})

test('a session ends by its age and by silence, and is taken out', async () => {
  const { db, now } = rig.linchpin
  const ada = visitor(rig.url)
  await ada.api.signIn({ email: admin.email, password: PASSWORD })
  const { sessions } = await ada.api.mySessions({})
  const current = sessions.find(each => each.current)?.id ?? ''
  await db.query('', `update session set seen_at = seen_at - interval '61 minutes' where id = $1`, [current])
  expect((await ada.api.me({})).who).toBeNull()
  await db.query('', `update session set expires_at = $2 where id = $1`, [current, new Date(now() - 1)])
  await tidyPeople(db, now())
  expect(await db.query('', 'select from session where id = $1', [current])).toEqual([])
})
