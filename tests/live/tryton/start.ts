import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../free-port.ts'
import { installTryton, trytonModules } from './packages.ts'
import { People } from './people.ts'
import { startPostgres, type Cluster } from './postgres.ts'
import { run, start, stopped, user } from './processes.ts'

export interface Tryton {
  readonly url: string
  readonly database: string
  readonly username: string
  readonly password: string
  /** Does what the people in front of the ERP do: stock, confirm, pick, pack, ship, invoice, post, pay. */
  readonly people: People
  /** SQL at its database: for what no person could do, such as holding a transaction open. */
  readonly sql: (statement: string) => string
  readonly postgres: Cluster
  readonly stop: () => Promise<void>
}

/** The real one cannot run here; the message says why, in words. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun'
}

/**
 * Starts a real Tryton 6.0 from Debian's packages on this machine's loopback, with a prepared company. The first start
 * on a machine takes some minutes; the prepared database is kept in `dir`, so later ones take seconds. It ends with
 * `stop`, and by itself when this process dies.
 *
 * Throws CannotRun where the packages are missing and cannot be installed.
 */
export async function startTryton(options: { dir: string; log?: (line: string) => void }): Promise<Tryton> {
  const log = options.log ?? (() => {})
  const trouble = installTryton(log)
  if (trouble !== null) throw new CannotRun(`The real Tryton cannot run here: ${trouble}.`)
  const folder = ownFolder()
  const postgres = await startPostgres(folder)
  const port = await freePort()
  const config = writeConfig(folder, port)
  postgres.create(database)
  prepare({ dir: options.dir, folder, config, postgres, log })
  const server = start(['trytond', '-c', config, '-d', database], {
    env: { ...postgres.env, HOME: folder },
    logFile: join(folder, 'trytond.log'),
    signal: 'TERM',
  })
  const stop = async () => {
    await stopped(server, 'SIGTERM')
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await untilAnswering(url, join(folder, 'trytond.log'))
    const people = await People.signIn({ url, database, username, password })
    log(`Tryton 6.0 answers at ${url}`)
    const sql = (statement: string) => postgres.sql(database, statement)
    return { url, database, username, password, people, sql, postgres, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const database = 'tryton'
const username = 'admin'
// Of a throw-away install that only this machine's loopback reaches, for the minutes that a test takes.
const password = 'linchpin-live'

interface Work {
  readonly dir: string
  readonly folder: string
  readonly config: string
  readonly postgres: Cluster
  readonly log: (line: string) => void
}

/** Lays the prepared database back from its dump, or makes it. Two dumps: the modules take minutes, our script seconds. */
function prepare(work: Work): void {
  const script = readFileSync(join(import.meta.dirname, 'prepare.py'), 'utf8')
  const bare = dumpFile(work, 'bare', [...trytonModules, password])
  const prepared = dumpFile(work, 'prepared', [bare, script, String(new Date().getUTCFullYear())])
  if (existsSync(prepared)) return load(work, prepared)
  if (existsSync(bare)) load(work, bare)
  else activateModules(work)
  save(work, bare)
  work.log('preparing the company')
  const copy = join(work.folder, 'prepare.py')
  writeFileSync(copy, script, { mode: 0o644 })
  // Tryton's own test tools, which know how to make a chart of accounts, want to know the database by this name.
  const env = { ...work.postgres.env, HOME: work.folder, DB_NAME: database }
  run(['/usr/bin/python3', copy, database, work.config], { env })
  save(work, prepared)
}

function activateModules({ folder, config, postgres, log }: Work): void {
  log('activating the modules (two minutes, once)')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o644 })
  const env = { ...postgres.env, HOME: folder, TRYTONPASSFILE: passwordFile }
  const admin = ['trytond-admin', '-c', config, '-d', database]
  run([...admin, '--all', '--email', 'admin@example.org'], { env })
  const modules = trytonModules.map(name => name.replaceAll('-', '_'))
  run([...admin, '--activate-dependencies', '-u', ...modules], { env })
}

function dumpFile({ dir }: Work, name: string, recipe: readonly string[]): string {
  const hash = createHash('sha256').update(recipe.join('\n')).digest('hex').slice(0, 12)
  return join(dir, `${name}-${hash}.sql`)
}

function save({ dir, postgres }: Work, file: string): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(file, postgres.dump(database))
}

/** Through a copy that the unprivileged user may read, wherever the cache is. */
function load({ folder, postgres }: Work, file: string): void {
  const copy = join(folder, 'load.sql')
  writeFileSync(copy, readFileSync(file), { mode: 0o644 })
  postgres.load(database, copy)
}

/** Short, because a unix socket's path must fit in 107 bytes, and outside of folders that only root may enter. */
function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'linchpin-tryton-'))
  chmodSync(folder, 0o755)
  if (user !== null) execFileSync('chown', [user, folder])
  return folder
}

function writeConfig(folder: string, port: number): string {
  const file = join(folder, 'trytond.conf')
  const sections = [
    `[web]\nlisten = 127.0.0.1:${port}`,
    '[database]\nuri = postgresql://postgres@/',
    `path = ${folder}/files`,
    // Sign-in is throttled after failures; the tests fail on purpose.
    '[session]\nmax_attempt = 1000\nmax_attempt_ip_network = 10000',
  ]
  writeFileSync(file, sections.join('\n') + '\n', { mode: 0o644 })
  return file
}

async function untilAnswering(url: string, logFile: string): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) {
    try {
      const body = JSON.stringify({ id: 1, method: 'common.server.version', params: [] })
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
      if ((await fetch(`${url}/`, init)).ok) return
    } catch {
      await sleep(100)
    }
  }
  throw new Error(`trytond does not answer. Its log ends:\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
}
