import type { Shelf } from '@linchpin/lookalike'

export type Values = Readonly<Record<string, unknown>>
export interface Held {
  readonly rowid: number
  /** Its stamp in ms, always of a whole second. */
  readonly tms: number
  readonly [name: string]: unknown
}
export type TableName = 'thirdparties' | 'contacts' | 'products' | 'orders' | 'shipments' | 'invoices'

/** Dolibarr's tables as the look-alike keeps them: rows with a rowid and a stamp of whole seconds. */
export class Books {
  readonly #shelf: Shelf
  readonly #now: () => number

  constructor(shelf: Shelf, now: () => number) {
    this.#shelf = shelf
    this.#now = now
  }

  now(): number {
    return this.#now()
  }
  seconds(): number {
    return Math.floor(this.#now() / 1000)
  }
  next(sequence: string): number {
    return this.#shelf.next(sequence)
  }

  all(table: TableName): Held[] {
    return this.#table(table)
      .all()
      .toSorted((left, right) => left.rowid - right.rowid)
  }
  find(table: TableName, id: unknown): Held | undefined {
    return this.#table(table).get(String(id))
  }
  need(table: TableName, id: unknown): Held {
    const row = this.find(table, id)
    if (row) return row
    throw new Error(`the look-alike has no row ${String(id)} in ${table}`)
  }

  insert(table: TableName, values: Values): Held {
    const rowid = this.#shelf.next(table)
    return this.#table(table).put(rowid, { ...kept(values), rowid, tms: this.#second() })
  }

  /** MariaDB moves a stamp only when a column really changes. */
  update(table: TableName, id: unknown, values: Values, stamp = this.#second()): Held {
    const before = this.need(table, id)
    const after = { ...before, ...kept(values) }
    if (JSON.stringify(after) === JSON.stringify(before)) return before
    return this.#table(table).put(before.rowid, { ...after, tms: stamp })
  }

  remove(table: TableName, id: unknown): void {
    this.#table(table).remove(String(id))
  }

  #second(): number {
    return this.seconds() * 1000
  }
  #table(name: TableName) {
    return this.#shelf.table<Held>(name)
  }
}

/** Texts as MariaDB's utf8 of three bytes keeps them: what needs four becomes question marks (seen on 16.0.3). */
function kept(values: Values): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]))
}
const plain = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/[\u{10000}-\u{10ffff}]/gu, '????') : value

export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
export const listOf = (value: unknown): readonly Values[] => (Array.isArray(value) ? (value as Values[]) : [])
