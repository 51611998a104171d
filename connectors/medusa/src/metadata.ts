import { Problem } from '@linchpin/connector'
import { stableJson } from '@linchpin/model'
import { z } from 'zod'

/**
 * Medusa has room for foreign facts at every record: `metadata`. It is merged by its top names, so two who write
 * different names do not take each other's away. An operator's mapping fills names of its own; ours begin with
 * 'linchpin_'.
 */
export const metadataWrite = z.record(z.string(), z.json()).optional()
type Metadata = Readonly<Record<string, unknown>>

/** What the record does not hold yet of what an operator's mapping and we ourselves want there. */
export function metadataInput(
  there: Metadata | null | undefined,
  wanted: Metadata | undefined,
  ours: Metadata = {},
): { metadata?: Metadata } {
  const taken = Object.keys(wanted ?? {}).find(name => name.startsWith('linchpin_'))
  if (taken !== undefined)
    throw new Problem(
      'refused',
      `Linchpin itself fills the metadata ${taken}. Take metadata.${taken} out of the mapping.`,
    )
  const changed = Object.entries({ ...wanted, ...ours }).filter(
    ([name, value]) => stableJson(there?.[name] ?? null) !== stableJson(value),
  )
  return changed.length === 0 ? {} : { metadata: Object.fromEntries(changed) }
}
