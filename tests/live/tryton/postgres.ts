import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run, start, stopped } from './processes.ts'

export interface Cluster {
  /** What a client needs to find it: PGHOST and PGUSER. */
  readonly env: Readonly<Record<string, string>>
  sql(database: string, statement: string): string
  create(database: string): void
  dump(database: string): string
  load(database: string, file: string): void
  stop(): Promise<void>
}

/** A PostgreSQL cluster of our own in `folder`, on a unix socket there. The system's cluster is not touched. */
export async function startPostgres(folder: string): Promise<Cluster> {
  const bin = newestBin()
  const data = join(folder, 'data')
  const env = { PGHOST: folder, PGUSER: 'postgres' }
  run([
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '-N',
  ])
  // A throw-away cluster: what a power cut would lose is made again from the cached dump.
  const careless = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, ...careless]
  const server = start([join(bin, 'postgres'), '-D', data, ...settings.flatMap(setting => ['-c', setting])], {
    logFile: join(folder, 'postgres.log'),
    signal: 'INT',
  })
  const psql = (database: string, ...args: string[]) =>
    run([join(bin, 'psql'), '-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-d', database, ...args], {
      env,
    })
  await untilReady(() => psql('postgres', '-c', 'select 1'))
  return {
    env,
    sql: (database, statement) => psql(database, '-c', statement).trim(),
    create: database => void psql('postgres', '-c', `create database ${database}`),
    dump: database => run([join(bin, 'pg_dump'), '--no-owner', '-d', database], { env }),
    load: (database, file) => void psql(database, '-f', file),
    stop: () => stopped(server, 'SIGINT'),
  }
}

function newestBin(): string {
  const versions = readdirSync('/usr/lib/postgresql').toSorted((a, b) => Number(b) - Number(a))
  return join('/usr/lib/postgresql', versions[0] ?? '', 'bin')
}

async function untilReady(attempt: () => unknown): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    try {
      return void attempt()
    } catch (error) {
      if (turn > 100) throw error
      await sleep(100)
    }
  }
}
