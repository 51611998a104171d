import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { FieldIndex } from './field-index.ts'

/**
 * Where a look-alike keeps its books: tables of JSON documents in one append-only file. A change is in the file before
 * the look-alike answers, so killing the process loses nothing that somebody was told. Without a path it forgets.
 */
export class Shelf {
  readonly #tables = new Map<string, Map<string, unknown>>()
  /** Made once each: asked for a table at every turn, a look-alike would spend its time on making them. */
  readonly #doors = new Map<string, ShelfTable<object>>()
  readonly #indices = new Map<string, FieldIndex>()
  #file: number | null = null

  constructor(path: string | null) {
    if (path === null) return
    mkdirSync(dirname(path), { recursive: true })
    this.#load(path)
    this.#rewrite(path)
    this.#file = openSync(path, 'a')
  }

  table<Row extends object>(name: string): ShelfTable<Row> {
    let door = this.#doors.get(name)
    if (!door) this.#doors.set(name, (door = this.#door<Row>(name) as unknown as ShelfTable<object>))
    return door as unknown as ShelfTable<Row>
  }

  /** The next number of a sequence that survives a restart, from `first` on. */
  next(sequence: string, first = 1): number {
    const sequences = this.table<{ value: number }>('$sequences')
    const value = (sequences.get(sequence)?.value ?? first - 1) + 1
    sequences.put(sequence, { value })
    return value
  }

  /** All that it holds, to be laid back with `restore`: a backup, and an ERP that went back in time. */
  snapshot(): string {
    return JSON.stringify([...this.#tables].map(([name, rows]) => [name, [...rows]]))
  }

  restore(snapshot: string): void {
    const tables = JSON.parse(snapshot) as [string, [string, object][]][]
    const emptied = [...this.#tables].flatMap(([name, rows]) =>
      [...rows.keys()].map(key => [name, key, null] as const),
    )
    const filled = tables.flatMap(([name, rows]) => rows.map(([key, row]) => [name, key, row] as const))
    this.#append([...emptied, ...filled])
    for (const rows of this.#tables.values()) rows.clear()
    for (const index of this.#indices.values()) index.forget()
    for (const [name, key, row] of filled) this.#rows(name).set(key, row)
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  #door<Row extends object>(name: string): ShelfTable<Row> {
    const rows = this.#rows(name) as Map<string, Row>
    const index = this.#index(name)
    return {
      get: key => rows.get(String(key)),
      all: () => [...rows.values()],
      find: matches => [...rows.values()].find(matches),
      filter: matches => [...rows.values()].filter(matches),
      having: (field, value) => index.keys(field, value, rows).flatMap(key => rows.get(key) ?? []),
      count: () => rows.size,
      put: (key, row) => {
        this.#append([[name, String(key), row]])
        index.changed(String(key), rows.get(String(key)), row)
        rows.set(String(key), row)
        return row
      },
      remove: key => {
        this.#append([[name, String(key), null]])
        index.changed(String(key), rows.get(String(key)), undefined)
        return rows.delete(String(key))
      },
    }
  }

  #rows(name: string): Map<string, unknown> {
    let rows = this.#tables.get(name)
    if (!rows) this.#tables.set(name, (rows = new Map()))
    return rows
  }

  #index(name: string): FieldIndex {
    let index = this.#indices.get(name)
    if (!index) this.#indices.set(name, (index = new FieldIndex()))
    return index
  }

  #append(changes: readonly (readonly [string, string, unknown])[]): void {
    if (this.#file === null) return
    // Unlike writeSync, it goes on until all is written.
    writeFileSync(this.#file, changes.map(change => JSON.stringify(change) + '\n').join(''))
  }

  #load(path: string): void {
    if (!existsSync(path)) return
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const change = parse(line)
      if (!change) continue
      const [name, key, row] = change
      if (row === null) this.#rows(name).delete(key)
      else this.#rows(name).set(key, row)
    }
  }

  /** One line a row instead of one a change, so that the file does not grow for ever. */
  #rewrite(path: string): void {
    const fresh = `${path}.new`
    const file = openSync(fresh, 'w')
    for (const [name, rows] of this.#tables)
      for (const [key, row] of rows) writeFileSync(file, JSON.stringify([name, key, row]) + '\n')
    fsyncSync(file)
    closeSync(file)
    renameSync(fresh, path)
  }
}

export interface ShelfTable<Row extends object> {
  readonly get: (key: string | number) => Row | undefined
  readonly all: () => Row[]
  readonly find: (matches: (row: Row) => boolean) => Row | undefined
  readonly filter: (matches: (row: Row) => boolean) => Row[]
  /** Those with this very value in a field, in no particular order, without a look at the others. */
  readonly having: (field: string & keyof Row, value: unknown) => Row[]
  readonly count: () => number
  readonly put: (key: string | number, row: Row) => Row
  readonly remove: (key: string | number) => boolean
}

/** The last line may have been cut off by a kill: nobody was told of it, so it counts for nothing. */
function parse(line: string): [string, string, unknown] | null {
  if (line === '') return null
  try {
    return JSON.parse(line) as [string, string, unknown]
  } catch {
    return null
  }
}
