import { same } from '@linchpin/api'
import type { Change } from '@linchpin/store'

/**
 * The row with what a person put right in it. A change holds as long as its system says what it said then: when they
 * mend it there, their word counts again.
 */
export function corrected(row: unknown, changes: readonly Change[]): unknown {
  return changes.reduce(
    (so, { path, was, now }) => (same(valueAt(so, path), was) ? placed(so, path, now) : so),
    row,
  )
}

function valueAt(row: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, step) => (Object(at) as Record<string | number, unknown>)[step], row)
}

export function placed(row: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (step === undefined) return value
  if (isList(row)) return row.map((each, index) => (index === step ? placed(each, rest, value) : each))
  const at = isObject(row) ? row : {}
  return { ...at, [step]: placed(at[step], rest, value) }
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
