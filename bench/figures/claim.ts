import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDb, openEmbedded, pgStore, type Db } from '@linchpin/store'
import { quantile } from '../wire.ts'

/** What a claim costs, by how many deliveries are owed. */
export interface ClaimCost {
  readonly owed: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** So many of each, however many are owed: what was claimed stays claimed, and is passed over by those that follow. */
const CLAIMS = 50
const LIMIT = 20
/** Whose cost is not told: the first statements of a connection are planned anew. */
const WARM_UP = 1_000

export async function claimCosts(owed: readonly number[]): Promise<readonly ClaimCost[]> {
  const folder = await mkdtemp(join(tmpdir(), 'linchpin-bench-'))
  const server = await openEmbedded({ dataDir: join(folder, 'postgres'), log: () => {} })
  const db = openDb(server.url, { connections: 2 })
  try {
    await migrate(db, Date.now())
    await costOf(db, WARM_UP)
    const costs: ClaimCost[] = []
    for (const count of owed) costs.push(await costOf(db, count))
    return costs
  } finally {
    await db.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function costOf(db: Db, owed: number): Promise<ClaimCost> {
  await db.pool.query('truncate delivery')
  await db.pool.query(
    `insert into delivery (flow, id, entity, from_connection, to_connection, lane, state, owed_at, run_at)
     select 'orders', n::text, 'SalesOrder', 'shop', 'erp', 'SalesOrder/' || n, 'ready', now(), now()
     from generate_series(1, $1::int) n`,
    [owed],
  )
  await db.pool.query('vacuum analyze delivery')
  const store = pgStore(db)
  const took: number[] = []
  for (let turn = 0; turn < CLAIMS; turn += 1) {
    const beganAt = performance.now()
    await store.claimDeliveries(claimAt(Date.now()))
    took.push(performance.now() - beganAt)
  }
  return { owed, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99) }
}

const claimAt = (now: number) => ({ node: 'bench', flows: ['orders'], limit: LIMIT, leaseMs: 45_000, now })
