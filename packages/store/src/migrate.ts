import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { at, type Db, type Query } from './db.ts'

const FOLDER = new URL('./migrations/', import.meta.url)

/**
 * Brings the database to today's shape. Several nodes may start at once: they take turns. While somebody else holds its
 * tables (a backup does, for as long as it takes), it is tried again every few seconds: a change that waited for them
 * would make every other node wait behind it.
 */
export async function migrate(
  db: Db,
  now: number,
  {
    waits = () => {},
    lockMs = 3_000,
    pauseMs = 10_000,
  }: {
    /** Called before each new try, with words for a person. */
    readonly waits?: (words: string) => void
    readonly lockMs?: number
    readonly pauseMs?: number
  } = {},
): Promise<readonly string[]> {
  for (;;)
    try {
      return await db.transaction(async query => {
        await takeTurn(query)
        await query('', `set local lock_timeout = ${lockMs}`)
        return applyMigrations(query, now, null)
      })
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error
      waits(
        'The database is to be brought to the shape of this version, and somebody holds its tables: a backup, perhaps, or a transaction that was forgotten. Trying again.',
      )
      await setTimeout(pauseMs)
    }
}

const LOCK_NOT_AVAILABLE = '55P03'

const takeTurn = (query: Query) => query('migrate-lock', 'select pg_advisory_xact_lock(727001)')

/** Inside a transaction of the caller's: all migrations, or up to and with the one named. Answers those applied. */
export async function applyMigrations(
  query: Query,
  now: number,
  upTo: string | null,
): Promise<readonly string[]> {
  await takeTurn(query)
  await query(
    'migrate-table',
    'create table if not exists migration (name text primary key, at timestamptz not null)',
  )
  const done = await query<{ name: string }>('', 'select name from migration order by name')
  const names = migrations()
  const ahead = done.find(({ name }) => !names.includes(name))
  if (ahead)
    throw new Error(
      `The database was written by a newer Linchpin (it has ${ahead.name}). Start that version, or restore a backup of this one.`,
    )
  const pending = names.filter(
    name => !done.some(row => row.name === name) && (upTo === null || name <= upTo),
  )
  for (const name of pending) {
    for (const statement of statements(readFileSync(new URL(name, FOLDER), 'utf8')))
      await query('', statement)
    await query('', 'insert into migration values ($1, $2)', [name, at(now)])
  }
  return pending
}

export function migrations(): readonly string[] {
  return readdirSync(FOLDER)
    .filter(name => name.endsWith('.sql'))
    .toSorted()
}

/** Semicolons part statements, except in a function's body ($$ … $$). None stands inside a text. */
function statements(sql: string): readonly string[] {
  const parts = sql.replace(/--.*$/gm, '').split('$$')
  const marked = parts.map((part, index) => (index % 2 === 0 ? part.replaceAll(';', END) : part)).join('$$')
  return marked
    .split(END)
    .map(statement => statement.trim())
    .filter(statement => statement !== '')
}

/** No SQL text holds it. */
const END = '\u0000'
