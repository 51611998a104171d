import type { Checking } from './check-expression.ts'
import type { Fields } from './mapping.ts'
import { parseTarget, pathText, type Step } from './path.ts'
import { requiredIn, stepInto, type Shape } from './shape.ts'

/** Which required fields of the target nothing fills. Objects that are filled whole are looked into where they are made. */
export function checkComplete(fields: Fields, target: Shape, prefix: string, checking: Checking): void {
  missingIn(target, Object.keys(fields).flatMap(stepsOf), []).forEach(steps => {
    const name = pathText(steps)
    checking.fault(
      prefix === '' ? name : `${prefix}.${name}`,
      'the target requires it, and nothing fills it. Add it to the fields.',
    )
  })
}

/** A field that is none is a fault already. */
function stepsOf(field: string): readonly (readonly Step[])[] {
  try {
    return [parseTarget(field).steps]
  } catch {
    return []
  }
}

function missingIn(
  shape: Shape,
  filled: readonly (readonly Step[])[],
  at: readonly Step[],
): readonly (readonly Step[])[] {
  const unfilled = requiredIn(shape).filter(name => filled.every(([first]) => first !== name))
  const deeper = groups(filled).flatMap(({ step, rest }) => {
    const below = rest.every(steps => steps.length > 0) ? stepInto(shape, step)?.shape : undefined
    return below === undefined ? [] : missingIn(below, rest, [...at, step])
  })
  return [...unfilled.map(name => [...at, name]), ...deeper]
}

/** Paths with the same first step together, without it. A list item found by a key has that key. */
function groups(
  paths: readonly (readonly Step[])[],
): readonly { readonly step: Step; readonly rest: readonly (readonly Step[])[] }[] {
  const byStep = new Map<string, { step: Step; rest: (readonly Step[])[] }>()
  for (const [step, ...rest] of paths) {
    if (step === undefined) continue
    const group = byStep.get(pathText([step])) ?? {
      step,
      rest: typeof step === 'object' ? [[step.key, '']] : [],
    }
    group.rest.push(rest)
    byStep.set(pathText([step]), group)
  }
  return [...byStep.values()]
}
