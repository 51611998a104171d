import type { EntityName } from '@linchpin/model'
import type { Connector } from './connector.ts'

export interface Capabilities {
  readonly entities: Readonly<Partial<Record<EntityName, EntityCapabilities>>>
  readonly webhook: boolean
}
export interface EntityCapabilities {
  readonly poll: boolean
  readonly get: boolean
  readonly match: boolean
  readonly file: boolean
  readonly write: 'safe' | 'find' | 'ask' | null
  readonly create: boolean
}

/** The connector as one installation can use it: without what its settings rule out. */
export function connectorFor(connector: Connector, settings: unknown): Connector {
  const { entitiesFor } = connector
  return entitiesFor ? { ...connector, entities: entitiesFor(settings) } : connector
}

/** Derived, never declared, so it cannot lie. */
export function capabilitiesOf(connector: Connector): Capabilities {
  const entities = Object.entries(connector.entities).map(([name, entity]) => [
    name,
    {
      poll: entity.changes !== undefined,
      get: entity.get !== undefined,
      match: entity.match !== undefined,
      file: entity.file !== undefined,
      write: entity.writer?.repeat ?? null,
      create: entity.writer !== undefined && entity.writer.updatesOnly !== true,
    },
  ])
  return {
    entities: Object.fromEntries(entities) as Capabilities['entities'],
    webhook: connector.webhook !== undefined,
  }
}
