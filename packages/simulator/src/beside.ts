import { isDeepStrictEqual } from 'node:util'
import { openDb, pgStore, type Db, type Store } from '@linchpin/store'
import type { Kernel } from './kernel.ts'
import type { Lane } from './lane.ts'
import { clear, dumpOfPostgres, dumpOfTwin } from './twin/dump.ts'
import type { Twin } from './twin/twin.ts'

/**
 * Lane B: a real PostgreSQL beside the twin, with one connection for each simulated node and one for its operator.
 * Both are asked everything; the processes get PostgreSQL's answer, and what the two say, ring and at the end know must
 * be the same. No event happens while PostgreSQL works, so transactions never overlap: that they may is lane C's part.
 */
export interface PostgresLane extends Lane {
  readonly close: () => Promise<void>
}

export async function openPostgresLane(url: string, schema: string): Promise<PostgresLane> {
  const lines = new Map<string, Line>()
  const found: string[] = []
  const judge = openLineNow(url, schema)
  await judge.last
  await clear(judge.db)
  return {
    storeOf(who, twin, kernel) {
      const line = lines.get(who) ?? openLineNow(url, schema)
      lines.set(who, line)
      return both(twin, line, kernel, words => found.length < 20 && found.push(words))
    },
    async differences(twin) {
      const [ours, theirs] = [dumpOfTwin(twin.tables), await dumpOfPostgres(judge.db)]
      const tables = Object.keys(ours).filter(table => !isDeepStrictEqual(ours[table], theirs[table]))
      const words = tables.map(table => {
        const index = (ours[table] ?? []).findIndex((row, at) => !isDeepStrictEqual(row, theirs[table]?.[at]))
        return `at the end ${table} differs: the twin has ${short(ours[table]?.[index])}, PostgreSQL ${short(theirs[table]?.[index])}`
      })
      return [...found, ...words]
    },
    async close() {
      for (const { db } of [judge, ...lines.values()]) await db.close()
    },
  }
}

/** One connection, and what rang in its own transactions. */
interface Line {
  readonly db: Db
  readonly store: Store
  readonly rang: Set<string>
  /** The last thing that was asked. */
  last: Promise<unknown>
}

function openLineNow(url: string, schema: string): Line {
  const db = openDb(url, { connections: 1, schema })
  // The session stays the same for the whole seed: it is the one that listens.
  db.pool.options.idleTimeoutMillis = 0
  const rang = new Set<string>()
  db.pool.on('connect', client => {
    const { processID } = client as unknown as { readonly processID: number }
    // A session hears its own bell before its answer, but others' at any time: only what it rang itself is in order.
    client.on('notification', ({ processId, payload = '' }) => {
      if (processId === processID) rang.add(payload.slice(schema.length + 1))
    })
  })
  return { db, store: pgStore(db), rang, last: db.query('listen', 'listen linchpin') }
}

type Method = (...args: readonly unknown[]) => Promise<unknown>
type Said = { readonly answer: unknown } | { readonly error: unknown }

function both(twin: Twin, line: Line, kernel: Kernel, differs: (words: string) => void): Twin {
  const ask =
    (name: string, ours: Method, theirs: Method) =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      const twinSays = rung(twin, () => said(ours(...args)))
      const pgSays = await kernel.outside(inTurn(line, () => said(theirs(...args))))
      compare(name, await twinSays.answer, pgSays.answer, differs)
      if (!isDeepStrictEqual(twinSays.topics, pgSays.topics))
        differs(`${name}: the twin rings ${short(twinSays.topics)}, PostgreSQL ${short(pgSays.topics)}`)
      if ('error' in pgSays.answer) throw pgSays.answer.error
      return pgSays.answer.answer
    }
  const methods = Object.entries(line.store).map(([name, theirs]) => [
    name,
    ask(name, (twin as unknown as Record<string, Method>)[name] as Method, theirs as Method),
  ])
  return {
    ...(Object.fromEntries(methods) as unknown as Store),
    listen: hear => twin.listen(hear),
    close: () => twin.close(),
    tables: twin.tables,
    keep: twin.keep,
    snapshot: twin.snapshot,
  }
}

/** The twin does everything at once, and rings before it answers. */
function rung(twin: Twin, work: () => Promise<Said>): { answer: Promise<Said>; topics: readonly string[] } {
  const topics = new Set<string>()
  const deafen = twin.listen(topic => topics.add(topic))
  const answer = work()
  const heard = [...topics].toSorted()
  void deafen.then(stop => stop())
  return { answer, topics: heard }
}

/** One after the other on one connection, so that it is known who rang. */
function inTurn(
  line: Line,
  work: () => Promise<Said>,
): Promise<{ readonly answer: Said; readonly topics: readonly string[] }> {
  const turn = line.last.then(async () => {
    line.rang.clear()
    const answer = await work()
    return { answer, topics: [...line.rang].toSorted() }
  })
  line.last = turn
  return turn
}

const said = (work: Promise<unknown>): Promise<Said> =>
  work.then(
    answer => ({ answer }),
    (error: unknown) => ({ error }),
  )

function compare(name: string, ours: Said, theirs: Said, differs: (words: string) => void): void {
  const told = ({ ...each }: Said) => ('answer' in each ? (each.answer ?? null) : String(each.error))
  if (isDeepStrictEqual(told(ours), told(theirs))) return
  differs(`${name}: the twin says ${short(told(ours))}, PostgreSQL ${short(told(theirs))}`)
}

const short = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 400)
