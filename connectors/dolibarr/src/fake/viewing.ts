import type { Books, Held, Values } from './books.ts'
import type { Traps } from './traps.ts'

export interface Viewing {
  readonly books: Books
  readonly traps: Traps
  /** Whether one record was asked for, and not a list: only then Dolibarr tells what it is linked with. */
  readonly single: boolean
  readonly query: URLSearchParams
}

/** What the API shows of a row as it is kept. */
export const visible = (row: Held): Values =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !HIDDEN.has(name)))
const HIDDEN = new Set(['rowid', 'tms', 'stock', 'levels', 'contacts', 'orders', 'paid', 'printed'])
export const seconds = (row: Held) => Math.floor(row.tms / 1000)
