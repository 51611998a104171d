import type { Db } from '@linchpin/store'

const LARGE = ['record', 'reference', 'delivery', 'attempt', 'link', 'journal', 'record_history', 'parent']

/**
 * The large tables that were read as a whole by what was asked since it was filled, and how often; PostgreSQL counts it.
 * Parallel plans and index-only ones are in it, too.
 */
export async function scans(db: Db): Promise<readonly string[]> {
  await db.pool.query('select pg_stat_force_next_flush()')
  const { rows } = await db.pool.query<{ relname: string; scans: string; tuples: string }>(
    `select relname, seq_scan::text scans, seq_tup_read::text tuples from pg_stat_user_tables
     where relname = any($1::text[]) and seq_tup_read > $2`,
    [LARGE, 0],
  )
  return rows.map(({ relname, scans: times, tuples }) => `${relname}, ${times} times, ${tuples} rows`)
}
