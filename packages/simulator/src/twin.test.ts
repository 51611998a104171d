import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  migrate,
  openDb,
  openEmbedded,
  pgStore,
  type Db,
  type Delivery,
  type Embedded,
  type Settlement,
  type Store,
} from '@linchpin/store'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clear, dumpOfPostgres, dumpOfTwin } from './twin/dump.ts'
import { play, setup, START, steps } from './twin/script.ts'
import { createTwin } from './twin/twin.ts'

let folder: string
let server: Embedded
let db: Db
let postgres: Store

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twin-'))
  server = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  // Nothing here asks what survives a power cut, and without the wait for the disk many more scripts are played.
  db = openDb(`${server.url}&options=-c%20synchronous_commit%3Doff`, { connections: 2 })
  await migrate(db, START)
  postgres = pgStore(db)
})
afterAll(async () => {
  await postgres.close()
  await server.stop()
  await rm(folder, { recursive: true })
})

const forget = async (now: number) =>
  void (await db.query(
    'forget-at',
    `insert into memory (system, timeline, lost_at) select '', '', $1
     on conflict (one) do update set lost_at = excluded.lost_at`,
    [new Date(now).toISOString()],
  ))

test('whatever is done to them, PostgreSQL and the twin give the same answers and know the same', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async script => {
      await clear(db)
      const twin = createTwin()
      for (const store of [twin, postgres]) await store.register(setup, START)
      const ours = play(twin, script, async now => void (twin.tables.lostAt = now))
      const theirs = play(postgres, script, forget)
      for (const step of script) {
        const [said, truth] = [await ours(), await theirs()]
        expect(said, step.do).toEqual(truth)
      }
      expect(dumpOfTwin(twin.tables)).toEqual(await dumpOfPostgres(db))
    }),
    { numRuns: Number(process.env['TWIN_RUNS'] ?? 60) },
  )
}, 600_000)

test('who is answered for goes before those that waited for it', async () => {
  await clear(db)
  const twin = createTwin()
  const turns = await Promise.all([twin, postgres].map(turnsAfterAnswer))
  expect(turns).toEqual([
    ['1', '2'],
    ['1', '2'],
  ])
})

/** An order that waits for another one, of which a person says that it arrived: in which order they are claimed. */
async function turnsAfterAnswer(store: Store): Promise<readonly string[]> {
  const duty = (id: string) => {
    const ends = { flow: 'orders', entity: 'SalesOrder', from: 'shop', to: 'erp' } as const
    return { ...ends, id, lane: `SalesOrder/${id}` }
  }
  const claim = () =>
    store.claimDeliveries({ node: 'n1', flows: ['orders'], limit: 9, leaseMs: 45_000, now: START })
  await store.register(setup, START)
  await store.owe([duty('1'), duty('2')], START)
  const [asked, waits] = (await claim()) as [Delivery, Delivery]
  const sent = { request: {}, hash: 'h', isAlone: true, sendBy: START, settledBy: START }
  await store.intend([{ delivery: asked, node: 'n1', operation: 'create', key: '1', ...sent }], START)
  const links = [{ entity: 'SalesOrder', connection: 'shop', id: '1', to: 'erp' }] as const
  const settlements: readonly Settlement[] = [
    { delivery: asked, is: 'parked', trouble: { kind: 'unknown', words: 'Did it arrive?' }, intent: 'keep' },
    { delivery: waits, is: 'waiting', links, at: START + 60_000, words: 'Waits.', hints: [], duties: [] },
  ]
  await store.settle(settlements, START)
  await store.answerUnknown({ flow: 'orders', id: '1' }, 'T1', 'ada', START)
  return (await claim()).map(({ id }) => id)
}
