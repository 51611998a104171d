import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDb, type Db } from '../db.ts'
import { openEmbedded, type Embedded } from '../embedded/index.ts'
import { addLinks, lockEnds } from '../links.ts'
import { migrate } from '../migrate.ts'
import { pgStore } from '../pg-store.ts'
import type { Duty, Store } from '../store.ts'
import {
  openBusStore,
  type BusStore,
  type FlowPart,
  type ToldLink,
  type ToldOutcome,
  type ToldUnlink,
} from './bus-store.ts'

const T = Date.parse('2026-11-23T10:00:00Z')
let folder: string
let server: Embedded
/** Two processes, each with a database of its own: who hands over or tells, and who takes over or hears. */
let theirs: { readonly db: Db; readonly store: Store; readonly bus: BusStore }
let ours: typeof theirs

async function openSide(schema: string) {
  const admin = openDb(server.url, { connections: 1 })
  await admin.query('', `create schema ${schema}`)
  await admin.close()
  const db = openDb(server.url, { connections: 2, schema })
  await migrate(db, T)
  return { db, store: pgStore(db, { connections: new Set(['erp']) }), bus: openBusStore(db) }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bus-store-'))
  server = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  theirs = await openSide('theirs')
  ours = await openSide('ours')
})
afterAll(async () => {
  for (const { db } of [theirs, ours]) await db.close()
  await server.stop()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  const ends = { from: 'erp', to: 'shop', inFlightMs: 40_000, unseenMs: null } as const
  const flow = { name: 'invoices', entity: 'Invoice', priority: 1, ...ends } as const
  const connections = ['shop', 'erp'].map(name => ({ name, connector: name }))
  for (const { db, store } of [theirs, ours]) {
    await db.query(
      '',
      'truncate delivery, record, record_history, link, unlinked, flow, run, outbox, waiting',
    )
    await store.register({ connections, flows: [flow], polls: [] }, T)
  }
})

const duty = (id: string, more: Partial<Duty> = {}) => ({
  flow: 'invoices',
  entity: 'Invoice' as const,
  from: 'erp',
  to: 'shop',
  lane: `Invoice/${id}`,
  id,
  ...more,
})

async function* all(parts: readonly FlowPart[]) {
  yield* parts
}

test('a flow that changes hands keeps the keys that a recovery gave, and what a person approved', async () => {
  await theirs.store.owe([duty('1017', { expect: 'approved' })], T)
  await theirs.db.query('', 'update delivery set era = 1')
  await ours.store.owe([duty('1017')], T)
  const parts: FlowPart[] = []
  for await (const part of theirs.bus.flowParts('invoices')) parts.push(part)
  await ours.bus.takeOver('invoices', all(parts), { takes: 0, now: T + 1 })
  expect(await ours.db.query('', 'select era, expect from delivery')).toEqual([
    { era: 1, expect: 'approved' },
  ])
})

test('a flow that changes hands takes its doubt with it: what was forgotten there may have been written', async () => {
  const lost = T + 3_600_000
  await theirs.store.owe([duty('1', { madeAt: T }), duty('2', { madeAt: T })], T)
  await theirs.db.query(
    '',
    `insert into memory (system, timeline, lost_at) values ('', '', to_timestamp($1 / 1000.0))`,
    [lost],
  )
  const claim = (side: typeof ours) =>
    side.store.claimDeliveries({
      flows: ['invoices'],
      node: 'n1',
      limit: 9,
      leaseMs: 60_000,
      now: lost + 100_000,
    })
  // One of them was looked at there since, and is known again.
  await theirs.db.query('', "update delivery set run_at = to_timestamp(9e9) where id = '2'")
  const [looked] = await claim(theirs)
  if (!looked) throw new Error('Nothing was claimed.')
  await theirs.store.settle([{ delivery: looked, is: 'skipped', words: 'Left out.' }], lost + 60_000)
  await theirs.db.query('', "update delivery set sent_hash = 'sent'")
  await ours.bus.takeOver('invoices', theirs.bus.flowParts('invoices'), { takes: 0, now: lost + 70_000 })
  await theirs.db.query('', 'delete from memory')
  // The third was forgotten there altogether.
  const owed = ['1', '2', '3'].map(id => duty(id, { madeAt: T }))
  await ours.store.owe([...owed, duty('4', { madeAt: lost + 7_200_000 })], lost + 80_000)
  const claimed = await claim(ours)
  const known = claimed.map(each => [each.id, each.sentHash, (each.unansweredBy ?? 0) > lost] as const)
  expect(known.toSorted(([one], [other]) => (one < other ? -1 : 1))).toEqual([
    ['1', 'sent', true],
    ['2', null, true],
    ['3', null, true],
    ['4', null, false],
  ])
  await ours.store.settle(
    claimed.map(delivery => ({ delivery, is: 'skipped' as const, words: 'Left out.' })),
    lost + 110_000,
  )
  expect(await ours.db.query('', 'select id from delivery where sure_since < $1', [new Date(lost)])).toEqual(
    [],
  )
  // And on to whoever carries it next.
  const [first] = await partsOf(ours)
  expect(first).toMatchObject({ is: 'flow', lostAt: lost })
})

async function partsOf({ bus }: typeof ours): Promise<readonly FlowPart[]> {
  const parts: FlowPart[] = []
  for await (const part of bus.flowParts('invoices')) parts.push(part)
  return parts
}

test('a flow that changes hands stays paused by whoever paused it', async () => {
  const pause = { target: { flow: 'invoices' }, who: 'ada', reason: 'Stocktaking.', kind: null }
  await theirs.store.pause(pause, T)
  const parts: FlowPart[] = []
  for await (const part of theirs.bus.flowParts('invoices')) parts.push(part)
  await ours.bus.takeOver('invoices', all(parts), { takes: 0, now: T + 1 })
  expect((await ours.store.flows())[0]?.paused).toEqual({ at: T, by: 'ada', reason: 'Stocktaking.' })
})

test('the links that a flow made are told page by page, over all entities, each once', async () => {
  const made = (entity: 'Account' | 'Product', id: string, flow: string) =>
    theirs.store.saveLink(
      { entity, connection: 'erp', id, to: 'shop', targetId: `s${id}`, how: 'told', flow, alias: false },
      T,
    )
  for (const id of ['1', '2', '3'])
    for (const entity of ['Account', 'Product'] as const) await made(entity, id, 'invoices')
  await made('Product', '4', 'articles')
  const told: string[] = []
  const of = { flow: 'invoices', from: 'erp', to: 'shop', limit: 2 }
  for (let after: ToldLink | null = null; ;) {
    const page = await theirs.bus.madeLinks({ ...of, after })
    told.push(...page.map(({ entity, left }) => `${entity} ${left.id}`))
    after = page.at(-1) ?? null
    if (page.length < 2) break
  }
  expect(told).toEqual(['Account 1', 'Account 2', 'Account 3', 'Product 1', 'Product 2', 'Product 3'])
})

test('a page of links begins in the index where the one before ended, and reads nothing of those before', async () => {
  await theirs.db.query(
    '',
    `insert into link (entity, left_connection, left_id, right_connection, right_id, how, flow, at)
     select e, 'erp', lpad(n::text, 3, '0'), 'shop', lpad(n::text, 3, '0'), 'told', 'invoices', to_timestamp(0)
     from generate_series(1, 600) n, unnest(array['Account', 'Product']) e`,
  )
  const asked: { text: string; values: readonly unknown[] | undefined }[] = []
  const query: Db['query'] = (name, text, values) => {
    asked.push({ text, values })
    return theirs.db.query(name, text, values)
  }
  const after = link('500', '500', false)
  await openBusStore({ ...theirs.db, query }).madeLinks({
    flow: 'invoices',
    from: 'erp',
    to: 'shop',
    after,
    limit: 5,
  })
  for (const { text, values } of asked)
    await theirs.db.transaction(async explaining => {
      await explaining('', 'set local enable_seqscan = off')
      const plan = await explaining('', `explain (analyze, format json) ${text}`, values)
      expect(JSON.stringify(plan)).not.toMatch(/Rows Removed by Filter":[1-9]/)
    })
  expect(asked).not.toEqual([])
})

const record = (entity: 'Invoice' | 'SalesOrder', id: string) => ({
  entity,
  id,
  version: '1',
  hash: '1',
  row: {},
  canonical: {},
  problem: null,
  references: [],
  parents: [],
  duties: [],
  force: false,
})
const read = { connection: 'erp', entity: 'Invoice', cause: 'poll', readAt: T, now: T, gone: [] } as const

const link = (id: string, shopId: string, alias: boolean): ToldLink => ({
  entity: 'Account',
  left: { connection: 'erp', id },
  right: { connection: 'shop', id: shopId },
  alias,
  how: 'told',
  at: T,
})

test('another name of a linked record is heard as such, and only what contradicts is refused', async () => {
  expect(await ours.bus.hearLinks([link('5', 'c1', false), link('5', 'guest:x', true)], T)).toEqual([])
  expect(await ours.bus.hearLinks([link('5', 'guest:x', true)], T)).toEqual([])
  const wrong = link('6', 'c1', false)
  expect(await ours.bus.hearLinks([wrong], T)).toEqual([wrong])
})

test('a copy that was read before the flow changed hands is not what its delivery waits for', async () => {
  await ours.store.owe([duty('1017')], T)
  await ours.db.query('', "update delivery set state = 'waiting', read_after = to_timestamp($1)", [T / 1_000])
  const told = { connection: 'erp', entity: 'Invoice' as const, ids: ['1017'] }
  expect(await ours.bus.awaited({ ...told, readAt: T - 1 })).toEqual([])
  expect(await ours.bus.awaited({ ...told, readAt: T })).toEqual(['1017'])
})

test('what became of a delivery is not undone by what is told again of before', async () => {
  const { from, to, lane, flow, entity, id } = duty('7')
  const outcome = (state: ToldOutcome['state'], since: number): ToldOutcome => {
    const trouble = state === 'parked' ? { kind: 'refused', words: 'No.' } : null
    return { flow, entity, id, from, to, lane, hash: '1', state, trouble, at: since }
  }
  await ours.store.saveRead({ ...read, records: [record('Invoice', '7')] })
  const state = () => ours.db.query<{ state: string }>('', 'select state from delivery')
  await ours.bus.hearOutcomes([outcome('done', T + 2), outcome('parked', T + 1)])
  expect(await state()).toEqual([{ state: 'done' }])
  await ours.bus.hearOutcomes([outcome('parked', T + 1)])
  expect(await state()).toEqual([{ state: 'done' }])
  await ours.bus.hearOutcomes([outcome('parked', T + 3)])
  expect(await state()).toEqual([{ state: 'parked' }])
})

test('news of invoices, whose files are fetched first, and all other news are two lines', async () => {
  for (const entity of ['Invoice', 'SalesOrder'] as const)
    await theirs.store.saveRead({ ...read, entity, records: [record(entity, '1'), record(entity, '2')] })
  const told = async (files: boolean) =>
    (await theirs.bus.outgoing({ files, limit: 10 })).map(({ row: { key } }) => key.slice(1).join(' '))
  expect(await told(false)).toEqual(['SalesOrder 1', 'SalesOrder 2'])
  expect(await told(true)).toEqual(['Invoice 1', 'Invoice 2'])
})

const unlink = (id: string, shopId: string, since: number): ToldUnlink => ({
  entity: 'Account',
  left: { connection: 'erp', id },
  right: { connection: 'shop', id: shopId },
  at: since,
})
const linkOf = (id: string) => ({ entity: 'Account', connection: 'erp', id, to: 'shop' }) as const

test('what others unlinked is unlinked here, an older link told late changes nothing, and a newer one stands', async () => {
  await ours.bus.hearLinks([link('5', 'c1', false)], T)
  await ours.bus.hearUnlinks([unlink('5', 'c1', T + 1)], T + 1)
  expect(await ours.store.links([linkOf('5')])).toEqual([null])
  expect(await ours.bus.hearLinks([link('5', 'c1', false)], T + 2)).toEqual([])
  expect(await ours.store.links([linkOf('5')])).toEqual([null])
  await ours.bus.hearLinks([{ ...link('5', 'c1', false), at: T + 3 }], T + 3)
  await ours.bus.hearUnlinks([unlink('5', 'c1', T + 1)], T + 4)
  expect(await ours.store.links([linkOf('5')])).toEqual(['c1'])
})

test('the deliveries of what others unlinked begin anew, but for one that is being written', async () => {
  const links = ['1', '2'].map(id => ({ ...link(id, `s${id}`, false), entity: 'Invoice' as const }))
  await ours.bus.hearLinks(links, T)
  await ours.store.owe([duty('1'), duty('2'), duty('3')], T)
  await ours.db.query('', "update delivery set sent_hash = 'sent'")
  await ours.db.query('', "update delivery set state = 'running' where id = '2'")
  await ours.bus.hearUnlinks(
    links.map(each => ({ ...each, at: T })),
    T + 1,
  )
  expect(await ours.db.query('', 'select id, era, force, sent_hash from delivery order by id')).toEqual([
    { id: '1', era: 1, force: true, sent_hash: null },
    { id: '2', era: 0, force: false, sent_hash: 'sent' },
    { id: '3', era: 0, force: false, sent_hash: 'sent' },
  ])
})

test('what a recovered system forgot is told as unlinked, and so is what a person unlinked', async () => {
  for (const id of ['7', '8'])
    await theirs.store.saveLink(
      { ...linkOf(id), targetId: `c${id}`, how: 'written', flow: null, alias: false },
      T,
    )
  expect(kindsOf(await theirs.bus.outgoing({ files: false, limit: 10 }))).toEqual(['link', 'link'])
  const lost = [
    { entity: 'Account' as const, id: '7', to: 'shop', targetId: 'c7', isOther: false, look: true },
  ]
  await theirs.store.recover({ connection: 'erp', who: 'Clara', since: T, lost }, T + 1)
  await theirs.store.unlink({ ...linkOf('8'), who: 'Clara' }, T + 2)
  const told = await theirs.bus.outgoing({ files: false, limit: 10 })
  expect(kindsOf(told)).toEqual(['unlink', 'unlink'])
  const unlinked = told.flatMap(each => (each.kind === 'unlink' ? [each.unlink] : []))
  expect(unlinked).toEqual([unlink('7', 'c7', T + 1), unlink('8', 'c8', T + 2)])
  const again = { left: 'erp', right: 'shop', after: null, limit: 10 }
  expect(await theirs.bus.unlinked(again)).toEqual(unlinked)
})

const kindsOf = (told: readonly { readonly kind: string }[]) => told.map(({ kind }) => kind)

test('a link made by a process whose clock is ahead is unlinked for everybody all the same', async () => {
  await theirs.bus.hearLinks([{ ...link('5', 'c1', false), at: T + 60_000 }], T)
  await ours.bus.hearLinks([{ ...link('5', 'c1', false), at: T + 60_000 }], T)
  await theirs.store.unlink({ ...linkOf('5'), who: 'Clara' }, T + 1)
  const [told] = await theirs.bus.outgoing({ files: false, limit: 10 })
  if (told?.kind !== 'unlink') throw new Error('It was not told.')
  await ours.bus.hearUnlinks([told.unlink], T + 2)
  expect(await ours.store.links([linkOf('5')])).toEqual([null])
})

test('a flow that changes hands takes what was unlinked with it, and the time of its last run', async () => {
  const batch = {
    name: 'invoices',
    entity: 'Invoice',
    from: 'erp',
    to: 'shop',
    priority: 1,
    inFlightMs: 40_000,
    unseenMs: null,
    batch: true,
  } as const
  const setup = {
    connections: ['shop', 'erp'].map(name => ({ name, connector: name })),
    flows: [batch],
    polls: [],
  }
  await theirs.store.register(setup, T)
  await theirs.store.beginRun({ flow: 'invoices', dueAt: T + 5_000, leftOut: false }, T + 5_000)
  await theirs.bus.hearLinks([link('5', 'c1', false)], T)
  await theirs.store.unlink({ ...linkOf('5'), who: 'Clara' }, T + 1)
  await ours.bus.hearLinks([link('5', 'c1', false)], T)
  // It waits here for longer than the run is gone.
  await ours.store.register(setup, T + 60_000)
  await ours.bus.takeOver('invoices', theirs.bus.flowParts('invoices'), { takes: 0, now: T + 60_000 })
  expect(await ours.store.links([linkOf('5')])).toEqual([null])
  expect((await ours.store.flows())[0]?.batch?.since).toBe(T + 5_000)
  // Of one that worked in real time until then, no run is made up for.
  await theirs.store.register({ ...setup, flows: [{ ...batch, batch: false }] }, T + 61_000)
  await ours.bus.takeOver('invoices', theirs.bus.flowParts('invoices'), { takes: 0, now: T + 70_000 })
  expect((await ours.store.flows())[0]?.batch?.since).toBe(T + 70_000)
})

test('what others told is read in the order of ids, all of it, or what was told as changed or gone since', async () => {
  const ids = ['1', '2', '3', '4']
  const page = (more: object) => ({ ...read, entity: 'SalesOrder' as const, records: [], ...more })
  await ours.store.saveRead(page({ records: ids.map(id => record('SalesOrder', id)) }))
  const of = { connection: 'erp', entity: 'SalesOrder', limit: 3 } as const
  const told = async (since: number | null, after = '') =>
    (await ours.bus.toldPage({ ...of, since, after })).map(({ id, gone }) => (gone ? `${id} gone` : id))
  expect(await told(null)).toEqual(['1', '2', '3'])
  expect(await told(null, '3')).toEqual(['4'])
  expect(await told(T)).toEqual(['1', '2', '3'])
  expect(await told(T + 1)).toEqual([])
  const later = T + 10_000
  await ours.store.saveRead(
    page({ readAt: later, now: later, records: [{ ...record('SalesOrder', '3'), hash: '2' }] }),
  )
  for (const now of [later, later + 60_001])
    await ours.store.saveRead(page({ readAt: now, now, gone: ['1'] }))
  expect(await told(T + 1)).toEqual(['1 gone', '3'])
  expect(await told(null)).toEqual(['2', '3', '4'])
  const some = await ours.bus.toldRecords({ ...of, ids: ['1', '2', '9'] })
  expect(some.map(({ id }) => id)).toEqual(['2'])
})

test('a link that is made again by a process whose clock is behind does not lose to what it was unlinked by', async () => {
  await ours.bus.hearLinks([link('5', 'c1', false)], T)
  await ours.bus.hearUnlinks([unlink('5', 'c1', T + 60_000)], T + 1)
  const again = { ...linkOf('5'), targetId: 'c1', how: 'written', flow: 'invoices', alias: false }
  await ours.store.saveLink(again, T + 2)
  const [told] = await ours.bus.madeLinks({
    flow: 'invoices',
    from: 'erp',
    to: 'shop',
    after: null,
    limit: 5,
  })
  if (!told) throw new Error('It was not told.')
  // Whoever said so tells it again with every roll, and others hear both, in any order.
  await ours.bus.hearUnlinks([unlink('5', 'c1', T + 60_000)], T + 3)
  expect(await ours.store.links([linkOf('5')])).toEqual(['c1'])
  await theirs.bus.hearUnlinks([unlink('5', 'c1', T + 60_000)], T + 3)
  expect(await theirs.bus.hearLinks([told], T + 3)).toEqual([])
  expect(await theirs.store.links([linkOf('5')])).toEqual(['c1'])
})

test.each([
  ['heard', () => ours.bus.hearUnlinks([unlink('5', 'c5', T + 1)], T + 1)],
  ['said here', () => ours.store.unlink({ ...linkOf('5'), who: 'Clara' }, T + 1)],
  ['recovered from', () => recoverOf(['5'])],
  [
    'handed over',
    () => ours.bus.takeOver('invoices', all([{ is: 'unlinked', rows: [END] }]), { takes: 0, now: T + 1 }),
  ],
])('an old link that is heard at the same moment as its end, %s, does not stand', async (_how, end) => {
  await ours.bus.hearLinks([link('5', 'c5', false)], T)
  await ours.db.transaction(async query => {
    await lockEnds(query, [linkOf('5')])
    // Whoever hears of the link is half through: it has looked whether it was unlinked, and has yet to add it.
    const ending = end()
    const isWaiting = "select from pg_locks where locktype = 'advisory' and not granted"
    const waits = async () => (await theirs.db.query('', isWaiting)).length > 0
    let ended = false
    void ending.then(() => (ended = true))
    while (!ended && !(await waits()));
    expect(ended).toBe(false)
    const heard = { ...linkOf('5'), targetId: 'c5', how: 'told', flow: null, alias: false, at: T }
    await addLinks(query, [heard], T, null)
    after = ending
  })
  await after
  expect(await ours.store.links([linkOf('5')])).toEqual([null])
})
let after: Promise<unknown> = Promise.resolve()

const END = {
  entity: 'Account',
  left_connection: 'erp',
  left_id: '5',
  right_connection: 'shop',
  right_id: 'c5',
  at: new Date(T + 1).toISOString(),
}
const recoverOf = (ids: readonly string[]) => {
  const lost = ids.map(id => ({ ...linkOf(id), targetId: `c${id}`, isOther: false, look: true }))
  return ours.store.recover({ connection: 'erp', who: 'Clara', since: T, lost }, T + 1)
}

test('a restored system may have forgotten more links than a database has room for locks', async () => {
  const ids = Array.from({ length: 10_000 }, (_each, index) => String(index))
  await ours.db.query(
    '',
    `insert into link (entity, left_connection, left_id, right_connection, right_id, how, at)
     select 'Account', 'erp', id, 'shop', 'c' || id, 'told', to_timestamp(0) from unnest($1::text[]) id`,
    [ids],
  )
  await recoverOf(ids)
  expect(await ours.db.query('', 'select count(*)::int from link')).toEqual([{ count: 0 }])
}, 60_000)

test('a link that was heard here as unlinked does not come back with a flow that changes hands', async () => {
  await theirs.bus.hearLinks([link('5', 'c5', false)], T)
  await ours.bus.hearUnlinks([unlink('5', 'c5', T + 1)], T + 1)
  await ours.bus.takeOver('invoices', theirs.bus.flowParts('invoices'), { takes: 0, now: T + 2 })
  expect(await ours.store.links([linkOf('5')])).toEqual([null])
})

test('a flow that an older version handed over is taken', async () => {
  const parts = await partsOf(theirs)
  const asBefore = parts.map(part => {
    const { lostAt: _lostAt, ...rest } = { lostAt: null, ...part }
    return rest as FlowPart
  })
  expect(await ours.bus.takeOver('invoices', all(asBefore), { takes: 0, now: T + 1 })).toBe(true)
})

test('a node that is slow to take a flow over touches nothing of what another one sends for it already', async () => {
  await theirs.store.owe([duty('1017')], T)
  const parts = await partsOf(theirs)
  const takes = await ours.bus.takes('invoices')
  async function* slowly() {
    for (const part of parts) {
      if (part.is === 'deliveries') await sendFaster()
      yield part
    }
  }
  const sendFaster = async () => {
    expect(await ours.bus.takeOver('invoices', all(parts), { takes, now: T + 1 })).toBe(true)
    await ours.bus.taken('invoices')
    const claim = { flows: ['invoices'], node: 'n1', limit: 9, leaseMs: 60_000, now: T + 2 }
    const [delivery] = await ours.store.claimDeliveries(claim)
    if (!delivery) throw new Error('Nothing was claimed.')
    const times = { sendBy: T + 9, settledBy: T + 9 }
    const intent = {
      delivery,
      node: 'n1',
      operation: 'create',
      key: 'its key',
      ...times,
      request: {},
      hash: 'h',
      isAlone: true,
    } as const
    expect(await ours.store.intend([intent], T + 3)).toHaveLength(1)
  }
  expect(await ours.bus.takeOver('invoices', slowly(), { takes, now: T + 4 })).toBe(false)
  expect(await ours.db.query('', 'select state, intent_key key from delivery')).toEqual([
    { state: 'running', key: 'its key' },
  ])
})

test('what is linked again outlives its older end, also where neither was heard', async () => {
  const said = { ...linkOf('5'), targetId: 'c1', how: 'said Clara', flow: null, alias: false }
  await theirs.store.saveLink(said, T)
  await ours.bus.hearLinks([link('5', 'c1', false)], T)
  const between = { left: 'erp', right: 'shop', limit: 10, after: null }
  await theirs.store.unlink({ ...linkOf('5'), who: 'Clara' }, T + 1)
  const [end] = await theirs.bus.unlinked(between)
  await theirs.store.saveLink(said, T + 2)
  // What stands again is told as a link alone, though no flow made it; and an end that was told before changes nothing.
  expect(await theirs.bus.unlinked(between)).toEqual([])
  const told = await theirs.bus.saidLinks(between)
  expect(told.map(each => each.at)).toEqual([T + 2])
  expect(await ours.bus.hearLinks(told, T + 3)).toEqual([])
  if (!end) throw new Error('It was not told.')
  await ours.bus.hearUnlinks([end], T + 4)
  expect(await ours.store.links([linkOf('5')])).toEqual(['c1'])
})

test('the roll asks again for what counts as gone here', async () => {
  await ours.store.saveRead({ ...read, records: [record('Invoice', '1'), record('Invoice', '2')] })
  for (const now of [T + 1, T + 60_002])
    await ours.store.saveRead({ ...read, now, readAt: now, records: [], gone: ['1'] })
  const told = ['1', '2'].map(id => [id, '1'] as const)
  expect(await ours.bus.unlike('erp', 'Invoice', told)).toEqual(['1'])
  // And for what is gone there; what is gone on both sides, or was never heard of, is no news.
  const roll = await ours.bus.roll({ connection: 'erp', entity: 'Invoice', after: '', limit: 10 })
  expect(roll).toEqual([
    ['1', null],
    ['2', '1'],
  ])
  expect(
    await ours.bus.unlike(
      'erp',
      'Invoice',
      ['1', '2', '3'].map(id => [id, null] as const),
    ),
  ).toEqual(['2'])
})

test('a page of what is linked no longer begins in the index where the one before ended', async () => {
  await theirs.db.query(
    '',
    `insert into unlinked select e, 'erp', lpad(n::text, 3, '0'), 'shop', lpad(n::text, 3, '0'), to_timestamp(0)
     from generate_series(1, 600) n, unnest(array['Account', 'Product']) e`,
  )
  const told: string[] = []
  const asked: { text: string; values: readonly unknown[] | undefined }[] = []
  const query: Db['query'] = (name, text, values) => {
    asked.push({ text, values })
    return theirs.db.query(name, text, values)
  }
  for (let last: ToldUnlink | null = null; ;) {
    const page: readonly ToldUnlink[] = await openBusStore({ ...theirs.db, query }).unlinked({
      left: 'erp',
      right: 'shop',
      after: last,
      limit: 500,
    })
    told.push(...page.map(({ entity, left }) => `${entity} ${left.id}`))
    last = page.at(-1) ?? null
    if (page.length < 500) break
  }
  expect(new Set(told).size).toBe(1_200)
  expect(told).toHaveLength(1_200)
  for (const { text, values } of asked)
    await theirs.db.transaction(async explaining => {
      await explaining('', 'set local enable_seqscan = off')
      const plan = await explaining('', `explain (analyze, format json) ${text}`, values)
      expect(JSON.stringify(plan)).not.toMatch(/Rows Removed by Filter":[1-9]/)
    })
})

test('a whole roll of links and of what is linked no longer is heard at once', async () => {
  const ids = Array.from({ length: 10_000 }, (_each, index) => String(index))
  expect(
    await ours.bus.hearLinks(
      ids.map(id => link(id, `s${id}`, false)),
      T,
    ),
  ).toEqual([])
  await ours.bus.hearUnlinks(
    ids.map(id => unlink(id, `s${id}`, T + 1)),
    T + 2,
  )
  expect(await ours.db.query('', 'select count(*)::int from link')).toEqual([{ count: 0 }])
})
