import pg from 'pg'
import { DatabaseTrouble } from './trouble.ts'

/**
 * Makes sure that a PostgreSQL of the operator's keeps what it confirms. Answers its version, like `15.8`.
 * Throws DatabaseTrouble. Its messages never hold the URL, because the password is in it.
 */
export async function inspectServer(url: string, allowUnsafe: boolean): Promise<string> {
  const facts = await ask(url)
  const objection = objections.find(({ unsafe, holds }) => holds(facts) && !(unsafe && allowUnsafe))
  if (objection !== undefined)
    throw new DatabaseTrouble(`The PostgreSQL at DATABASE_URL ${objection.words(facts)}`)
  return facts.version.split(' ')[0] ?? facts.version
}

interface Facts {
  version: string
  number: number
  fsync: string
  pages: string
  commit: string
  encoding: string
  replica: boolean
}

interface Objection {
  holds: (facts: Facts) => boolean
  /** Tests may overlook it. */
  unsafe: boolean
  words: (facts: Facts) => string
}

const objections: Objection[] = [
  {
    holds: ({ number }) => number < 150_000,
    unsafe: false,
    words: ({ version }) => `is version ${version}. Linchpin needs 15 or newer.`,
  },
  {
    holds: ({ replica }) => replica,
    unsafe: false,
    words: () => 'is a read-only replica. Give the address of the primary.',
  },
  {
    holds: ({ encoding }) => encoding !== 'UTF8',
    unsafe: false,
    words: ({ encoding }) =>
      `keeps text as ${encoding}. Create a database with ENCODING 'UTF8' TEMPLATE template0 and name that one.`,
  },
  ...[
    { setting: 'fsync', is: ({ fsync }: Facts) => fsync },
    { setting: 'full_page_writes', is: ({ pages }: Facts) => pages },
    { setting: 'synchronous_commit', is: ({ commit }: Facts) => commit },
  ].map(({ setting, is }) => ({
    holds: (facts: Facts) => is(facts) === 'off',
    unsafe: true,
    words: () =>
      `runs with ${setting} off: a power cut would lose orders that it has confirmed. Set ${setting} = on in its postgresql.conf and reload it.`,
  })),
]

async function ask(url: string): Promise<Facts> {
  const client = await connect(url)
  try {
    const { rows } = await client.query<Facts>(`SELECT
      current_setting('server_version') AS version,
      current_setting('server_version_num')::int AS number,
      current_setting('fsync') AS fsync,
      current_setting('full_page_writes') AS pages,
      current_setting('synchronous_commit') AS commit,
      current_setting('server_encoding') AS encoding,
      pg_is_in_recovery() AS replica`)
    return rows[0] as Facts
  } finally {
    await client.end()
  }
}

async function connect(url: string): Promise<pg.Client> {
  let client: pg.Client
  try {
    client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  } catch {
    throw new DatabaseTrouble(
      'DATABASE_URL is not a PostgreSQL address. It looks like postgres://user:password@host:5432/database, with special signs in the password percent-encoded.',
    )
  }
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw new DatabaseTrouble(`The PostgreSQL at DATABASE_URL (${client.host}) ${whyNot(error)}`)
  }
}

/** By the codes of PostgreSQL (appendix A) and of the operating system. */
function whyNot(error: unknown): string {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const known: Record<string, string> = {
    ECONNREFUSED: 'does not answer: nothing listens there. Start it, or correct host and port.',
    ENOENT: 'does not answer: there is no such socket. Start it, or correct the path.',
    ENOTFOUND: 'cannot be found: no machine has that name. Correct the host.',
    ETIMEDOUT: 'does not answer. Look whether a firewall stands between.',
    '28P01': 'refuses the user or the password. Correct them.',
    '28000': 'does not let this user in from here. Look at its pg_hba.conf.',
    '3D000': 'has no such database. Create it, or correct the name.',
    '53300': 'has no connection left. Raise its max_connections.',
  }
  return known[code] ?? `cannot be opened: ${message || code}. Look at its log.`
}
