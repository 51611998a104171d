import type { Db } from '@linchpin/store'

/**
 * A store as it is after a month: of all records a quarter each are orders of the shop, their twins in the ERP, shipments
 * and their twins. Everything is done but a thousandth of the orders, which is parked for a dozen causes, and another
 * thousandth that is on its way. Rows are small: how large they are does not change which of them are read.
 */
export async function fill(db: Db, records: number): Promise<Readonly<Record<string, number>>> {
  const quarter = Math.floor(records / 4)
  for (const statement of STATEMENTS) await db.pool.query(statement.replaceAll(':n', String(quarter)))
  await db.pool.query('vacuum analyze')
  const counts: Record<string, number> = {}
  for (const table of ['record', 'reference', 'delivery', 'attempt', 'link', 'journal', 'record_history']) {
    const { rows } = await db.pool.query<{ count: number }>(`select count(*)::int count from ${table}`)
    counts[table] = rows[0]?.count ?? 0
  }
  // From here on counts what reads a table as a whole.
  await db.pool.query('select pg_stat_reset()')
  return counts
}

/** The n-th of :n orders came when of the last 30 days. */
const AT = `now() - interval '30 days' * (1 - n::float / :n)`
const all = `from generate_series(1, :n) n order by n`

const record = (connection: string, entity: string, id: string, canonical: string) =>
  `insert into record (connection, entity, id, version, hash, row, canonical, read_at, changed_at)
   select '${connection}', '${entity}', ${id}, '1', md5(n::text), jsonb_build_object('id', n),
     jsonb_build_object(${canonical}), ${AT}, ${AT} ${all}`

const reference = (connection: string, entity: string, id: string, kind: string, value: string) =>
  `insert into reference (value, kind, connection, entity, id)
   select ${value}, '${kind}', '${connection}', '${entity}', ${id} ${all}`

const link = (entity: string, left: string, right: string) =>
  `insert into link (entity, left_connection, left_id, right_connection, right_id, how, at)
   select '${entity}', 'erp', ${left}, 'shop', ${right}, 'written', ${AT} ${all}`

const STATE = `case when n % 1000 = 7 then 'parked' when n % 1000 = 8 then 'ready' else 'done' end`

const deliveries = (flow: string, entity: string, from: string, to: string, id: string, state: string) =>
  `insert into delivery (flow, id, entity, from_connection, to_connection, lane, state, owed_at, run_at, attempt,
     problem_kind, problem, parked_at, worth, currency, settled_at)
   select '${flow}', ${id}, '${entity}', '${from}', '${to}', '${entity}/' || n, ${state}, ${AT}, ${AT}, 1,
     case when ${state} = 'parked' then 'refused' end,
     case when ${state} = 'parked' then 'Cause ' || chr(97 + (n / 1000 % 12)::int) || ' of order ' || n end,
     case when ${state} = 'parked' then ${AT} end, 99.90, 'EUR', ${AT} + interval '4 seconds' ${all}`

const attempts = (flow: string, id: string) =>
  `insert into attempt (flow, id, attempt, at, ended_at, node, operation, key, request, outcome, target_id)
   select '${flow}', ${id}, 1, ${AT}, ${AT} + interval '1 second', 'node', 'create', ${id}, '{}', 'applied', ${id} ${all}`

const STATEMENTS = [
  `insert into connection (name, connector, since) values ('shop', 'woocommerce', now()), ('erp', 'odoo', now())`,
  `insert into flow (name, entity, from_connection, to_connection, active, priority, since) values
     ('orders', 'SalesOrder', 'shop', 'erp', true, 10, now()), ('shipments', 'Shipment', 'erp', 'shop', true, 20, now())`,
  `insert into poll (connection, entity, next_at) values ('shop', 'SalesOrder', now()), ('erp', 'SalesOrder', now()),
     ('erp', 'Shipment', now())`,
  record('shop', 'SalesOrder', 'n::text', `'number', 'W-' || n, 'status', 'open'`),
  record('erp', 'SalesOrder', 'n::text', `'number', 'S' || n, 'status', 'open'`),
  record('erp', 'Shipment', 'n::text', `'number', 'OUT/' || n`),
  record('shop', 'Shipment', `n || '/1'`, `'number', 'OUT/' || n`),
  reference('shop', 'SalesOrder', 'n::text', 'number', `'W-' || n`),
  reference('erp', 'SalesOrder', 'n::text', 'number', `'S' || n`),
  reference('erp', 'SalesOrder', 'n::text', 'buyerReference', `'W-' || n`),
  reference('erp', 'Shipment', 'n::text', 'tracking', `'TRACK-' || n`),
  `insert into parent (connection, entity, id, parent_entity, parent_id)
   select 'erp', 'Shipment', n::text, 'SalesOrder', n::text ${all}`,
  `insert into parent (connection, entity, id, parent_entity, parent_id)
   select 'shop', 'Shipment', n || '/1', 'SalesOrder', n::text ${all}`,
  link('SalesOrder', 'n::text', 'n::text'),
  link('Shipment', 'n::text', `n || '/1'`),
  deliveries('orders', 'SalesOrder', 'shop', 'erp', 'n::text', STATE),
  deliveries('shipments', 'Shipment', 'erp', 'shop', 'n::text', `'done'`),
  attempts('orders', 'n::text'),
  attempts('shipments', 'n::text'),
  `insert into journal (at, connection, entity, id, flow, who, what, words)
   select ${AT}, case when what = 'shipped' then 'erp' else 'shop' end,
     case when what = 'shipped' then 'Shipment' else 'SalesOrder' end, n::text, 'orders', 'linchpin',
     case when what = 'shipped' then 'applied' else what end, 'It happened.'
   from generate_series(1, :n) n cross join unnest('{read,applied,shipped}'::text[]) what order by n`,
  `insert into record_history (connection, entity, id, at, version, hash, cause, canonical)
   select 'shop', 'SalesOrder', n::text, ${AT}, '1', md5(n::text), 'webhook', '{}' ${all}`,
]
