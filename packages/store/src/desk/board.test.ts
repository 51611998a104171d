import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { differing } from '../alerts/index.ts'
import { openDb, type Db } from '../db.ts'
import { openEmbedded, type Embedded } from '../embedded/index.ts'
import { migrate } from '../migrate.ts'
import { pgStore } from '../pg-store.ts'
import type { ComparedPage, FoundDiscrepancy, Store } from '../store.ts'
import { openDesk, type Desk } from './desk.ts'

const T = Date.parse('2026-11-23T10:00:00Z')
const HOUR = 3_600_000
const DAY = 24 * HOUR
let folder: string
let server: Embedded
let db: Db
let store: Store
let desk: Desk

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'board-'))
  server = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  db = openDb(server.url, { connections: 4 })
  await migrate(db, T)
  store = pgStore(db)
  desk = openDesk(db)
})
afterAll(async () => {
  await store.close()
  await server.stop()
  await rm(folder, { recursive: true })
})
beforeEach(() => db.query('', 'truncate comparison, compared, discrepancy, comparison_past, ignored_field'))

const row = (id: string, state: string | null = null) =>
  ({ side: 'source', id, other: id, state, facts: { name: 'x' } }) as const
const wrong = (id: string, kind: string, ...fields: string[]): FoundDiscrepancy => ({
  side: 'source',
  id,
  kind,
  detail: { is: kind, id, fields: fields.map(field => ({ field, ours: 1, theirs: 2 })) },
})

/** A comparison that begins and ends at this moment. */
async function compared(page: Omit<ComparedPage, 'state' | 'leaseUntil'>, now: number, flow = 'products') {
  const claimed = await store.claimComparison({ flow, leaseMs: 1, now })
  if (claimed === null) throw new Error('Another one compares.')
  return store.saveComparison(claimed, { state: {}, leaseUntil: null, ...page }, now)
}
const trend = (flows = ['products'], since = 0) => desk.trendOf({ flows, since })

test('how both sides stood is remembered when a comparison has ended, and not before', async () => {
  await compared({ rows: [row('1'), row('2'), row('3'), row('4', 'left alone')] }, T)
  expect(await trend()).toEqual([])
  const found = [wrong('1', 'different', 'name'), wrong('2', 'under way')]
  await compared({ found, ended: true }, T + 1)
  // What is under way is neither the same nor wrong.
  expect(await trend()).toEqual([{ flow: 'products', at: T + 1, same: 1, kinds: { different: 1 } }])
  await compared({ right: found.map(({ side, id }) => ({ side, id })), ended: true }, T + 2)
  expect((await trend()).at(-1)).toEqual({ flow: 'products', at: T + 2, same: 3, kinds: {} })
})

test('what is the same is not counted again within the hour while nothing changes', async () => {
  const found = [wrong('1', 'different', 'name')]
  await compared({ rows: [row('1'), row('2')], found, ended: true }, T)
  await compared({ rows: [row('3')], ended: true }, T + HOUR / 2)
  await compared({ ended: true }, T + HOUR)
  await compared({ ended: true }, T + HOUR + 1)
  await compared({ found: [wrong('2', 'different', 'name')], ended: true }, T + HOUR + 2)
  expect((await trend()).map(({ at, same }) => [at - T, same])).toEqual([
    [0, 1],
    [HOUR, 2],
    [HOUR + 2, 1],
  ])
})

test('while the records of an ended comparison are counted, another node can begin the next one', async () => {
  const claimed = await store.claimComparison({ flow: 'products', leaseMs: 1, now: T })
  const open: { saved?: Promise<boolean> } = {}
  await db.transaction(async query => {
    await query('', 'lock table comparison_past in access exclusive mode')
    open.saved = store.saveComparison(claimed!, { state: {}, leaseUntil: null, ended: true }, T)
    for (let isWaiting = false; !isWaiting;)
      isWaiting =
        (
          await db.query(
            '',
            "select from pg_locks where not granted and relation = 'comparison_past'::regclass",
          )
        ).length > 0
    expect(
      await query('', "select flow from comparison where flow = 'products' for update nowait"),
    ).toHaveLength(1)
  })
  expect(await open.saved).toBe(true)
  expect(await trend()).toHaveLength(1)
})

test('whoever lost the comparison to another node leaves nothing to remember', async () => {
  const claimed = await store.claimComparison({ flow: 'products', leaseMs: 1, now: T })
  await store.claimComparison({ flow: 'products', leaseMs: 1, now: T + 2 })
  const page = { state: {}, leaseUntil: null, ended: true }
  expect(claimed && (await store.saveComparison(claimed, page, T + 3))).toBe(false)
  expect(await trend()).toEqual([])
})

test('of many comparisons sixty parts are told, each as its last one stood, the newest and the oldest time among them', async () => {
  await db.query(
    '',
    `insert into comparison_past select 'products', to_timestamp($1::bigint / 1000.0) + n * interval '1 minute', n, '{}'
     from generate_series(0, 1999) n`,
    [T],
  )
  await compared({ ended: true }, T, 'prices')
  const all = await trend(['products', 'prices'])
  const told = all.filter(({ flow }) => flow === 'products')
  expect(told.length).toBeGreaterThan(55)
  expect(told.length).toBeLessThanOrEqual(60)
  expect(told.at(-1)).toMatchObject({ at: T + 1999 * 60_000, same: 1999 })
  expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).toSorted((left, right) => left - right))
  expect(all.filter(({ flow }) => flow === 'prices')).toHaveLength(1)
  expect((await trend(['products'], T + 1999 * 60_000)).map(({ same }) => same)).toEqual([1999])
})

test('of yesterday the last of each hour stays, of today all, and of what is older than ninety days nothing', async () => {
  const now = T + 100 * DAY
  const times = [
    now - 91 * DAY,
    now - 2 * DAY,
    now - 2 * DAY + 60_000,
    now - 2 * DAY + HOUR,
    now - 2 * HOUR,
    now - 2 * HOUR + 60_000,
  ]
  const kinds = ['missing', 'stray']
  for (const [n, time] of times.entries())
    await compared({ found: [wrong('1', kinds[n % 2] ?? '')], ended: true }, time)
  await compared({ ended: true }, now - 2 * DAY + 120_000, 'prices')
  await desk.thinTrend(now)
  expect((await trend()).map(({ at }) => at)).toEqual(times.slice(2))
  expect(await trend(['prices'])).toHaveLength(1)
  await desk.thinTrend(now)
  expect(await trend()).toHaveLength(4)
})

test('what was wrong only for a field that is left out is wrong no more; the rest stays, and other flows too', async () => {
  const found = [
    wrong('1', 'different', 'name'),
    wrong('2', 'different', 'name', 'price'),
    wrong('3', 'missing'),
    wrong('4', 'different', 'price'),
    wrong('5', 'unexplained total', 'total'),
  ]
  await compared({ found }, T)
  await compared({ found: [wrong('1', 'different', 'name')] }, T, 'others')
  const said = { flow: 'products', field: 'name', id: null, who: 'Clara', why: 'The shop writes its own.' }
  await desk.ignoreField(said, T)
  const left = await store.discrepancies({ flow: 'products', limit: 10 })
  expect(left.map(({ id }) => id)).toEqual(['2', '3', '4', '5'])
  expect(left[0]?.detail).toMatchObject({ fields: [{ field: 'price' }] })
  expect(await store.discrepancies({ flow: 'others', limit: 10 })).toHaveLength(1)
  await desk.ignoreField({ ...said, field: 'price', id: '4' }, T)
  expect((await store.discrepancies({ flow: 'products', limit: 10 })).map(({ id }) => id)).toEqual([
    '2',
    '3',
    '5',
  ])
})

test('what a node finds that has not heard yet of what is left out, is not kept', async () => {
  const said = { flow: 'products', field: 'name', id: null, who: 'Clara', why: 'The shop writes its own.' }
  await compared({ found: [wrong('1', 'missing')] }, T)
  await desk.ignoreField(said, T)
  await desk.ignoreField({ ...said, field: 'price', id: '3' }, T)
  const late = [
    wrong('1', 'different', 'name'),
    wrong('2', 'different', 'price', 'name'),
    wrong('3', 'different', 'price', 'name'),
    wrong('4', 'different'),
    wrong('5', 'missing', 'name'),
    { ...wrong('6', 'different', 'name'), side: 'target' as const },
  ]
  await compared({ found: late }, T + 1)
  await compared({ found: late.slice(0, 1) }, T + 1, 'others')
  const left = await store.discrepancies({ flow: 'products', limit: 10 })
  expect(left.map(({ id }) => id)).toEqual(['2', '4', '5', '6'])
  expect(left[0]?.detail).toMatchObject({ fields: [{ field: 'price' }] })
  expect(await store.discrepancies({ flow: 'others', limit: 10 })).toHaveLength(1)
})

test('a page that is being kept while a field is left out is seen by that', async () => {
  const claimed = await store.claimComparison({ flow: 'products', leaseMs: 1, now: T })
  const open: { ignored?: Promise<void> } = {}
  await db.transaction(async query => {
    await query('', "update comparison set state = '{}' where flow = 'products'")
    await query(
      '',
      "insert into discrepancy values ('products', 'source', '1', 'different', $1, now(), now())",
      [JSON.stringify(wrong('1', 'different', 'name').detail)],
    )
    open.ignored = desk.ignoreField(
      { flow: 'products', field: 'name', id: null, who: 'Clara', why: 'So.' },
      T,
    )
    for (let isWaiting = false; !isWaiting;)
      isWaiting = (await db.query('', 'select from pg_locks where not granted')).length > 0
  })
  await open.ignored
  expect(claimed).not.toBeNull()
  expect(await store.discrepancies({ flow: 'products', limit: 10 })).toEqual([])
})

test('what is under way is no difference that anybody is told of', async () => {
  await compared({ found: [wrong('1', 'under way'), wrong('2', 'missing')] }, T)
  await compared({ found: [wrong('1', 'under way')] }, T, 'others')
  expect(await differing(db)).toEqual([{ flow: 'products', count: 1 }])
})

test('what was found of one record is found among any number', async () => {
  await compared({ found: ['1', '2', '3'].map(id => wrong(id, 'missing')) }, T)
  const of = { side: 'source' as const, id: '3' }
  expect(await store.discrepancies({ flow: 'products', limit: 1, of })).toMatchObject([{ id: '3' }])
  expect(await store.discrepancies({ flow: 'products', limit: 1, of: { ...of, side: 'target' } })).toEqual([])
})

test('what is left out is told with who said so, said again it counts from then, and each is ended by itself', async () => {
  const said = { flow: 'products', field: 'name', id: null, who: 'Clara', why: 'The shop writes its own.' }
  await desk.ignoreField(said, T)
  await desk.ignoreField({ ...said, id: '7', who: 'Bob', why: 'This one only.' }, T + 1)
  await desk.ignoreField({ ...said, who: 'Dora', why: 'Still so.' }, T + 2)
  const one = { flow: 'products', field: 'name', id: '7', who: 'Bob', why: 'This one only.', since: T + 1 }
  expect(await desk.ignoredFields()).toEqual([{ ...said, who: 'Dora', why: 'Still so.', since: T + 2 }, one])
  expect(await desk.endIgnoring({ flow: 'products', field: 'name', id: null })).toBe(true)
  expect(await desk.endIgnoring({ flow: 'products', field: 'name', id: null })).toBe(false)
  expect(await desk.ignoredFields()).toEqual([one])
})
