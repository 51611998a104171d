import type { AttemptState, DeliveryState, RecordKey, Reference, Trace } from '@linchpin/store'
import { storedRecord } from './records.ts'
import {
  by,
  keyOf,
  type AttemptRow,
  type DeliveryRow,
  type LinkRow,
  type RecordRow,
  type Tables,
} from './tables.ts'

export function search(tables: Tables, value: string, limit: number): readonly Reference[] {
  const wanted = value.trim().toLowerCase()
  return [...tables.records.values()]
    .flatMap(({ connection, entity, id, references }) =>
      references.map(reference => ({ value: reference.value, kind: reference.kind, connection, entity, id })),
    )
    .filter(found => found.value.toLowerCase() === wanted)
    .toSorted(by<Reference>(nameOf, found => found.kind))
    .slice(0, limit)
}

const nameOf = (key: RecordKey) => keyOf(key.connection, key.entity, key.id)

/** A record's whole story over all connections. */
export function trace(tables: Tables, keys: readonly RecordKey[]): Trace {
  const found = gather(tables, keys)
  const has = (connection: string, entity: string, id: string) => found.has(keyOf(connection, entity, id))
  const deliveries = [...tables.deliveries.values()]
    .filter(row => has(row.from, row.entity, row.id))
    .toSorted(
      by(
        row => row.owedAt,
        row => row.flow,
        row => row.id,
      ),
    )
  const owners = new Set(deliveries.map(row => keyOf(row.flow, row.id)))
  return {
    records: recordsOf(tables, found),
    links: tables.links
      .filter(row => has(row.left, row.entity, row.leftId) || has(row.right, row.entity, row.rightId))
      .toSorted(by(row => row.at, linkName))
      .map(linkState),
    deliveries: deliveries.map(deliveryState),
    attempts: [...tables.attempts.values()]
      .filter(row => owners.has(keyOf(row.flow, row.id)))
      .toSorted(
        by(
          row => row.at,
          row => row.flow,
          row => row.id,
          row => row.attempt,
        ),
      )
      .map(attemptState),
    journal: tables.journal
      .filter(row => has(row.connection ?? '', row.entity ?? '', row.id ?? ''))
      .slice(0, 1000),
  }
}

function recordsOf(tables: Tables, found: ReadonlyMap<string, RecordKey>): Trace['records'] {
  return [...found.keys()]
    .flatMap(key => tables.records.get(key) ?? [])
    .toSorted(by<RecordRow>(row => row.readAt, nameOf))
    .map(row => ({
      ...storedRecord(row),
      parents: row.parents
        .map(({ entity, id }) => ({ connection: row.connection, entity, id }))
        .toSorted(by(nameOf)),
    }))
}

/** A story goes on below these; a customer's thousand other orders are not part of it. */
const OPENS = new Set(['SalesOrder', 'Invoice', 'ReturnAuthorization'])
const MOST = 500

function gather(tables: Tables, keys: readonly RecordKey[]): Map<string, RecordKey> {
  const found = new Map(keys.map(key => [nameOf(key), key]))
  for (let edge = keys; edge.length > 0 && found.size < MOST;) {
    const next = new Map(edge.flatMap(key => neighbours(tables, key)).map(key => [nameOf(key), key]))
    edge = [...next.values()].filter(key => !found.has(nameOf(key)))
    for (const key of edge) found.set(nameOf(key), key)
  }
  return found
}

function neighbours(tables: Tables, { connection, entity, id }: RecordKey): readonly RecordKey[] {
  const linked = tables.links.flatMap(link => {
    if (link.entity !== entity) return []
    if (link.left === connection && link.leftId === id)
      return [{ connection: link.right, entity, id: link.rightId }]
    if (link.right === connection && link.rightId === id)
      return [{ connection: link.left, entity, id: link.leftId }]
    return []
  })
  const parents = (tables.records.get(keyOf(connection, entity, id))?.parents ?? [])
    .filter(parent => OPENS.has(parent.entity))
    .map(parent => ({ connection, entity: parent.entity, id: parent.id }))
  const children = [...tables.records.values()].filter(
    row =>
      OPENS.has(entity) &&
      row.connection === connection &&
      row.parents.some(parent => parent.entity === entity && parent.id === id),
  )
  return [...linked, ...parents, ...children.map(row => ({ connection, entity: row.entity, id: row.id }))]
}

const linkName = (row: LinkRow) => keyOf(row.entity, row.left, row.leftId, row.right, row.rightId)

function linkState(row: LinkRow): Trace['links'][number] {
  const { entity, how, at } = row
  return {
    entity,
    left: { connection: row.left, entity, id: row.leftId },
    right: { connection: row.right, entity, id: row.rightId },
    how,
    at,
  }
}

export function deliveryState(row: DeliveryRow): DeliveryState {
  const { flow, entity, id, from, to, state, tries, attempt, owedAt, runAt, settledAt } = row
  const trouble = troubleOf(row)
  return { flow, entity, id, from, to, state, tries, attempt, trouble, owedAt, runAt, settledAt }
}

function attemptState(row: AttemptRow): AttemptState {
  const { flow, id, attempt, at, endedAt, operation, key, outcome, targetId } = row
  return { flow, id, attempt, at, endedAt, operation, key, outcome, targetId, trouble: troubleOf(row) }
}

function troubleOf(row: { problemKind: string | null; problem: string | null }) {
  return row.problem === null ? null : { kind: row.problemKind ?? 'surprise', words: row.problem }
}
