import type { Table } from './format.ts'

export interface Progress {
  table: string
  /** Tables that are finished, of how many. */
  done: number
  tables: number
  /** Bytes of table data so far. */
  bytes: number
  /** The part of the whole that is done, 0 to 1, by the size of the tables on disk: a guess for a progress bar. */
  part: number
}

export type OnProgress = (progress: Progress) => void

/** Tells how far we are once a megabyte, and at each table's end. */
export function progressOf(tables: Table[], onProgress?: OnProgress) {
  const whole = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  const state = { done: 0, bytes: 0, behind: 0, inTable: 0, told: 0 }
  const tell = (table: Table) => {
    state.told = state.bytes
    const now = state.behind + Math.min(state.inTable, table.bytes)
    const part = whole === 0 ? state.done / Math.max(tables.length, 1) : now / whole
    onProgress?.({ table: table.name, done: state.done, tables: tables.length, bytes: state.bytes, part })
  }
  return {
    read(table: Table, bytes: number) {
      state.bytes += bytes
      state.inTable += bytes
      if (state.bytes - state.told >= 1024 * 1024) tell(table)
    },
    finish(table: Table) {
      state.done += 1
      state.behind += table.bytes
      state.inTable = 0
      tell(table)
    },
  }
}
