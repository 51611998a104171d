import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'

/** What was read page by page, and where it goes on. */
export interface Pages<Item> {
  /** Null: from the beginning. */
  readonly cursor: string | null
  /** The last page has been read. */
  readonly ended: boolean
  readonly count: number
  readonly add: (items: readonly Item[], next: string | null) => void
  readonly all: () => readonly Item[]
}

interface Line<Item> {
  readonly about: string
  readonly next: string | null
  readonly items: readonly Item[]
}

/**
 * Kept in a file as they come, one page a line, so that whoever broke off goes on: what was read of the same before is
 * there again. Without a file they are kept here only.
 */
export function openPages<Item>(file: string | null, about: string): Pages<Item> {
  const lines: Line<Item>[] =
    file !== null && existsSync(file) ? linesOf(readFileSync(file, 'utf8'), about) : []
  // A line that broke off in the middle, and what is about something else, must not stand before what comes now.
  if (file !== null && existsSync(file))
    writeFileSync(file, lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  return {
    get cursor() {
      return lines.at(-1)?.next ?? null
    },
    get ended() {
      return lines.length > 0 && lines.at(-1)?.next === null
    },
    get count() {
      return lines.reduce((sum, { items }) => sum + items.length, 0)
    },
    add(items, next) {
      const line = { about, next, items }
      lines.push(line)
      if (file !== null) appendFileSync(file, `${JSON.stringify(line)}\n`)
    },
    all: () => lines.flatMap(({ items }) => items),
  }
}

function linesOf<Item>(text: string, about: string): Line<Item>[] {
  const lines: Line<Item>[] = []
  for (const part of text.split('\n')) {
    const line = parsed<Item>(part)
    if (line?.about !== about) return lines
    lines.push(line)
  }
  return lines
}

function parsed<Item>(text: string): Line<Item> | null {
  try {
    return JSON.parse(text) as Line<Item>
  } catch {
    return null
  }
}
