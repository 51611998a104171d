import type { JournalEntry } from '@linchpin/store'
import { json, type Tables } from './tables.ts'

export function write(tables: Tables, entries: readonly JournalEntry[], now: number): void {
  for (const entry of entries)
    tables.journal.push({ ...(json(entry) as JournalEntry), seq: tables.journal.length + 1, at: now })
}
