import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDb } from '../db.ts'
import { type Embedded, openEmbedded } from '../embedded/index.ts'
import { backup } from './backup.ts'
import type { Progress } from './progress.ts'
import { type RestoreOptions, restore } from './restore.ts'

const createdAt = '2026-11-23T18:00:00Z'

let folder: string
let server: Embedded
let admin: pg.Pool
let source: pg.Pool
let target: pg.Pool
const pools: pg.Pool[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-'))
  server = await openEmbedded({ dataDir: folder, log: () => {} })
  admin = poolOf('linchpin')
  source = await fresh('source')
  await migrate(source, null)
  await source.query(content)
})
beforeEach(async () => {
  target = await fresh('target')
})
afterAll(async () => {
  await Promise.all(pools.map(pool => pool.end().catch(() => {})))
  await server.stop()
  await rm(folder, { recursive: true })
})

const migrations = ['0001-first.sql', '0002-second.sql']

const scripts: Record<string, string> = {
  // The names are such that the order of the alphabet is the wrong one for the reference.
  '0001-first.sql': `
    CREATE TYPE mood AS ENUM ('calm', 'cross');
    CREATE TABLE "z order" (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text, body jsonb, pdf bytea, total numeric,
      at timestamptz, tags text[], matrix int[][], ratio float8, ok boolean, key uuid, day date, span interval,
      mood mood);
    CREATE TABLE "a line" (
      "order" bigint NOT NULL REFERENCES "z order" (id), line int NOT NULL, net numeric NOT NULL,
      gross numeric GENERATED ALWAYS AS (net * 1.2) STORED, PRIMARY KEY ("order", line));
    CREATE SEQUENCE notice_seq;
    CREATE TABLE setting (name text PRIMARY KEY, value text);
    INSERT INTO setting VALUES ('seeded', 'by the migration')`,
  '0002-second.sql': `ALTER TABLE "z order" ADD COLUMN added text NOT NULL DEFAULT 'by 0002'`,
}

const content = `
  INSERT INTO "z order" (note, body, pdf, total, at, tags, matrix, ratio, ok, key, day, span, mood, added) VALUES
    (E'tab\\t newline\\n backslash \\\\N quote '' \\\\. 😀 ä', '{"a": [1, null, "ü"], "deep": {"n": 1.10}}', '\\x00ff0a5c',
      12345678901234567890.123456789000, '2026-03-29T01:30:00.123456Z', ARRAY['a,b', '{}', NULL, 'NULL', '"', ''],
      '{{1,2},{3,4}}', 0.1, true, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '0044-03-15 BC', '1 mon 2 days 03:04:05.6', 'cross', 'x'),
    ('', 'null', '', 'NaN', 'infinity', '{}', '{}', 'Infinity', false, NULL, NULL, NULL, NULL, ''),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'all null');
  INSERT INTO "a line" VALUES (1, 1, 1.50), (1, 2, -0.000000001), (2, 1, 0);
  UPDATE setting SET value = 'changed since';
  SELECT nextval('notice_seq') FROM generate_series(1, 41);`

async function migrate(runner: pg.Pool | pg.ClientBase, upTo: string | null): Promise<void> {
  await runner.query('CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY)')
  for (const name of migrations.filter(each => upTo === null || each <= upTo)) {
    const { rowCount } = await runner.query('SELECT FROM migration WHERE name = $1', [name])
    if (rowCount !== 0) continue
    await runner.query(scripts[name] ?? '')
    await runner.query('INSERT INTO migration VALUES ($1)', [name])
  }
}

const options: RestoreOptions = { migrations, migrate }

test('while a Linchpin runs on the database nothing is put in its place, even by force', async () => {
  const file = await backedUp(source)
  const running = openDb(urlOf('target'))
  const stop = await running.listen(() => {})
  const again = () => restore(target, Readable.from([file]), { ...options, force: true })
  await expect(again()).rejects.toThrow('A Linchpin runs on this database. Stop it')
  await stop()
  await running.close()
  expect((await again()).rows).toBeGreaterThan(0)
})

test('every row of every type comes back as it was, with its sequences', async () => {
  const file = await backedUp(source)
  const result = await restore(target, Readable.from([file]), options)
  expect(result).toEqual({ tables: 3, rows: 7, createdAt })
  expect(await dump(target)).toEqual(await dump(source))
  await target.query(`INSERT INTO "z order" (note) VALUES ('next')`)
  const { rows } = await target.query(
    `SELECT max(id)::int AS id, nextval('notice_seq')::int AS notice FROM "z order"`,
  )
  expect(rows).toEqual([{ id: 4, notice: 42 }])
})

test('a sequence that was never used gives its first number', async () => {
  const unused = await fresh('unused')
  await migrate(unused, null)
  await restore(target, Readable.from([await backedUp(unused)]), options)
  const { rows } = await target.query(`SELECT nextval('notice_seq')::int AS first`)
  expect(rows).toEqual([{ first: 1 }])
})

test('a backup shows one instant, whatever is written meanwhile', async () => {
  const busy = await fresh('busy')
  await migrate(busy, null)
  await busy.query('CREATE TABLE "b first" (n int); CREATE TABLE "y last" (n int)')
  await busy.query(`INSERT INTO "b first" SELECT generate_series(1, 50000); INSERT INTO "y last" VALUES (1)`)
  const written: Promise<unknown>[] = []
  const file = await backedUp(busy, () => {
    written.push(busy.query('INSERT INTO "y last" VALUES (2); INSERT INTO "b first" VALUES (0)'))
  })
  await Promise.all(written)
  expect(written.length).toBeGreaterThan(1)
  const text = gunzipSync(file).toString('latin1')
  expect(text).toContain('{"rows":50000}')
  expect(text).toContain('{"rows":1}')
})

test('a backup of an older Linchpin is brought up to date', async () => {
  const old = await fresh('old')
  await migrate(old, '0001-first.sql')
  await old.query(`INSERT INTO "z order" (note) VALUES ('kept')`)
  await restore(target, Readable.from([await backedUp(old)]), options)
  expect((await target.query('SELECT note, added FROM "z order"')).rows).toEqual([
    { note: 'kept', added: 'by 0002' },
  ])
  expect((await target.query('SELECT name FROM migration ORDER BY name')).rows).toHaveLength(2)
})

test('a backup of a newer Linchpin is refused and named', async () => {
  const file = await backedUp(source)
  await expect(
    restore(target, Readable.from([file]), { ...options, migrations: ['0001-first.sql'] }),
  ).rejects.toThrow('written by a newer Linchpin (it has 0002-second.sql)')
})

test('rows that are there are kept, unless they shall be replaced', async () => {
  const file = await backedUp(source)
  await migrate(target, null)
  await target.query(`INSERT INTO "z order" (note) VALUES ('mine')`)
  await expect(restore(target, Readable.from([file]), options)).rejects.toThrow(
    'not empty (z order, setting). Restore into an empty one, or use --force',
  )
  expect((await target.query('SELECT note FROM "z order"')).rows).toEqual([{ note: 'mine' }])
  await restore(target, Readable.from([file]), { ...options, force: true })
  expect(await dump(target)).toEqual(await dump(source))
})

test.each([
  ['cut short', (file: Buffer) => file.subarray(0, file.length - 40), 'damaged or cut short'],
  ['cut to nothing', () => Buffer.alloc(0), 'damaged or cut short'],
  ['with a bit turned', turned, 'damaged'],
  ['with a value changed', (file: Buffer) => edited(file, 'changed since', 'changed sinse'), 'does not hold'],
  ['with a row less', (file: Buffer) => edited(file, '{"rows":3}', '{"rows":2}'), 'does not hold'],
  ['of another program', () => Buffer.from('-- PostgreSQL database dump'), 'not a backup that linchpin'],
  ['of a later format', (file: Buffer) => edited(file, '"version":1', '"version":2'), 'Use a newer Linchpin'],
])('a backup %s is refused, and what was there stays, even with --force', async (_, spoil, words) => {
  await migrate(target, null)
  await target.query(`INSERT INTO "z order" (note) VALUES ('mine')`)
  const file = spoil(await backedUp(source))
  await expect(restore(target, Readable.from([file]), { ...options, force: true })).rejects.toThrow(words)
  expect((await target.query('SELECT note FROM "z order"')).rows).toEqual([{ note: 'mine' }])
})

test('a file that cannot be read is an error that says so', async () => {
  const broken = new PassThrough()
  broken.destroy(Object.assign(new Error('gone'), { code: 'EIO' }))
  await expect(restore(target, broken, options)).rejects.toThrow('cannot be read (EIO)')
})

test('a database in use is left as it is, even with --force', async () => {
  await migrate(target, null)
  const user = await target.connect()
  await user.query(`BEGIN; INSERT INTO "z order" (note) VALUES ('mine')`)
  const file = await backedUp(source)
  const force = { ...options, force: true, lockTimeout: 100 }
  await expect(restore(target, Readable.from([file]), force)).rejects.toThrow(
    'Something still uses the database. Stop Linchpin',
  )
  await user.query('COMMIT')
  user.release()
  expect((await target.query('SELECT note FROM "z order"')).rows).toEqual([{ note: 'mine' }])
})

test('a disk that fills up ends the backup, and the connections go on', async () => {
  const full = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('disk full'), { code: 'ENOSPC' })),
  })
  await expect(backup(source, full, { createdAt })).rejects.toThrow('disk full')
  expect((await source.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test('a large table passes through in pieces, with progress', async () => {
  const large = await fresh('large')
  await migrate(large, null)
  // 60 MB, and as much again in its rows.
  await large.query(`INSERT INTO setting SELECT n, repeat(md5(n::text), 32) FROM generate_series(1, 60000) n`)
  const pipe = new PassThrough()
  const seen: Progress[] = []
  const restoring = restore(target, pipe, { ...options, onProgress: step => seen.push(step) })
  let most = 0
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
  const before = process.memoryUsage().rss
  const { rows } = await backup(large, pipe, { createdAt })
  await restoring
  clearInterval(watch)
  expect(rows).toBe(60_001)
  // Held whole it would be there twice, as buffers and as rows; what is not collected yet is no part of it.
  expect(most - before).toBeLessThan(150 * 1024 * 1024)
  expect(seen.length).toBeGreaterThan(20)
  expect(seen.map(({ part }) => part)).toEqual(seen.map(({ part }) => part).toSorted((a, b) => a - b))
  expect(seen.at(-1)).toMatchObject({ done: 3, tables: 3, part: 1 })
})

async function backedUp(pool: pg.Pool, onProgress = () => {}): Promise<Buffer> {
  const pieces: Buffer[] = []
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => done(void pieces.push(chunk)),
  })
  await backup(pool, output, { createdAt, onProgress })
  return Buffer.concat(pieces)
}

async function dump(pool: pg.Pool): Promise<unknown> {
  const tables = ['"z order"', '"a line"', 'setting', 'migration']
  return await Promise.all(
    tables.map(async table => (await pool.query(`SELECT t::text FROM ${table} t ORDER BY 1`)).rows),
  )
}

async function fresh(name: string): Promise<pg.Pool> {
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await admin.query(`CREATE DATABASE ${name}`)
  return poolOf(name)
}

function urlOf(name: string): string {
  return server.url.replace('@/linchpin', `@/${name}`)
}

function poolOf(name: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: urlOf(name), max: 4 })
  pool.on('error', () => {})
  pools.push(pool)
  return pool
}

function turned(file: Buffer): Buffer {
  const copy = Buffer.from(file)
  const middle = Math.floor(copy.length / 2)
  copy[middle] = (copy[middle] ?? 0) ^ 1
  return copy
}

/** Zipped anew, so that only our own checks can notice. */
function edited(file: Buffer, from: string, to: string): Buffer {
  const text = gunzipSync(file).toString('latin1')
  expect(text).toContain(from)
  return gzipSync(Buffer.from(text.replace(from, to), 'latin1'))
}
