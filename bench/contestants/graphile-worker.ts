import pg from 'pg'
import type { Order } from '../message.ts'
import { deliver, inGroups, LANES, openDoor, openPostgres } from './bench-process.ts'
import { peer } from './peer.ts'

/** graphile-worker at its best: `addJobs` behind a group commit, a local queue, completions in batches. */
interface Graphile {
  readonly makeWorkerUtils: (options: { pgPool: pg.Pool }) => Promise<{
    migrate: () => Promise<void>
    addJobs: (jobs: readonly { identifier: string; payload: object }[]) => Promise<unknown>
  }>
  readonly run: (options: object) => Promise<unknown>
  readonly Logger: new (make: () => () => void) => object
}

const { makeWorkerUtils, run, Logger } = await peer<Graphile>('graphile-worker')
const pgPool = new pg.Pool({ connectionString: await openPostgres(), max: 32 })
pgPool.on('error', () => {})
const utils = await makeWorkerUtils({ pgPool })
await utils.migrate()
await run({
  pgPool,
  noHandleSignals: true,
  taskList: { order: (payload: Order) => deliver(payload) },
  logger: new Logger(() => () => {}),
  preset: {
    worker: {
      concurrentJobs: LANES,
      pollInterval: 200,
      localQueue: { size: 500 },
      completeJobBatchDelay: 5,
      failJobBatchDelay: 5,
    },
  },
})

const keep = inGroups<object>(256, rows =>
  utils.addJobs(rows.map(payload => ({ identifier: 'order', payload }))),
)
await openDoor(body => keep(JSON.parse(body) as object))
