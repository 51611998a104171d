/** One thing that differs, by its way from the top: `role`, `parked.0.state`. */
export interface Change {
  readonly field: string
  readonly before: string
  readonly after: string
}

/** What is not the same before and after. */
export function changesOf(before: unknown, after: unknown): readonly Change[] {
  const [old, young] = [new Map(leaves(before)), new Map(leaves(after))]
  return [...new Set([...old.keys(), ...young.keys()])]
    .filter(field => old.get(field) !== young.get(field))
    .map(field => ({ field, before: old.get(field) ?? '', after: young.get(field) ?? '' }))
}

function leaves(value: unknown, under: readonly string[] = []): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') return [[under.join('.'), String(value as string | number | boolean)]]
  return Object.entries(value).flatMap(([name, each]) => leaves(each, [...under, name]))
}
