import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  appendFile,
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Embedded, openEmbedded } from './embedded.ts'
import { type Other, ask, exited, firstLine, startLinchpin } from './other.fixture.ts'
import { alive, holderOf, mayHold } from './process.ts'

const isRoot = process.getuid?.() === 0

let template: string
let root: string
let dataDir: string
let said: string[]
let open: Embedded[]
let children: ChildProcess[]

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'embedded-template-'))
  await openEmbedded({ dataDir: template, log: () => {} }).then(database => database.stop())
})
afterAll(() => rm(template, { recursive: true }))

beforeEach(async () => {
  // mkdtemp makes a folder of mode 700, so as root the server's account cannot pass it, as in root's home.
  root = await mkdtemp(join(tmpdir(), 'embedded-'))
  dataDir = join(root, 'project/.linchpin/database')
  await mkdir(dirname(dataDir), { recursive: true })
  // Quicker than to make each anew.
  execFileSync('cp', ['-a', template, dataDir])
  ;[said, open, children] = [[], [], []]
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const database of open) await database.stop().catch(() => {})
  const left = await holderOf(join(dataDir, 'pg'))
  if (left !== null && (await mayHold(left, join(dataDir, 'pg')))) process.kill(left, 'SIGKILL')
  await rm(root, { recursive: true, force: true, maxRetries: 5 })
})

describe('a database of our own', () => {
  test('starts in an empty folder, keeps rows over a stop, and leaves no process behind', async () => {
    dataDir = join(root, 'empty')
    const first = await opened()
    expect(first).toMatchObject({ adopted: false, version: expect.stringMatching(/^18\./) as unknown })
    await ask(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)')
    const pid = await serverPid()
    await first.stop()
    expect(alive(pid)).toBe(false)
    const second = await opened()
    expect(second.adopted).toBe(false)
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }])
  })

  test('keeps what it confirms, checks its pages, and listens on no network', async () => {
    await appendFile(join(dataDir, 'pg/postgresql.conf'), "fsync = off\nlisten_addresses = '*'\n")
    const { url } = await opened()
    const shown = await ask(
      url,
      `SELECT name, setting FROM pg_settings WHERE name IN
      ('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'listen_addresses', 'server_encoding')`,
    )
    expect(Object.fromEntries(shown.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      data_checksums: 'on',
      listen_addresses: '',
      server_encoding: 'UTF8',
    })
    expect((await stat(join(dataDir, 'pg'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(dataDir, 'pg/.s.PGSQL.5432'))).mode & 0o777).toBe(0o700)
  })

  test('starts under a path that is too long for a socket', async () => {
    dataDir = join(root, 'x'.repeat(120), 'database')
    const database = await opened()
    expect(await ask(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await database.stop()
    await opened()
  })

  test.runIf(isRoot)(
    'as root runs by an account that is nobody else, under folders of mode 700',
    async () => {
      await opened()
      const owner = (await stat(`/proc/${await serverPid()}`)).uid
      expect(owner).toBeGreaterThan(0)
      expect(owner).not.toBe(65_534)
      expect((await stat(join(dataDir, 'pg/base'))).uid).toBe(owner)
      expect((await stat(root)).mode & 0o777).toBe(0o700)
    },
  )

  test.runIf(!isRoot)('as a plain user runs by that user', async () => {
    await opened()
    expect((await stat(`/proc/${await serverPid()}`)).uid).toBe(process.getuid?.())
  })

  test('may be stopped twice, and at once', async () => {
    const database = await opened()
    await Promise.all([database.stop(), database.stop()])
    await database.stop()
    expect(await holderOf(join(dataDir, 'pg'))).toBeNull()
  })
})

describe('after a crash', () => {
  test('of Linchpin alone, the server that went on is adopted', async () => {
    const crashed = await linchpin()
    const pid = await serverPid()
    await ask(crashed.url, 'CREATE TABLE kept AS SELECT 42 AS n')
    crashed.process.kill('SIGKILL')
    await exited(crashed.process)
    expect(alive(pid)).toBe(true)
    const next = await opened()
    expect(next.adopted).toBe(true)
    expect(await serverPid()).toBe(pid)
    expect(await ask(next.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }])
    await next.stop()
    expect(await holderOf(join(dataDir, 'pg'))).toBeNull()
  })

  test('of everything at once, it starts with all that was confirmed, reaped or not', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const crashed = await linchpin()
      await ask(crashed.url, `CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (${round})`)
      crashed.process.kill('SIGKILL')
      process.kill(await serverPid(), 'SIGKILL')
    }
    const next = await opened()
    expect(next.adopted).toBe(false)
    expect(await ask(next.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 3 }])
  })

  test('a process number that another program has now does not keep it from starting', async () => {
    await pretend(process.pid)
    expect(await mayHold(process.pid, join(dataDir, 'pg'))).toBe(false)
    expect((await opened()).adopted).toBe(false)
  })

  test('a dead process that nobody reaps, as in a container, does not keep it from starting', async () => {
    // The shell becomes a sleep that never asks for its child, which ends only then: else the shell might reap it.
    const child = 'until grep -q sleep /proc/$$/comm; do sleep 0.01; done'
    const careless = spawn('sh', ['-c', `{ ${child}; } & echo $!; exec sleep 60`])
    children.push(careless)
    const zombie = Number(await firstLine(careless))
    while (!(await readFile(`/proc/${zombie}/stat`, 'utf8')).includes(') Z')) await sleep(5)
    expect(alive(zombie)).toBe(true)
    await pretend(zombie)
    expect((await opened()).adopted).toBe(false)
  })

  test('in the midst of making it, the half-made one is swept away', async () => {
    dataDir = join(root, 'empty')
    await mkdir(join(dataDir, 'pg.new-999999999/base'), { recursive: true })
    await opened()
    expect(await readdir(dataDir)).toEqual(expect.not.arrayContaining(['pg.new-999999999']))
  })

  test('of the server alone, it is started again on the same address', async () => {
    const { url } = await opened()
    await ask(url, 'CREATE TABLE kept AS SELECT 42 AS n')
    process.kill(await serverPid(), 'SIGKILL')
    let rows: unknown = null
    while (rows === null) rows = await ask(url, 'SELECT n FROM kept').catch(() => sleep(20, null))
    expect(rows).toEqual([{ n: 42 }])
    expect(said).toContain('The connection to PostgreSQL was lost; looking after it.')
  })
})

describe('several Linchpins on one folder', () => {
  test('share the server, and the last one to leave stops it', async () => {
    const other = await linchpin()
    const ours = await opened()
    expect(ours.adopted).toBe(true)
    const pid = await serverPid()
    await ours.stop()
    expect(said).toContain('PostgreSQL is left running: another Linchpin uses it.')
    expect(await ask(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    other.process.kill('SIGINT')
    await exited(other.process)
    expect(alive(pid)).toBe(false)
  })

  test('may begin at the same moment in an empty folder', async () => {
    dataDir = join(root, 'empty')
    const all = await Promise.all([linchpin(), linchpin(), opened()])
    expect(all.filter(({ adopted }) => !adopted)).toHaveLength(1)
    const started = `SELECT pg_postmaster_start_time()::text AS at`
    const times = await Promise.all(all.map(({ url }) => ask(url, started)))
    expect(new Set(times.map(([row]) => row?.['at'])).size).toBe(1)
  })

  test('may come and go at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const first = await opened()
      const [second] = await Promise.all([opened(), first.stop()])
      expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
      await second.stop()
    }
    expect(await holderOf(join(dataDir, 'pg'))).toBeNull()
  })
})

test('Ctrl-C reaches Linchpin, and the server stays until Linchpin has finished', async () => {
  const { process: child } = await linchpin()
  const pid = await serverPid()
  const last = firstLine(child)
  // The whole process group, as a terminal does.
  process.kill(-(child.pid as number), 'SIGINT')
  expect(JSON.parse(await last)).toMatchObject({ last: 'work was finished' })
  await exited(child)
  expect(alive(pid)).toBe(false)
})

describe('what cannot be opened says why and what to do', () => {
  test('data of another version', async () => {
    await writeFile(join(dataDir, 'pg/PG_VERSION'), '17\n')
    await expect(opened()).rejects.toThrow('was written by PostgreSQL 17, and this Linchpin brings 18')
  })

  test('a folder of something else', async () => {
    dataDir = join(root, 'else')
    await mkdir(join(dataDir, 'pg'), { recursive: true, mode: 0o700 })
    await expect(opened()).rejects.toThrow('is not a PostgreSQL data folder')
  })

  test('a wrong setting, with the last lines of the log', async () => {
    await appendFile(join(dataDir, 'pg/postgresql.conf'), 'shared_bufers = 1GB\n')
    const failure = (await opened().catch((error: unknown) => error)) as Error
    expect(failure.message).toContain('a setting is wrong. Correct it in postgresql.conf')
    expect(failure.message).toContain('shared_bufers')
    expect(failure.message).toContain(join(dataDir, 'postgres.log'))
  })

  test('damaged files', async () => {
    await rm(join(dataDir, 'pg/pg_wal'), { recursive: true })
    await mkdir(join(dataDir, 'pg/pg_wal'))
    if (isRoot) await giveLike(join(dataDir, 'pg/pg_wal'))
    await expect(opened()).rejects.toThrow('Restore the newest backup')
  })

  test('a server that hangs', async () => {
    await linchpin()
    const pid = await serverPid()
    process.kill(pid, 'SIGSTOP')
    await expect(opened({ readyWithin: 300 })).rejects.toThrow(
      `PostgreSQL (process ${pid}) did not answer within 0.3 s`,
    )
    process.kill(pid, 'SIGCONT')
  })

  test.runIf(!isRoot)('a folder that we may not write', async () => {
    dataDir = join(root, 'empty')
    await chmod(root, 0o500)
    await expect(opened()).rejects.toThrow('cannot be made (EACCES)')
    await chmod(root, 0o700)
  })

  test('a copy of the programs that others could change is not run', async () => {
    const planted = join(root, 'planted')
    await mkdir(planted)
    await chmod(planted, 0o777)
    await expect(opened({ caches: [planted] })).rejects.toThrow(`${planted} can be written to by other users`)
  })
})

async function opened(more: { readyWithin?: number; caches?: string[] } = {}): Promise<Embedded> {
  const database = await openEmbedded({ dataDir, log: line => said.push(line), ...more })
  open.push(database)
  return database
}

/** A Linchpin of its own on this folder, which may be killed. */
async function linchpin(): Promise<Other> {
  const other = await startLinchpin(dataDir)
  children.push(other.process)
  return other
}

async function serverPid(): Promise<number> {
  return (await holderOf(join(dataDir, 'pg'))) as number
}

/** As if the server had been killed, and its process number now were this one. */
async function pretend(pid: number): Promise<void> {
  const file = join(dataDir, 'pg/postmaster.pid')
  await writeFile(
    file,
    `${pid}\n${join(dataDir, 'pg')}\n1795459297\n5432\n.\n\n 16039943         4\nready   \n`,
  )
  if (isRoot) await giveLike(file)
}

async function giveLike(path: string): Promise<void> {
  const { uid, gid } = await stat(join(dataDir, 'pg'))
  await chown(path, uid, gid)
}
