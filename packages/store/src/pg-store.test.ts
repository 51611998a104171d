import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDb, queryOn, type Db, type Query } from './db.ts'
import { openDesk } from './desk/desk.ts'
import { openEmbedded, type Embedded } from './embedded/index.ts'
import { linkOne } from './links.ts'
import { migrate } from './migrate.ts'
import { addHints, finishNotices } from './notices.ts'
import { pgStore } from './pg-store.ts'
import { refreshStatistics } from './statistics.ts'
import type { Delivery, Duty, LinkKey, ReadPage, ReadRecord, Settlement, Store } from './store.ts'

const T = Date.parse('2026-11-23T10:00:00Z')
const LEASE = 45_000
const SAFE = { inFlightMs: 40_000, unseenMs: null }
let folder: string
let server: Embedded
let db: Db
let store: Store

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-'))
  server = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  db = openDb(server.url, { connections: 4 })
  await migrate(db, T)
  store = pgStore(db)
})
afterAll(async () => {
  await store.close()
  await server.stop()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  const tables = await db.query<{ name: string }>(
    'tables',
    `select tablename "name" from pg_tables
     where schemaname = current_schema() and tablename not in ('migration', 'audit')`,
  )
  await db.query('', `truncate ${tables.map(table => table.name).join(', ')}`)
  await store.register(
    {
      connections: [
        { name: 'shop', connector: 'woocommerce' },
        { name: 'erp', connector: 'odoo' },
      ],
      flows: [
        {
          name: 'orders',
          entity: 'SalesOrder',
          from: 'shop',
          to: 'erp',
          priority: 1,
          inFlightMs: 40_000,
          unseenMs: 5_000,
        },
        { name: 'customers', entity: 'Account', from: 'shop', to: 'erp', priority: 2, ...SAFE },
        { name: 'stock', entity: 'StockLevel', from: 'erp', to: 'shop', priority: 3, ...SAFE },
      ],
      polls: [{ connection: 'shop', entity: 'SalesOrder' }],
    },
    T,
  )
})

test('what is registered is told, and registering again keeps the time of the first start', async () => {
  await store.register({ connections: [{ name: 'shop', connector: 'vendure' }], flows: [], polls: [] }, T + 1)
  const flows = await store.flows()
  expect(flows.map(flow => [flow.name, flow.active, flow.since])).toEqual([
    ['orders', false, T],
    ['customers', false, T],
    ['stock', false, T],
  ])
  const [erp, shop] = await store.connections()
  expect(erp).toMatchObject({ name: 'erp', connector: 'odoo', paused: null, blockedUntil: null, failures: 0 })
  expect(shop).toMatchObject({
    connector: 'vendure',
    polls: [{ entity: 'SalesOrder', nextAt: T, rounds: 0 }],
  })
})

test('after an older state was brought back, what is claimed first may have been written already', async () => {
  const [old, young] = [duty('1', { madeAt: T }), duty('2', { madeAt: T + 7_200_000 })]
  await store.owe([old, young, duty('3', { flow: 'customers', madeAt: T })], T)
  const flows = ['orders', 'customers']
  const before = await claim(T, flows)
  const lost = T + 3_000_000
  await db.query('', "insert into memory (system, timeline, lost_at) values ('', '', $1)", [
    new Date(lost).toISOString(),
  ])
  await store.wake(T + LEASE)
  const claimed = await claim(lost + 1, flows)
  const times = { sendBy: lost + 40_000, settledBy: lost + 45_000 }
  const open = { operation: 'create', ...times, isSupposed: true }
  const first = claimed.toSorted((one, other) => (one.id < other.id ? -1 : 1))
  expect(first.map(each => [each.id, each.intent, each.readAfter, each.sentHash])).toEqual([
    ['1', open, lost, null],
    ['2', null, undefined, null],
    ['3', null, lost, null],
  ])
  // Who held it before that may have been given the same number by another.
  expect(first[0]?.fence).toBeGreaterThan(Math.max(...before.map(({ fence }) => fence)) + 100)
  // Only once: what became of it is known from now on.
  await store.settle(
    claimed.map(delivery => ({
      delivery,
      is: 'parked',
      trouble: { kind: 'refused', words: 'No.' },
      intent: 'clear',
    })),
    lost + 2,
  )
  await store.owe([old], lost + 3)
  expect((await claim(lost + 3)).map(each => [each.id, each.intent])).toEqual([['1', null]])
})

test('what may have been created in a forgotten time is still open when it was left out for a while', async () => {
  const old = duty('1', { madeAt: T })
  await store.owe([old], T)
  const lost = T + 3_000_000
  await db.query('', "insert into memory (system, timeline, lost_at) values ('', '', $1)", [
    new Date(lost).toISOString(),
  ])
  const back = { connection: 'erp', entity: 'SalesOrder', id: '9', from: 'shop', sourceId: '1' } as const
  for (const at of [lost + 1, lost + 3]) {
    const [delivery] = await claim(at)
    if (!delivery) throw new Error('it is due')
    expect(delivery.intent).toMatchObject({ operation: 'create', isSupposed: true })
    await store.settle([{ delivery, is: 'skipped', words: 'Not this one.', intent: 'keep' }], at + 1)
    // Nothing is under way: whoever carries the other way need not wait for it.
    expect(await store.writtenFrom(back)).toMatchObject({ isOpen: false })
    await store.owe([old], at + 1)
  }
})

test('a page that does not begin where the cursor stands is not saved', async () => {
  const { poll } = await store.claimPoll({ connection: 'shop', leaseMs: LEASE, now: T })
  if (poll === null) throw new Error('it is due')
  const from = (cursor: string | null, to: string) =>
    store.saveRead({ ...page([]), poll: { poll: { ...poll, cursor }, cursor: to } })
  expect(await from(null, 'a')).toMatchObject({ saved: true })
  expect(await from('b', 'c')).toMatchObject({ saved: false })
  expect(await from('a', 'b')).toMatchObject({ saved: true })
})

test('a heap of a first load is kept sign for sign, beside what is known already and what another process saves meanwhile', async () => {
  const text = 'a\\b\t"ü"\r\n\\N'
  const heap = Array.from({ length: 60 }, (_each, index) =>
    order(String(index), { version: text, row: { text }, references: [{ kind: 'number', value: text }] }),
  )
  await store.saveRead(page([order('0', { hash: 'older' })]))
  // What another process saved between our look and our COPY: COPY alone would refuse the whole heap.
  await db.query(
    '',
    "insert into reference (connection, entity, id, kind, value) values ('shop', 'SalesOrder', '1', 'number', $1)",
    [text],
  )
  await store.setLoad('orders', { read: 0 }, true)
  const load = await store.claimLoad({ flow: 'orders', leaseMs: LEASE, now: T })
  if (load === null) throw new Error('nobody else has it')
  const move = { load, state: { read: 60 }, leaseUntil: null }
  expect(await store.saveRead({ ...page(heap), cause: 'load', load: move })).toMatchObject({ saved: true })
  for (const id of ['0', '1', '59'])
    expect(await store.record({ connection: 'shop', entity: 'SalesOrder', id })).toMatchObject({
      version: text,
      row: { text },
    })
  const [counts] = await db.query(
    '',
    'select (select count(*)::int from record) records, (select count(*)::int from reference where value = $1) numbers',
    [text],
  )
  expect(counts).toEqual({ records: 60, numbers: 60 })
  const again = heap.map(each => ({ ...each, id: `again ${each.id}` }))
  expect(await store.saveRead({ ...page(again), cause: 'load', load: move })).toMatchObject({ changed: 60 })
  expect(await store.record({ connection: 'shop', entity: 'SalesOrder', id: 'again 5' })).toMatchObject({
    version: text,
    row: { text },
  })
})

test('of a new record that two nodes save at one moment nothing older is kept beside the newer', async () => {
  const first = await db.pool.connect()
  await first.query('begin')
  await first.query(
    `insert into record (connection, entity, id, version, hash, row, read_at, changed_at)
     values ('shop', 'SalesOrder', '1', 'older', 'older', '{}', $1, $1)`,
    [new Date(T - 1_000)],
  )
  await first.query("insert into reference values ('older', 'number', 'shop', 'SalesOrder', '1')")
  await first.query(
    "insert into demand (connection, order_id, product, quantity) values ('shop', '1', 'p1', 9)",
  )
  const newer = [{ kind: 'number' as const, value: 'newer' }]
  const demand = [{ product: 'p1', quantity: '2' }]
  const second = store.saveRead(page([order('1', { hash: 'newer', references: newer, demand })]))
  const waits = () => db.query('', "select 1 from pg_stat_activity where wait_event_type = 'Lock'")
  await expect.poll(async () => (await waits()).length).toBe(1)
  await first.query('commit')
  first.release()
  expect(await second).toMatchObject({ saved: true, changed: 1 })
  expect(await db.query('', 'select value from reference')).toEqual([{ value: 'newer' }])
  expect(await db.query('', 'select product, quantity from demand')).toEqual([
    { product: 'p1', quantity: '2' },
  ])
})

test('what may still arrive is known to be the same as what was sent last, or not', async () => {
  await store.owe([duty('1')], T)
  const doubt = async (hash: string, isAlone: boolean) => {
    const delivery = await claimOne()
    await intend(delivery, { hash, isAlone })
    const later = { is: 'later', at: T, trouble: null, intent: 'keep', counts: false } as const
    await store.settle([{ delivery, ...later }], T)
    await store.wake(T)
    const [row] = await db.query<{ doubt_hash: string }>('', 'select doubt_hash from delivery')
    return row?.doubt_hash
  }
  expect(await doubt('h1', true)).toBe('h1')
  expect(await doubt('h1', false)).toBe('h1')
  expect(await doubt('h2', false)).toBe('')
  expect(await doubt('h2', false)).toBe('')
  expect(await doubt('h2', true)).toBe('h2')
  expect((await claimOne()).doubtHash).toBe('h2')
})

test('a record that rings many times is one notice, and one that rings while it is read stays', async () => {
  const hint = { connection: 'shop', entity: 'SalesOrder', id: '1', cause: 'webhook' } as const
  await store.notify([hint, { ...hint, force: true }, { ...hint, id: '2' }], T)
  await store.notify([hint], T + 1)
  const claimed = await claimNotices(T + 2)
  expect(claimed).toMatchObject([
    { id: '1', force: true, gen: 2, tries: 0 },
    { id: '2', force: false, gen: 1 },
  ])
  expect(await claimNotices(T + 2)).toEqual([])
  await store.notify([hint], T + 3)
  await store.saveRead({ ...page([]), notices: claimed })
  expect(await claimNotices(T + 4)).toMatchObject([{ id: '1', gen: 3 }])
})

test('a notice that could not be answered comes back at its time, and a hint may be for later', async () => {
  await store.notify([{ connection: 'shop', entity: 'SalesOrder', id: '1', cause: 'webhook' }], T)
  await store.retryNotices(await claimNotices(T), T + 5_000)
  await store.notify(
    [{ connection: 'erp', entity: 'Product', id: '9', cause: 'vanished', at: T + 60_000 }],
    T,
  )
  expect(await store.wake(T + 1)).toBe(4_999)
  expect(await claimNotices(T + 1)).toEqual([])
  expect(await store.wake(T + 5_000)).toBe(55_000)
  expect(await claimNotices(T + 5_000)).toMatchObject([{ id: '1', tries: 1 }])
})

test('who rings several and who finishes several do not wait for each other', async () => {
  const hints = ['1', '2', '3'].map(
    id => ({ connection: 'shop', entity: 'SalesOrder', id, cause: 'webhook' }) as const,
  )
  await store.notify(hints, T)
  const claimed = await claimNotices(T)
  await store.notify(hints.slice(0, 1), T + 1)
  const [finishing, ringing] = [await db.pool.connect(), await db.pool.connect()]
  try {
    // Not as the store does, which would try again after PostgreSQL has broken them up.
    await finishing.query('begin')
    await ringing.query('begin')
    let rung: Promise<void> | undefined
    const query = (async (name, text, values) => {
      const rows = await queryOn(finishing)(name, text, values)
      rung ??= addHints(queryOn(ringing), hints, T + 2)
      await expect.poll(() => waiting()).toBe(1)
      return rows
    }) as Query
    await finishNotices(query, claimed)
    await finishing.query('commit')
    await rung
    await ringing.query('commit')
  } finally {
    finishing.release(true)
    ringing.release(true)
  }
  expect(await claimNotices(T + 3)).toHaveLength(3)
})

/** How many wait for a lock. */
async function waiting(): Promise<number> {
  const rows = await db.query('', 'select from pg_locks where not granted')
  return rows.length
}

test('a notice is freed when its lease ends', async () => {
  await store.notify([{ connection: 'shop', entity: 'SalesOrder', id: '1', cause: 'webhook' }], T)
  const [first] = await claimNotices(T)
  expect(await store.wake(T + LEASE)).toBe(null)
  const [second] = await claimNotices(T + LEASE)
  expect(second?.fence).toBe((first?.fence ?? 0) + 1)
})

test('a poll is one node’s at a time, and its cursor moves only with its page', async () => {
  const claim = (now: number) => store.claimPoll({ connection: 'shop', leaseMs: LEASE, now })
  const { poll } = await claim(T)
  expect(poll).toEqual({ connection: 'shop', entity: 'SalesOrder', cursor: null, fence: 1, failures: 0 })
  expect(await claim(T)).toEqual({ poll: null, nextAt: T + LEASE })
  const { poll: taken } = await claim(T + LEASE)
  if (!poll || !taken) throw new Error('no poll')
  const late = await store.saveRead({ ...page([order('1')]), poll: { poll, cursor: 'late' } })
  expect(late.saved).toBe(false)
  const saved = await store.saveRead({ ...page([order('1')]), poll: { poll: taken, cursor: 'one' } })
  expect(saved).toEqual({ saved: true, changed: 1, owed: 1, newlyGone: 0 })
  await store.finishPoll(poll, { nextAt: T, problem: 'late', caughtUpAt: null, now: T })
  await store.finishPoll(taken, { nextAt: T + 1, problem: null, caughtUpAt: T, now: T })
  expect(await claim(T)).toEqual({ poll: null, nextAt: T + 1 })
  expect((await claim(T + 1)).poll).toMatchObject({ cursor: 'one', failures: 0 })
})

test('a page is saved whole: record, references, parents, demand, prices, deliveries, journal', async () => {
  const read = order('1', {
    references: [{ kind: 'number', value: 'W-1' }],
    parents: [{ entity: 'Account', id: 'a1' }],
    demand: [
      { product: 'p1', quantity: '2' },
      { product: 'p1', quantity: '0.5' },
    ],
  })
  const price: ReadRecord = {
    ...order('p1'),
    entity: 'Price',
    duties: [],
    price: {
      product: 'p1',
      priceList: '',
      currency: 'EUR',
      list: '10.00',
      sale: null,
      saleFrom: null,
      saleTo: '2026-12-01T00:00:00Z',
      taxInclusive: false,
    },
  }
  expect(await store.saveRead(page([read, price]))).toEqual({
    saved: true,
    changed: 2,
    owed: 1,
    newlyGone: 0,
  })
  expect(await store.saveRead(page([read, price]))).toMatchObject({ changed: 0, owed: 0 })
  const found = await store.record({ connection: 'shop', entity: 'SalesOrder', id: '1' })
  expect(found).toMatchObject({ hash: 'h1', row: { id: '1' }, readAt: T, changedAt: T, gone: false })
  expect(await store.search('w-1', 10)).toEqual([
    { value: 'W-1', kind: 'number', connection: 'shop', entity: 'SalesOrder', id: '1' },
  ])
  const story = await store.trace([{ connection: 'shop', entity: 'SalesOrder', id: '1' }])
  expect(story.records[0]?.parents).toEqual([{ connection: 'shop', entity: 'Account', id: 'a1' }])
  expect(story.journal.map(entry => entry.what)).toEqual(['read'])
  expect(story.deliveries).toMatchObject([{ flow: 'orders', state: 'ready', owedAt: T }])
})

test('an older reading does not overwrite a newer one', async () => {
  await store.saveRead({ ...page([order('1', { hash: 'new' })]), readAt: T + 10 })
  const late = await store.saveRead({ ...page([order('1', { hash: 'old' })]), readAt: T + 5 })
  expect(late.changed).toBe(0)
  expect(await store.record({ connection: 'shop', entity: 'SalesOrder', id: '1' })).toMatchObject({
    hash: 'new',
  })
})

test('who asked for a record by force is not forgotten when it cannot be seen for a while', async () => {
  const hint = { connection: 'shop', entity: 'SalesOrder', id: '1', cause: 'link', force: true } as const
  await store.saveRead(page([order('1')]))
  await store.notify([hint], T)
  await store.saveRead({ ...page([]), gone: ['1'], notices: await claimNotices(T) })
  expect(await store.wake(T + 60_000)).toBe(null)
  expect(await claimNotices(T + 60_000)).toMatchObject([{ id: '1', cause: 'vanished', force: true }])
})

test('whoever rings and looks in vain before the second look does not take its place', async () => {
  const ring = () =>
    store.notify([{ connection: 'shop', entity: 'SalesOrder', id: '1', cause: 'webhook' }], T)
  await store.saveRead(page([order('1')]))
  await ring()
  const first = await claimNotices(T)
  await ring()
  await store.saveRead({ ...page([]), gone: ['1'], notices: first })
  await store.saveRead({ ...page([]), gone: ['1'], notices: await claimNotices(T + 1), now: T + 1 })
  expect(await store.wake(T + 60_000)).toBe(null)
  expect(await claimNotices(T + 60_000)).toMatchObject([{ id: '1', cause: 'vanished' }])
})

/** Order 1 as it was modified at such a second, and how it is known. */
function state(second: number): ReadRecord {
  const modifiedAt = `2026-11-23T10:00:0${second}Z`
  return order('1', { hash: `h${second}`, canonical: { modifiedAt }, modifiedAt: Date.parse(modifiedAt) })
}
const hash = async () => (await store.record({ connection: 'shop', entity: 'SalesOrder', id: '1' }))?.hash

test('an older state than is known is believed only when a second look says the same', async () => {
  await store.saveRead(page([state(5)]))
  expect((await store.saveRead(page([state(3)]))).changed).toBe(0)
  expect(await hash()).toBe('h5')
  expect(await store.wake(T + 60_000)).toBe(null)
  const notices = await claimNotices(T + 60_000)
  expect(notices).toMatchObject([{ id: '1', cause: 'older' }])
  await store.saveRead({ ...page([state(3)]), readAt: T + 60_000, now: T + 60_000, notices })
  expect(await hash()).toBe('h3')
})

test('a second look that is older than what was read between the two is a first one again', async () => {
  const lookAt = async (now: number) => {
    await store.wake(now)
    await store.saveRead({ ...page([state(5)]), readAt: now, now, notices: await claimNotices(now) })
  }
  await store.saveRead(page([state(6)]))
  await store.saveRead(page([state(5)]))
  await store.saveRead({ ...page([state(7)]), readAt: T + 40_000, now: T + 40_000 })
  // The replica lags still, now behind the newer one: its cursor would never tell that again.
  await lookAt(T + 60_000)
  expect(await hash()).toBe('h7')
  await lookAt(T + 120_000)
  expect(await hash()).toBe('h5')
})

test('what was to be read anyway is no second look, and the second look is made all the same', async () => {
  const lookAt = async (now: number) => {
    await store.wake(now)
    const notices = await claimNotices(now)
    await store.saveRead({ ...page([state(3)]), readAt: now, now, notices })
    return notices.map(({ cause }) => cause)
  }
  await store.saveRead(page([state(5)]))
  await store.notify([{ connection: 'shop', entity: 'SalesOrder', id: '1', cause: 'webhook' }], T)
  // The poll comes to a replica that lags, and a moment later so does the look that the webhook asked for.
  await store.saveRead(page([state(3)]))
  expect(await lookAt(T + 1_000)).toEqual(['webhook'])
  expect(await hash()).toBe('h5')
  expect(await lookAt(T + 60_000)).toEqual(['older'])
  expect(await hash()).toBe('h3')
})

test('who looked before a record was read does not make it gone, and looks again', async () => {
  await store.saveRead({ ...page([order('1')]), readAt: T + 2_000, now: T + 2_000 })
  for (const now of [T + 2_000, T + 70_000])
    await store.saveRead({ ...page([]), gone: ['1'], readAt: T + 1_000, now })
  expect((await store.record({ connection: 'shop', entity: 'SalesOrder', id: '1' }))?.gone).toBe(false)
  await store.wake(T + 200_000)
  const again = await claimNotices(T + 200_000)
  expect(again).toMatchObject([{ id: '1', cause: 'vanished' }])
  // What another process told comes in any order: an older word of it means nothing.
  await store.saveRead({ ...page([]), notices: again })
  const told = { ...page([]), cause: 'bus', gone: ['1'], readAt: T + 1_000, now: T + 300_000 } as const
  await store.saveRead(told)
  await store.wake(T + 400_000)
  expect(await claimNotices(T + 400_000)).toEqual([])
})

test('a record counts as gone only when it was missed twice', async () => {
  await store.saveRead(page([order('1'), order('2')]))
  await store.saveRead({ ...page([]), gone: ['1', 'never seen'] })
  expect(await store.missing('shop', 'SalesOrder')).toEqual({ missed: 1, all: 2 })
  // Somebody who asks twice at once has looked once.
  await store.saveRead({ ...page([]), gone: ['1'], now: T + 1_000 })
  expect((await store.record({ connection: 'shop', entity: 'SalesOrder', id: '1' }))?.gone).toBe(false)
  expect(await store.wake(T + 60_000)).toBe(null)
  const [again] = await claimNotices(T + 60_000)
  expect(again).toMatchObject({ id: '1', cause: 'vanished' })
  await store.saveRead({ ...page([]), gone: ['1'], now: T + 60_000, notices: again ? [again] : [] })
  expect((await store.record({ connection: 'shop', entity: 'SalesOrder', id: '1' }))?.gone).toBe(true)
  await store.saveRead(page([order('1')]))
  expect((await store.record({ connection: 'shop', entity: 'SalesOrder', id: '1' }))?.gone).toBe(false)
})

test('a change that came with the echo of our write is not lost; echoes that never end are stopped', async () => {
  /** Whether a change of the shop came back to it by way of the ERP. */
  const change = async (hash: string, version: string) => {
    await store.saveRead(page([order('1', { hash, version })]))
    const [there] = await claim(T)
    if (there) await apply(there, 'S1')
    const echo = { ...order('S1', { version: 'v S1', hash: `S ${hash}` }), duties: [back('S1')] }
    if (there) await store.saveRead({ ...page([echo]), connection: 'erp' })
    const [home] = await claim(T, ['back'])
    if (home) await apply(home, '1')
    return home ? 1 : 0
  }
  // The shop tells a change of its own, then only what our writes left there, never the same twice.
  const came = [await change('own', 'v1')]
  for (const turn of ['1', '2', '3', '4', '5', '6', '7']) came.push(await change(turn, 'v 1'))
  came.push(await change('own again', 'v2'))
  expect(came).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 1])
})

test('what our write left is known to be its echo, with the record that it was made of', async () => {
  const { to: _to, ...there } = key('erp', 'S1', '')
  const asked = (from: string) => store.writtenFrom({ ...there, from, sourceId: '1' })
  await store.saveRead(page([order('1', { hash: 'h1', canonical: { name: 'B' } })]))
  const delivery = await claimOne()
  await store.saveRead(page([order('1', { hash: 'h2', canonical: { name: 'C' } })]))
  await intend(delivery)
  expect(await asked('shop')).toEqual({ isOpen: true, heldSentBy: null, last: null })
  await apply(delivery, 'S1')
  const last = { version: 'v S1', at: T, canonical: { name: 'B' } }
  expect(await asked('shop')).toEqual({ isOpen: false, heldSentBy: null, last })
  expect(await asked('other')).toEqual({ isOpen: false, heldSentBy: null, last: null })
})

test.each([
  ['its flow', { flow: 'orders' }],
  ['its target', { connection: 'erp' }],
])(
  'a write without an answer is open no more when a pause of %s holds it back, and was sent by then',
  async (_what, target) => {
    await store.saveRead(page([order('1')]))
    await intend(await claimOne())
    const { to: _to, ...there } = key('erp', 'S1', '')
    const asked = () => store.writtenFrom({ ...there, from: 'shop', sourceId: '1' })
    const pause = { target, who: 'ada', reason: 'Stocktaking.', kind: null } as const
    await store.pause(pause, T + 1)
    expect(await asked()).toMatchObject({ isOpen: false, heldSentBy: T + 40_000 })
    await store.resume(target, 'ada', T + 2)
    expect(await asked()).toMatchObject({ isOpen: true, heldSentBy: null })
  },
)

test('deliveries of one lane are claimed one after the other, in the order of flows', async () => {
  await store.owe([duty('1', { lane: 'L' }), duty('2', { lane: 'L' }), duty('3')], T)
  await store.owe([{ ...duty('a1'), flow: 'customers', entity: 'Account', lane: 'Account/a1' }], T)
  const claimed = await claim(T, ['customers', 'orders'])
  expect(claimed.map(each => each.id)).toEqual(['1', '3', 'a1'])
  expect(claimed[0]).toMatchObject({ record: null, targetId: null, fence: 1, intent: null })
  expect(await claim(T)).toEqual([])
  await store.settle([{ delivery: claimed[0] as Delivery, is: 'unchanged', words: '' }], T)
  expect((await claim(T)).map(each => each.id)).toEqual(['2'])
})

test('a limit takes the flows in their order', async () => {
  await store.owe([duty('1'), duty('2')], T)
  await store.owe([{ ...duty('a1'), flow: 'customers', entity: 'Account', lane: 'Account/a1' }], T)
  const claim = { node: 'n1', flows: ['customers', 'orders'], limit: 2, leaseMs: LEASE, now: T }
  expect((await store.claimDeliveries(claim)).map(each => each.id).toSorted()).toEqual(['1', 'a1'])
})

test('what is settled first has the first turn, in whichever way PostgreSQL joins its tables', async () => {
  const off = ['hashjoin', 'mergejoin', 'material', 'memoize', 'indexscan', 'bitmapscan']
  const options = off.map(name => `-c%20enable_${name}%3Doff`).join('%20')
  const looping = pgStore(openDb(`${server.url}&options=${options}`, { connections: 1 }))
  await store.owe(
    ['1', '2', '3', '4', '5'].map(id => duty(id)),
    T,
  )
  // Of a table that is known to be small, each row is looked up in the list of what was settled.
  await db.query('', 'analyze delivery')
  const settled = (await claim(T)).toReversed()
  await looping.settle(
    settled.map(delivery => ({
      delivery,
      is: 'linked',
      targetId: `S${delivery.id}`,
      how: 'found',
      alias: false,
    })),
    T,
  )
  expect((await claim(T)).map(({ id }) => id)).toEqual(settled.map(({ id }) => id))
  await looping.close()
})

test('an intent is durable, numbered and only given to whoever holds the delivery', async () => {
  await store.owe([duty('1')], T)
  const delivery = await claimOne()
  expect(await intend(delivery)).toEqual(['1'])
  await store.wake(T + LEASE)
  expect(await intend(delivery)).toEqual([])
  const again = await claimOne(T + LEASE)
  expect(again.intent).toMatchObject({ operation: 'create', sendBy: T + 20_000, settledBy: T + 40_000 })
  expect(again.attempt).toBe(1)
  expect(await store.settle([{ delivery, is: 'unchanged', words: '' }], T)).toEqual(['lost'])
  expect((await trace()).attempts).toMatchObject([{ attempt: 1, operation: 'create', outcome: null }])
})

test('what is applied is linked, journalled and done; the links tell it from both sides', async () => {
  await store.saveRead(page([order('1')]))
  const delivery = await claimOne()
  await intend(delivery)
  expect(await apply(delivery, 'S1')).toEqual(['settled'])
  expect(
    await store.links([
      key('shop', '1', 'erp'),
      key('erp', 'S1', 'shop'),
      key('erp', 'S2', 'shop'),
      key('erp', 'S1', 'other'),
    ]),
  ).toEqual(['S1', '1', null, null])
  const story = await trace()
  expect(story.attempts).toMatchObject([{ outcome: 'applied', targetId: 'S1', endedAt: T }])
  expect(story.journal.map(each => each.what)).toEqual(['read', 'applied'])
  expect(story.deliveries).toMatchObject([{ state: 'done', trouble: null, settledAt: T }])
  expect(story.links).toMatchObject([{ left: { connection: 'erp', id: 'S1' }, right: { id: '1' }, at: T }])
})

test('two records cannot be linked to one, unless one is another name of the other', async () => {
  const link = { ...key('shop', '1', 'erp'), targetId: 'S1', how: 'told', flow: null, alias: false }
  expect(await store.saveLink(link, T)).toBe('linked')
  expect(await store.saveLink({ ...link, id: '2' }, T)).toBe('taken')
  expect(await store.saveLink({ ...link, targetId: 'S2' }, T)).toBe('taken')
  expect(await store.saveLink({ ...link, id: '2', alias: true }, T)).toBe('linked')
  expect(
    await store.links([key('shop', '2', 'erp'), key('erp', 'S1', 'shop'), key('shop', '1', 'erp')]),
  ).toEqual(['S1', '1', 'S1'])
  await store.owe([duty('3')], T)
  expect(await apply(await claimOne(), 'S1')).toEqual(['taken'])
  const [parked] = await store.parked({ limit: 10 })
  expect(parked).toMatchObject({ id: '3', unknown: false, parkedAt: T, trouble: { kind: 'taken' } })
})

test('what is just being claimed is not unlinked under its writer', async () => {
  const link = { ...key('shop', '1', 'erp'), targetId: 'S1', how: 'told', flow: null, alias: false }
  await store.saveLink(link, T)
  await store.owe([duty('1')], T)
  let unlinked: Promise<unknown> = Promise.resolve()
  await db.transaction(async query => {
    // As a claim does it that has not ended yet.
    await query('', "update delivery set state = 'running', fence = 1, claimed_gen = gen where id = '1'")
    unlinked = store.unlink({ ...key('shop', '1', 'erp'), who: 'ada' }, T)
    await blockedOrDone(unlinked)
  })
  expect(await unlinked).toEqual({ is: 'under way' })
})

test('that one end of a link is there says nothing of the other end, which is missing', async () => {
  await store.saveLink(
    { ...key('shop', '1', 'erp'), targetId: 'S1', how: 'told', flow: null, alias: false },
    T,
  )
  const query = { entity: 'SalesOrder', limit: 9, after: null } as const
  const seen = async (connection: string) =>
    (await store.newestLinks({ ...query, connection, which: 'seen' })).length
  const mark = async (connection: string, are: 'missing' | 'there') =>
    store.markLinks(connection, are, await store.newestLinks({ ...query, connection, which: 'all' }))
  await mark('erp', 'missing')
  await mark('shop', 'there')
  expect(await seen('erp')).toBe(0)
  await mark('erp', 'there')
  expect(await seen('erp')).toBe(1)
})

test('a change during the write makes it ready again when the write ends', async () => {
  await store.owe([duty('1')], T)
  const delivery = await claimOne()
  await store.owe([duty('1')], T + 1)
  await apply(delivery, 'S1')
  expect(await claimOne()).toMatchObject({ gen: 2, targetId: 'S1', sentHash: 'sent S1' })
})

test('a delivery that waits is woken by its link, from either side, and at the latest by time', async () => {
  await store.owe([duty('1'), duty('2')], T)
  const [one, two] = await claim(T)
  const links: LinkKey[] = [{ entity: 'Account', connection: 'shop', id: 'a1', to: 'erp' }]
  const base = { is: 'waiting' as const, links, at: T + 60_000, words: 'Waits.', hints: [], duties: [] }
  const asked = { ...duty('a1'), flow: 'customers', entity: 'Account' as const, force: true }
  await store.settle(
    [
      { ...base, delivery: one as Delivery, duties: [asked] },
      {
        ...base,
        delivery: two as Delivery,
        links: [],
        hints: [{ connection: 'shop', entity: 'SalesOrder', id: '2', cause: 'dependency', force: true }],
      },
    ],
    T,
  )
  expect(await claim(T)).toEqual([])
  expect(await claimNotices(T)).toMatchObject([{ id: '2', force: true }])
  const [account] = await claim(T, ['customers'])
  expect(account).toMatchObject({ id: 'a1', force: true })
  await apply(account as Delivery, 'P7')
  await apply(await claimOne(), 'S1')
  expect(await store.wake(T + 60_000)).toBe(null)
  expect((await claim(T + 60_000)).map(each => each.id)).toEqual(['2'])
})

test('what waits for something that was linked meanwhile does not wait', async () => {
  await store.owe([duty('1')], T)
  const delivery = await claimOne()
  const account = { entity: 'Account', connection: 'shop', id: 'a1', to: 'erp' } as const
  await store.saveLink({ ...account, targetId: 'P7', how: 'told', flow: null, alias: false }, T)
  const waits = { is: 'waiting', links: [account], at: T + 9, words: '', hints: [], duties: [] } as const
  await store.settle([{ delivery, ...waits }], T)
  expect(await claimOne()).toMatchObject({ id: '1' })
})

test('what is about to wait while its link is being made does not wait for ever', async () => {
  await store.owe([duty('1')], T)
  const delivery = await claimOne()
  const account = { entity: 'Account', connection: 'shop', id: 'a1', to: 'erp' } as const
  const link = { ...account, targetId: 'P7', how: 'told', flow: null, alias: false }
  let settled: Promise<unknown> = Promise.resolve()
  await db.transaction(async query => {
    await linkOne(query, link, T, null)
    // Nobody sees this link yet, and nobody is seen here who comes now.
    settled = store.settle([{ delivery, is: 'skipped', words: 'Of another.', links: [account] }], T)
    await blockedOrDone(settled)
  })
  await settled
  expect(await claimOne()).toMatchObject({ id: '1' })
})

test('later keeps or clears the intent, counts or not, and comes at its time', async () => {
  await store.owe([duty('1')], T)
  const delivery = await claimOne()
  await intend(delivery)
  const trouble = { kind: 'unknown', words: 'No answer.' }
  await store.settle([{ delivery, is: 'later', at: T + 100, trouble, intent: 'keep', counts: true }], T)
  expect(await store.wake(T + 99)).toBe(1)
  await store.wake(T + 100)
  const again = await claimOne(T + 100)
  expect(again).toMatchObject({ tries: 1, intent: { operation: 'create' } })
  await store.settle(
    [{ delivery: again, is: 'later', at: T, trouble: null, intent: 'clear', counts: false }],
    T,
  )
  await store.wake(T)
  expect(await claimOne()).toMatchObject({ tries: 1, intent: null })
})

test('an unknown create is answered by a person, and neither retried nor owed away', async () => {
  await store.saveRead(page([order('1', { references: [{ kind: 'number', value: 'W-1' }] })]))
  const delivery = await claimOne()
  await intend(delivery)
  const trouble = { kind: 'unknown', words: 'Did it arrive?' }
  await store.settle([{ delivery, is: 'parked', trouble, intent: 'keep' }], T)
  expect(await store.retryParked({ flow: 'orders' }, 'ada', T)).toBe(0)
  await store.owe([duty('1', { worth: { amount: '11.90', currency: 'EUR' } })], T)
  expect(await store.parked({ flow: 'orders', limit: 5 })).toMatchObject([
    { id: '1', unknown: true, label: 'W-1', worth: { amount: '11.90', currency: 'EUR' } },
  ])
  expect(await store.status()).toEqual({
    deliveries: [
      { flow: 'orders', state: 'parked', count: 1, oldest: T, worth: [{ amount: '11.90', currency: 'EUR' }] },
    ],
    notices: [],
    records: [{ connection: 'shop', entity: 'SalesOrder', count: 1 }],
  })
  expect(await store.answerUnknown({ flow: 'orders', id: '2' }, null, 'ada', T)).toBe(false)
  expect(await store.answerUnknown({ flow: 'orders', id: '1' }, 'S9', 'ada', T)).toBe(true)
  expect(await claimOne()).toMatchObject({ targetId: 'S9', intent: null, force: true })
})

test('what waits for a parked record asks for it once, and does not have it tried again and again', async () => {
  await store.owe([duty('1')], T)
  const trouble = { kind: 'refused', words: 'No such country.' }
  const [delivery] = await claim(T)
  await store.settle([{ delivery: delivery as Delivery, is: 'parked', trouble, intent: 'clear' }], T)
  const again = duty('1', { force: true, onlyIfSettled: true })
  expect(await store.owe([again], T + 60_000)).toBe(0)
  expect(await store.parked({ limit: 9 })).toMatchObject([{ id: '1', parkedAt: T }])
  expect(await store.owe([duty('1', { force: true })], T + 60_000)).toBe(1)
})

test('parked deliveries are retried or given up by hand, with a word in the journal', async () => {
  await store.owe([duty('1'), duty('2'), duty('3')], T)
  const trouble = { kind: 'refused', words: 'No such tax.' }
  await store.settle(
    (await claim(T)).map((delivery): Settlement => ({ delivery, is: 'parked', trouble, intent: 'clear' })),
    T,
  )
  expect(await store.retryParked({ ids: ['1'] }, 'ada', T)).toBe(1)
  expect(await store.skipParked({ flow: 'orders', ids: ['2', '9'] }, 'ada', 'A test order.', T)).toBe(1)
  expect((await claim(T)).map(each => [each.id, each.force, each.tries])).toEqual([['1', true, 0]])
  const words = (await trace('2')).journal.map(entry => [entry.who, entry.what, entry.words])
  expect(words.at(-1)).toEqual(['ada', 'skipped', 'A test order.'])
})

test('one cause is one, whatever number or e-mail address stands in its words', async () => {
  await store.owe([duty('1'), duty('2'), duty('3'), duty('4')], T)
  const words = ['ida@example.com', '<otto.lind@example.org>', '7', 'of a guest'].map(
    who => `The customer ${who} is not known.`,
  )
  await store.settle(
    (await claim(T)).map((delivery, index): Settlement => {
      const trouble = { kind: 'refused', words: words[index] ?? '' }
      return { delivery, is: 'parked', trouble, intent: 'clear' }
    }),
    T,
  )
  const counts = (await openDesk(db).causes(T)).map(({ count }) => count)
  expect(counts.toSorted((one, two) => one - two)).toEqual([1, 3])
})

test('stock is touched by orders, and open demand is what the books do not show yet', async () => {
  const product = { entity: 'Product', connection: 'shop', id: 'p1', to: 'erp' } as const
  await store.saveLink({ ...product, targetId: 'E1', how: 'told', flow: null, alias: false }, T)
  await store.owe([{ ...back('E1'), flow: 'stock', entity: 'StockLevel', lane: 'StockLevel/E1' }], T)
  const [stock] = await claim(T, ['stock'])
  await store.settle([{ delivery: stock as Delivery, is: 'unchanged', words: '' }], T)
  await store.saveRead(page([order('1', { demand: [{ product: 'p1', quantity: '3' }] })]))
  expect(await store.openDemand('erp', 'E1')).toBe('3')
  expect(await claim(T, ['stock'])).toMatchObject([{ id: 'E1' }])
  await apply(await claimOne(), 'S1')
  expect(await store.openDemand('erp', 'E1')).toBe('3')
  const level = { ...order('E1'), entity: 'StockLevel' as const, duties: [] }
  await store.saveRead({ ...page([level]), connection: 'erp', entity: 'StockLevel', readAt: T + 1 })
  expect(await store.openDemand('erp', 'E1')).toBe('0')
})

test('pauses, blocks and failures are told; who is resumed counts as out of order until it was looked at', async () => {
  await store.pause({ target: { flow: 'orders' }, who: 'ada', reason: 'Stocktaking.', kind: null }, T)
  await store.pause({ target: { connection: 'erp' }, who: 'linchpin', reason: '401', kind: 'login' }, T)
  expect((await store.flows())[0]?.paused).toEqual({ at: T, by: 'ada', reason: 'Stocktaking.' })
  expect(await store.block('erp', T + 500)).toBe(1)
  expect(await store.block('erp', T + 900)).toBe(2)
  expect((await store.connections())[0]).toMatchObject({
    paused: { kind: 'login' },
    blockedUntil: T + 900,
    failures: 2,
  })
  expect(await store.resume({ connection: 'erp' }, 'ada', T)).toBe(true)
  expect(await store.resume({ connection: 'erp' }, 'ada', T)).toBe(false)
  expect(await store.resume({ flow: 'orders' }, 'ada', T)).toBe(true)
  expect((await store.connections())[0]).toMatchObject({ paused: null, blockedUntil: null, failures: 3 })
  expect(await store.block('nobody', T)).toBe(0)
})

test('who was asked to wait waits, whatever else is answered or fails meanwhile', async () => {
  await store.block('erp', T + 40_000)
  expect(await store.block('erp', T + 1_000)).toBe(2)
  expect(await store.block('erp', null)).toBe(0)
  expect((await store.connections())[0]).toMatchObject({ blockedUntil: T + 40_000, failures: 0 })
})

test('who asked to be left alone for a day is sent to at once when a person says so', async () => {
  const DAY = 86_400_000
  await store.owe([duty('1'), duty('2')], T)
  const [busy, other] = (await claim(T)) as [Delivery, Delivery]
  const later = (delivery: Delivery, kind: string): Settlement => {
    const trouble = { kind, words: 'Not now.' }
    return { delivery, is: 'later', at: T + DAY, trouble, intent: 'clear', counts: false }
  }
  await store.settle([later(busy, 'busy'), later(other, 'passing')], T)
  expect(await store.disturb('erp', 'ada', T)).toBe(false)
  await store.leaveAlone('erp', T + DAY)
  expect(await store.disturb('erp', 'ada', T + 1)).toBe(true)
  expect((await store.connections())[0]).toMatchObject({ name: 'erp', leftAloneUntil: null })
  await store.wake(T + 1)
  expect((await claim(T + 1)).map(({ id }) => id)).toEqual(['1'])
  const said = await db.query('', "select who, words from journal where what = 'resumed'")
  expect(said).toEqual([
    { who: 'ada', words: 'Resumed, although it had asked to be left alone until 2026-11-24T10:00:00.000Z.' },
  ])
})

test('the bucket lets so many through at once, then one after the other, over all nodes', async () => {
  const spend = (now: number, cost = 1) =>
    store.spend({ connection: 'erp', cost, requests: 2, perMs: 1_000, now })
  expect([await spend(T), await spend(T), await spend(T), await spend(T)]).toEqual([0, 0, 500, 1_000])
  expect(await spend(T + 1_500)).toBe(0)
  expect(await spend(T + 1_000)).toBe(500)
  expect(await spend(T + 60_000, 2)).toBe(0)
})

test('what a dead node held is freed at once', async () => {
  await store.beat('n1', T, 15_000)
  await store.owe([duty('1')], T)
  await claimOne()
  await store.beat('n2', T + 15_000, 15_000)
  expect(await store.wake(T + 15_000)).toBe(LEASE - 15_000)
  await store.beat('n2', T + 15_001, 15_000)
  await store.wake(T + 15_001)
  expect(await claimOne(T + 15_001)).toMatchObject({ fence: 2 })
})

test('a write that a node has begun is left to it until it sends no more, dead or only slow', async () => {
  await store.beat('n1', T, 15_000)
  await store.owe([duty('1')], T)
  await intend(await claimOne())
  await store.beat('n2', T + 15_001, 15_000)
  expect(await store.wake(T + 19_999)).toBe(1)
  expect(await claim(T + 19_999)).toEqual([])
  await store.wake(T + 20_000)
  expect(await claimOne(T + 20_000)).toMatchObject({ fence: 2, intent: { operation: 'create' } })
})

test('a write that begins late in its lease is held until it is over', async () => {
  await store.owe([duty('1')], T - 30_000)
  await intend(await claimOne(T - 30_000))
  expect(await store.wake(T + 39_999)).toBe(1)
  expect(await claim(T + 39_999)).toEqual([])
})

test('files, secrets and the journal are kept', async () => {
  const of = { connection: 'erp', entity: 'Invoice', id: 'I1' } as const
  expect(await store.file(of)).toBe(null)
  const bytes = new TextEncoder().encode('%PDF')
  await store.saveFile(of, { name: 'I1.pdf', mediaType: 'application/pdf', sha256: 'x', bytes }, T)
  const file = await store.file(of)
  expect({ ...file, bytes: [...(file?.bytes ?? [])] }).toEqual({
    name: 'I1.pdf',
    mediaType: 'application/pdf',
    sha256: 'x',
    bytes: [...bytes],
    fetchedAt: T,
  })
  expect(await store.secret('erp', 'key')).toBe(null)
  await store.saveSecret('erp', 'key', 'sealed', T)
  await store.saveSecret('erp', 'key', 'sealed anew', T)
  expect(await store.secret('erp', 'key')).toBe('sealed anew')
  await store.journal({ ...of, who: 'ada', what: 'note', words: 'Called them.', detail: { a: 1 } }, T)
  expect((await store.trace([of])).journal).toMatchObject([{ who: 'ada', detail: { a: 1 }, at: T }])
})

test('the doorbell rings for those who listen', async () => {
  const heard: string[] = []
  const stop = await store.listen(topic => heard.push(topic))
  await store.owe([duty('1')], T)
  await store.notify([{ connection: 'shop', entity: 'SalesOrder', id: '1', cause: 'webhook' }], T)
  await expect.poll(() => heard).toEqual(['deliveries erp', 'notices shop'])
  await stop()
})

test('the doorbell rings again after its connection broke', async () => {
  const heard: string[] = []
  const stop = await store.listen(topic => heard.push(topic))
  await db.query('', `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'`)
  await expect
    .poll(
      async () => {
        await store.owe([duty('1')], T)
        return heard
      },
      { timeout: 20_000 },
    )
    .toContain('deliveries erp')
  await stop()
})

/** Until it waits for somebody else's lock, or does not have to. */
async function blockedOrDone(work: Promise<unknown>): Promise<void> {
  let isDone = false
  void work.finally(() => (isDone = true))
  while (!isDone && (await db.query('', 'select 1 from pg_locks where not granted')).length === 0);
}
test('what a flow does now is counted when its outcome is known, and breaks no count before', async () => {
  await store.owe([duty('1')], T)
  const delivery = await claimOne()
  await intend(delivery)
  const done = () => openDesk(db).activity({ since: T - 1, stepMs: 3_600_000 })
  expect(await done()).toMatchObject([{ flow: 'orders', created: 0, updated: 0, failed: 0 }])
  await apply(delivery, '7')
  expect(await done()).toMatchObject([{ flow: 'orders', created: 1, updated: 0, failed: 0 }])
})

const order = (id: string, different: Partial<ReadRecord> = {}): ReadRecord => ({
  entity: 'SalesOrder',
  id,
  version: 'v1',
  hash: 'h1',
  row: { id },
  canonical: { id },
  problem: null,
  references: [],
  parents: [],
  duties: [duty(id)],
  force: false,
  ...different,
})
const page = (records: readonly ReadRecord[]): ReadPage => ({
  connection: 'shop',
  entity: 'SalesOrder',
  cause: 'poll',
  readAt: T,
  now: T,
  records,
  gone: [],
})
const duty = (id: string, different: Partial<Duty> = {}) => ({
  flow: 'orders',
  id,
  entity: 'SalesOrder' as const,
  from: 'shop',
  to: 'erp',
  lane: `SalesOrder/${id}`,
  ...different,
})
const back = (id: string) => ({ ...duty(id), flow: 'back', from: 'erp', to: 'shop' })
const key = (connection: string, id: string, to: string): LinkKey => ({
  entity: 'SalesOrder',
  connection,
  id,
  to,
})
const claimNotices = (now: number) =>
  store.claimNotices({ connection: 'shop', limit: 10, leaseMs: LEASE, now })
const claim = (now: number, flows = ['orders']) =>
  store.claimDeliveries({ node: 'n1', flows, limit: 10, leaseMs: LEASE, now })
async function claimOne(now = T): Promise<Delivery> {
  const [delivery] = await claim(now)
  if (!delivery) throw new Error('nothing is ready')
  return delivery
}
const intend = (delivery: Delivery, sent = { hash: 'h1', isAlone: true }) =>
  store.intend(
    [
      {
        delivery,
        node: 'n1',
        operation: 'create',
        key: `shop/SalesOrder/${delivery.id}`,
        sendBy: T + 20_000,
        settledBy: T + 40_000,
        request: { a: 1 },
        ...sent,
      },
    ],
    T,
  )
const apply = (delivery: Delivery, targetId: string) =>
  store.settle(
    [
      {
        delivery,
        is: 'applied',
        targetId,
        version: `v ${targetId}`,
        number: null,
        sentHash: `sent ${targetId}`,
        again: null,
        rest: null,
        words: 'Created.',
        hints: [],
      },
    ],
    T,
  )
const trace = (id = '1') => store.trace([{ connection: 'shop', entity: 'SalesOrder', id }])

test('a plan that was made while a table was empty is made anew when it has grown, and only then', async () => {
  const alone = openDb(server.url, { connections: 1 })
  const known = async () => {
    const [row] = await alone.query<{ rows: number }>(
      '',
      'select reltuples::int "rows" from pg_class where relname = \'link\'',
    )
    return row?.rows
  }
  const grow = async (from: number, to: number) => {
    await alone.query(
      '',
      `insert into link (entity, left_connection, left_id, right_connection, right_id, how, at)
       select 'Product', 'erp', n::text, 'shop', n::text, 'test', now() from generate_series(${from}, ${to}) n`,
    )
    await alone.query('', 'select pg_stat_force_next_flush()')
    await refreshStatistics(alone.query)
  }
  try {
    await alone.query('', 'analyze link')
    await grow(1, 1_000)
    expect(await known()).toBe(1_000)
    // Half as many more would be news; a tenth is autovacuum's.
    await grow(1_001, 1_100)
    expect(await known()).toBe(1_000)
    await grow(1_101, 3_000)
    expect(await known()).toBe(3_000)
    // What is small is not looked at for changing all the time.
    const looks = async () => {
      await alone.query('', 'select pg_stat_force_next_flush()')
      const [row] = await alone.query<{ looks: number }>(
        '',
        "select analyze_count::int looks from pg_stat_user_tables where relname = 'connection'",
      )
      return row?.looks
    }
    const before = await looks()
    for (let turn = 0; turn < 300; turn += 1) await alone.query('', 'update connection set tokens = 1')
    await alone.query('', 'select pg_stat_force_next_flush()')
    await refreshStatistics(alone.query)
    expect(await looks()).toBe(before)
  } finally {
    await alone.close()
  }
})
