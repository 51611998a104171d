import { InvalidArgumentError } from 'commander'

/** A place of a row, and what shall stand there. */
export interface Place {
  readonly path: (string | number)[]
  readonly now: unknown
}

/** billing.country=DE; true, 12, null and "12" are what they are in JSON, everything else is a text. */
export function setOf(text: string, before: readonly Place[] = []): readonly Place[] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write it as a path and a value: billing.country=DE.')
  const value = text.slice(at + 1)
  const path = text
    .slice(0, at)
    .split(/[.[\]]+/)
    .filter(step => step !== '')
    .map(step => (/^\d+$/.test(step) ? Number(step) : step))
  return [...before, { path, now: dataOf(value) }]
}

/** A text that only looks like data is a text. */
function dataOf(value: string): unknown {
  if (!/^(true$|false$|null$|-?\d|["[{])/.test(value)) return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}
