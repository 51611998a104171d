/** One place of a row, what stood there and what stands there now. */
export interface RowChange {
  readonly path: readonly (string | number)[]
  readonly was: unknown
  readonly now: unknown
}

/** What somebody changed in a row: the smallest places that differ. */
export function changesBetween(
  before: unknown,
  after: unknown,
  path: readonly (string | number)[] = [],
): readonly RowChange[] {
  if (same(before, after)) return []
  if (isList(before) && isList(after) && before.length === after.length)
    return before.flatMap((each, index) => changesBetween(each, after[index], [...path, index]))
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap(name => changesBetween(before[name], after[name], [...path, name]))
  }
  return [{ path, was: before ?? null, now: after ?? null }]
}

/** Nothing and null are one. */
export const same = (left: unknown, right: unknown) =>
  JSON.stringify(left ?? null) === JSON.stringify(right ?? null)
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
