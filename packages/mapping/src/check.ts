import type { z } from 'zod'
import { checkExpression, type Checking } from './check-expression.ts'
import { checkComplete } from './check-complete.ts'
import type { Fields, Mapping } from './mapping.ts'
import { straysOf } from './overlay.ts'
import { parseTarget } from './path.ts'
import { namesIn, shapeOf, stepInto, type Shape } from './shape.ts'
import { missingName, pathTo } from './check-path.ts'
import { compileMapping } from './apply.ts'
import { MappingError, nameOf } from './wrong.ts'

/** One thing to put right in a mapping, in words for the person who wrote it. */
export interface MappingFault {
  /** 'woocommerce.SalesOrder → SalesOrder'. */
  readonly mapping: string
  /** The target field: 'lines.quantity'. */
  readonly field: string
  /** 'field lines.quantity: …', for those who name the mapping themselves. */
  readonly words: string
  /** The mapping and the words. */
  readonly message: string
}

export interface CheckOptions {
  /** Fields that the target requires and nothing fills are faults too. */
  readonly complete?: boolean
  /** Names that only an open object lets pass are faults too: for mappings that need no custom field. */
  readonly declaredOnly?: boolean
}

/**
 * Everything that can be known to be wrong before a record comes: names that are not there, with the nearest right
 * one, unknown tables and formats, values that the target does not take, lists where a text belongs. Open objects
 * (records, loose objects) take any name, so custom fields pass. Empty when all is well.
 */
export function checkMapping(
  mapping: Mapping,
  source: z.ZodType,
  target: z.ZodType,
  { complete = false, declaredOnly = false }: CheckOptions = {},
): readonly MappingFault[] {
  const faults: MappingFault[] = []
  const checking: Checking = {
    tables: mapping.tables ?? {},
    declaredOnly,
    complete,
    names: { source: mapping.from, target: mapping.to },
    checkFields,
    fault: (field, words) => faults.push(faultOf(nameOf(mapping), field, words)),
  }
  for (const { field, words } of straysOf(mapping)) checking.fault(field, words)
  const row = shapeOf(source, 'output')
  checkFields(mapping.fields, { item: row, root: row }, shapeOf(target, 'input'), '', checking)
  return faults.length > 0 ? faults : compiles(mapping)
}

function faultOf(mapping: string, field: string, what: string): MappingFault {
  const words = `field ${field}: ${what}`
  return { mapping, field, words, message: `${mapping}, ${words}` }
}

function checkFields(
  fields: Fields,
  scope: { readonly item: Shape; readonly root: Shape },
  target: Shape,
  prefix: string,
  checking: Checking,
): void {
  for (const [name, expression] of Object.entries(fields)) {
    const field = prefix === '' ? name : `${prefix}.${name}`
    checkExpression(expression, {
      scope,
      target: targetShape(name, field, target, checking),
      field,
      checking,
    })
  }
  if (checking.complete) checkComplete(fields, target, prefix, checking)
}

/** Any, when the field is not known: one fault for it is enough. */
function targetShape(name: string, field: string, target: Shape, checking: Checking): Shape {
  const { fault, declaredOnly, names } = checking
  try {
    let shape = target
    for (const [index, step] of parseTarget(name).steps.entries()) {
      const found = stepInto(shape, step)
      const place = pathTo(name, index) ?? names.target
      if (!found || (declaredOnly && !found.declared)) {
        fault(field, missingName(step, shape, place, namesIn(shape)))
        return 'any'
      }
      shape = found.shape
    }
    return shape
  } catch (error) {
    fault(field, error instanceof Error ? error.message : 'This is no target field.')
    return 'any'
  }
}

/** What only the compiler sees: two fields for one place, a template's lonely brace. */
function compiles(mapping: Mapping): readonly MappingFault[] {
  try {
    compileMapping(mapping)
    return []
  } catch (error) {
    if (!(error instanceof MappingError)) throw error
    return [faultOf(error.mapping, error.field, error.words)]
  }
}
