import type { RawRequest } from '@linchpin/connector'
import { describe, expect, test } from 'vitest'
import { call, openSession } from './client.ts'
import { fakeWooCommerce } from './fake/fake-woocommerce.ts'
import { health } from './health.ts'
import { settings } from './rig-tools.ts'
import { fixture, shopWith } from './testing.ts'
import { webhook } from './webhook.ts'
import { Shelf } from '@linchpin/lookalike'
import { makeLab } from '@linchpin/connector/conformance'

describe('signing in to the look-alike of WooCommerce', () => {
  test('over plain http it is signed by OAuth, and neither key nor secret can be replayed', async () => {
    const { session, lab } = shopWith({ url: 'http://shop.example' })
    await call(session, 'GET', '/orders', { query: { status: 'any,trash', include: "1,2 'x'" } })
    const url = lab.seen.at(-1)?.url ?? ''
    expect(url).toContain('oauth_signature=')
    expect(url).not.toContain(settings.consumerSecret)
    expect(lab.seen.at(-1)?.authorization).toBe('')
  })

  test('Basic over plain http is refused, and the connection test says why', async () => {
    const { session } = shopWith({ url: 'http://shop.example', signIn: 'basic' })
    const { is, problem, notes } = await health(session)
    expect([is, problem?.kind]).toEqual(['down', 'login'])
    expect(notes.join(' ')).toContain('Use https')
  })

  test('OAuth is the way in where https loses the Authorization header', async () => {
    const { session } = shopWith({ signIn: 'oauth' })
    expect((await health(session)).is).toBe('up')
  })

  test('a wrong secret is trouble with signing in', async () => {
    for (const url of ['https://shop.example', 'http://shop.example']) {
      const { session } = shopWith({ url, consumerSecret: 'cs_wrong' })
      expect((await health(session)).problem?.kind).toBe('login')
    }
  })

  test('a key that may only read is found out, and nothing is changed by finding out', async () => {
    const now = () => Date.UTC(2030, 0, 1)
    const fake = fakeWooCommerce({
      shelf: new Shelf(null),
      now,
      keys: [{ ...settings, permissions: 'read' }],
    })
    const { is, notes } = await health(openSession({ ...settings }, makeLab(fake.fetch)))
    expect(is).toBe('degraded')
    expect(notes.join(' ')).toContain('Read/Write')
  })

  test('a clock that is an hour off is told', async () => {
    const { fake, lab } = shopWith()
    const late = makeLab(fake.fetch, { now: lab.now() - 3_600_000 })
    const { clockSkewMs, notes, version } = await health(openSession({ ...settings }, late))
    expect(clockSkewMs).toBe(3_600_000)
    expect(notes.join(' ')).toContain('60 min ahead')
    expect(version).toBe('WooCommerce 11.0.1')
  })

  test('a redirect, and a page that is not the API, are for the operator to correct', async () => {
    const { session, lab } = shopWith()
    for (const status of [301, 404]) {
      lab.next({ is: 'answer', status, body: '<html></html>' })
      expect((await health(session)).problem?.kind).toBe('settings')
    }
  })
})

describe('webhooks of the look-alike of WooCommerce', () => {
  const url = 'https://linchpin.example/webhooks/shop'

  function listening() {
    const heard: RawRequest[] = []
    let status = 200
    const now = { now: Date.UTC(2030, 0, 1) }
    const fake = fakeWooCommerce({
      shelf: new Shelf(null),
      now: () => now.now,
      keys: [{ ...settings, permissions: 'read_write' }],
      deliver: async (to, headers, body) => {
        heard.push({ url: to, headers, body: Buffer.from(body) })
        return status
      },
    })
    fake.seedDemo()
    const session = openSession({ ...settings }, makeLab(fake.fetch, now))
    return { fake, session, heard, fail: () => void (status = 500) }
  }

  test('what is missing is created, and a second look repairs nothing', async () => {
    const { session } = listening()
    expect(await webhook.subscribe?.(session, url)).toHaveLength(11)
    expect(await webhook.subscribe?.(session, url)).toEqual([])
  })

  test('what WooCommerce switched off after its failures is switched on again', async () => {
    const { fake, session, fail, heard } = listening()
    await webhook.subscribe?.(session, url)
    await fake.runWebhooks()
    fail()
    const { id } = fake.createProduct({ name: 'Mug', sku: 'MUG' })
    for (let turn = 0; turn < 7; turn += 1) {
      fake.updateProduct(id, { description: String(turn) })
      await fake.runWebhooks()
    }
    const failed = heard.length
    fake.updateProduct(id, { description: 'again' })
    await fake.runWebhooks()
    expect(heard).toHaveLength(failed)
    expect(await webhook.subscribe?.(session, url)).toEqual([
      'Repaired the webhook product.updated: it was disabled.',
    ])
  })

  test('another address or another secret is put right', async () => {
    const { session } = listening()
    await webhook.subscribe?.(session, url)
    const moved = await webhook.subscribe?.(session, 'https://new.example/webhooks/shop')
    expect(moved?.[0]).toContain('it led to another address')
    const rotated = { ...session, settings: { ...settings, webhookSecret: 'another one' } }
    expect((await webhook.subscribe?.(rotated, 'https://new.example/webhooks/shop'))?.[0]).toContain(
      'another secret',
    )
  })

  test('five quick changes are told once, signed, with the latest state; the greeting is no change', async () => {
    const { fake, session, heard } = listening()
    await webhook.subscribe?.(session, url)
    await fake.runWebhooks()
    expect(
      heard.every(each => !webhook.verify({ ...settings }, each) && webhook.parse(each).length === 0),
    ).toBe(true)
    expect(heard.every(each => webhook.greets?.(each) === true)).toBe(true)
    const { id } = fake.createProduct({ name: 'Mug', sku: 'MUG' })
    await fake.runWebhooks()
    heard.length = 0
    for (let turn = 0; turn < 5; turn += 1) fake.updateProduct(id, { description: String(turn) })
    await fake.runWebhooks()
    expect(heard).toHaveLength(1)
    const [told] = heard as [RawRequest]
    expect(webhook.verify({ ...settings }, told)).toBe(true)
    expect(JSON.parse(Buffer.from(told.body).toString())).toMatchObject({ description: '4' })
    expect(webhook.parse(told)).toContainEqual({ entity: 'Product', id: String(id) })
  })

  test('a webhook as it was recorded is believed with its secret and with no other', () => {
    const { secret, headers, body } = fixture('webhook-order-updated') as {
      secret: string
      headers: Record<string, string>
      body: string
    }
    const request = { url, headers, body: Buffer.from(body) }
    expect(webhook.verify({ ...settings, webhookSecret: secret }, request)).toBe(true)
    expect(webhook.verify({ ...settings, webhookSecret: 'guessed' }, request)).toBe(false)
    expect(webhook.parse(request)).toEqual([{ entity: 'SalesOrder', id: '1042' }])
  })
})
