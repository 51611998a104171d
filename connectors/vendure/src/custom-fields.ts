import { Problem } from '@linchpin/connector'
import { stableJson } from '@linchpin/model'
import { z } from 'zod'
import type { Session } from './session.ts'

/** Custom fields of the shop that an operator's mapping fills, by their names in the shop's config. */
export const customFieldsWrite = z.record(z.string(), z.json()).optional()
type Wanted = z.infer<typeof customFieldsWrite>
type Fields = Readonly<Record<string, unknown>>

/** What is to be written of them to each of these entities; a field goes to the first that has it. */
export async function customFieldsFor<Entity extends string>(
  session: Session,
  wanted: Wanted,
  entities: readonly Entity[],
  own: readonly string[],
): Promise<Partial<Record<Entity, Fields>>> {
  const names = Object.keys(wanted ?? {})
  const taken = names.find(name => own.includes(name))
  if (taken !== undefined)
    throw new Problem(
      'refused',
      `Linchpin itself fills the custom field ${taken}. Take customFields.${taken} out of the mapping.`,
    )
  const known = await session.facts()
  const lacks = (facts: typeof known) =>
    names.find(name => !entities.some(entity => facts.customFields(entity).includes(name)))
  // The shop may have got it since we looked.
  const facts = lacks(known) === undefined ? known : await session.freshFacts()
  const missing = lacks(facts)
  if (missing !== undefined)
    throw new Problem(
      'refused',
      `Vendure's ${entities.join(' and ')} has no plain custom field ${missing}. Add it to the shop's config, or correct customFields.${missing} in the mapping.`,
    )
  const has = (entity: Entity, name: string) => facts.customFields(entity).includes(name)
  const of = (entity: Entity) => names.filter(name => entities.find(each => has(each, name)) === entity)
  const fields = entities.map(entity => [
    entity,
    Object.fromEntries(of(entity).map(name => [name, wanted?.[name]])),
  ])
  return Object.fromEntries(fields) as Partial<Record<Entity, Fields>>
}

/** Those that the record does not hold yet, as the part of an input that says so. */
export function customFieldsInput(
  there: Fields | null | undefined,
  wanted: Fields = {},
): { customFields?: Fields } {
  const changed = Object.entries(wanted).filter(
    ([name, value]) => stableJson(there?.[name] ?? null) !== stableJson(value),
  )
  return changed.length === 0 ? {} : { customFields: Object.fromEntries(changed) }
}
