import { matches, parseTarget, pathText, type Match, type Step } from './path.ts'
import { Wrong, wrongAt } from './wrong.ts'

/** Puts the values of the fields, in their order, into one object; undefined when there is no value at all. */
export type Assemble = (values: readonly unknown[]) => unknown

/**
 * The places that fields fill, as a tree: made once, so that a record costs no parsing. What a field fills whole is
 * copied before another field writes into it, for it may belong to the source row.
 */
export function compileTarget(fields: readonly string[]): Assemble {
  const root: Place = { at: [], field: null, branches: [] }
  fields.forEach((field, index) => {
    const place = parseTarget(field).steps.reduce(branchAt, root)
    if (place.field !== null) throw wrongAt(field, new Wrong('Two fields fill the same place.', field))
    place.field = index
  })
  return values => fill(root, values)
}

interface Place {
  readonly at: readonly Step[]
  field: number | null
  readonly branches: Branch[]
}
interface Branch {
  readonly step: Step
  readonly place: Place
}

function branchAt(place: Place, step: Step): Place {
  const found = place.branches.find(branch => sameStep(branch.step, step))
  if (found) return found.place
  const next: Place = { at: [...place.at, step], field: null, branches: [] }
  place.branches.push({ step, place: next })
  return next
}

function sameStep(left: Step, right: Step): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right
  return left.key === right.key && left.is === right.is
}

function fill({ field, branches }: Place, values: readonly unknown[]): unknown {
  const own = field === null ? undefined : values[field]
  let filled: Record<string, unknown> | unknown[] | undefined
  for (const { step, place } of branches) {
    const value = fill(place, values)
    if (value === undefined) continue
    filled ??= container(own, step, place)
    put(filled, step, value, place)
  }
  return filled ?? own
}

function container(own: unknown, step: Step, { at }: Place): Record<string, unknown> | unknown[] {
  const list = typeof step !== 'string'
  if (own === undefined) return list ? [] : {}
  if (typeof own !== 'object' || own === null || Array.isArray(own) !== list)
    throw wrongAt(
      pathText(at),
      new Wrong(`Another field fills this with what is no ${list ? 'list' : 'object'}.`, own),
    )
  return Array.isArray(own) ? [...own] : { ...own }
}

function put(into: Record<string, unknown> | unknown[], step: Step, value: unknown, { at }: Place): void {
  if (Array.isArray(into) === (typeof step === 'string'))
    throw wrongAt(pathText(at), new Wrong('This is filled both as a list and as an object.', value))
  if (!Array.isArray(into)) into[step as string] = value
  // A place behind the end is the next one: a list has no holes.
  else if (typeof step === 'number') into.splice(step, 1, value)
  else if (typeof step === 'object') putMatch(into, step, value)
}

function putMatch(into: unknown[], match: Match, value: unknown): void {
  const at = into.findIndex(item => matches(item, match))
  const keyed = isObject(value) ? { [match.key]: match.is, ...value } : value
  if (at === -1) into.push(keyed)
  else into[at] = isObject(into[at]) && isObject(keyed) ? { ...into[at], ...keyed } : keyed
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
