import { styleText } from 'node:util'
import type { ToldAnswer } from '@linchpin/api'

/** Data goes to stdout, everything else to stderr; with --json the data is one JSON value. */
export interface Output {
  readonly json: boolean
  readonly data: (value: unknown, human: () => string) => void
  readonly note: (line: string) => void
}

export function createOutput(json: boolean): Output {
  return {
    json,
    data: (value, human) => process.stdout.write(`${json ? JSON.stringify(value, null, 2) : human()}\n`),
    note: line => {
      if (!json) process.stderr.write(`${line}\n`)
    },
  }
}

type Style = Parameters<typeof styleText>[0]

/** Colour only where a person looks, and never as the only sign. */
export function styled(style: Style, text: string): string {
  return process.stdout.isTTY && !process.env['NO_COLOR'] ? styleText(style, text) : text
}

/** Columns as wide as their widest cell; the last one as long as it likes. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map(row => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return [styled('bold', line(head)), ...rows.map(line)].join('\n')
}

/** '3 min ago', '2 h ago': for people; the exact instant is in --json. */
export function ago(instant: string | null, now: number): string {
  if (instant === null) return '–'
  const seconds = Math.round((now - Date.parse(instant)) / 1000)
  if (Math.abs(seconds) < 90) return `${seconds} s ago`
  const minutes = Math.round(seconds / 60)
  if (Math.abs(minutes) < 90) return `${minutes} min ago`
  const hours = Math.round(minutes / 60)
  return Math.abs(hours) < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} d ago`
}

/** Of what a process of its own speaks to, what it told counts: how fresh that is. Nothing, where it was asked now. */
export function asTold(told: ToldAnswer | null): string {
  if (told === null) return ''
  const { connection, at } = told
  if (at === null) return `Nothing was told of ${connection} on the bus yet.`
  return `${connection} is as its adapter told it on the bus; the newest was read there at ${at}.`
}

/** A value in a cell. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
