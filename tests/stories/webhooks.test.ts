import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { webhookSecret } from './house/woocommerce.ts'
import { openHouse, useDatabase, type House } from './house/index.ts'

useDatabase()

test('the same webhook ten times, at once and later, is one order in the ERP (look-alikes)', async () => {
  await using house = await openHouse()
  const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1 } })
  await house.shop.sendWebhooks()
  const rung = house.webhooks.filter(each => each.headers['x-wc-webhook-topic'] === 'order.created')
  const [webhook] = rung
  if (!webhook) throw new Error('The shop told nothing.')
  const again = () => house.ring(webhook.url, webhook.headers, webhook.body)
  expect(await Promise.all(Array.from({ length: 10 }, again))).toEqual(Array(10).fill(202))
  expect(await waitingNotices(house)).toBe(1)
  await house.settle()
  const attempts = await attemptsAtErp(house)
  for (let turn = 0; turn < 10; turn += 1) await again()
  await house.settle()
  expect(house.erpOrders(order.number)).toMatchObject([{ total: order.total }])
  expect(await attemptsAtErp(house)).toBe(attempts)
})

test('webhooks in the wrong order end with the order as it is now (look-alikes)', async () => {
  await using house = await openHouse()
  const order = house.shop.place({ lines: { 'MUG-ENAMEL': 1, 'TEA-HARBOUR': 2 } })
  await house.shop.sendWebhooks()
  const older = house.webhooks.findLast(each => each.headers['x-wc-webhook-resource'] === 'order')
  house.shop.cancel(order.id)
  await house.settle()
  // The older news arrives last, with the order as it was: it is only a hint to look again.
  if (older) await house.ring(older.url, older.headers, older.body)
  await house.settle()
  expect(house.erp.orders().filter(each => each.state !== 'cancelled')).toEqual([])
  expect(await house.parked()).toEqual([])
})

test('a forged webhook is turned away and changes nothing, and so is one without a signature (look-alikes)', async () => {
  await using house = await openHouse()
  const url = 'http://linchpin.test/webhooks/shop'
  const body = JSON.stringify({ id: 4711 })
  const topic = { 'x-wc-webhook-topic': 'order.created' }
  const forged = createHmac('sha256', 'another secret').update(body).digest('base64')
  expect(await house.ring(url, { ...topic, 'x-wc-webhook-signature': forged }, body)).toBe(401)
  expect(await house.ring(url, topic, body)).toBe(401)
  expect(await house.ring('http://linchpin.test/webhooks/nobody', topic, body)).toBe(404)
  expect(await waitingNotices(house)).toBe(0)
  expect(house.log.map(line => line.message)).toContain(
    'A webhook without a valid signature was turned away.',
  )
})

test('a signed webhook that is no order, or nothing at all, is answered and does no harm (look-alikes)', async () => {
  await using house = await openHouse()
  for (const body of ['', '[]', 'null', '{"id":"x"}', 'webhook_id=7', '{"id":-1}'])
    expect(await ring(house, body), body).toBe(202)
  expect(await waitingNotices(house)).toBe(0)
  // It names an order that is not there: it is looked for, not found, and forgotten.
  expect(await ring(house, '{"id":987654}')).toBe(202)
  await house.settle()
  expect(await waitingNotices(house)).toBe(0)
  expect(await house.parked()).toEqual([])
})

test('over HTTP: no body is turned away, 20 MB are refused with words, and the next one is heard (look-alikes)', async () => {
  await using house = await openHouse()
  const door = await house.listen()
  try {
    const post = (body: Buffer | null, headers: Record<string, string> = {}) =>
      fetch(`${door.url}/webhooks/shop`, { method: 'POST', body, headers })
    expect((await post(null)).status).toBe(401)
    const large = Buffer.alloc(20 * 1024 * 1024, 'x')
    const answer = await post(large, signed(large)).catch((error: unknown) => error)
    // Who is still sending when the door closes may see a broken connection instead of the words.
    if (answer instanceof Response) {
      expect(answer.status).toBe(413)
      expect(await answer.json()).toMatchObject({
        code: 'too-large',
        detail: expect.stringContaining('5 MB'),
      })
    } else expect(answer).toBeInstanceOf(TypeError)
    const order = house.shop.fake.placeOrder({
      billing: { email: 'ida@example.com', country: 'DE' },
      lines: [house.shop.lineOf('MUG-ENAMEL', 1)],
    })
    const body = Buffer.from(JSON.stringify({ id: order.id }))
    const kept = await post(body, signed(body))
    expect([kept.status, await kept.json()]).toEqual([202, { kept: 1 }])
    expect(await waitingNotices(house)).toBe(1)
    await house.settle()
    expect(house.erpOrders(order.number)).toMatchObject([{ total: order.total }])
  } finally {
    await door.close()
  }
})

function signed(body: string | Buffer): Record<string, string> {
  const signature = createHmac('sha256', webhookSecret).update(body).digest('base64')
  return {
    'content-type': 'application/json',
    'x-wc-webhook-topic': 'order.updated',
    'x-wc-webhook-signature': signature,
  }
}

function ring(house: House, body: string): Promise<number> {
  return house.ring('http://linchpin.test/webhooks/shop', signed(body), body)
}

async function waitingNotices({ store }: House): Promise<number> {
  const { notices } = await store.status()
  return notices.filter(each => each.connection === 'shop').reduce((sum, each) => sum + each.count, 0)
}

async function attemptsAtErp({ db }: House): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    '',
    `select count(*) from attempt where flow = 'sales-order-shop-to-erp'`,
  )
  return row?.count ?? 0
}
