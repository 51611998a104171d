import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDb, queryOn } from './db.ts'
import { openEmbedded } from './embedded/index.ts'
import { forget, recall } from './memory.ts'
import { migrate } from './migrate.ts'

const folder = mkdtempSync(join(tmpdir(), 'memory-'))
const dataDir = join(folder, 'data')
afterAll(() => rmSync(folder, { recursive: true }))

/** Starts PostgreSQL and opens a connection; answers what is known of losses then, and the journal's words. */
async function session(work: (url: string) => Promise<void> = async () => {}) {
  const server = await openEmbedded({ dataDir, log: () => {} })
  await work(server.url)
  const db = openDb(server.url)
  try {
    // While it reads its log, nobody may write, and we are refused.
    await expect
      .poll(() => migrate(db, Date.now()).then(() => 'open', String), { timeout: 20_000 })
      .toBe('open')
    const [memory] = await db.query<{ timeline: string; lost_at: number | null }>('', 'select * from memory')
    const told = await db.query<{ what: string }>('', 'select what from journal order by seq')
    return { memory, told: told.map(({ what }) => what), lost: memory?.lost_at != null }
  } finally {
    await db.close()
    await server.stop()
  }
}

test('a server that goes on from an earlier point is another one; one that was only stopped is not', async () => {
  await session()
  expect(await session()).toMatchObject({ lost: false, told: [] })
  expect(await session()).toMatchObject({ lost: false, memory: { timeline: '00000001' } })
  recoverToAnEarlierPoint()
  const after = await session()
  expect(after).toMatchObject({ lost: true, memory: { timeline: '00000002' }, told: ['forgotten'] })
  // Noted once, and not with every connection.
  expect(await session()).toEqual(after)
  const byHand = await session(async url => {
    const db = openDb(url)
    await forget(db.query)
    await db.close()
  })
  expect(byHand.told).toEqual(['forgotten', 'forgotten'])
})

test('a database that may not be asked who it is, and one before its first migration, are opened all the same', async () => {
  const server = await openEmbedded({ dataDir, log: () => {} })
  const db = openDb(server.url)
  const client = await db.pool.connect()
  try {
    await migrate(db, Date.now())
    await client.query('revoke execute on function pg_control_system() from public')
    await client.query('create role weak')
    await client.query('grant select, insert, update on memory to weak')
    await client.query('set role weak')
    await recall(queryOn(client))
    await client.query('set search_path = nothing_here')
    await recall(queryOn(client))
  } finally {
    client.release(true)
    await db.close()
    await server.stop()
  }
})

/** PostgreSQL's own way back: it reads the log that is there and ends on a new timeline, as a promoted replica does. */
function recoverToAnEarlierPoint(): void {
  const cluster = [dataDir, ...readdirSync(dataDir).map(name => join(dataDir, name))].find(path =>
    existsSync(join(path, 'PG_VERSION')),
  )
  if (cluster === undefined) throw new Error('there is no cluster')
  writeFileSync(join(cluster, 'recovery.signal'), '')
  appendFileSync(join(cluster, 'postgresql.auto.conf'), "restore_command = 'false'\n")
}
