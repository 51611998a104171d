import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { migrate, openDb, openDesk, openEmbedded, pgStore, type Db } from '@linchpin/store'
import { fill } from './desk/fill.ts'
import { scans } from './desk/plans.ts'
import { quantile } from './wire.ts'

/**
 * What people wait for at the console, over a store with a million records: the questions of its screens, each asked many
 * times, and the plans of their statements, which must not read a large table as a whole. `npm run bench:desk`.
 */
const { values } = parseArgs({
  options: { records: { type: 'string', default: '1000000' }, times: { type: 'string', default: '40' } },
})
const MOST_MS = 200

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'linchpin-bench-desk-'))
  const server = await openEmbedded({ dataDir: join(folder, 'postgres'), log: () => {} })
  const db = openDb(server.url, { connections: 20 })
  try {
    await migrate(db, Date.now())
    const began = performance.now()
    const counts = await fill(db, Number(values.records))
    console.log(`${JSON.stringify(counts)}, written in ${((performance.now() - began) / 1000).toFixed(0)} s`)
    const rows = await measured(db, Number(values.records))
    console.table(rows)
    const slow = rows.filter(({ p95 }) => p95 > MOST_MS)
    const read = await scans(db)
    for (const each of read) console.log(`reads a large table as a whole: ${each}`)
    if (slow.length > 0 || read.length > 0) process.exitCode = 1
  } finally {
    await db.close()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Measured {
  readonly what: string
  readonly p50: number
  readonly p95: number
}

async function measured(db: Db, records: number): Promise<readonly Measured[]> {
  const rows: Measured[] = []
  for (const [what, ask] of questions(db, records)) {
    const took: number[] = []
    for (let turn = 0; turn < Number(values.times); turn += 1) {
      const beganAt = performance.now()
      await ask(turn)
      took.push(performance.now() - beganAt)
    }
    rows.push({ what, p50: round(quantile(took, 0.5)), p95: round(quantile(took, 0.95)) })
  }
  return rows
}

const round = (ms: number) => Math.round(ms * 10) / 10
const DAY_MS = 24 * 3_600_000

/** As the server's handlers ask them. */
function questions(
  db: Db,
  records: number,
): readonly (readonly [string, (turn: number) => Promise<unknown>])[] {
  const [store, desk] = [pgStore(db), openDesk(db)]
  const orders = Math.floor(records / 4)
  const order = (turn: number) => ((turn * 7919) % orders) + 1
  const key = (turn: number) => ({
    connection: 'shop',
    entity: 'SalesOrder' as const,
    id: String(order(turn)),
  })
  const now = Date.now()
  const asked = { connection: 'shop', entity: 'SalesOrder' as const, flow: null, ids: null, limit: 100 }
  return [
    ['search: a number', turn => desk.find(`W-${order(turn)}`, 20)],
    ['search: its beginning', turn => desk.find(`track-${order(turn)}`.slice(0, 9), 20)],
    ['search: nothing carries it', () => desk.find('nobody has this', 20)],
    [
      'home',
      async () => {
        await Promise.all([
          desk.open(),
          desk.punctuality({ since: now - DAY_MS, withinMs: 300_000, now }),
          desk.activity({ since: now - DAY_MS, stepMs: 3_600_000 }),
          desk.happened({ since: now - 2 * DAY_MS, until: now - DAY_MS }),
          desk.happened({ since: now - DAY_MS, until: now }),
          store.flows(),
          store.connections(),
          desk.pauseEnds(),
          desk.tokens(),
          desk.credentials(),
        ])
      },
    ],
    ['parked: the causes', () => desk.causes(now)],
    ['parked: a page', () => desk.parkedPage({ flow: null, cause: null, limit: 50, after: null })],
    [
      'timeline of an order',
      async turn => {
        await store.record(key(turn))
        const story = await store.trace([key(turn)])
        const keys = story.records.map(({ connection, entity, id }) => ({ connection, entity, id }))
        await Promise.all([desk.versionsOf(keys), desk.sentOf(story.deliveries), desk.commentsOf(keys)])
      },
    ],
    ['mapping: records to try it on', () => desk.captured(asked)],
    ['news for the page', () => desk.pulse()],
  ]
}

await main()
