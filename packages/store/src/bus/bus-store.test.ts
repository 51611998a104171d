import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDb, type Db } from '../db.ts'
import { openEmbedded, type Embedded } from '../embedded/index.ts'
import { migrate } from '../migrate.ts'
import { pgStore } from '../pg-store.ts'
import type { Duty, Store } from '../store.ts'
import { openBusStore, type BusStore, type FlowPart, type ToldLink, type ToldOutcome } from './bus-store.ts'

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
    await db.query('', 'truncate delivery, record, record_history, link, flow, outbox, waiting')
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
  await ours.bus.takeOver('invoices', all(parts), T + 1)
  expect(await ours.db.query('', 'select era, expect from delivery')).toEqual([
    { era: 1, expect: 'approved' },
  ])
})

test('a flow that changes hands stays paused by whoever paused it', async () => {
  const pause = { target: { flow: 'invoices' }, who: 'ada', reason: 'Stocktaking.', kind: null }
  await theirs.store.pause(pause, T)
  const parts: FlowPart[] = []
  for await (const part of theirs.bus.flowParts('invoices')) parts.push(part)
  await ours.bus.takeOver('invoices', all(parts), T + 1)
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
