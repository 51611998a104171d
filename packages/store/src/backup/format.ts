/**
 * A backup is one gzip'd stream: a line of JSON (the header), then frames. A frame is one byte that names its kind, the
 * length of its body (4 bytes, big-endian), and the body. Each table is `T`, any number of `D`, `E`; the last frame is `Z`.
 */
export interface Header {
  format: 'linchpin-backup'
  version: 1
  /** UTC instant. */
  createdAt: string
  /** The newest migration that the tables have; empty if there is none. */
  migration: string
  /** Version of the PostgreSQL that wrote it. */
  postgres: string
  tables: Table[]
  sequences: Sequence[]
}

export interface Table {
  name: string
  columns: string[]
  /** Size on disk, a measure for progress only. */
  bytes: number
}

export interface Sequence {
  name: string
  /** As text, since it may be larger than a JavaScript number. */
  last: string
  called: boolean
}

/** T: a table begins. D: a piece of it, as COPY wrote it. E: it ends. Z: all is there; sha256 is of all before. */
export type Frame =
  | { kind: 'T'; body: { table: string } }
  | { kind: 'D'; body: Buffer }
  | { kind: 'E'; body: { rows: number } }
  | { kind: 'Z'; body: { rows: number; sha256: string } }

export type Kind = Frame['kind']

export function frameBytes(frame: Frame): Buffer {
  const body = Buffer.isBuffer(frame.body) ? frame.body : Buffer.from(JSON.stringify(frame.body))
  const head = Buffer.alloc(5)
  head.write(frame.kind, 0, 'latin1')
  head.writeUInt32BE(body.length, 1)
  return Buffer.concat([head, body])
}

export function headerBytes(header: Header): Buffer {
  return Buffer.from(`${JSON.stringify(header)}\n`)
}

/** A backup that cannot be written or read. Its message says what to do. */
export class BackupTrouble extends Error {
  override readonly name = 'BackupTrouble'
}

/** What goes over the wire means the same on both sides, whatever the servers are set to. */
export const plainSettings = `
  SET LOCAL TimeZone = 'UTC';
  SET LOCAL DateStyle = 'ISO, YMD';
  SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex';
  SET LOCAL extra_float_digits = 1;
  SET LOCAL client_encoding = 'UTF8';
  SET LOCAL statement_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = 0`
