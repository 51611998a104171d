import { installPeers, installRedis } from './install.ts'

/** Who takes part, what each one promises, and what must be there before it can run. */
export interface Entrant {
  readonly name: string
  readonly title: string
  /** What a webhook's answer means. */
  readonly promise: string
  readonly file: string
  readonly path?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Answers what else its environment needs. Throws with the reason when it cannot run here. */
  readonly prepare?: (log: (line: string) => void) => Promise<Readonly<Record<string, string>>>
  /** Too slow for as many messages as the others. */
  readonly share?: number
}

const libraries: NonNullable<Entrant['prepare']> = async log => {
  await installPeers('libraries', log)
  return {}
}
const linchpin = { file: 'linchpin', path: '/webhooks/shop' }

export const entrants: readonly Entrant[] = [
  {
    name: 'direct',
    title: 'Direct calls',
    file: 'direct',
    promise: 'nothing: a crash loses what is under way',
  },
  {
    name: 'inbox',
    title: 'Minimal inbox',
    file: 'inbox',
    promise: 'kept in PostgreSQL; no order, no coalescing, no retries',
  },
  {
    name: 'linchpin-1',
    title: 'Linchpin, job 1',
    ...linchpin,
    environment: { BENCH_JOB: '1' },
    promise: 'kept in PostgreSQL, read back, ordered, coalesced, intended, settled, traced',
  },
  {
    name: 'linchpin-2',
    title: 'Linchpin, job 2',
    ...linchpin,
    environment: { BENCH_JOB: '2' },
    promise: 'as job 1, and looked for, created and confirmed: three calls an order',
  },
  {
    name: 'pg-boss',
    title: 'pg-boss',
    file: 'pg-boss',
    prepare: libraries,
    promise: 'kept in PostgreSQL, retried; no order per record',
  },
  {
    name: 'graphile-worker',
    title: 'graphile-worker',
    file: 'graphile-worker',
    prepare: libraries,
    promise: 'kept in PostgreSQL, retried; no order per record',
  },
  {
    name: 'bullmq',
    title: 'BullMQ',
    file: 'bullmq',
    promise: 'kept in Redis with appendfsync always, retried; no order per record',
    prepare: async log => {
      await installPeers('libraries', log)
      return installRedis(log)
    },
  },
  {
    name: 'node-red',
    title: 'Node-RED',
    file: 'node-red',
    path: '/hook',
    promise: 'nothing: a crash loses what is under way',
    prepare: async log => {
      await installPeers('node-red', log)
      return {}
    },
  },
  {
    name: 'n8n',
    title: 'n8n',
    file: 'n8n',
    path: '/webhook/hook',
    share: 0.1,
    promise: 'started when answered; successes are not kept',
    prepare: async log => {
      await installPeers('n8n', log)
      return {}
    },
  },
]
