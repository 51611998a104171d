import { z } from 'zod'
import { checkConditionData, checkOwnMapping, type Report } from './schema-data.ts'
import type { Condition, OwnMapping } from './mapping.ts'

/**
 * An operator's own mapping, as a configuration file has it. Errors name the place and the fix; a key that we do not
 * know is an error that names the nearest right one. Names of fields are checked by `checkMapping`, which knows the
 * schemas.
 */
export const mappingSchema = checked<OwnMapping>(checkOwnMapping, {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: { type: 'string' },
    to: { type: 'string' },
    fields: {
      type: 'object',
      description: 'Target field → a path of the source, or an expression. null takes it out.',
    },
    tables: { type: 'object', additionalProperties: { type: ['object', 'null'] } },
  },
})

/** A condition alone: the filter of a flow. */
export const conditionSchema = checked<Condition>(checkConditionData, { type: 'object' })

/** The data is walked by hand: of a union with fifteen branches, zod can only say that none of them fits. */
function checked<Data>(
  check: (value: unknown, report: Report) => void,
  jsonSchema: Readonly<Record<string, unknown>>,
): z.ZodType<Data, Data> {
  const schema = z.unknown().superRefine((value, context) => {
    check(value, (path, message) => context.addIssue({ code: 'custom', path: [...path], message }))
  })
  return schema.meta(jsonSchema) as unknown as z.ZodType<Data, Data>
}
