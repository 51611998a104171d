import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import { idOf } from './changes.ts'
import { fieldsOf, readRows, type Session } from './client.ts'

/** Fields that only this Odoo has (or that no flow fills), by Odoo's own names: what an operator's mapping adds. */
export const customWrite = z.record(z.string(), z.json()).optional()
type CustomWrite = z.infer<typeof customWrite>

/** Odoo's values of these fields. `own` names what the writer sets itself, which two hands would change in turn. */
export async function customValues(
  session: Session,
  model: string,
  custom: CustomWrite,
  own: readonly string[],
): Promise<Record<string, unknown>> {
  const names = Object.keys(custom ?? {})
  if (custom === undefined || names.length === 0) return {}
  const taken = names.find(name => own.includes(name) || name === 'id')
  if (taken !== undefined)
    throw new Problem(
      'refused',
      `custom.${taken}: Linchpin itself fills ${taken} of ${model}. Take it out of the mapping, or map the field that it comes from.`,
    )
  const types = await fieldsOf(session, model)
  const unknown = names.find(name => !types.has(name))
  if (unknown !== undefined)
    throw new Problem(
      'refused',
      `custom.${unknown}: Odoo's ${model} has no field ${unknown}. Correct the mapping, or make it there; a new one is noticed within ten minutes.`,
    )
  return Object.fromEntries(names.map(name => [name, odooValue(custom[name], types.get(name))]))
}

/** Those of the values that the record does not hold yet. */
export async function customChanges(
  session: Session,
  model: string,
  id: number,
  values: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const names = Object.keys(values)
  if (names.length === 0) return {}
  const [there] = await readRows(session, model, [id], names)
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !holds(there?.[name], value)))
}

/** Odoo is strict about types, and says `false` for nothing. */
function odooValue(value: unknown, type: string | undefined): unknown {
  if (type === 'boolean') return value
  if (value === null || value === undefined || value === '') return false
  if (['integer', 'float', 'monetary', 'many2one'].includes(type ?? '')) return figureIn(value)
  const isPlain = typeof value === 'number' || typeof value === 'boolean'
  return isPlain && ['char', 'text', 'html', 'selection'].includes(type ?? '') ? String(value) : value
}

function figureIn(value: unknown): unknown {
  return typeof value === 'string' && Number.isFinite(Number(value)) ? Number(value) : value
}

/** As rows are read: nothing is null, a decimal is text, a relation carries its name. */
function holds(there: unknown, value: unknown): boolean {
  if (value === false) return there === null || there === false
  if (typeof value === 'number') return Number(idOf(there) ?? there ?? NaN) === value
  return there === value
}
