import { z } from 'zod'

/** The settings that are marked `.meta({ secret: true })`, by name, wherever they stand. */
export function secretNames(settings: z.ZodType): ReadonlySet<string> {
  return new Set(secretsIn(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })))
}

/** The same settings with others in the place of their secrets: '' is as if nobody had filled in any. */
export function withSecrets(
  settings: z.ZodType,
  given: unknown,
  change: (secret: string) => string,
): unknown {
  const names = secretNames(settings)
  const fields = Object.entries(given ?? {}).map(([name, value]) => [
    name,
    names.has(name) && typeof value === 'string' ? change(value) : value,
  ])
  return Object.fromEntries(fields)
}

function secretsIn(schema: unknown): string[] {
  if (schema === null || typeof schema !== 'object') return []
  const { properties = {} } = schema as { properties?: Record<string, { secret?: unknown }> }
  const own = Object.keys(properties).filter(name => properties[name]?.secret === true)
  return [...own, ...Object.values(schema).flatMap(secretsIn)]
}
