import type { Query } from './db.ts'

/**
 * PostgreSQL plans a statement by what it knows of its tables, and keeps the plan. One that it made while a table was empty
 * goes through all of it for every record; autovacuum looks only once a minute, and a first load or a busy morning has
 * filled the table by then (measured: finding the links of 44 orders took 20 ms instead of 2). So what has changed by half
 * since it was looked at last is looked at again; PostgreSQL then makes its plans anew.
 */
export async function refreshStatistics(query: Query): Promise<void> {
  const grown = await query<{ name: string }>(
    'grown-tables',
    `select format('%I.%I', schemaname, relname) "name" from pg_stat_user_tables
     where schemaname = current_schema() and n_live_tup > ${SMALL} and n_mod_since_analyze > n_live_tup / 2
     order by relname`,
  )
  for (const { name } of grown) await query(`analyze-${name}`, `analyze ${name}`)
}

/** So few rows are gone through faster than an index is looked up, however often they change. */
const SMALL = 200
