import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDb, type Db } from './db.ts'
import { openEmbedded, type Embedded } from './embedded/index.ts'
import { applyMigrations, migrate, migrations } from './migrate.ts'

const T = Date.parse('2026-11-23T10:00:00Z')
let folder: string
let server: Embedded
let db: Db

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrate-'))
  server = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  db = openDb(server.url, { connections: 3 })
})
afterAll(async () => {
  await db.close()
  await server.stop()
  await rm(folder, { recursive: true })
})

test('whoever upgrades while the tables are being read lets the others go first, says so, and tries again', async () => {
  const [first = ''] = migrations()
  await db.transaction(query => applyMigrations(query, T, first))
  const backup = await db.pool.connect()
  await backup.query('begin')
  await backup.query('select from delivery, connection, notice, written, link limit 1')
  const words: string[] = []
  const ended = async () => {
    // Others still get through: nobody waits in line before them.
    await db.query('', 'select from connection')
    await backup.query('commit')
  }
  const waits = (said: string) => void words.push(said)
  const pausing = async () => {
    while (words.length < 2) await new Promise(resolve => setImmediate(resolve))
    await ended()
  }
  const [applied] = await Promise.all([migrate(db, T, { waits, lockMs: 20, pauseMs: 1 }), pausing()])
  backup.release()
  expect(applied).toEqual(migrations().slice(1))
  expect(words[0]).toMatch(/somebody holds its tables/)
})
