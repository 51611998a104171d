import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { inUse } from '../db.ts'
import { copyTarget, dropAll, filledTables, quoted, readTables } from './catalog.ts'
import { BackupTrouble, type Header, type Table, plainSettings } from './format.ts'
import { type OnProgress, progressOf } from './progress.ts'
import { type BackupReader, readBackup } from './reader.ts'

export interface RestoreOptions {
  /** The names of all migrations that this Linchpin has. */
  migrations: readonly string[]
  /** Runs migrations on this client, inside its transaction: up to the one named, or all. */
  migrate: (client: pg.ClientBase, upTo: string | null) => Promise<unknown>
  /** Also into a database that holds rows. They are gone once this resolves, and untouched if it rejects. */
  force?: boolean
  /** How long to wait, in ms, for others to let go of a table. */
  lockTimeout?: number
  onProgress?: OnProgress
}

/**
 * Puts a backup into the current schema, in one transaction: wholly or not at all. The tables are made by the
 * migrations that the backup knew, filled, and then brought up to date by the newer ones.
 * Throws BackupTrouble: the backup is newer, damaged or foreign, or the database is in use or not empty.
 */
export async function restore(
  pool: pg.Pool,
  input: Readable,
  options: RestoreOptions,
): Promise<{ tables: number; rows: number; createdAt: string }> {
  // First of all, so that an input which fails early has someone listening.
  const reader = readBackup(input)
  const client = await pool.connect()
  let broken = true
  try {
    await client.query(`BEGIN; ${plainSettings}; SET LOCAL lock_timeout = ${options.lockTimeout ?? 10_000}`)
    await refuseInUse(client)
    const header = await reader.header()
    refuseNewer(header, options.migrations)
    await makeTables(client, header, options)
    const rows = await fill(client, header, reader, options.onProgress)
    await setSequences(client, header)
    await options.migrate(client, null)
    await client.query('COMMIT')
    await client.query('ANALYZE')
    broken = false
    return { tables: header.tables.length, rows, createdAt: header.createdAt }
  } catch (error) {
    throw plainly(error)
  } finally {
    input.destroy()
    // Closing the connection is what rolls back.
    client.release(broken)
  }
}

/** A Linchpin that runs would go on with what it remembers of the data that vanished under it. */
async function refuseInUse(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ free: boolean }>(`SELECT pg_try_advisory_xact_lock(${inUse}) AS free`)
  if (!rows[0]?.free)
    throw new BackupTrouble(
      'A Linchpin runs on this database. Stop it, and restore again; nothing was changed.',
    )
}

function refuseNewer({ migration }: Header, known: readonly string[]): void {
  if (migration === '' || known.includes(migration)) return
  throw new BackupTrouble(
    `The backup was written by a newer Linchpin (it has ${migration}). Install that version, and restore with it.`,
  )
}

async function makeTables(client: pg.ClientBase, header: Header, options: RestoreOptions): Promise<void> {
  const filled = options.force === true ? [] : await filledTables(client)
  if (filled.length > 0)
    throw new BackupTrouble(
      `The database is not empty (${filled.slice(0, 5).join(', ')}). Restore into an empty one, or use --force to replace what is there.`,
    )
  await dropAll(client)
  await options.migrate(client, header.migration)
  const there = await readTables(client)
  const missing = header.tables.find(table => !there.some(other => copyTarget(other) === copyTarget(table)))
  if (missing !== undefined)
    throw new BackupTrouble(
      `The table ${missing.name} of the backup does not look like ours. Restore with the version of Linchpin that wrote it.`,
    )
  // Rows that migrations put there are in the backup too.
  const names = there.map(({ name }) => quoted(name)).join(', ')
  if (names !== '') await client.query(`TRUNCATE ${names}`)
}

async function fill(
  client: pg.ClientBase,
  header: Header,
  reader: BackupReader,
  onProgress?: OnProgress,
): Promise<number> {
  const progress = progressOf(header.tables, onProgress)
  let rows = 0
  for (const table of header.tables) {
    rows += await fillTable(client, table, reader, bytes => progress.read(table, bytes))
    progress.finish(table)
  }
  const end = await reader.next()
  if (end.kind !== 'Z' || end.body.rows !== rows || end.body.sha256 !== reader.sumBefore()) throw damaged()
  return rows
}

async function fillTable(
  client: pg.ClientBase,
  table: Table,
  reader: BackupReader,
  read: (bytes: number) => void,
): Promise<number> {
  const begin = await reader.next()
  if (begin.kind !== 'T' || begin.body.table !== table.name) throw damaged()
  let promised = 0
  async function* pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      const frame = await reader.next()
      if (frame.kind === 'E') return void (promised = frame.body.rows)
      if (frame.kind !== 'D') throw damaged()
      read(frame.body.length)
      yield frame.body
    }
  }
  const copy = client.query(copyFrom(`COPY ${copyTarget(table)} FROM STDIN`))
  await pipeline(Readable.from(pieces()), copy)
  if (copy.rowCount !== promised) throw damaged()
  return promised
}

async function setSequences(client: pg.ClientBase, header: Header): Promise<void> {
  for (const { name, last, called } of header.sequences)
    await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [quoted(name), last, called])
}

function damaged(): BackupTrouble {
  return new BackupTrouble(
    'The backup does not hold what it says it holds. Use another one; nothing was changed.',
  )
}

function plainly(error: unknown): unknown {
  // 55P03: someone holds a lock that we waited long enough for.
  if ((error as { code?: string }).code !== '55P03') return error
  return new BackupTrouble('Something still uses the database. Stop Linchpin, and restore again.', {
    cause: error,
  })
}
