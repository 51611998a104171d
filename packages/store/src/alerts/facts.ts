import { at, type Db } from '../db.ts'

/** Of each flow in batches, the last run that has ended. */
export interface EndedRun {
  readonly flow: string
  readonly dueAt: number
  readonly leftOut: boolean
  readonly parked: number
}

export async function endedRuns(db: Db): Promise<readonly EndedRun[]> {
  return db.query<EndedRun>(
    'ended-runs',
    `select f.name flow, r.due_at "dueAt", r.left_out "leftOut", r.parked from flow f
     join lateral (
       select due_at, left_out, parked from run where run.flow = f.name and ended_at is not null
       order by due_at desc limit 1) r on true
     where f.active and f.batch_since is not null order by f.name`,
  )
}

/** How many records of each flow differ, by its last comparison. What is under way may differ, and is none of them. */
export async function differing(
  db: Db,
): Promise<readonly { readonly flow: string; readonly count: number }[]> {
  return db.query(
    'differing',
    `select flow, count(*)::int "count" from discrepancy where kind <> 'under way' group by flow order by flow`,
  )
}

/** API keys that are in use and end between two instants. */
export async function endingKeys(
  db: Db,
  { from, to }: { from: number; to: number },
): Promise<readonly { readonly id: string; readonly name: string; readonly expiresAt: number }[]> {
  return db.query(
    'ending-keys',
    `select id, name, expires_at "expiresAt" from api_key
     where revoked_at is null and expires_at between $1 and $2 order by expires_at, id`,
    [at(from), at(to)],
  )
}

/** Credentials that are kept, asked for or not, and end between two instants, as far as somebody said when. */
export async function endingCredentials(
  db: Db,
  { from, to }: { from: number; to: number },
): Promise<readonly { readonly connection: string; readonly name: string; readonly expiresAt: number }[]> {
  return db.query(
    'ending-credentials',
    `select connection, name, expires_at "expiresAt" from secret
     where expires_at between $1 and $2 order by expires_at, connection, name`,
    [at(from), at(to)],
  )
}
