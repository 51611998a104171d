import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDb } from '@linchpin/store'

/** The embedded PostgreSQL, as it looks from outside: a folder with a socket and a process number in it. */
export const clusterIn = (data: string) => join(data, 'postgres', 'pg')
export const socketOf = (cluster: string) => join(cluster, '.s.PGSQL.5432')

/** kill -9 of the postmaster: its children end by themselves, and nothing is written any more. Answers whether it was there. */
export async function killPostgres(cluster: string): Promise<boolean> {
  const [pid = ''] = (await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  return Number(pid) > 0 && kill(Number(pid))
}

/** kill -9 of one process that serves a connection: PostgreSQL then drops all others and recovers. */
export async function killBackend(cluster: string): Promise<boolean> {
  const [row] = await ask<{ pid: number }>(
    cluster,
    `select pid from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'
     order by random() limit 1`,
  ).catch(() => [])
  return row !== undefined && kill(row.pid)
}

/** Keeps the log of changes small, so that a small disk is one that lasts for the run. */
export async function keepWalSmall(cluster: string): Promise<void> {
  for (const [name, value] of [
    ['max_wal_size', '96MB'],
    ['min_wal_size', '32MB'],
  ])
    await ask(cluster, `alter system set ${name} = '${value}'`)
  await ask(cluster, 'select pg_reload_conf()')
}

export async function fsyncOf(cluster: string): Promise<string> {
  const [row] = await ask<{ fsync: string }>(cluster, 'show fsync')
  return row?.fsync ?? 'unknown'
}

/** What is owed and not done yet, and what waits for a person. */
export async function owed(
  cluster: string,
): Promise<{ readonly open: number; readonly parked: readonly string[] }> {
  const rows = await ask<{ flow: string; id: string; state: string; words: string | null }>(
    cluster,
    `select flow, id, state, problem words from delivery where state not in ('done', 'skipped')
     order by flow, id`,
  )
  const parked = rows.filter(({ state }) => state === 'parked')
  return {
    open: rows.length - parked.length,
    parked: parked.map(({ flow, id, words }) => `${flow} ${id}: ${words ?? ''}`),
  }
}

async function ask<Row extends object>(cluster: string, text: string): Promise<Row[]> {
  const db = openDb(`postgres://linchpin@/linchpin?host=${encodeURIComponent(cluster)}`, { connections: 1 })
  try {
    return await db.query<Row>('', text)
  } finally {
    await db.close()
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}
