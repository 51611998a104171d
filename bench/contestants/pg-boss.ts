import { setTimeout as sleep } from 'node:timers/promises'
import type { Order } from '../message.ts'
import { deliver, inGroups, openDoor, openPostgres } from './bench-process.ts'
import { peer } from './peer.ts'

/** pg-boss at its best: its bulk insert behind a group commit, three loops that fetch and complete 32 at a time. */
interface Boss {
  readonly on: (event: 'error', hear: () => void) => void
  readonly start: () => Promise<unknown>
  readonly createQueue: (name: string) => Promise<void>
  readonly insert: (jobs: readonly { name: string; data: object }[]) => Promise<unknown>
  readonly fetch: (name: string, options: { batchSize: number }) => Promise<{ id: string; data: Order }[]>
  readonly complete: (name: string, ids: readonly string[]) => Promise<unknown>
}
interface PgBoss {
  readonly default: new (options: { connectionString: string; max: number }) => Boss
}

const { default: Boss } = await peer<PgBoss>('pg-boss')
const boss = new Boss({ connectionString: await openPostgres(), max: 32 })
boss.on('error', () => {})
await boss.start()
await boss.createQueue('orders')

/** Its own `work()` looks twice a second at most, so these loops look themselves. */
async function work(): Promise<never> {
  for (;;) {
    const jobs = (await boss.fetch('orders', { batchSize: 32 })) ?? []
    if (jobs.length === 0) await sleep(10)
    else {
      await Promise.all(jobs.map(job => deliver(job.data)))
      await boss.complete(
        'orders',
        jobs.map(job => job.id),
      )
    }
  }
}
for (let loop = 0; loop < 3; loop += 1) void work()

const keep = inGroups<object>(256, rows => boss.insert(rows.map(data => ({ name: 'orders', data }))))
await openDoor(body => keep(JSON.parse(body) as object))
