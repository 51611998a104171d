import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { memory } from '@linchpin/connector-memory'
import {
  canonicalOf,
  createEngine,
  entityOf,
  known,
  reconcile,
  setUp,
  type Flow,
  type World,
} from '@linchpin/engine'
import { registration } from '@linchpin/engine/steps'
import { migrate, openDb, openEmbedded, pgStore, type Db } from '@linchpin/store'
import { Agent, fetch } from 'undici'
import type { CatalogOrder } from './compare/catalog.ts'
import { machine } from './machine.ts'

/**
 * What it costs to compare two catalogues of many articles with a hundred differences: beside just reading both, the
 * first time and again. Each catalogue is a process of its own that answers over HTTP.
 */
const { values } = parseArgs({ options: { records: { type: 'string', default: '100000' } } })
const records = Number(values.records)
const DIFFERENCES = 100
const FLOW: Flow = {
  name: 'products',
  entity: 'Product',
  from: 'left',
  to: 'right',
  priority: 1,
  trigger: 'change',
  create: true,
  update: true,
  match: true,
  since: 0,
  buffer: '0',
  schedule: { everyMs: 10_000 },
}

const log = { info: () => {}, warn: console.warn, error: console.error }
const dispatcher = new Agent({ connections: 16 })
const world: World = {
  now: Date.now,
  random: Math.random,
  nonce: () => '0'.repeat(32),
  sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
  async fetch(url, init) {
    // Nothing is called off here.
    const { signal: _, ...request } = init
    return (await fetch(url, { ...(request as object), dispatcher })) as unknown as Response
  },
  log,
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'linchpin-bench-'))
  const postgres = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  const db = openDb(postgres.url)
  const [left, right] = [await openCatalog('L'), await openCatalog('R')]
  try {
    await migrate(db, Date.now())
    console.log(JSON.stringify(await measure(db, left, right), null, 1))
  } finally {
    left.close()
    right.close()
    await dispatcher.close()
    await db.close()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

type Catalog = Awaited<ReturnType<typeof openCatalog>>

async function measure(db: Db, left: Catalog, right: Catalog) {
  const limited = { ...memory, limits: { requests: 1_000_000, perMs: 1_000, atOnce: 1 } }
  const connections = [left, right].map(({ url }, index) => ({
    name: index === 0 ? 'left' : 'right',
    connector: limited,
    settings: { url, token: 'secret', webhookSecret: '' },
  }))
  const setup = setUp(connections, [FLOW])
  const store = pgStore(db)
  const engine = createEngine({ setup, store, world, node: 'bench', fileUrl: async () => null })
  const deps = { ...engine.reading, ...engine.delivering }
  await store.register(registration(setup, world.now()), world.now())
  await link(db)
  await right.tell({ change: spread(0), title: 'Renamed by somebody' })

  const readBoth = async () => {
    let read = 0
    for (const name of ['left', 'right']) {
      const { changes } = entityOf(known(setup.connections, name), 'Product')
      const session = await engine.delivering.sourceLane(name).session()
      for (let cursor: string | null = null, more = true; more && changes;) {
        const page = await changes(session, cursor, 100)
        // Only what can be read as a record has been read.
        for (const item of page.items) if ('row' in item) canonicalOf(setup, name, 'Product', item)
        read += page.items.length
        ;({ next: cursor, more } = page)
      }
    }
    return read
  }
  const compare = (full: boolean) => reconcile({ flow: FLOW.name, full }, deps)
  const steps: Record<string, unknown> = {}
  const step = async (name: string, work: () => Promise<unknown>) => {
    steps[name] = await timed(work, [left, right])
    console.error(name, JSON.stringify(steps[name]))
  }
  const found = async (full: boolean) => {
    const { kinds, same, looked } = await compare(full)
    return { kinds, same, looked }
  }
  await step('just reading both sides', readBoth)
  await step('first comparison', () => found(false))
  await step('repeated, nothing changed', () => found(false))
  await right.tell({ change: spread(1), title: 'Renamed by another' })
  await step('repeated, a hundred changed', () => found(false))
  await step('both sides as a whole again', () => found(true))
  return { machine: machine(), records, differences: DIFFERENCES, steps }
}

/** A hundred articles, spread over all of them. */
const spread = (shift: number) =>
  Array.from({ length: DIFFERENCES }, (_, index) => Math.floor((index * records) / DIFFERENCES) + shift)

async function link(db: Db): Promise<void> {
  await db.query(
    '',
    `insert into link (entity, left_connection, left_id, right_connection, right_id, how, at)
     select 'Product', 'left', 'L' || lpad(n::text, 8, '0'), 'right', 'R' || lpad(n::text, 8, '0'), 'told', now()
     from generate_series(0, $1::int - 1) n`,
    [records],
  )
  await db.query('', 'analyze link')
}

/** How long it took, how many requests, our processor time, and the most memory that we held meanwhile. */
async function timed(work: () => Promise<unknown>, catalogs: readonly Catalog[]) {
  const requests = async () => {
    let sum = 0
    for (const each of catalogs) sum += await each.reads()
    return sum
  }
  const before = await requests()
  const cpu = process.cpuUsage()
  let most = 0
  const look = () => (most = Math.max(most, process.memoryUsage().rss))
  const timer = setInterval(look, 50)
  const began = performance.now()
  const answer = await work()
  const seconds = round((performance.now() - began) / 1_000)
  clearInterval(timer)
  look()
  const { user, system } = process.cpuUsage(cpu)
  return {
    seconds,
    processorSeconds: round((user + system) / 1e6),
    requests: (await requests()) - before,
    mostMemoryMb: Math.round(most / 2 ** 20),
    answer,
  }
}

const round = (value: number) => Math.round(value * 100) / 100

async function openCatalog(name: string) {
  const child = fork(fileURLToPath(new URL('compare/catalog.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, BENCH_RECORDS: String(records), BENCH_NAME: name },
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const ask = async <Answer>(order: CatalogOrder | 'reads') => {
    child.send(order)
    const [answer] = (await once(child, 'message')) as [Answer]
    return answer
  }
  return {
    url: `http://127.0.0.1:${port}`,
    tell: (order: CatalogOrder) => ask(order),
    reads: async () => (await ask<{ reads: number }>('reads')).reads,
    close: () => child.disconnect(),
  }
}

await main()
