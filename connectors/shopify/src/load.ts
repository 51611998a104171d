import { inTurn, type Cursor, type Page } from '@linchpin/connector'
import { z } from 'zod'
import { recordsFrom, type BulkRecord } from './bulk-file.ts'
import { beginBulk, lookAtBulk, type Bulk } from './bulk.ts'
import type { Operation } from './client.ts'
import { snapshotOf } from './listing.ts'
import type { Session } from './session.ts'

/** How all records of one kind are read for the first time, and what changes after that. */
export interface Load<Row> {
  readonly list: keyof typeof counts
  /** What is asked in bulk: at most five lists, and none in a list of a list. */
  readonly query: (session: Session) => string
  /** The row of a record; null when it has to be read apart, since bulk answers do not say all of it. */
  readonly rowOf: (session: Session, record: BulkRecord) => Promise<Row | null>
  readonly get: (session: Session, ids: readonly string[]) => Promise<readonly Row[]>
  readonly sweep: (session: Session, after: Cursor | null, limit: number) => Promise<Page<Row>>
  /** The sweep's cursor for what changed since this instant. */
  readonly sweepFrom: (stamp: string) => Cursor
}

/**
 * Many records are told in bulk first; what changed since that began is swept. Few are swept at once, as is everything
 * when Shopify has no answer in bulk for us: it takes long then, yet it ends.
 */
export async function loadThenSweep<Row extends { readonly id: string }>(
  session: Session,
  load: Load<Row>,
  after: Cursor | null,
  limit: number,
): Promise<Page<Row>> {
  if (after === null) return begin(session, load, limit)
  const state = bulkState.safeParse(JSON.parse(after)).data
  return state ? goOn(session, load, state, limit) : load.sweep(session, after, limit)
}

const bulkState = z.object({ bulk: z.string(), at: z.int() })
type BulkState = z.infer<typeof bulkState>
const cursorOf = (state: BulkState): Cursor => JSON.stringify(state)

async function begin<Row>(session: Session, load: Load<Row>, limit: number): Promise<Page<Row>> {
  const { found } = await session.client.ask(counts[load.list], { limit: session.settings.bulkFrom + 1 })
  const id = found.count < session.settings.bulkFrom ? null : await beginBulk(session, load.query(session))
  if (id === null) return load.sweep(session, null, limit)
  return { items: [], next: cursorOf({ bulk: id, at: 0 }), more: true }
}

async function goOn<Row extends { readonly id: string }>(
  session: Session,
  load: Load<Row>,
  state: BulkState,
  limit: number,
): Promise<Page<Row>> {
  const bulk = await lookAtBulk(session, state.bulk)
  // Nothing waits here: the next poll looks again.
  if (bulk?.state === 'running') return { items: [], next: cursorOf(state), more: false }
  if (bulk?.state !== 'done') return load.sweep(session, null, limit)
  return readFile(session, load, bulk, state.at, limit)
}

async function readFile<Row extends { readonly id: string }>(
  session: Session,
  load: Load<Row>,
  bulk: Bulk,
  at: number,
  limit: number,
): Promise<Page<Row>> {
  const page = bulk.file ? await recordsFrom(session.io, bulk.file, at, limit) : { records: [], next: null }
  if (page === null) return load.sweep(session, null, limit)
  const rows = await inTurn(page.records, async record => {
    const row = await load.rowOf(session, record)
    return row ? [row] : load.get(session, [String(record.root['id'])])
  })
  const next =
    page.next === null ? load.sweepFrom(bulk.createdAt) : cursorOf({ bulk: bulk.id, at: page.next })
  return { items: rows.flat().map(snapshotOf), next, more: true }
}

const counted = z.object({ found: z.object({ count: z.int() }) })

export const counts = {
  orders: {
    text: 'query CountOrders($limit: Int!) { found: ordersCount(limit: $limit) { count } }',
    data: counted,
  },
  customers: {
    text: 'query CountCustomers($limit: Int!) { found: customersCount(limit: $limit) { count } }',
    data: counted,
  },
  productVariants: {
    text: 'query CountVariants($limit: Int!) { found: productVariantsCount(limit: $limit) { count } }',
    data: counted,
  },
} satisfies Readonly<Record<string, Operation<z.infer<typeof counted>>>>
