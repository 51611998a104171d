import type pg from 'pg'
import type { Sequence, Table } from './format.ts'

type Client = pg.ClientBase

/** The table that says which migrations are done. Migrations fill it, so a backup leaves it out. */
const migrationTable = 'migration'

/** All tables of the current schema, those that others refer to first. Generated columns are left out: they follow. */
export async function readTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { refers: string[] }>({
    text: `
      SELECT t.relname AS name,
        (SELECT coalesce(json_agg(a.attname ORDER BY a.attnum), '[]') FROM pg_attribute a
          WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
        pg_table_size(t.oid)::float8 AS bytes,
        (SELECT coalesce(json_agg(r.relname), '[]') FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid
          WHERE c.conrelid = t.oid AND c.contype = 'f' AND c.confrelid <> t.oid) AS refers
      FROM pg_class t
      WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND t.relname <> $1
      ORDER BY t.relname`,
    values: [migrationTable],
  })
  return referredFirst(rows).map(({ name, columns, bytes }) => ({ name, columns, bytes }))
}

export async function readSequences(client: Client): Promise<Sequence[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' ORDER BY relname`)
  const sequences: Sequence[] = []
  for (const { name } of rows) {
    const state = await client.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called FROM ${quoted(name)}`,
    )
    sequences.push({ name, ...(state.rows[0] as { last: string; called: boolean }) })
  }
  return sequences
}

/** The name of the newest migration, or an empty text. */
export async function newestMigration(client: Client): Promise<string> {
  if (!(await hasTable(client, migrationTable))) return ''
  const { rows } = await client.query<{ name: string | null }>(
    `SELECT max(name COLLATE "C") AS name FROM ${migrationTable}`,
  )
  return rows[0]?.name ?? ''
}

/** Tables that hold a row, the one of migrations aside. */
export async function filledTables(client: Client): Promise<string[]> {
  const filled: string[] = []
  for (const { name } of await readTables(client)) {
    const { rowCount } = await client.query(`SELECT FROM ${quoted(name)} LIMIT 1`)
    if (rowCount !== 0) filled.push(name)
  }
  return filled
}

/** Drops what migrations made, also their own table. What belongs to extensions stays. */
export async function dropAll(client: Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(`
    WITH ours(class, id, kind, name) AS (
      SELECT 'pg_class'::regclass, oid,
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
        oid::regclass::text
      FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
      UNION ALL
      SELECT 'pg_type'::regclass, oid, CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, oid::regtype::text
      FROM pg_type WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'd')
      UNION ALL
      SELECT 'pg_proc'::regclass, oid, 'ROUTINE', oid::regprocedure::text
      FROM pg_proc WHERE pronamespace = current_schema()::regnamespace)
    SELECT format('DROP %s IF EXISTS %s CASCADE', kind, name) AS statement FROM ours
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = class AND d.objid = id AND d.deptype = 'e')
    ORDER BY kind = 'SEQUENCE'`)
  for (const { statement } of rows) await client.query(statement)
}

/** `"order" ("id", "total")`, as COPY takes it. */
export function copyTarget({ name, columns }: Table): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

async function hasTable(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    quoted(name),
  ])
  return rows[0]?.there === true
}

/** Depth first. A ring of references cannot be ordered; its tables come as they are named. */
function referredFirst<T extends { name: string; refers: string[] }>(tables: T[]): T[] {
  const sorted = new Set<T>()
  const visiting = new Set<T>()
  const visit = (table: T) => {
    if (visiting.has(table)) return
    visiting.add(table)
    for (const other of tables) if (table.refers.includes(other.name)) visit(other)
    sorted.add(table)
  }
  tables.forEach(visit)
  return [...sorted]
}
