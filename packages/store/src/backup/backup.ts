import { createHash } from 'node:crypto'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { copyTarget, newestMigration, readSequences, readTables } from './catalog.ts'
import { type Frame, type Header, type Table, frameBytes, headerBytes, plainSettings } from './format.ts'
import { type OnProgress, progressOf } from './progress.ts'

export interface BackupOptions {
  /** A UTC instant, for people to tell backups apart. */
  createdAt: string
  onProgress?: OnProgress
}

/**
 * Writes all tables of the current schema as they stood at one instant, while others go on writing. One piece is in
 * memory at a time. Ends the output when all is written; when this rejects, what was written is not a backup.
 */
export async function backup(
  pool: pg.Pool,
  output: Writable,
  options: BackupOptions,
): Promise<{ tables: number; rows: number }> {
  const client = await pool.connect()
  let broken = true
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${plainSettings}`)
    const header = await describe(client, options.createdAt)
    const total = { tables: header.tables.length, rows: 0 }
    await pipeline(Readable.from(bytes(client, header, total, options.onProgress)), createGzip(), output)
    await client.query('COMMIT')
    broken = false
    return total
  } finally {
    // In the midst of a COPY a connection is of no further use.
    client.release(broken)
  }
}

async function describe(client: pg.PoolClient, createdAt: string): Promise<Header> {
  // The first query of the transaction takes the snapshot. Sequences are read after it, so none is behind its rows.
  const tables = await readTables(client)
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
  return {
    format: 'linchpin-backup',
    version: 1,
    createdAt,
    migration: await newestMigration(client),
    postgres: rows[0]?.server_version ?? '',
    tables,
    sequences: await readSequences(client),
  }
}

async function* bytes(
  client: pg.PoolClient,
  header: Header,
  total: { rows: number },
  onProgress?: OnProgress,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  const sealed = (raw: Buffer): Buffer => {
    hash.update(raw)
    return raw
  }
  yield sealed(headerBytes(header))
  const progress = progressOf(header.tables, onProgress)
  for (const table of header.tables) {
    for await (const frame of tableFrames(client, table)) {
      if (frame.kind === 'D') progress.read(table, frame.body.length)
      if (frame.kind === 'E') total.rows += frame.body.rows
      yield sealed(frameBytes(frame))
    }
    progress.finish(table)
  }
  yield frameBytes({ kind: 'Z', body: { rows: total.rows, sha256: hash.digest('hex') } })
}

async function* tableFrames(client: pg.PoolClient, table: Table): AsyncGenerator<Frame> {
  yield { kind: 'T', body: { table: table.name } }
  const copy = client.query(copyTo(`COPY ${copyTarget(table)} TO STDOUT`))
  for await (const piece of copy) yield { kind: 'D', body: piece as Buffer }
  yield { kind: 'E', body: { rows: await rowsOf(client, copy) } }
}

/** The count comes in the message after the data, so one more round trip makes sure that it is here. */
async function rowsOf(client: pg.PoolClient, copy: { rowCount: number }): Promise<number> {
  await client.query('SELECT')
  return copy.rowCount
}
