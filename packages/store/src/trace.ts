import type { EntityName } from '@linchpin/model'
import type { Db } from './db.ts'
import { prefixed, RECORD_COLUMNS, storedRecord, type RecordRow } from './records.ts'
import type { AttemptState, DeliveryState, RecordKey, Reference, Trace } from './store.ts'

/** The records that carry this number, whatever it is a number of: exact first, whatever its case. */
export async function search(db: Db, value: string, limit: number): Promise<readonly Reference[]> {
  return db.query<Reference>(
    'search',
    `select value, kind, connection, entity, id from reference where lower(value) = lower($1)
     order by connection, entity, id, kind limit $2`,
    [value.trim(), limit],
  )
}

/**
 * A record's whole story over all connections: what it is linked to, what belongs to it, what was done about each, and
 * when. The story of a shipment or an invoice is that of its order; an account or a product stands for itself.
 */
export async function trace(db: Db, keys: readonly RecordKey[]): Promise<Trace> {
  return db.transaction(async query => {
    // All of it as it stood at one instant: else an order could be told without the delivery that it owes.
    await query('', 'set transaction isolation level repeatable read, read only')
    return traced({ query }, keys)
  })
}

type Asked = Pick<Db, 'query'>

async function traced(db: Asked, keys: readonly RecordKey[]): Promise<Trace> {
  const found = await gather(db, keys)
  const json = JSON.stringify([...found.values()])
  const records = await db.query<RecordRow & { parents: RecordKey[] | null }>(
    'trace-records',
    `select ${prefixed('r', RECORD_COLUMNS)},
       (select jsonb_agg(jsonb_build_object('connection', p.connection, 'entity', p.parent_entity, 'id', p.parent_id)
         order by p.parent_entity, p.parent_id)
        from parent p where p.connection = r.connection and p.entity = r.entity and p.id = r.id) parents
     from record r join jsonb_to_recordset($1::jsonb) k(connection text, entity text, id text)
       on r.connection = k.connection and r.entity = k.entity and r.id = k.id
     order by r.read_at, r.connection, r.entity, r.id`,
    [json],
  )
  return {
    records: records.map(row => ({ ...storedRecord(row), parents: row.parents ?? [] })),
    links: await linksOf(db, json),
    ...(await deliveriesOf(db, json)),
    journal: await db.query(
      'trace-journal',
      `select j.seq, j.at, j.connection, j.entity, j.id, j.flow, j.who, j.what, j.words, j.detail
       from journal j join jsonb_to_recordset($1::jsonb) k(connection text, entity text, id text)
         on j.connection = k.connection and j.entity = k.entity and j.id = k.id
       order by j.seq limit 1000`,
      [json],
    ),
  }
}

/** A story goes on below these; a customer's thousand other orders are not part of it. */
const OPENS: readonly EntityName[] = ['SalesOrder', 'Invoice', 'ReturnAuthorization']
const MOST = 500
const name = (key: RecordKey) => JSON.stringify([key.connection, key.entity, key.id])

async function gather(db: Asked, keys: readonly RecordKey[]): Promise<Map<string, RecordKey>> {
  const found = new Map(keys.map(key => [name(key), key]))
  let edge = keys
  while (edge.length > 0 && found.size < MOST) {
    const next = await neighbours(db, edge)
    edge = next.filter(key => !found.has(name(key)))
    for (const key of edge) found.set(name(key), key)
  }
  return found
}

async function neighbours(db: Asked, keys: readonly RecordKey[]): Promise<readonly RecordKey[]> {
  return db.query<RecordKey>(
    'neighbours',
    `with k as (select * from jsonb_to_recordset($1::jsonb) k(connection text, entity text, id text))
     select l.right_connection connection, l.entity, l.right_id id from link l
       join k on k.entity = l.entity and k.connection = l.left_connection and k.id = l.left_id
     union select l.left_connection, l.entity, l.left_id from link l
       join k on k.entity = l.entity and k.connection = l.right_connection and k.id = l.right_id
     union select p.connection, p.parent_entity, p.parent_id from parent p
       join k on k.connection = p.connection and k.entity = p.entity and k.id = p.id
       where p.parent_entity = any($2::text[])
     union select p.connection, p.entity, p.id from parent p
       join k on k.connection = p.connection and k.entity = p.parent_entity and k.id = p.parent_id
       where k.entity = any($2::text[])`,
    [JSON.stringify(keys), OPENS],
  )
}

async function linksOf(db: Asked, keys: string): Promise<Trace['links']> {
  const rows = await db.query<{
    entity: EntityName
    left_connection: string
    left_id: string
    right_connection: string
    right_id: string
    how: string
    at: number
  }>(
    'trace-links',
    `select distinct l.entity, l.left_connection, l.left_id, l.right_connection, l.right_id, l.how, l.at
     from link l join jsonb_to_recordset($1::jsonb) k(connection text, entity text, id text) on l.entity = k.entity
       and ((l.left_connection = k.connection and l.left_id = k.id)
         or (l.right_connection = k.connection and l.right_id = k.id))
     order by l.at, l.entity, l.left_connection, l.left_id, l.right_connection, l.right_id`,
    [keys],
  )
  return rows.map(row => ({
    entity: row.entity,
    left: { connection: row.left_connection, entity: row.entity, id: row.left_id },
    right: { connection: row.right_connection, entity: row.entity, id: row.right_id },
    how: row.how,
    at: row.at,
  }))
}

export interface DeliveryStateRow {
  readonly flow: string
  readonly entity: EntityName
  readonly id: string
  readonly from_connection: string
  readonly to_connection: string
  readonly state: string
  readonly tries: number
  readonly attempt: number
  readonly problem_kind: string | null
  readonly problem: string | null
  readonly owed_at: number
  readonly run_at: number
  readonly settled_at: number | null
}

export const DELIVERY_COLUMNS =
  'd.flow, d.entity, d.id, d.from_connection, d.to_connection, d.state, d.tries, d.attempt, d.problem_kind, d.problem, d.owed_at, d.run_at, d.settled_at'

export function deliveryState(row: DeliveryStateRow): DeliveryState {
  const { flow, entity, id, state, tries, attempt } = row
  return {
    flow,
    entity,
    id,
    from: row.from_connection,
    to: row.to_connection,
    state,
    tries,
    attempt,
    trouble: row.problem === null ? null : { kind: row.problem_kind ?? 'surprise', words: row.problem },
    owedAt: row.owed_at,
    runAt: row.run_at,
    settledAt: row.settled_at,
  }
}

async function deliveriesOf(db: Asked, keys: string): Promise<Pick<Trace, 'deliveries' | 'attempts'>> {
  const deliveries = await db.query<DeliveryStateRow>(
    'trace-deliveries',
    `select ${DELIVERY_COLUMNS} from delivery d
     join jsonb_to_recordset($1::jsonb) k(connection text, entity text, id text)
       on d.from_connection = k.connection and d.entity = k.entity and d.id = k.id
     order by d.owed_at, d.flow, d.id`,
    [keys],
  )
  const attempts = await db.query<{
    flow: string
    id: string
    attempt: number
    at: number
    ended_at: number | null
    operation: string
    key: string
    outcome: string | null
    target_id: string | null
    problem_kind: string | null
    problem: string | null
  }>(
    'trace-attempts',
    `select a.flow, a.id, a.attempt, a.at, a.ended_at, a.operation, a.key, a.outcome, a.target_id, a.problem_kind,
       a.problem
     from attempt a join unnest($1::text[], $2::text[]) k(flow, id) on a.flow = k.flow and a.id = k.id
     order by a.at, a.flow, a.id, a.attempt`,
    [deliveries.map(row => row.flow), deliveries.map(row => row.id)],
  )
  return {
    deliveries: deliveries.map(deliveryState),
    attempts: attempts.map((row): AttemptState => ({
      flow: row.flow,
      id: row.id,
      attempt: row.attempt,
      at: row.at,
      endedAt: row.ended_at,
      operation: row.operation,
      key: row.key,
      outcome: row.outcome,
      targetId: row.target_id,
      trouble: row.problem === null ? null : { kind: row.problem_kind ?? 'surprise', words: row.problem },
    })),
  }
}
