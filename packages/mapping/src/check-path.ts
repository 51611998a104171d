import { nearest } from './nearest.ts'
import { parsePath, pathText, type Step } from './path.ts'
import { kindsOf, namesIn, stepInto, type Shape } from './shape.ts'
import type { Checking } from './check-expression.ts'

/** The shape that a source path leads to. What is not there is a fault, and then taken for anything. */
export function checkPath(
  text: string,
  { item, root }: { readonly item: Shape; readonly root: Shape },
  field: string,
  { fault, names, declaredOnly }: Checking,
): Shape {
  try {
    const path = parsePath(text)
    let shape = path.fromRoot ? root : item
    for (const [index, step] of path.steps.entries()) {
      const found = stepInto(shape, step)
      if (!found || (declaredOnly && !found.declared)) {
        fault(
          field,
          `path ${text}: ${missingName(step, shape, pathTo(text, index) ?? names.source, namesIn(shape))}`,
        )
        return 'any'
      }
      shape = found.shape
    }
    return shape
  } catch (error) {
    fault(field, error instanceof Error ? error.message : `"${text}" is no path.`)
    return 'any'
  }
}

/** The part of a path before its step, or nothing when that is the start. */
export function pathTo(text: string, index: number): string | undefined {
  return index === 0 ? undefined : pathText(parsePath(text).steps.slice(0, index))
}

export function missingName(step: Step, shape: Shape, place: string, known: readonly string[]): string {
  const kinds = [...(kindsOf(shape) ?? [])]
  const isList = kinds.length === 1 && kinds[0] === 'list'
  if (typeof step === 'string' && isList)
    return `${place} is a list, so it has no ${step}. Take one item, ${place}[0].${step}, or use each.`
  if (typeof step === 'number' && !kinds.includes('list'))
    return `${place} is no list, so it has no item ${step}.`
  if (typeof step === 'number') return `${place} has no item ${step}.`
  const name = typeof step === 'string' ? step : step.key
  if (typeof step === 'object' && !isList) return `${place} is no list to look for ${name} in.`
  if (typeof step === 'string' && known.length === 0) return `${place} has no parts, so no ${name}.`
  const near = nearest(name, known)
  return `there is no ${name} in ${place}${near === undefined ? (known.length === 0 ? '.' : `; there are ${listed(known)}.`) : `; the nearest is ${near}.`}`
}

function listed(names: readonly string[]): string {
  return names.length > 12
    ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`
    : names.join(', ')
}
