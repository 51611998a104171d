import { may, rightNames, rightsOf, roleNames, routes, type RouteName } from '@linchpin/api'
import { addApiKey, addPerson, beginSession } from '@linchpin/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestOf, KEY_MARK, newToken } from '../people/tokens.ts'
import { raw } from '../testing/raw.ts'
import { openRig, type Rig } from '../testing/rig.ts'

let rig: Rig
const cookies = new Map<string, string>()
beforeAll(async () => {
  rig = await openRig()
  const { db, now } = rig.linchpin
  for (const role of roleNames) {
    const token = newToken()
    await addPerson(db, { id: role, name: role, email: `${role}@example.com`, role, password: null }, now())
    const session = { id: role, digest: digestOf(token), person: role, from: '127.0.0.1', agent: 'a test' }
    await beginSession(db, { ...session, expiresAt: now() + 3_600_000 }, now())
    cookies.set(role, `linchpin=${token}`)
  }
})
afterAll(() => rig.close())

const ours = { 'linchpin-client': '1', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' }
const ask = (name: RouteName, headers: Record<string, string>) => {
  const { method, path } = routes[name]
  const url = `${rig.url}/api/v1${path.replace(/\{\w+\}/, 'nothing')}`
  // Nothing that a route takes: whoever is let in is told so, and nothing is done.
  return raw(url, { method, headers: { ...ours, ...headers }, ...(method === 'GET' ? {} : { body: '[]' }) })
}

test('each role is refused every route that its rights do not name, and is let in to every other', async () => {
  for (const role of roleNames)
    for (const name of Object.keys(routes) as RouteName[]) {
      const rule = may[name]
      const allowed =
        rule === 'anyone' || rule === 'signed in' || rightsOf[role].some(right => right === rule)
      // Signing out would end the session that the others are asked with.
      if (name === 'signOut') continue
      const { status } = await ask(name, { cookie: cookies.get(role) ?? '' })
      if (allowed) expect([401, 403], `${role} ${name}`).not.toContain(status)
      else expect(status, `${role} ${name}`).toBe(403)
    }
})

test('a key is let in to what its one right names and to nothing else', async () => {
  const { db, now } = rig.linchpin
  for (const right of rightNames) {
    const key = KEY_MARK + newToken()
    const made = { id: right, name: right, hint: '', madeBy: 'a test', expiresAt: null }
    await addApiKey(db, { ...made, rights: [right], digest: digestOf(key) }, now())
    for (const name of Object.keys(routes) as RouteName[]) {
      const allowed = ['anyone', 'signed in', right].includes(may[name])
      const { status } = await ask(name, { authorization: `Bearer ${key}` })
      if (allowed) expect([401, 403], `${right} ${name}`).not.toContain(status)
      else expect(status, `${right} ${name}`).toBe(403)
    }
  }
})

test('who is not signed in is refused every route but those for anyone', async () => {
  for (const name of Object.keys(routes) as RouteName[])
    if (may[name] !== 'anyone') expect((await ask(name, {})).status, name).toBe(401)
})

test('a page that is not ours does nothing, whoever is signed in', async () => {
  const cookie = cookies.get('admin') ?? ''
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'linchpin-client': '' },
  ]
  for (const headers of foreign) {
    const { status, text } = await ask('retry', { cookie, ...headers })
    expect([status, JSON.parse(text)]).toMatchObject([403, { code: 'foreign-page' }])
  }
})
