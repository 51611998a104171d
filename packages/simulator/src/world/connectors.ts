import {
  Problem,
  problemOf,
  sweep,
  type Connector,
  type Entity,
  type Health,
  type Io,
  type Outcome,
  type Snapshot,
  type Write,
  type Writer,
} from '@linchpin/connector'
import type { Fields as MappingFields } from '@linchpin/mapping'
import type { EntityName } from '@linchpin/model'
import { z } from 'zod'
import type { Plan } from '../plan.ts'
import { erpMappings, shopMappings, writeMappings } from './mappings.ts'

/** Connectors for the simulated shop and ERP: as small as the contract lets them be, and careful where it asks for it. */
export interface Session {
  readonly url: string
  readonly secret: string
  readonly io: Io
}
interface Settings {
  readonly url: string
  readonly secret: string
}
type SimEntity = Omit<Entity<Session, EntityName, SimRow, Readonly<Record<string, unknown>>>, 'canonical'>
type SimWriter = Writer<Session, Readonly<Record<string, unknown>>>
interface SimRow {
  readonly id: string
  readonly rev: number
  readonly changed: string
  readonly key: string | null
}

const settings = z.object({ url: z.string(), secret: z.string() })
const row = z.looseObject({
  id: z.string(),
  rev: z.number(),
  changed: z.string(),
  key: z.string().nullable(),
})

const rows = z.array(row)
const saying = z.looseObject({ ok: z.boolean(), error: z.string().optional() })
const anything = z.record(z.string(), z.unknown())

export function shopConnector(plan: Plan): Connector<Settings, Session> {
  const writes = (entity: 'Product' | 'Price' | 'Shipment' | 'Invoice' | 'CreditNote', table: string) =>
    writer(entity, table, plan.repeat === 'ask' ? 'find' : plan.repeat, plan, 'shop')
  return {
    ...common('sim-shop', 'Sim Shop', 'shop', plan),
    limits: { requests: plan.remote.requestsMax, perMs: 1_000, atOnce: 2 },
    entities: {
      SalesOrder: {
        ...readable('orders', shopMappings.SalesOrder, plan),
        writer: { ...writer('SalesOrder', 'orders', 'safe', plan, 'shop'), updatesOnly: true },
      },
      Account: {
        ...readable('customers', shopMappings.Account, plan),
        writer: { ...writer('Account', 'customers', 'safe', plan, 'shop'), updatesOnly: true },
      },
      Product: {
        ...readable('products', shopMappings.Product, plan),
        match: matchBy('products', 'sku'),
        writer: writes('Product', 'products'),
      },
      // A product's stock is a field of the product; writing it twice says the same twice.
      StockLevel: { ...stockOf(plan), writer: stockWriter(plan) },
      Price: { schema: row, mapping: mapping('Price', {}), writer: writes('Price', 'prices') },
      Shipment: { schema: row, mapping: mapping('Shipment', {}), writer: writes('Shipment', 'shipments') },
      Invoice: { schema: row, mapping: mapping('Invoice', {}), writer: writes('Invoice', 'invoices') },
      CreditNote: {
        schema: row,
        mapping: mapping('CreditNote', {}),
        writer: writes('CreditNote', 'credits'),
      },
    },
    webhook: {
      verify: (given, request) => request.headers['x-secret'] === given.secret,
      parse(request) {
        const { entity, id } = JSON.parse(new TextDecoder().decode(request.body)) as {
          entity: EntityName
          id: string
        }
        return [{ entity, id }]
      },
    },
  }
}

/** Comparing reads a product's stock back. */
const stockOf = (plan: Plan): SimEntity =>
  plan.layers.compared || plan.layers.alone
    ? readable('products', shopMappings.StockLevel, plan)
    : { schema: row, mapping: mapping('StockLevel', {}) }

export function erpConnector(plan: Plan): Connector<Settings, Session> {
  return {
    ...common('sim-erp', 'Sim ERP', 'erp', plan),
    limits: { requests: plan.remote.requestsMax, perMs: 1_000, atOnce: 2 },
    entities: {
      SalesOrder: {
        ...readable('orders', erpMappings.SalesOrder, plan),
        writer: writer('SalesOrder', 'orders', plan.repeat, plan, 'erp'),
      },
      Account: {
        ...readable('accounts', erpMappings.Account, plan),
        match: matchBy('accounts', 'email'),
        writer: writer('Account', 'accounts', plan.repeat === 'ask' ? 'find' : plan.repeat, plan, 'erp'),
      },
      Product: { ...readable('products', erpMappings.Product, plan), match: matchBy('products', 'sku') },
      Price: readable('prices', erpMappings.Price, plan),
      StockLevel: readable('stock', erpMappings.StockLevel, plan),
      Shipment: readable('shipments', erpMappings.Shipment, plan),
      Invoice: readable('invoices', erpMappings.Invoice, plan),
      CreditNote: readable('credits', erpMappings.CreditNote, plan),
    },
  }
}

const common = (id: string, title: string, role: 'shop' | 'erp', { people }: Plan) => ({
  id,
  title,
  role,
  settings,
  open: async ({ url, secret }: Settings, io: Io) => ({ url, secret, io }),
  health: people.secrets ? looked : async () => ({ is: 'up' as const, notes: [] }),
})

async function looked(session: Session): Promise<Health> {
  try {
    await rowsOf(session, '/products?limit=1')
    return { is: 'up', notes: [] }
  } catch (error) {
    return { is: 'down', notes: [error instanceof Error ? error.message : String(error)] }
  }
}

const mapping = (entity: EntityName, fields: MappingFields) => ({ from: `sim.${entity}`, to: entity, fields })

/** By its stamp an older state that a replica tells is known from a newer one. */
const stamped = { modifiedAt: 'changed' } as const

function readable(table: string, fields: MappingFields, { remote }: Plan): SimEntity {
  return {
    schema: row,
    mapping: {
      from: `sim.${table}`,
      to: table,
      fields: remote.staleMs > 0 ? { ...fields, ...stamped } : fields,
    },
    changes: (session, after, limit) =>
      sweep<SimRow>({
        after,
        limit: remote.pageSize === 0 ? limit : Math.min(limit, remote.pageSize),
        // The longest transaction that this remote knows, its stamps' coarseness, and how far its replicas lag.
        overlapMs: remote.lateCommitMs + remote.stampMs + remote.staleMs + 1_000,
        now: session.io.now,
        fetch: (from, most) => {
          const start = from === null ? '' : `&from=${Date.parse(from.stamp)}&after=${from.id}`
          return rowsOf(session, `/${table}?limit=${most}${start}`)
        },
        position: each => ({ stamp: each.changed, id: each.id }),
        snapshot,
      }),
    get: async (session, ids) => (await rowsOf(session, `/${table}?ids=${ids.join(',')}`)).map(snapshot),
  }
}

const snapshot = (each: SimRow): Snapshot<SimRow> => ({ id: each.id, version: String(each.rev), row: each })

function matchBy(table: string, field: 'sku' | 'email'): NonNullable<SimEntity['match']> {
  return (session, keys) =>
    Promise.all(
      keys.map(async ({ [field]: value }) => {
        if (value === undefined) return []
        const rows = await rowsOf(session, `/${table}?field=${field}&is=${encodeURIComponent(value)}`)
        return rows.map(({ id }) => ({ id, by: `${field} ${value}` }))
      }),
    )
}

function writer(
  entity: keyof typeof writeMappings.erp | keyof typeof writeMappings.shop,
  table: string,
  repeat: Plan['repeat'],
  plan: Plan,
  side: 'erp' | 'shop',
): SimWriter {
  const fields = (writeMappings[side] as Readonly<Record<string, MappingFields>>)[entity] ?? {}
  const base = {
    schema: anything,
    mapping: { from: entity, to: `sim.${table}`, fields },
    batch: plan.batch,
    write: (session: Session, writes: readonly Write<Readonly<Record<string, unknown>>>[]) =>
      writeEach(session, table, writes),
  }
  if (repeat !== 'find') return { ...base, repeat }
  // The last moment that a request can arrive at, less the time-out that the engine adds itself, and how long it may
  // then take until every search finds it.
  const { indexLagMs, staleMs } = plan.remote
  const settleMs = Math.max(0, plan.net.lateMaxMs - 20_000) + indexLagMs + staleMs + 1_000
  return { ...base, repeat, settleMs, find: (session, writes) => findEach(session, table, writes) }
}

function stockWriter(plan: Plan): SimWriter {
  return {
    schema: anything,
    mapping: { from: 'StockLevel', to: 'sim.products', fields: writeMappings.shop.StockLevel },
    batch: plan.batch,
    repeat: 'safe',
    write: (session, writes) =>
      writeEach(
        session,
        'products',
        writes.map(({ key, row: { product, stock } }) => ({ key, id: String(product), row: { stock } })),
      ),
  }
}

async function writeEach(
  session: Session,
  table: string,
  writes: readonly Write<Readonly<Record<string, unknown>>>[],
): Promise<readonly Outcome[]> {
  const [only] = writes
  if (only === undefined) return []
  return writes.length > 1 ? writeMany(session, table, writes) : [await writeOne(session, table, only)]
}

/** All in one request. Each result is known by its key: some are missing, told twice, or stand elsewhere. */
async function writeMany(
  session: Session,
  table: string,
  writes: readonly Write<Readonly<Record<string, unknown>>>[],
): Promise<readonly Outcome[]> {
  try {
    const items = writes.map(({ key, id, row: body }) => ({ key, id, body }))
    const answer = await call(session, `/${table}/batch`, { method: 'POST', body: { items } })
    return z
      .array(result)
      .parse(answer['results'])
      .map(each => outcomeOf(session, each))
  } catch (error) {
    return writes.map(({ key }) => failed(session, key, error))
  }
}

const result = z.object({
  key: z.string(),
  ok: z.boolean(),
  status: z.number(),
  error: z.string().optional(),
  row: row.optional(),
})

function outcomeOf(session: Session, { key, status, row: saved, error }: z.infer<typeof result>): Outcome {
  if (saved) return { key, is: 'applied', id: saved.id, version: String(saved.rev), number: `N${saved.id}` }
  const words = `${title(session)} refused the record (${status}). ${error ?? ''}`
  return { key, is: 'refused', problem: new Problem('refused', words) }
}

async function writeOne(
  session: Session,
  table: string,
  { key, id, row: fields }: Write<Readonly<Record<string, unknown>>>,
): Promise<Outcome> {
  const path = id === null ? `/${table}` : `/${table}/${id}`
  const method = id === null ? 'POST' : 'PUT'
  try {
    const answer = await call(session, path, { method, key, body: fields })
    const saved = row.parse(answer['row'])
    return { key, is: 'applied', id: saved.id, version: String(saved.rev), number: `N${saved.id}` }
  } catch (error) {
    return failed(session, key, error)
  }
}

function failed(session: Session, key: string, error: unknown): Outcome {
  if (error instanceof Problem && error.kind !== 'passing') return { key, is: 'refused', problem: error }
  if (error instanceof Refused || (error instanceof Problem && /nothing was sent/.test(error.message)))
    return { key, is: 'refused', problem: new Problem('passing', error.message) }
  return { key, is: 'unknown', problem: new Problem('passing', `${title(session)} did not answer clearly.`) }
}

async function findEach(
  session: Session,
  table: string,
  writes: readonly Write<unknown>[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { key } of writes) {
    const [first] = await rowsOf(session, `/${table}?key=${encodeURIComponent(key)}`)
    if (first) found.set(key, first.id)
  }
  return found
}

async function rowsOf(session: Session, path: string): Promise<readonly SimRow[]> {
  try {
    const answer = await call(session, path, { method: 'GET' })
    return rows.parse(answer['rows'])
  } catch (error) {
    throw error instanceof Problem
      ? error
      : new Problem('passing', `${title(session)} did not answer clearly.`)
  }
}

/** It said no, and says that it did nothing. */
class Refused extends Error {}

async function call(
  session: Session,
  path: string,
  ask: { readonly method: string; readonly key?: string; readonly body?: unknown },
): Promise<Readonly<Record<string, unknown>>> {
  const response = await session.io.fetch(session.url + path, {
    method: ask.method,
    headers: { 'x-token': session.secret, ...(ask.key === undefined ? {} : { 'idempotency-key': ask.key }) },
    ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
  })
  const text = await response.text()
  if (response.status >= 400) {
    const problem = problemOf(response, title(session), session.io.now())
    throw problem.kind === 'refused' ? new Problem('refused', `${problem.message} ${text}`) : problem
  }
  const answer = saying.parse(JSON.parse(text))
  if (!answer.ok) throw new Refused(`${title(session)} says ${answer.error ?? 'no'}.`)
  return answer
}

const title = ({ url }: Session) => new URL(url).hostname.split('.')[0] ?? ''
