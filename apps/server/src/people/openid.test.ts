import { createClient } from '@linchpin/api'
import { forgetTries } from '@linchpin/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProvider, type TestProvider } from '../testing/provider.ts'
import { raw } from '../testing/raw.ts'
import { openRig, type Rig } from '../testing/rig.ts'

/** Against a certified provider, the npm package oidc-provider, over HTTP on this machine. */
let provider: TestProvider
let rig: Rig
beforeAll(async () => {
  provider = await openProvider()
  const { issuer, client } = provider
  rig = await openRig({
    config: {
      people: {
        openid: {
          issuer,
          clientId: client.clientId,
          clientSecret: { env: 'OIDC_SECRET' },
          label: 'Our Keycloak',
          roles: [
            { is: 'linchpin-admins', role: 'admin' },
            { is: 'desk', role: 'support' },
          ],
        },
      },
    },
    environment: { OIDC_SECRET: client.clientSecret },
  })
  provider.trust(`${rig.url}/sign-in/openid/back`)
})
afterAll(async () => {
  await rig.close()
  await provider.close()
})

/** A program on this machine. */
const program = () => createClient({ url: rig.url, fetch: (url, init) => fetch(url, init) })

const ada = { name: 'Ada', email: 'ada@example.com', groups: ['staff', 'linchpin-admins'] }

/** A browser with a jar for each host that goes wherever it is sent, up to an address of ours that is a page. */
function browser() {
  const jars = new Map<string, Map<string, string>>()
  const open = async (url: string) => {
    const { host } = new URL(url)
    const jar = jars.get(host) ?? new Map<string, string>()
    jars.set(host, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await raw(url, { headers: { ...(cookie ? { cookie } : {}), accept: 'text/html' } })
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }
  const follow = async (from: string, upTo = /\/(\?|$)|\/sign-in\?/) => {
    let url = from
    for (let step = 0; step < 20; step += 1) {
      const { headers } = await open(url)
      if (headers.location === undefined) return url
      url = new URL(headers.location, url).href
      if (url.startsWith(rig.url) && upTo.test(url.slice(rig.url.length))) return url
    }
    throw new Error(`It never ended: ${url}`)
  }
  const me = async () => {
    const cookie = [...(jars.get(new URL(rig.url).host) ?? [])].map(pair => pair.join('=')).join('; ')
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    return JSON.parse((await raw(`${rig.url}/api/v1/me`, { headers })).text) as Record<string, unknown>
  }
  return { open, follow, me, jars }
}

test('who signs in at the provider is in, with the role that a claim of theirs gives', async () => {
  provider.members.set('sub-ada', ada)
  provider.seat('sub-ada')
  const hers = browser()
  expect(await hers.follow(`${rig.url}/sign-in/openid`)).toBe(`${rig.url}/`)
  expect(await hers.me()).toMatchObject({
    who: 'Ada',
    email: 'ada@example.com',
    role: 'admin',
    signsIn: 'openid',
    openid: 'Our Keycloak',
  })
})

test('the last admin stays one, whatever the provider says', async () => {
  provider.members.set('sub-ada', { ...ada, groups: ['desk'] })
  provider.seat('sub-ada')
  expect(await browser().follow(`${rig.url}/sign-in/openid`)).toBe(`${rig.url}/sign-in?refused=last-admin`)
  const { people } = await program().people({})
  expect(people.map(({ name, role }) => [name, role])).toEqual([['Ada', 'admin']])
  await program().addPerson({ name: 'Zoe', email: 'zoe@example.com', role: 'admin' })
})

test('at the next sign-in they are what the provider says now', async () => {
  provider.members.set('sub-ada', { ...ada, name: 'Ada L.', groups: ['desk'] })
  provider.seat('sub-ada')
  const hers = browser()
  await hers.follow(`${rig.url}/sign-in/openid`)
  expect(await hers.me()).toMatchObject({ who: 'Ada L.', role: 'support' })
})

test('whom no claim gives a role does not come in, and is told so', async () => {
  provider.members.set('sub-eve', { name: 'Eve', email: 'eve@example.com', groups: ['guests'] })
  provider.seat('sub-eve')
  const hers = browser()
  expect(await hers.follow(`${rig.url}/sign-in/openid`)).toBe(`${rig.url}/sign-in?refused=no-role`)
  expect((await hers.me())['who']).toBeNull()
})

test('who came in by the provider, and who did not, is in the audit log', async () => {
  const { entries } = await program().audit({ what: 'openId' })
  expect(entries.map(({ after, outcome }) => [(after as { who: string }).who, outcome])).toEqual([
    ['Eve', 'no-role'],
    ['Ada L.', 'done'],
    ['Ada', 'last-admin'],
    ['Ada', 'done'],
  ])
  expect(entries[3]).toMatchObject({
    from: '127.0.0.1',
    after: { email: 'ada@example.com', role: 'admin' },
  })
})

test('a provider does not take over who has a password here, even with their address', async () => {
  const body = JSON.stringify({ name: 'Bob', email: 'bob@example.com', role: 'viewer' })
  const headers = { 'content-type': 'application/json' }
  expect((await raw(`${rig.url}/api/v1/people`, { method: 'POST', headers, body })).status).toBe(200)
  provider.members.set('sub-bob', { name: 'Bob', email: 'BOB@example.com', groups: ['desk'] })
  provider.seat('sub-bob')
  expect(await browser().follow(`${rig.url}/sign-in/openid`)).toBe(`${rig.url}/sign-in?refused=known-address`)
})

test('what the provider sent to one browser opens nothing in another, and nothing twice', async () => {
  provider.seat('sub-ada')
  const [hers, another] = [browser(), browser()]
  const back = await hers.follow(`${rig.url}/sign-in/openid`, /^\/sign-in\/openid\/back/)
  const refused = `${rig.url}/sign-in?refused=provider`
  expect(new URL((await another.open(back)).headers.location ?? '', rig.url).href).toBe(refused)
  expect(new URL((await hers.open(back)).headers.location ?? '', rig.url).href).toBe(`${rig.url}/`)
  expect(new URL((await hers.open(back)).headers.location ?? '', rig.url).href).toBe(refused)
})

test('whoever begins again and again has to wait, and fills no table', async () => {
  const { db } = rig.linchpin
  const begin = async () => (await raw(`${rig.url}/sign-in/openid`)).headers.location
  const begun = async () => (await db.query('', 'select from oidc_try')).length
  for (let time = 0; time < 110; time += 1) await begin()
  const before = await begun()
  expect([await begin(), await begun()]).toEqual(['/sign-in?refused=too-many-tries', before])
  await forgetTries(db, ['stranger from 127.0.0.1'])
})

test('a provider that does not answer keeps nobody else out', async () => {
  await provider.close()
  await rig.running.stop()
  const later = await rig.restart()
  const answer = await raw(`${later.url}/sign-in/openid`)
  expect([answer.status, answer.headers.location]).toEqual([302, '/sign-in?refused=provider'])
  expect((await raw(`${later.url}/api/v1/status`)).status).toBe(200)
})
