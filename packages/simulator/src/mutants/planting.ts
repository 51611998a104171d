import type { Entity, Io, Outcome } from '@linchpin/connector'
import type { Connection } from '@linchpin/engine'
import type { EntityName } from '@linchpin/model'

export type Writing = NonNullable<Entity<unknown, EntityName>['writer']>
export type AnyEntity = Entity<unknown, EntityName>

export function withEntities(
  connection: Connection,
  change: (entity: AnyEntity, name: EntityName) => AnyEntity,
): Connection {
  const entities = Object.entries(connection.connector.entities).map(([name, entity]) => [
    name,
    change(entity as AnyEntity, name as EntityName),
  ])
  return {
    ...connection,
    connector: { ...connection.connector, entities: Object.fromEntries(entities) as object },
  }
}

export function withWriter(change: (writer: Writing) => Writing): (connection: Connection) => Connection {
  return connection =>
    withEntities(connection, entity =>
      entity.writer ? { ...entity, writer: change(entity.writer) } : entity,
    )
}

export function withOutcomes(change: (outcome: Outcome, id: string | null) => Outcome) {
  return withWriter(writer => ({
    ...writer,
    write: async (session, writes) => {
      const outcomes = await writer.write(session, writes)
      const ids = new Map(writes.map(({ key, id }) => [key, id]))
      return outcomes.map(outcome => change(outcome, ids.get(outcome.key) ?? null))
    },
  }))
}

/** Another way of speaking to the remote. */
export function withFetch(change: (fetch: Io['fetch']) => Io['fetch']) {
  return (connection: Connection): Connection => ({
    ...connection,
    connector: {
      ...connection.connector,
      open: (settings, io) => connection.connector.open(settings, { ...io, fetch: change(io.fetch) }),
    },
  })
}

/** Webhooks alone: the shops are not polled. */
export function withoutPolls(connection: Connection): Connection {
  if (connection.name === 'erp') return connection
  return withEntities(connection, entity => {
    const { changes: _changes, ...rest } = entity
    return rest
  })
}
