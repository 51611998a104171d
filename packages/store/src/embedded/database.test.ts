import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataDirectory, prepareCluster } from './cluster.ts'
import { openDatabase } from './database.ts'
import { environment } from './run.ts'

let folder: string
let careless: ChildProcess
let url: string
const log = () => {}

/** As an operator may have it: a server of its own that was told not to sync. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'database-'))
  const place = await prepareCluster(folder)
  const unsafe = ['fsync=off', 'full_page_writes=off', 'listen_addresses=', 'unix_socket_directories=.']
  careless = spawn(
    place.binaries.postgres,
    ['-D', dataDirectory(place, place.cluster), ...unsafe.flatMap(setting => ['-c', setting])],
    { ...place.account, cwd: place.cluster, env: environment(), stdio: 'ignore' },
  )
  url = `postgres://linchpin@/postgres?host=${encodeURIComponent(place.cluster)}`
  while (!(await answers())) await sleep(30)
})
afterAll(async () => {
  careless.kill('SIGINT')
  await new Promise(resolve => careless.once('exit', resolve))
  await rm(folder, { recursive: true })
})

test('without an address ours is opened, and it passes what an operator’s must pass', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'database-'))
  const ours = await openDatabase({ dataDir, log })
  expect(ours.kind).toBe('embedded')
  const same = await openDatabase({ databaseUrl: ours.url, dataDir, log })
  expect(same).toMatchObject({ kind: 'server', version: ours.version, url: ours.url })
  await ours.stop()
  await rm(dataDir, { recursive: true })
})

test('a server that does not sync is refused with the setting to change', async () => {
  await expect(openDatabase({ databaseUrl: url, dataDir: folder, log })).rejects.toThrow(
    'runs with fsync off: a power cut would lose orders that it has confirmed. Set fsync = on',
  )
})

test('a test may use a server that does not sync', async () => {
  const database = await openDatabase({ databaseUrl: url, dataDir: folder, log, allowUnsafe: true })
  expect(database.kind).toBe('server')
})

test('a database that keeps text in anything but UTF-8 is refused, also in tests', async () => {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(
    `CREATE DATABASE latin ENCODING 'SQL_ASCII' LOCALE_PROVIDER 'libc' LOCALE 'C' TEMPLATE template0`,
  )
  await admin.end()
  const databaseUrl = url.replace('/postgres?', '/latin?')
  await expect(openDatabase({ databaseUrl, dataDir: folder, log, allowUnsafe: true })).rejects.toThrow(
    'keeps text as SQL_ASCII. Create a database with ENCODING',
  )
})

test.each([
  ['14.9', '140009', 'is version 14.9. Linchpin needs 15 or newer'],
  ['15.8', '150008', 'runs with fsync off'],
])('a server of version %s is judged by its version first', async (version, number, words) => {
  const { server, port } = await pretender(version, number)
  const databaseUrl = `postgres://u:hunter2@127.0.0.1:${port}/x`
  await expect(openDatabase({ databaseUrl, dataDir: folder, log })).rejects.toThrow(words)
  server.close()
})

test.each([
  ['postgres://shop:hunter2@127.0.0.1:1/x', 'does not answer: nothing listens there'],
  ['postgres://shop:hunter2@no-such-host.invalid/x', 'cannot be found'],
  ['postgres://shop:hunter2@127.0.0.1:port/x', 'is not a PostgreSQL address'],
])('an address that leads nowhere (%s) is explained without its password', async (databaseUrl, words) => {
  const opening = openDatabase({ databaseUrl, dataDir: folder, log })
  await expect(opening).rejects.toThrow(words)
  await expect(opening).rejects.not.toThrow('hunter2')
})

test('a database that is not there is named as that', async () => {
  const databaseUrl = url.replace('/postgres?', '/nowhere?')
  await expect(openDatabase({ databaseUrl, dataDir: folder, log })).rejects.toThrow('has no such database')
})

async function answers(): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  )
}

/** A look-alike of an old server: it lets everyone in and gives one answer, in PostgreSQL's own protocol. */
async function pretender(version: string, number: string): Promise<{ server: Server; port: number }> {
  const fields = ['version', 'number', 'fsync', 'pages', 'commit', 'encoding', 'replica']
  const values = [version, number, 'off', 'on', 'on', 'UTF8', 'f']
  const types = [25, 23, 25, 25, 25, 25, 16]
  const ready = message('Z', Buffer.from('I'))
  const row = [
    message('T', int(2, fields.length), ...fields.map((name, i) => field(name, types[i] ?? 25))),
    message('D', int(2, values.length), ...values.flatMap(v => [int(4, v.length), Buffer.from(v)])),
    message('C', Buffer.from('SELECT 1\0')),
  ]
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', int(4, 0)), ready]))
      socket.on('data', query => query[0] === 81 && socket.write(Buffer.concat([...row, ready])))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as { port: number }).port }
}

function message(kind: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(kind), int(4, body.length + 4), body])
}

function field(name: string, type: number): Buffer {
  return Buffer.concat([
    Buffer.from(`${name}\0`),
    int(4, 0),
    int(2, 0),
    int(4, type),
    int(2, 4),
    int(4, 0),
    int(2, 0),
  ])
}

function int(bytes: 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntBE(value, 0, bytes)
  return buffer
}
