import { finished } from 'node:stream/promises'
import type pg from 'pg'
import { from } from 'pg-copy-streams'

/**
 * Puts rows into a table by PostgreSQL's own COPY: several times as fast as an insert that takes them out of JSON. It
 * knows no "on conflict": one row that is there already, and the whole transaction fails.
 */
export type Copy = (target: string, rows: readonly Row[]) => Promise<void>
export type Row = readonly (string | null)[]

export function copyOn(client: pg.ClientBase): Copy {
  return async (target, rows) => {
    if (rows.length === 0) return
    const copy = client.query(from(`copy ${target} from stdin`))
    const done = finished(copy)
    copy.end(rows.map(lineOf).join(''))
    await done
  }
}

const lineOf = (row: Row) => `${row.map(cellOf).join('\t')}\n`
const cellOf = (cell: string | null) =>
  cell === null ? '\\N' : cell.replace(/[\\\t\n\r]/g, sign => ESCAPED[sign] ?? sign)
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
