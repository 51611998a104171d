import { faultsIn } from './faults.ts'
import { configSchema, type Config } from './schema.ts'
import { ConfigTrouble } from './trouble.ts'

/** Checks a configuration's form. What it names is checked when it is set up. Throws ConfigTrouble. */
export function readConfig(file: string, content: unknown): Config {
  const input = withoutSchema(content)
  const parsed = configSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new ConfigTrouble(file, faultsIn(parsed.error, { schema: configSchema, input }))
}

/** Editors look for "$schema" at the top of a JSON file; it says nothing to us. */
function withoutSchema(content: unknown): unknown {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return content
  const { $schema: _schema, ...rest } = content as Record<string, unknown>
  return rest
}
