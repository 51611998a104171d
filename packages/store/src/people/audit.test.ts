import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDb, type Db } from '../db.ts'
import { openEmbedded, type Embedded } from '../embedded/index.ts'
import { migrate } from '../migrate.ts'
import { audit, auditAsked, auditBroken, auditEnded } from './audit.ts'

const NOW = Date.UTC(2026, 10, 25, 9)
const asked = {
  who: 'Ada',
  how: 'person',
  from: '::1',
  what: 'pauseFlow',
  input: { b: 1, a: [null] },
  before: null,
}
let folder: string
let server: Embedded
let db: Db
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'))
  server = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  db = openDb(server.url, { connections: 4 })
  await migrate(db, NOW)
  // At once: each must still be chained to the one before it.
  const numbers = await Promise.all([1, 2, 3].map(() => auditAsked(db, asked, NOW)))
  await auditEnded(db, numbers[0] ?? 0, asked, { after: { paused: true }, outcome: 'done' }, NOW + 5)
})
afterAll(async () => {
  await db.close()
  await server.stop()
  await rm(folder, { recursive: true })
})

test('what was asked and what became of it are told together; what never ended says so', async () => {
  const entries = await audit(db, { limit: 10 })
  expect(entries).toHaveLength(3)
  expect(entries.filter(({ outcome }) => outcome === null)).toHaveLength(2)
  const done = entries.find(({ outcome }) => outcome === 'done')
  expect(done).toMatchObject({ who: 'Ada', input: asked.input, after: { paused: true }, endedAt: NOW + 5 })
})

test('nothing in the audit log can be changed or taken out', async () => {
  for (const sql of [`update audit set who = 'Eve'`, 'delete from audit', 'truncate audit'])
    await expect(db.query('', sql)).rejects.toThrow('append-only')
})

test('a row that was changed or taken out by whoever owns the database breaks the chain', async () => {
  expect(await auditBroken(db)).toEqual({ rows: 4, broken: null })
  await db.query('', 'alter table audit disable trigger audit_append_only')
  await db.query('', `update audit set who = 'Eve' where seq = 2`)
  expect((await auditBroken(db)).broken).toBe(2)
  await db.query('', `update audit set who = 'Ada' where seq = 2`)
  expect((await auditBroken(db)).broken).toBe(null)
  await db.query('', 'delete from audit where seq = 3')
  expect((await auditBroken(db)).broken).toBe(4)
})
