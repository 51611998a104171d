import { createClient, routes, type Client, type RouteName } from '@linchpin/api'
import { addPerson, beginSession } from '@linchpin/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestOf, newToken } from '../people/tokens.ts'
import { openRig, until, type Rig } from '../testing/rig.ts'

const MAIL = 'noor.devries@example.com'
const GUEST = { connection: 'shop', entity: 'Account' as const, id: `guest:${MAIL}` }

let rig: Rig
const people = new Map<string, { api: Client; text: (path: string) => Promise<string> }>()
beforeAll(async () => {
  rig = await openRig()
  for (const role of ['viewer', 'support', 'builder'] as const) people.set(role, await signedIn(role))
  await until('there is something to buy', () => rig.sellable() !== undefined)
  const billing = { first_name: 'Noor', last_name: 'de Vries', email: MAIL, country: 'DE', city: 'München' }
  // One that is carried, and one that the ERP refuses: a guest's account stands in every list that there is.
  rig.shop.placeOrder({ billing, lines: [{ product: rig.sellable()?.id ?? 0, quantity: 1 }] })
  await rig.shop.runWebhooks()
  await until('the guest is in the ERP', async () => (await linked()) !== undefined)
  const { store, now } = rig.linchpin
  await store.journal({ ...GUEST, who: 'a test', what: 'read', words: `${MAIL} was read.` }, now())
})
afterAll(() => rig.close())

const linked = async () => (await rig.linchpin.store.trace([GUEST])).links[0]

async function signedIn(role: 'viewer' | 'support' | 'builder') {
  const { db, now } = rig.linchpin
  const token = newToken()
  await addPerson(
    db,
    { id: role, name: role, email: `${role}@linchpin.example`, role, password: null },
    now(),
  )
  const session = { id: role, digest: digestOf(token), person: role, from: '127.0.0.1', agent: 'a test' }
  await beginSession(db, { ...session, expiresAt: now() + 3_600_000 }, now())
  const headers = { cookie: `linchpin=${token}`, 'sec-fetch-site': 'same-origin' }
  const api = createClient({
    url: rig.url,
    fetch: (url, init) => fetch(url, { ...init, headers: { ...(init.headers as object), ...headers } }),
  })
  const text = async (path: string) => (await fetch(`${rig.url}/api/v1${path}`, { headers })).text()
  return { api, text }
}
const as = (role: string) => people.get(role) as { api: Client; text: (path: string) => Promise<string> }

/** In any clothes in which it travels; what was asked comes back as it was asked. */
function expectHidden(text: string, about: string) {
  const told = text.replaceAll(/"asked":"[^"]*"/g, '')
  const decoded = [...told.matchAll(/[\w-]{24,}/g)].map(([part]) => Buffer.from(part, 'base64url').toString())
  for (const each of [told, decodeURIComponent(told.replaceAll(/%(?![\da-f]{2})/gi, '')), ...decoded])
    expect(each, about).not.toMatch(/noor\.devries|de Vries/)
}

const found = async (role: string) => {
  const all = (await as(role).api.search({ text: MAIL })).found
  return all.find(({ connection, entity }) => connection === 'shop' && entity === 'Account')
}

test('neither a viewer nor support is told by any route that is only read who a guest is', async () => {
  for (const role of ['viewer', 'support']) {
    const id = (await found(role))?.id ?? ''
    expect(id).toMatch(/^guest:~/)
    const { text } = as(role)
    const paths = (Object.entries(routes) as [RouteName, { method: string; path: string }][])
      .filter(([, { method, path }]) => method === 'GET' && !path.includes('{'))
      .map(([, { path }]) => path)
    const more = [
      `/records/shop/Account/${encodeURIComponent(id)}`,
      `/search?text=${encodeURIComponent(MAIL)}`,
      `/trace?number=${encodeURIComponent(MAIL)}`,
      '/parked/page?limit=1',
      '/flows/account-shop-to-erp',
      '/mappings/shop.Account/records',
      '/mappings/shop.SalesOrder/records',
      '/mappings/shop.SalesOrder/values',
    ]
    for (const path of [...paths, ...more]) expectHidden(await text(path), `${role} ${path}`)
    expect(await text(more[0] ?? '')).toContain('"events"')
  }
})

test('the other name of a guest serves wherever an id is asked for', async () => {
  const id = (await found('viewer'))?.id ?? ''
  const { record, deliveries } = await as('viewer').api.timeline({ ...GUEST, id })
  expect(record).toMatchObject({ id, entity: 'Account', label: 'g•••@•••.com' })
  const flow = deliveries[0]?.flow ?? ''
  expect((await as('viewer').api.progress({ flow, ids: [id] })).states).toEqual({ done: 1 })
  expect((await as('support').api.timeline({ ...GUEST, id })).record.id).toBe(id)
})

test('support sees who it is when they say why, and it is written down', async () => {
  const id = (await found('support'))?.id ?? ''
  const key = { ...GUEST, id }
  const shown = await as('support').api.reveal({ ...key, reason: 'she is on the phone' })
  expect(shown.record.id).toBe(GUEST.id)
  const { events } = await as('support').api.timeline(key)
  expect(events).toContainEqual(
    expect.objectContaining({ what: 'revealed', who: 'support', words: 'she is on the phone' }) as unknown,
  )
  await expect(as('viewer').api.reveal({ ...key, reason: 'curious' })).rejects.toMatchObject({
    code: 'may-not',
  })
})

test('a program that may see personal data is told the id as it is', async () => {
  const api = createClient({ url: rig.url, fetch })
  const { found: all } = await api.search({ text: MAIL })
  expect(all.map(({ id }) => id)).toContain(GUEST.id)
})

test('what a table was asked for is told to who may see personal data, and to nobody else where it is', async () => {
  const name = 'shop.SalesOrder'
  const mapping = {
    fields: { channel: { lookup: 'people', of: 'billing.last_name', else: 'web' } },
    tables: { people: { Ada: 'a friend' } },
  }
  await as('builder').api.saveMapping({ name, mapping, over: 0, why: 'a test' })
  const valuesOf = async (role: string) => {
    const { tables } = await as(role).api.seenValues({ name })
    return tables.find(({ table }) => table === 'people')?.values.map(({ value }) => value)
  }
  expect(await valuesOf('builder')).toEqual(['de Vries'])
  expect(await valuesOf('viewer')).toEqual(['d•••'])
})
