import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { memory } from '@linchpin/connector-memory'
import {
  askLoad,
  canonicalOf,
  createEngine,
  entityOf,
  known,
  loadOn,
  loadsNow,
  setUp,
  type Flow,
  type World,
} from '@linchpin/engine'
import { registration } from '@linchpin/engine/steps'
import { migrate, openDb, openEmbedded, pgStore, type Db } from '@linchpin/store'
import { Agent, fetch } from 'undici'
import { cpuOf } from './children.ts'
import { machine } from './machine.ts'

/**
 * What it costs to take a shop's closed orders of years into our store, beside PostgreSQL's own COPY of the very rows
 * that came of it, into the same tables with the same indexes, in the same run.
 */
const { values } = parseArgs({ options: { records: { type: 'string', default: '100000' } } })
const records = Number(values.records)
const FLOW: Flow = {
  name: 'orders',
  entity: 'SalesOrder',
  from: 'shop',
  to: 'erp',
  priority: 1,
  trigger: 'change',
  create: true,
  update: true,
  match: false,
  since: Date.now(),
  buffer: '0',
  schedule: { everyMs: 10_000 },
}

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
  log: { info: () => {}, warn: console.warn, error: console.error },
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'linchpin-bench-'))
  await chmod(folder, 0o777)
  const postgres = await openEmbedded({ dataDir: join(folder, 'data'), log: () => {} })
  const db = openDb(postgres.url)
  const shop = await openShop()
  try {
    await migrate(db, Date.now())
    postmaster = Number.parseInt(await readFile(join(folder, 'data', 'pg', 'postmaster.pid'), 'utf8'), 10)
    console.log(JSON.stringify(await measure(db, shop.url, folder), null, 1))
  } finally {
    shop.close()
    await dispatcher.close()
    await db.close()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(db: Db, url: string, folder: string) {
  const limited = { ...memory, limits: { requests: 1_000_000, perMs: 1_000, atOnce: 1 } }
  const settings = { url, token: 'secret', webhookSecret: '' }
  const connections = ['shop', 'erp'].map(name => ({ name, connector: limited, settings }))
  const setup = setUp(connections, [FLOW])
  const store = pgStore(db)
  const engine = createEngine({ setup, store, world, node: 'bench', fileUrl: async () => null })
  const deps = { ...engine.reading, ...engine.delivering }
  await store.register(registration(setup, world.now()), world.now())

  const readOnly = async () => {
    const { changes } = entityOf(known(setup.connections, 'shop'), 'SalesOrder')
    const session = await engine.delivering.sourceLane('shop').session()
    for (let cursor: string | null = null, more = true; more && changes;) {
      const page = await changes(session, cursor, 100)
      for (const item of page.items) if ('row' in item) canonicalOf(setup, 'shop', 'SalesOrder', item)
      ;({ next: cursor, more } = page)
    }
  }
  const through = async (as: 'look' | 'go') => {
    await askLoad({ flow: FLOW.name, as, again: false }, deps)
    for (;;) {
      const wait = await loadOn(deps)
      const [load] = await loadsNow(deps)
      if (load?.phase === 'looked' || load?.phase === 'done') return
      if (wait > 0) await world.sleep(wait)
    }
  }
  const steps: Record<string, Timed> = {}
  const step = async (name: string, work: () => Promise<unknown>) => {
    steps[name] = await timed(work)
    console.error(name, JSON.stringify(steps[name]))
  }
  await step('reading, and making records', readOnly)
  await step('the look (dry run)', () => through('look'))
  await step('the load', () => through('go'))
  const kept = await counts(db)
  await exportTables(db, folder)
  await step("PostgreSQL's COPY of the same rows", () => copyBack(db, folder))
  const ratio =
    (steps["PostgreSQL's COPY of the same rows"]?.seconds ?? 0) / (steps['the load']?.seconds ?? 1)
  return { machine: machine(), records, kept, steps, speedBesideCopy: Math.round(ratio * 100) / 100 }
}

const TABLES = ['record', 'record_history', 'reference', 'parent', 'journal']

async function counts(db: Db): Promise<Record<string, number>> {
  const found: Record<string, number> = {}
  for (const table of [...TABLES, 'delivery', 'demand']) {
    const [row] = await db.query<{ count: number }>('', `select count(*)::int "count" from ${table}`)
    found[table] = row?.count ?? 0
  }
  if (found['record'] !== records)
    throw new Error(`${found['record']} records are kept instead of ${records}.`)
  return found
}

async function exportTables(db: Db, folder: string): Promise<void> {
  for (const table of TABLES) {
    await db.query('', `copy ${table} to '${join(folder, table)}'`)
    await stat(join(folder, table))
    await db.query('', `truncate ${table}`)
  }
  await db.query('', 'checkpoint')
}

async function copyBack(db: Db, folder: string): Promise<void> {
  for (const table of TABLES) await db.query('', `copy ${table} from '${join(folder, table)}'`)
}

type Timed = Awaited<ReturnType<typeof timed>>

/** PostgreSQL's first process: what it and all of its own use is what the database costs. */
let postmaster = 0

async function timed(work: () => Promise<unknown>) {
  const cpu = process.cpuUsage()
  const before = cpuOf(postmaster)
  let most = 0
  const look = () => (most = Math.max(most, process.memoryUsage().rss))
  const timer = setInterval(look, 50)
  const began = performance.now()
  await work()
  const seconds = round((performance.now() - began) / 1_000)
  clearInterval(timer)
  look()
  const { user, system } = process.cpuUsage(cpu)
  const processorSeconds = round((user + system) / 1e6)
  const databaseSeconds = round((cpuOf(postmaster) - before) / 1_000)
  return {
    seconds,
    perSecond: Math.round(records / seconds),
    processorSeconds,
    databaseSeconds,
    mostMemoryMb: Math.round(most / 2 ** 20),
  }
}

const round = (value: number) => Math.round(value * 100) / 100

async function openShop() {
  const child = fork(fileURLToPath(new URL('load/history.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, BENCH_RECORDS: String(records) },
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { url: `http://127.0.0.1:${port}`, close: () => child.disconnect() }
}

await main()
