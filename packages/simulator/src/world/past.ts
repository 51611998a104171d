import type { Row } from './remote.ts'

/** What the rows of a system were at each instant: for replicas that lag. */
export interface Past {
  readonly note: (table: string, id: string, row: Row | undefined) => void
  /** All of it is as it was in a backup: replicas are copied from it, too. */
  readonly restore: (tables: ReadonlyMap<string, ReadonlyMap<string, Row>>) => void
  /** The rows of a table as they were at that instant; null: nothing has changed since. */
  readonly at: (table: string, instant: number) => ReadonlyMap<string, Row> | null
}

interface State {
  readonly since: number
  readonly row: Row | undefined
}

export function createPast(now: () => number): Past {
  const tables = new Map<string, Map<string, State[]>>()
  return {
    note(table, id, row) {
      const ids = tables.get(table) ?? new Map<string, State[]>()
      tables.set(table, ids)
      const states = ids.get(id) ?? []
      ids.set(id, states)
      states.push({ since: now(), row })
    },
    restore(saved) {
      tables.clear()
      for (const [table, rows] of saved)
        tables.set(table, new Map([...rows].map(([id, row]) => [id, [{ since: -Infinity, row }]])))
    },
    at(table, instant) {
      if (instant >= now()) return null
      const rows = [...(tables.get(table) ?? [])].flatMap(([id, states]) => {
        const row = states.findLast(({ since }) => since <= instant)?.row
        return row === undefined ? [] : [[id, row] as const]
      })
      return new Map(rows)
    },
  }
}
