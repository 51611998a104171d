import type { EntityName } from '@linchpin/model'
import { masked } from '../desk/mask.ts'

/** A value as whoever has no right to personal data may see it, judged by the name of the field that it stands in. */
export function shownAt(field: string, value: unknown, entity?: EntityName): unknown {
  const names = field.split(/[.[\]]+/).filter(name => name !== '' && !/^\d+$/.test(name))
  const around = names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value ?? null)
  return names.reduce<unknown>(
    (at, name) => (at as Record<string, unknown> | null)?.[name],
    masked(around, entity),
  )
}
