import { compileFields, type CompiledField, type Run } from './compile.ts'
import type { LinkRequest, Mapping, MappingContext } from './mapping.ts'
import { compileTarget, type Assemble } from './target.ts'
import { asWrong, MappingError, nameOf } from './wrong.ts'

/** A mapping made ready once, to be applied to any number of records. */
export interface CompiledMapping {
  readonly mapping: Mapping
  readonly fields: readonly CompiledField[]
  readonly assemble: Assemble
}

export interface Applied {
  readonly value: unknown
  /** Every link that is needed and not there yet, each once: the record waits for all of them together. */
  readonly missing: readonly LinkRequest[]
}

/** Throws a MappingError when a path, table or format of the mapping is wrong; `checkMapping` tells all of them. */
export function compileMapping(mapping: Mapping): CompiledMapping {
  try {
    const fields = compileFields(mapping.fields, mapping.tables ?? {})
    return { mapping, fields, assemble: compileTarget(Object.keys(mapping.fields)) }
  } catch (error) {
    throw new MappingError(nameOf(mapping), asWrong(error))
  }
}

/** Throws nothing but a MappingError, whatever the row. The row is not changed. */
export function applyMapping(compiled: CompiledMapping, row: unknown, context: MappingContext): Applied {
  const run: Run = { root: row, context, missing: new Map() }
  try {
    const values = compiled.fields.map(field => field.evaluate(row, run))
    return { value: compiled.assemble(values) ?? {}, missing: [...run.missing.values()] }
  } catch (error) {
    throw new MappingError(nameOf(compiled.mapping), asWrong(error))
  }
}
