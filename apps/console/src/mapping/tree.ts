import type { MappingPreview } from '@linchpin/api'

/** A value somewhere in a record, by the path that a mapping writes. */
export interface Leaf {
  readonly path: string
  readonly value: unknown
}

const MOST = 400

/** Everything that a record holds, so that whoever maps it sees real values. */
export function leavesOf(value: unknown, path = ''): readonly Leaf[] {
  if (Array.isArray(value))
    return value.slice(0, 3).flatMap((each: unknown, index) => leavesOf(each, itemPath(path, each, index)))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .flatMap(([name, each]) => leavesOf(each, path === '' ? named(name) : `${path}.${named(name)}`))
      .slice(0, MOST)
  return path === '' ? [] : [{ path, value }]
}

const named = (name: string) => (/^[\w-]+$/.test(name) ? name : `[${JSON.stringify(name)}]`)

/** Rows that carry a key are found by it, wherever they stand. */
function itemPath(path: string, item: unknown, index: number): string {
  const key = (item as { key?: unknown } | null)?.key
  return typeof key === 'string' && /^[\w-]+$/.test(key) ? `${path}[key=${key}]` : `${path}[${index}]`
}

/** What stands in the result for a field as an operator names it: lines[].sku is one of each line. */
export function found(result: unknown, field: string): unknown {
  const [here = '', ...inner] = field.split('[].')
  const at = here
    .split('.')
    .reduce<unknown>((so, name) => (so as Record<string, unknown> | null)?.[name], result)
  if (inner.length === 0) return at
  return Array.isArray(at) ? at.map((each: unknown) => found(each, inner.join('[].'))) : undefined
}

export function shown(value: unknown): string {
  if (value === undefined || value === null) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What the mapping made; where one field failed, what the others made. */
export function resultOf(preview: MappingPreview | undefined): unknown {
  if (preview?.result !== null && preview?.result !== undefined) return preview.result
  const made = (preview?.fields ?? []).filter(({ outcome }) => outcome !== null && outcome !== undefined)
  return made.reduce<unknown>((so, { field, outcome }) => put(so, field.split('.'), outcome), {})
}

function put(at: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const here = at as Record<string, unknown> | null | undefined
  return { ...here, [name]: rest.length === 0 ? value : put(here?.[name], rest, value) }
}

/** A copy of the row with another value at this place. */
export function placedAt(
  row: unknown,
  [step, ...rest]: readonly (string | number)[],
  value: unknown,
): unknown {
  if (step === undefined) return value
  if (Array.isArray(row))
    return row.map((each: unknown, index) => (index === step ? placedAt(each, rest, value) : each))
  const at = row as Record<string, unknown> | null
  return { ...at, [step]: placedAt(at?.[step], rest, value) }
}
