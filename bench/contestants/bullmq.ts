import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Order } from '../message.ts'
import { deliver, inGroups, LANES, onStop, openDoor, place } from './bench-process.ts'
import { peer } from './peer.ts'

/** BullMQ at its best: `addBulk` behind a group commit, on a Redis that syncs its log before it answers. */
interface Bull {
  readonly Queue: new (
    name: string,
    options: object,
  ) => {
    waitUntilReady: () => Promise<unknown>
    addBulk: (jobs: readonly object[]) => Promise<unknown>
  }
  readonly Worker: new (
    name: string,
    work: (job: { data: Order }) => Promise<void>,
    options: object,
  ) => { on: (event: 'error', hear: () => void) => void; waitUntilReady: () => Promise<unknown> }
}

// A port could be taken by somebody else in the moment between.
const socket = join(place.folder, 'redis.sock')
mkdirSync(place.folder, { recursive: true })
const redis = spawn(
  process.env['BENCH_REDIS'] ?? 'redis-server',
  [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    place.folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
  ],
  { stdio: 'ignore' },
)
onStop(() => redis.kill())
await sleep(700)

const { Queue, Worker } = await peer<Bull>('bullmq')
const connection = { path: socket, maxRetriesPerRequest: null }
const queue = new Queue('orders', { connection })
await queue.waitUntilReady()
const worker = new Worker('orders', job => deliver(job.data), { connection, concurrency: LANES })
worker.on('error', () => {})
await worker.waitUntilReady()

const opts = { removeOnComplete: true, attempts: 5 }
const keep = inGroups<object>(256, rows => queue.addBulk(rows.map(data => ({ name: 'o', data, opts }))))
await openDoor(body => keep(JSON.parse(body) as object))
