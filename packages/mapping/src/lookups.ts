import type { CompiledMapping } from './apply.ts'
import type { MappingContext } from './mapping.ts'

/** A value that a table of the mapping was asked for. */
export interface LookedUp {
  readonly table: string
  /** The target field that asked. */
  readonly field: string
  readonly value: string
  /** False: the table does not have it, so that the field is an error, or what its `else` says. */
  readonly has: boolean
}

/** What the tables of a mapping are asked for by one record. A field that cannot be read ends there. Never throws. */
export function lookupsOf(
  { fields }: CompiledMapping,
  row: unknown,
  context: MappingContext,
): readonly LookedUp[] {
  return fields.flatMap(({ name, evaluate }) => {
    const found: LookedUp[] = []
    const onLookup = (table: string, value: string, has: boolean) =>
      void found.push({ table, field: name, value, has })
    try {
      evaluate(row, { root: row, context, missing: new Map(), onLookup })
    } catch {
      // What is wrong with the field is told where the record is mapped.
    }
    return found
  })
}
