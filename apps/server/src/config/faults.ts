import { nearest } from '@linchpin/mapping'
import type { z } from 'zod'

/** What zod found wrong, in words that name the place and, where a name is wrong, the nearest right one. */
export function faultsIn(
  error: z.ZodError,
  { schema, input, under = [] }: { schema: z.ZodType; input: unknown; under?: readonly string[] },
): readonly string[] {
  return error.issues.flatMap(issue => faultsOf(issue, { schema, input, under }))
}

interface Place {
  readonly schema: z.ZodType
  readonly input: unknown
  /** Where the checked part stands in the whole. */
  readonly under: readonly string[]
}

function faultsOf(issue: z.core.$ZodIssue, place: Place): readonly string[] {
  const path = [...place.under, ...issue.path.map(String)].join('.') || 'The configuration'
  const value = valueAt(place.input, issue.path)
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(place.schema, issue.path)
    return issue.keys.map(key => `${path} has a key "${key}" that Linchpin does not know.${hint(key, known)}`)
  }
  if (issue.code === 'invalid_union') {
    const [closest = []] = issue.errors.toSorted((left, right) => left.length - right.length)
    return closest.flatMap(each => faultsOf({ ...each, path: [...issue.path, ...each.path] }, place))
  }
  if (issue.code === 'invalid_key')
    return [`${path}: this name cannot stand here: it must be ${wordsOf(issue.issues[0], issue.path.at(-1))}`]
  if (issue.code === 'invalid_value') return [`${path} must be ${wordsOf(issue, value)}`]
  if (issue.code === 'invalid_type' && value === undefined) return [`${path} is missing.`]
  if (issue.code === 'too_small' && value === '') return [`${path} is empty.`]
  return [`${path}: ${issue.message.replace(/\.$/, '')}.`]
}

/** 'one of a, b, c. Did you mean "b"?' */
function wordsOf(issue: z.core.$ZodIssue | undefined, value: unknown): string {
  if (issue?.code !== 'invalid_value') return `${(issue?.message ?? 'another').replace(/\.$/, '')}.`
  const known = issue.values.map(String)
  const list = known.length === 1 ? `"${known[0]}"` : `one of ${known.join(', ')}`
  return `${list}.${typeof value === 'string' ? hint(value, known) : ''}`
}

/** ' Did you mean "sku"?', or nothing when nothing is near. */
export function hint(name: string, known: readonly string[]): string {
  const near = nearest(name, known)
  return near === undefined ? '' : ` Did you mean "${near}"?`
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const step of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step]
  return value
}

/** The keys that may stand at a path, by the schema. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let places: readonly unknown[] = unwrapped(schema)
  for (const step of path) places = places.flatMap(place => below(place, step))
  return [...new Set(places.flatMap(place => namesAt(place)))]
}

/** Of an object its keys; of a record what its keys may be, where that is a list. */
function namesAt(place: unknown): readonly string[] {
  const { shape, keyType } = definitionOf(place)
  if (shape) return Object.keys(shape)
  return keyType === undefined ? [] : Object.keys(definitionOf(keyType).entries ?? {})
}

interface Definition {
  readonly entries?: Record<string, unknown>
  readonly keyType?: unknown
  readonly shape?: Record<string, unknown>
  readonly innerType?: unknown
  readonly in?: unknown
  readonly element?: unknown
  readonly valueType?: unknown
  readonly options?: readonly unknown[]
}
const definitionOf = (schema: unknown) => (schema as { def: Definition }).def

function below(schema: unknown, step: PropertyKey): readonly unknown[] {
  const { shape, element, valueType } = definitionOf(schema)
  const next = shape?.[String(step)] ?? element ?? valueType
  return next === undefined ? [] : unwrapped(next)
}

/** Without what says that it may be left out, and every branch of a choice. */
function unwrapped(schema: unknown): readonly unknown[] {
  const { innerType, in: input, options } = definitionOf(schema)
  const inner = innerType ?? input
  if (inner !== undefined) return unwrapped(inner)
  return options ? options.flatMap(unwrapped) : [schema]
}
