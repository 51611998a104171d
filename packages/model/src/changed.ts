import { stableJson } from './hash.ts'

/** One difference between two states of a record. A side that is missing was not there. */
export interface Change {
  /** As in mappings: 'totals.net', 'lines[id=42].quantity', 'tags[0]', 'extra["a.b"]'. Empty for the record itself. */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * What differs between two records, field by field, in the order of the field names. Items of a list are compared by
 * their `id` where all have one, so that an item put in front does not seem to change all behind it. Null is a value,
 * undefined is not there. There is no difference exactly when `contentHash` is the same.
 */
export function changed(before: unknown, after: unknown): Change[] {
  return differences('', before, after)
}

function differences(path: string, before: unknown, after: unknown): Change[] {
  if (
    stableJson(before ?? null) === stableJson(after ?? null) &&
    (before === undefined) === (after === undefined)
  )
    return []
  if (isObject(before) && isObject(after)) return ofObjects(path, before, after)
  if (Array.isArray(before) && Array.isArray(after)) return ofLists(path, before, after)
  return [
    {
      path,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    },
  ]
}

function ofObjects(path: string, before: Fields, after: Fields): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names.flatMap(name => differences(inside(path, name), own(before, name), own(after, name)))
}

function ofLists(path: string, before: readonly unknown[], after: readonly unknown[]): Change[] {
  const [left, right] = [byId(before), byId(after)]
  if (left && right) return ofIdentified(path, left, right)
  const longest = before.length > after.length ? before : after
  return longest.flatMap((_, index) =>
    differences(`${path}[${index}]`, item(before, index), item(after, index)),
  )
}

function ofIdentified(path: string, before: Items, after: Items): Change[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort()
  const changes = ids.flatMap(id => differences(`${path}[id=${id}]`, before.get(id), after.get(id)))
  const [left, right] = [order(before, after), order(after, before)]
  // Otherwise lines that only changed places would look the same while their hash differs.
  return stableJson(left) === stableJson(right)
    ? changes
    : [{ path: `${path}.order`, before: left, after: right }, ...changes]
}

type Fields = Readonly<Record<string, unknown>>
type Items = ReadonlyMap<string, unknown>

/** The items by their ids; null when one has none, or two have the same. */
function byId(list: readonly unknown[]): Items | null {
  const items = new Map(list.flatMap(entry => (hasId(entry) ? [[entry.id, entry] as const] : [])))
  return items.size === list.length ? items : null
}

/** The ids that are on both sides, in the order of the first. */
function order(ours: Items, theirs: Items): string[] {
  return [...ours.keys()].filter(id => theirs.has(id))
}

function hasId(entry: unknown): entry is { id: string } {
  return isObject(entry) && typeof own(entry, 'id') === 'string'
}

function inside(path: string, name: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

// JSON writes undefined in a list as null, and so does the hash.
function item(list: readonly unknown[], index: number): unknown {
  return index < list.length ? (list[index] ?? null) : undefined
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
