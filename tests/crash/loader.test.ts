import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrate, openDb, openEmbedded } from '@linchpin/store'
import { expect, test } from 'vitest'
import { dice } from './dice.ts'

const RECORDS = 4_000
const KILLS = 5

test('a first load that is killed (kill -9) again and again goes on from where it was: nothing is lost, nothing is there twice (look-alike)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loader-'))
  const postgres = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  const db = openDb(postgres.url, { connections: 2 })
  const shop = await openShop()
  try {
    await migrate(db, Date.now())
    const chance = dice(7)
    for (let kill = 0; kill < KILLS; kill += 1)
      // So many requests after it began: in the look, or in the load, in the midst of saving what came before.
      await load(postgres.url, shop.url, { killAfter: chance.between(5, 25), waitMs: chance.between(0, 15) })
    // What a killed process held is free when its lease ends; nobody waits for that here.
    await load(postgres.url, shop.url)

    const [counts] = await db.query(
      '',
      `select (select count(*)::int from record) records, (select count(*)::int from record_history) histories,
         (select count(distinct (connection, entity, id))::int from record_history) "historiesOf",
         (select count(*)::int from reference) "references",
         (select count(distinct id)::int from reference) "referencesOf",
         (select count(*)::int from parent) parents`,
    )
    const each = { records: RECORDS, histories: RECORDS, historiesOf: RECORDS, parents: RECORDS }
    expect(counts).toEqual({ ...each, references: 2 * RECORDS, referencesOf: RECORDS })
    const [state] = await db.query<{ state: object }>('', 'select state from load')
    expect(state?.state).toMatchObject({
      phase: 'done',
      total: RECORDS,
      read: RECORDS,
      would: { skip: RECORDS },
    })
  } finally {
    shop.close()
    await db.close()
    await postgres.stop()
    await rm(folder, { recursive: true })
  }

  async function load(
    database: string,
    url: string,
    { killAfter = Infinity, waitMs = 0 } = {},
  ): Promise<void> {
    await db.query('', 'update load set lease_until = null')
    const child = fork(fileURLToPath(new URL('loader.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, LOADER_DATABASE: database, LOADER_SHOP: url },
    })
    let asked = 0
    child.on('message', () => {
      asked += 1
      if (asked === killAfter) setTimeout(() => child.kill('SIGKILL'), waitMs)
    })
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect(killAfter === Infinity ? code : signal).toBe(killAfter === Infinity ? 0 : 'SIGKILL')
  }
}, 600_000)

async function openShop() {
  const child = fork(fileURLToPath(new URL('../../bench/load/history.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, BENCH_RECORDS: String(RECORDS) },
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { url: `http://127.0.0.1:${port}`, close: () => child.disconnect() }
}
