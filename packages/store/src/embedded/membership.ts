import pg from 'pg'
import { databaseName } from './cluster.ts'

/**
 * One connection for as long as a Linchpin uses the cluster, holding a shared lock. Who leaves tries to get the lock
 * alone; who gets it was the last one, and stops the server. The lock goes with its process however that ends, so nobody
 * waits for the dead.
 */
export type Membership = pg.Client & Unref

/** pg has it, its types do not. */
interface Unref {
  ref(): void
  unref(): void
}

/** Why there is no membership yet. Absent: nobody listens. Otherwise the server starts, recovers, stops or hangs. */
export interface NotYet {
  absent: boolean
  reason: string
}

export async function enter(socketDir: string, within: number): Promise<Membership | NotYet> {
  const client = new pg.Client({
    host: socketDir,
    port: 5432,
    user: databaseName,
    database: 'postgres',
    connectionTimeoutMillis: Math.min(within, 5_000),
    application_name: 'linchpin (keeps the server up)',
  }) as Membership
  // Without a listener a lost connection would end the process; the supervisor looks at 'end'.
  client.on('error', () => {})
  try {
    await client.connect()
    if (await locked(client, 'pg_try_advisory_lock_shared')) return client
    await client.end()
    return { absent: false, reason: 'it is being stopped' }
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string }
    await client.end().catch(() => {})
    return { absent: ['ENOENT', 'ECONNREFUSED'].includes(code), reason: message }
  }
}

/** Gives the membership up. True: nobody else has one, and until our connection ends nobody can get one. */
export async function leave(member: Membership): Promise<boolean> {
  await locked(member, 'pg_advisory_unlock_shared')
  return await locked(member, 'pg_try_advisory_lock')
}

/** The database that the store's tables live in. Two processes may make it at once: the second finds it made. */
export async function makeDatabase(member: Membership): Promise<void> {
  const { rowCount } = await member.query('SELECT FROM pg_database WHERE datname = $1', [databaseName])
  if (rowCount !== 0) return
  await member.query(`CREATE DATABASE ${databaseName}`).catch((error: { code?: string }) => {
    // 42P04 there already; 23505 made in the same instant.
    if (error.code !== '42P04' && error.code !== '23505') throw error
  })
}

/** Any number will do, as long as every Linchpin uses the same one. */
const lockNumber = 5_462_446_724

async function locked(client: pg.Client, operation: string): Promise<boolean> {
  const { rows } = await client.query<{ done: boolean }>(`SELECT ${operation}(${lockNumber}) AS done`)
  return rows[0]?.done === true
}
