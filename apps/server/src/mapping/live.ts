import type { Live } from '@linchpin/engine'
import { mappingSchema, type OwnMapping } from '@linchpin/mapping'
import type { Correction, Desk, IgnoredField, LiveMapping, Store } from '@linchpin/store'
import { corrected } from './corrected.ts'

/** What people changed while we run, kept here, and asked of the database again when somebody changed it. */
export interface LiveChanges extends Live {
  readonly refresh: () => Promise<void>
  /** Which version of a mapping counts, since when, and who said so; null: the configuration's, from the beginning. */
  readonly saidOf: (name: string) => LiveMapping | null
  readonly correctionOf: (connection: string, entity: string, id: string) => Correction | null
  /** What comparisons of a flow leave out, in all of its records or in some. */
  readonly ignoredIn: (flow: string) => readonly IgnoredField[]
}

export function liveChanges(desk: Pick<Desk, 'liveMappings' | 'corrections' | 'ignoredFields'>): LiveChanges {
  let said = new Map<string, LiveMapping>()
  let own = new Map<string, { version: number; mapping: OwnMapping }>()
  let corrections = new Map<string, Correction>()
  let ignored: readonly IgnoredField[] = []
  const ignoredIn = (flow: string) => ignored.filter(each => each.flow === flow)
  const keyOf = (connection: string, entity: string, id: string) => JSON.stringify([connection, entity, id])
  return {
    async refresh() {
      const [mappings, corrects] = [await desk.liveMappings(), await desk.corrections()]
      said = new Map(mappings.map(each => [each.name, each]))
      own = new Map(mappings.flatMap(ownOf))
      ignored = await desk.ignoredFields()
      corrections = new Map(corrects.map(each => [keyOf(each.connection, each.entity, each.id), each]))
    },
    saidOf: name => said.get(name) ?? null,
    own: name => own.get(name) ?? null,
    correctionOf: (...key) => corrections.get(keyOf(...key)) ?? null,
    ignoredIn,
    ignores: (flow, field, id) =>
      ignored.some(
        each => each.flow === flow && each.field === field && (each.id === null || each.id === id),
      ),
    ignoring: flow =>
      ignoredIn(flow)
        .map(({ field, id }) => JSON.stringify([field, id]))
        .join(' '),
    corrected: (connection, entity, id, row) => {
      const found = corrections.size === 0 ? undefined : corrections.get(keyOf(connection, entity, id))
      return found === undefined ? row : corrected(row, found.changes)
    },
  }
}

/**
 * What people change at any node is in force here at once. What was changed before we listened, or while the line to the
 * database was cut ('*'), is asked for. Answers how to stop.
 */
export async function followChanges(
  changes: Pick<LiveChanges, 'refresh'>,
  store: Pick<Store, 'listen'>,
): Promise<() => Promise<void>> {
  const deafen = await store.listen(topic => {
    if (topic === 'live' || topic === '*') void changes.refresh().catch(() => {})
  })
  await changes.refresh()
  return deafen
}

/** Version 0 is the configuration's own, which is not kept here. */
function ownOf({
  name,
  version,
  own,
}: LiveMapping): readonly (readonly [string, { version: number; mapping: OwnMapping }])[] {
  return version === 0 ? [] : [[name, { version, mapping: mappingSchema.parse(own) }]]
}
