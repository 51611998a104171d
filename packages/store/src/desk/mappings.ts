import { at, ring, type Db, type Query } from '../db.ts'
import { write as writeJournal } from '../journal.ts'

/** An operator's own mapping, as it was saved. What stands in it is the mapping package's. */
export interface MappingVersion {
  readonly name: string
  readonly version: number
  readonly own: unknown
  readonly at: number
  readonly who: string
  readonly why: string
}

/** Which version counts, since when, and who said so. Version 0 is the configuration's, and has no mapping here. */
export interface LiveMapping {
  readonly name: string
  readonly version: number
  readonly own: unknown
  readonly at: number
  readonly who: string
  readonly why: string
}

export async function mappingVersions(db: Db, name: string): Promise<readonly MappingVersion[]> {
  return db.query<MappingVersion>(
    'mapping-versions',
    'select name, version, own, at, who, why from mapping_version where name = $1 order by version desc limit 200',
    [name],
  )
}

export async function liveMappings(db: Db): Promise<readonly LiveMapping[]> {
  return db.query<LiveMapping>(
    'live-mappings',
    `select l.name, l.version, v.own, l.at, l.who, l.why from mapping_live l
     left join mapping_version v on v.name = l.name and v.version = l.version order by l.name`,
  )
}

interface Said {
  readonly name: string
  readonly who: string
  readonly why: string
  /** The version that was live when they looked. */
  readonly over: number
}

/** The new version, which is live from now on; null: somebody else was faster, and nothing was saved. */
export async function saveMapping(
  db: Db,
  { own, ...said }: Said & { readonly own: unknown },
  now: number,
): Promise<number | null> {
  return db.transaction(async query => {
    if (!(await isStill(query, said))) return null
    const [row] = await query<{ version: number }>(
      'save-mapping',
      `insert into mapping_version (name, version, own, at, who, why)
       select $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5 from mapping_version where name = $1
       returning version`,
      [said.name, JSON.stringify(own), at(now), said.who, said.why],
    )
    const version = row?.version ?? 0
    await setLive(query, said, version, now)
    return version
  })
}

/** False: somebody else was faster, and nothing was changed. */
export async function goLive(
  db: Db,
  { version, ...said }: Said & { readonly version: number },
  now: number,
): Promise<boolean> {
  return db.transaction(async query => {
    if (!(await isStill(query, said))) return false
    await setLive(query, said, version, now)
    return true
  })
}

/** Whoever changes this mapping waits for whoever does already. */
async function isStill(query: Query, { name, over }: Said): Promise<boolean> {
  await query('mapping-lock', `select pg_advisory_xact_lock(hashtext('mapping ' || $1))`, [name])
  const [live] = await query<{ version: number }>(
    'mapping-live',
    'select version from mapping_live where name = $1',
    [name],
  )
  return (live?.version ?? 0) === over
}

/** The journal keeps what was before and after: it is what people read when they ask who changed it. */
async function setLive(query: Query, { name, who, why, over }: Said, version: number, now: number) {
  await query(
    'set-live',
    `insert into mapping_live (name, version, at, who, why) values ($1, $2, $3, $4, $5)
     on conflict (name) do update set version = excluded.version, at = excluded.at, who = excluded.who,
       why = excluded.why`,
    [name, version, at(now), who, why],
  )
  const words = `Mapping ${name}: version ${version} is live, in place of version ${over}. ${why}`
  await writeJournal(
    query,
    [{ who, what: 'mapping', words, detail: { name, before: over, after: version } }],
    now,
  )
  await ring(query, ['live'])
}
