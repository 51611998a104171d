import { explainMapping, type CompiledMapping, type Explanation, type LinkRequest } from '@linchpin/mapping'
import { entities, type Canonical, type EntityName } from '@linchpin/model'
import { completed, type Preparing } from './prepare.ts'
import { entityOf, known, type Flow, type Setup } from './setup.ts'

/** What a mapping makes of one record, with the reasons. Nothing is saved, nothing is sent. */
export interface Trial {
  readonly explanation: Explanation
  /** What the target would say to it; empty when it takes it. */
  readonly problems: readonly string[]
}

/** A captured record. */
interface Kept {
  readonly connection: string
  readonly id: string
  readonly row: unknown
  readonly canonical: unknown
}

/** What is read out of the row, by this mapping. */
export function tryRead(
  mapping: CompiledMapping,
  entity: EntityName,
  { connection, id, row }: Kept,
  { live }: Setup,
): Trial {
  const explanation = explainMapping(mapping, live.corrected(connection, entity, id, row), {
    link: () => null,
  })
  return { explanation, problems: problemsOf(explanation, entities[entity]) }
}

/** What would be written into the flow's target, by this mapping. Null: the record itself could not be read. */
export async function tryWrite(
  mapping: CompiledMapping,
  flow: Flow,
  { connection, id, canonical }: Kept,
  deps: Preparing,
): Promise<Trial | null> {
  if (canonical === null) return null
  const named = { entity: flow.entity, from: connection, id }
  const ours = await completed(named, canonical as Canonical, flow, deps)
  const { writer } = entityOf(known(deps.setup.connections, flow.to), flow.entity)
  const links = new Map<string, string | null>()
  for (;;) {
    const asked = new Map<string, LinkRequest>()
    const link = (request: LinkRequest) => {
      const key = `${request.entity} ${request.id}`
      if (!links.has(key)) asked.set(key, request)
      return links.get(key) ?? null
    }
    const explanation = explainMapping(mapping, ours, { link })
    if (asked.size === 0)
      return { explanation, problems: writer ? problemsOf(explanation, writer.schema) : [] }
    const requests = [...asked.values()]
    const ids = await deps.store.links(
      requests.map(each => ({ entity: each.entity, connection: flow.from, id: each.id, to: flow.to })),
    )
    for (const [index, key] of [...asked.keys()].entries()) links.set(key, ids[index] ?? null)
  }
}

type Schema = (typeof entities)[EntityName] | NonNullable<ReturnType<typeof entityOf>['writer']>['schema']

/** A record that waits for links is judged without them: they come before it is written. */
function problemsOf({ value, problem, missing }: Explanation, schema: Schema): readonly string[] {
  if (problem !== null) return [problem]
  if (missing.length > 0) return []
  const parsed = schema.safeParse(value)
  if (parsed.success) return []
  return parsed.error.issues.slice(0, 10).map(issue => `${issue.path.join('.')}: ${issue.message}`)
}
