import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { copyOn, type Copy } from './copy.ts'
import { recall } from './memory.ts'

/** The few words that our SQL is spoken through. Statements have names, so that PostgreSQL plans each one once. */
export interface Db {
  /** Runs one statement in a transaction of its own. */
  readonly query: Query
  /** Runs `work` in one transaction. It is tried again when PostgreSQL asks for that (deadlock, serialization). */
  readonly transaction: <Result>(work: (query: Query, copy: Copy) => Promise<Result>) => Promise<Result>
  /** Calls `hear` for each NOTIFY on our channel; answers how to stop. */
  readonly listen: (hear: (payload: string) => void) => Promise<() => Promise<void>>
  readonly pool: pg.Pool
  readonly close: () => Promise<void>
}

export type Query = <Row extends object = Record<string, never>>(
  name: string,
  text: string,
  values?: readonly unknown[],
) => Promise<Row[]>

const CHANNEL = 'linchpin'

/**
 * The advisory lock of a schema. Whoever runs on it shares it for as long as they listen; whoever puts everything
 * else in its place wants it alone.
 */
export const inUse = `hashtextextended('linchpin ' || current_schema(), 0)`
/**
 * No transaction of ours waits for anything but the database. A node that was cut off in the middle of one says nothing
 * more, and PostgreSQL would keep its locks for hours, with every other node waiting behind them.
 */
const IDLE_MS = 15_000
const RETRY = new Set(['40001', '40P01'])

export function openDb(
  url: string,
  options: { readonly connections?: number; readonly schema?: string } = {},
): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    types: { getTypeParser },
    idle_in_transaction_session_timeout: IDLE_MS,
    verify: (client, answer) => void recall(queryOn(client)).then(() => answer(), answer),
    ...(options.schema === undefined ? {} : { options: `-c search_path=${options.schema}` }),
  })
  // A connection that breaks while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  // The pool does not listen while a transaction holds the connection: killing PostgreSQL then ended our process, too.
  pool.on('connect', client => client.on('error', () => {}))
  const query = patient(queryOn(pool))
  return {
    pool,
    query,
    transaction: work => transaction(pool, work),
    listen: hear => listen(pool, options.schema ?? 'public', hear),
    close: () => pool.end(),
  }
}

/** Rings the doorbell when the transaction commits. Topics are told apart by their schema, as tests share a database. */
export async function ring(query: Query, topics: Iterable<string>): Promise<void> {
  const unique = [...new Set(topics)]
  if (unique.length === 0) return
  await query('ring', ringing('select unnest($1::text[])'), [unique])
}

/** The statement, for those who ring in the same one: what selects the topics, each of them once. */
export const ringing = (topics: string) =>
  `select pg_notify('${CHANNEL}', current_schema() || ' ' || topic) from (${topics}) rung(topic)`

/** A statement alone is a transaction of its own, so it may be tried again when PostgreSQL asks for that. */
function patient(query: Query): Query {
  return async <Row extends object>(name: string, text: string, values?: readonly unknown[]) => {
    for (let turn = 1; ; turn += 1) {
      try {
        return await query<Row>(name, text, values)
      } catch (error) {
        if (!mayRetry(error, turn)) throw error
      }
    }
  }
}

function mayRetry(error: unknown, turn: number): boolean {
  return turn < 5 && RETRY.has((error as { code?: string }).code ?? '')
}

/** Speaks through a client of the caller's, inside whatever transaction it is in. */
export function queryOn(runner: { query: (config: pg.QueryConfig) => Promise<pg.QueryResult> }): Query {
  return async <Row extends object>(name: string, text: string, values: readonly unknown[] = []) => {
    const result = await runner.query({ name, text, values: [...values] })
    return result.rows as Row[]
  }
}

async function transaction<Result>(
  pool: pg.Pool,
  work: (query: Query, copy: Copy) => Promise<Result>,
): Promise<Result> {
  for (let turn = 1; ; turn += 1) {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      await client.query('begin')
      const result = await work(queryOn(client), copyOn(client))
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch((cause: unknown) => (broken = cause as Error))
      if (!mayRetry(error, turn)) throw error
    } finally {
      client.release(broken)
    }
  }
}

async function listen(
  pool: pg.Pool,
  schema: string,
  hear: (payload: string) => void,
): Promise<() => Promise<void>> {
  let stopped = false
  let client: pg.PoolClient | null = null
  const begin = async (): Promise<void> => {
    client = await ear(pool, schema, hear, () => {
      client?.release(true)
      client = null
      if (!stopped) void again()
    })
  }
  // PostgreSQL was restarted, or the line was cut: a bell that stays silent would make every later delivery wait.
  const again = async (): Promise<void> => {
    while (!stopped && client === null) {
      await setTimeout(LISTEN_AGAIN_MS, undefined, { ref: false })
      // What rang meanwhile was not heard.
      if (!stopped)
        await begin().then(
          () => hear('*'),
          () => {},
        )
    }
  }
  await begin()
  return async () => {
    stopped = true
    await client?.query(`unlisten ${CHANNEL}`).catch(() => {})
    // Closes its connection, which ends it: the pool gets it back there.
    await client?.end().catch(() => {})
  }
}

const LISTEN_AGAIN_MS = 1_000

/** One connection that listens, until it breaks. */
async function ear(
  pool: pg.Pool,
  schema: string,
  hear: (payload: string) => void,
  broke: () => void,
): Promise<pg.PoolClient> {
  const client = await pool.connect()
  try {
    await client.query(`select pg_advisory_lock_shared(${inUse})`)
    await client.query(`listen ${CHANNEL}`)
  } catch (error) {
    client.release(true)
    throw error
  }
  client.on('notification', ({ payload = '' }) => {
    if (payload.startsWith(`${schema} `)) hear(payload.slice(schema.length + 1))
  })
  client.once('end', broke)
  return client
}

/** Counters and sequences fit a JavaScript number; numeric stays text, because money is never a float. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === pg.types.builtins.INT8) return Number
  if (oid === pg.types.builtins.TIMESTAMPTZ) return value => Date.parse(value)
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown
}

/** Milliseconds since 1970 as PostgreSQL takes them. */
export function at(ms: number): string {
  return new Date(ms).toISOString()
}
