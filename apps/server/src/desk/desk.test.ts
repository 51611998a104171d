import { createClient, type Client } from '@linchpin/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRig, until, type Rig } from '../testing/rig.ts'
import { careOnce } from './caretaker.ts'

let rig: Rig
let api: Client
beforeAll(async () => {
  rig = await openRig()
  api = createClient({ url: rig.url, fetch: (url, init) => fetch(url, init) })
  await until('there is something to buy', () => rig.sellable() !== undefined)
})
afterAll(() => rig.close())

const billing = {
  first_name: 'Noor',
  last_name: 'de Vries',
  email: 'noor.devries@example.com',
  country: 'DE',
  city: 'München',
}

/** An order for something that the ERP has never heard of, for a guest. */
function parkable() {
  const own = rig.shop.createProduct({
    name: 'Only here',
    sku: `ONLY-${Math.trunc(performance.now() * 1000)}`,
    regular_price: '5.00',
  })
  return rig.shop.placeOrder({ billing, lines: [{ product: own.id, quantity: 2 }] })
}

async function parkedOrders() {
  const { causes } = await api.causes({})
  return causes.filter(({ flow, count }) => flow === 'sales-order-shop-to-erp' && count > 0)
}

test('a record is found by a number that it carries, whatever its case, and by the beginning of one', async () => {
  const order = rig.shop.placeOrder({
    billing,
    lines: [{ product: rig.sellable()?.id ?? 0, quantity: 1 }],
  })
  await rig.shop.runWebhooks()
  await until(
    'the order is read',
    // Other records may have this number, too.
    async () =>
      (await api.search({ text: String(order.id) })).found.some(
        ({ entity, id }) => entity === 'SalesOrder' && id === String(order.id),
      ),
  )
  const { found } = await api.search({ text: 'NOOR.devries@EXAMPLE.com' })
  expect(found.map(({ id }) => id)).toContain(String(order.id))
  expect(found.every(({ exact }) => exact)).toBe(true)
  expect((await api.search({ text: 'noor.dev' })).found[0]).toMatchObject({
    exact: false,
    kind: 'email',
    value: 'n•••@•••.com',
  })
  expect((await api.search({ text: '%' })).found).toEqual([])
})

test('what is parked is told once for each cause, and a cause that comes back has returned', async () => {
  parkable()
  parkable()
  await rig.shop.runWebhooks()
  await until('both are parked', async () => (await parkedOrders()).some(({ count }) => count === 2))
  const [cause] = await parkedOrders()
  expect(cause).toMatchObject({ is: 'new', count: 2, retryable: 2, worth: [{ currency: 'EUR' }] })
  const { parked, next } = await api.parkedPage({ cause: cause?.cause ?? '', limit: 1 })
  const rest = await api.parkedPage({ cause: cause?.cause ?? '', limit: 1, after: next ?? '' })
  expect(new Set([...parked, ...rest.parked].map(({ id }) => id)).size).toBe(2)
  expect((await api.skip({ cause: cause?.cause ?? '', reason: 'a test', who: 'test' })).count).toBe(2)
  expect((await api.causes({})).causes.find(each => each.cause === cause?.cause)).toMatchObject({
    is: 'resolved',
    count: 0,
  })
  parkable()
  await rig.shop.runWebhooks()
  await until('it has come back', async () => (await parkedOrders()).some(({ is }) => is === 'returned'))
})

test('a timeline shows who it is only to who says why, and the journal remembers that', async () => {
  const { found } = await api.search({ text: 'noor.devries@example.com' })
  const order = found.find(({ connection, entity }) => connection === 'shop' && entity === 'SalesOrder')
  const key = { connection: 'shop', entity: 'SalesOrder' as const, id: order?.id ?? '' }
  const masked = await api.timeline(key)
  expect(JSON.stringify(masked)).not.toContain('de Vries')
  // A guest has no other id than the e-mail: it is where the record is found.
  expect(JSON.stringify(masked).replaceAll(/"id":"[^"]*"/g, '')).not.toContain('noor.devries')
  const open = await api.reveal({ ...key, reason: 'the customer is on the phone', who: 'Ada' })
  expect(JSON.stringify(open.record.canonical)).toContain('de Vries')
  await api.comment({ ...key, words: 'Called back.', who: 'Ada' })
  expect((await api.timeline(key)).events).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        is: 'journal',
        what: 'revealed',
        who: 'Ada',
        words: 'the customer is on the phone',
      }),
      expect.objectContaining({ is: 'comment', words: 'Called back.' }),
    ]),
  )
})

test('a list, a search and a trace do not tell who it is either', async () => {
  const { found } = await api.search({ text: 'noor.devries@example.com' })
  const order = found.find(({ connection, entity }) => connection === 'shop' && entity === 'SalesOrder')
  const told = [
    found,
    await api.trace({ number: order?.label ?? '' }),
    await api.trace({ number: 'noor.devries@example.com' }),
    await api.parked({}),
    await api.parkedPage({}),
    await api.causes({}),
  ]
  // Asked back as it was asked, and a guest has no other id, which stands in the address of the shop's page too.
  const text = JSON.stringify(told).replaceAll(/"(id|asked|targetId|url)":"[^"]*"/g, '')
  expect(text).toContain('Order')
  expect(text).not.toContain('de Vries')
  expect(text).not.toContain('noor.devries')
})

test('nor does what another system says of their order, however it names them', async () => {
  const flow = 'sales-order-shop-to-erp'
  const order = parkable()
  await rig.shop.runWebhooks()
  await until('it is parked', async () =>
    (await api.parkedPage({ flow })).parked.some(({ id }) => id === String(order.id)),
  )
  await rig.linchpin.db.query(
    '',
    'update delivery set problem = $1, problem_kind = $2 where flow = $3 and id = $4',
    [
      `Refused: 'Noor de Vries' of München, or VRIES, is blocked. No such customer: de Vries.`,
      'refused',
      flow,
      String(order.id),
    ],
  )
  const key = { connection: 'shop', entity: 'SalesOrder' as const, id: String(order.id) }
  const answers = async () => [
    await api.causes({}),
    await api.parked({}),
    await api.parkedPage({ flow }),
    await api.trace({ number: String(order.id) }),
    await api.timeline(key),
  ]
  for (const answer of await answers()) {
    const text = JSON.stringify(answer)
    expect(text).toMatch(/Refused: '?N•••'? of M•••/)
    expect(text).not.toMatch(/\bvries|münchen/i)
  }
  expect(JSON.stringify(await api.reveal({ ...key, reason: 'they ring', who: 'Ada' }))).toContain(
    'No such customer: de Vries',
  )
  await api.skip({ flow, ids: [key.id], reason: 'It was a test.', who: 'Ada' })
  const resolved = (await api.causes({})).causes.find(({ words }) => words.startsWith('Refused'))
  expect(resolved).toMatchObject({ is: 'resolved' })
  expect(resolved?.words).not.toMatch(/\bvries|münchen/i)
})

test('a mapping of one’s own does not carry who it is into a field that is called otherwise', async () => {
  const { found } = await api.search({ text: 'noor.devries@example.com' })
  const id =
    found.find(({ connection, entity }) => connection === 'shop' && entity === 'SalesOrder')?.id ?? ''
  const fields = { buyerReference: 'billing.last_name', 'extra.of': 'billing' }
  const asked = { name: 'shop.SalesOrder', mapping: { fields } }
  const preview = await api.previewMapping({ ...asked, id })
  expect(preview).toMatchObject({ faults: [], result: { buyerReference: 'd•••' } })
  const told = [preview, await api.compareMapping(asked)]
  expect(JSON.stringify(told)).toContain('buyerReference')
  expect(JSON.stringify(told)).not.toContain('de Vries')
})

test('a plan shows who it is only to who may see that, and then it is written down', async () => {
  const { key } = await api.addApiKey({ name: 'planner', rights: ['look', 'operate'] })
  const planner = createClient({ url: rig.url, token: key, fetch: (url, init) => fetch(url, init) })
  const told: unknown[] = [await planner.match({ flow: 'account-shop-to-erp' })]
  for (const flow of ['account-shop-to-erp', 'sales-order-shop-to-erp'])
    told.push(await planner.plan({ flow }), await planner.reconcile({ flow }))
  const text = JSON.stringify(told).replaceAll(/"id":"[^"]*"/g, '')
  for (const personal of ['ada@example.com', 'noor.devries', 'de Vries']) expect(text).not.toContain(personal)
  expect((await api.audit({ what: 'plan' })).entries).toEqual([])
  expect(JSON.stringify(await api.plan({ flow: 'account-shop-to-erp' }))).toContain('ada@example.com')
  expect((await api.audit({ what: 'plan' })).entries).toMatchObject([{ how: 'machine', outcome: 'done' }])
})

test('a pause ends by itself when it was told to', async () => {
  const flow = 'price-erp-to-shop'
  await api.pauseFlow({
    name: flow,
    reason: 'for a moment',
    until: new Date(Date.now() - 1000).toISOString(),
  })
  expect((await api.flow({ name: flow })).flow.paused).toMatchObject({ reason: 'for a moment' })
  await careOnce(rig.linchpin)
  expect((await api.flow({ name: flow })).flow.paused).toBeNull()
})

test('no setting that is secret leaves the server, and each webhook is told with its verdict', async () => {
  const text = JSON.stringify(await api.connection({ name: 'shop' }))
  expect(text).not.toContain('cs_demo')
  expect(text).not.toContain('a-webhook-secret-of-the-tests')
  await fetch(`${rig.url}/webhooks/shop`, {
    method: 'POST',
    body: '{"id":1}',
    headers: { 'x-wc-webhook-signature': 'forged' },
  })
  const { calls } = await api.webhooks({ connection: 'shop' })
  expect(calls[0]).toMatchObject({ verdict: 'forged', headers: { 'x-wc-webhook-signature': '(hidden)' } })
})

test('the webhooks are told page by page, each once, and those of one verdict alone', async () => {
  const forged = { method: 'POST', body: '{}', headers: { 'x-wc-webhook-signature': 'forged' } }
  for (let count = 0; count < 3; count += 1) await fetch(`${rig.url}/webhooks/shop`, forged)
  const whole = await api.webhooks({ connection: 'shop', limit: 200 })
  expect(whole.next).toBeNull()
  const seen: number[] = []
  let before: number | null = null
  do {
    const page: Awaited<ReturnType<Client['webhooks']>> = await api.webhooks({
      connection: 'shop',
      limit: 2,
      ...(before === null ? {} : { before }),
    })
    seen.push(...page.calls.map(({ seq }) => seq))
    before = page.next
  } while (before !== null)
  // What came meanwhile stands before the first page.
  const first = whole.calls[0]?.seq ?? 0
  expect(seen.filter(seq => seq <= first)).toEqual(whole.calls.map(({ seq }) => seq))
  const { calls } = await api.webhooks({ verdict: 'forged' })
  expect(calls.length).toBeGreaterThanOrEqual(3)
  expect(new Set(calls.map(({ verdict }) => verdict))).toEqual(new Set(['forged']))
  expect(await api.webhooks({ connection: 'erp' })).toEqual({ calls: [], next: null })
})

test('home tells each flow with a verdict, and a reason for each that is not green', async () => {
  const { flows } = await api.home({})
  expect(flows.map(({ name }) => name)).toContain('sales-order-shop-to-erp')
  for (const { verdict } of flows) expect(verdict.because.length === 0).toBe(verdict.is === 'green')
})
