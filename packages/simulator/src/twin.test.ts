import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDb, openEmbedded, pgStore, type Db, type Embedded, type Store } from '@linchpin/store'
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
