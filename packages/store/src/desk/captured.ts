import type { EntityName } from '@linchpin/model'
import type { Db } from '../db.ts'
import type { RecordKey } from '../store.ts'

/** A record as it was read last, to try a mapping on. */
export interface Captured extends RecordKey {
  readonly row: unknown
  readonly canonical: unknown
  readonly problem: string | null
  readonly label: string | null
  /** Its delivery waits for a person, for a trouble of this kind; null: it does not. */
  readonly parked: string | null
}

const LABEL = `(select value from reference f where f.connection = r.connection and f.entity = r.entity and f.id = r.id
  order by (f.kind = 'number') desc, f.kind, f.value limit 1)`

/**
 * Records of one kind, those whose delivery is parked first (of this flow, when one is named), then the newest. With
 * ids, exactly these.
 */
export async function captured(
  db: Db,
  asked: {
    readonly connection: string
    readonly entity: EntityName
    readonly flow: string | null
    readonly ids: readonly string[] | null
    readonly limit: number
  },
): Promise<readonly Captured[]> {
  const { connection, entity, flow, ids, limit } = asked
  if (ids !== null)
    return db.query<Captured>(
      'captured-named',
      `select r.connection, r.entity, r.id, r.row, r.canonical, r.problem, ${LABEL} label, (
         select coalesce(d.problem_kind, 'surprise') from delivery d where d.from_connection = r.connection
           and d.entity = r.entity and d.id = r.id and d.state = 'parked' limit 1) parked
       from record r where r.connection = $1 and r.entity = $2 and r.id = any($3::text[]) order by r.id limit $4`,
      [connection, entity, ids, limit],
    )
  const parked = await db.query<Captured>(
    'captured-parked',
    `select r.connection, r.entity, r.id, r.row, r.canonical, r.problem, ${LABEL} label, d.kind parked
     from (select distinct on (d.id) d.id, d.parked_at, coalesce(d.problem_kind, 'surprise') kind from delivery d where d.state = 'parked'
             and d.from_connection = $1 and d.entity = $2 and ($3::text is null or d.flow = $3)
           order by d.id, d.parked_at desc) d
     join record r on r.connection = $1 and r.entity = $2 and r.id = d.id
     order by d.parked_at desc, r.id limit $4`,
    [connection, entity, flow, limit],
  )
  if (parked.length === limit) return parked
  const newest = await db.query<Captured>('captured-newest', NEWEST, [connection, entity, limit])
  const others =
    newest.length > 0 ? newest : await db.query<Captured>('captured-any', ANY, [connection, entity, limit])
  const seen = new Set(parked.map(({ id }) => id))
  return [...parked, ...others.filter(({ id }) => !seen.has(id))].slice(0, limit)
}

/** The journal knows what was read last; it is not searched to its beginning for a kind that seldom comes. */
const NEWEST = `select r.connection, r.entity, r.id, r.row, r.canonical, r.problem, ${LABEL} label, null parked
  from (select h.id, max(h.seq) seq from (
          select seq, id from journal where seq > (select max(seq) from journal) - 100000
            and connection = $1 and entity = $2 and what = 'read'
          order by seq desc limit $3) h group by h.id) h
  join record r on r.connection = $1 and r.entity = $2 and r.id = h.id and r.gone_at is null
  order by h.seq desc, r.id`

const ANY = `select r.connection, r.entity, r.id, r.row, r.canonical, r.problem, ${LABEL} label, null parked
  from record r where r.connection = $1 and r.entity = $2 and r.gone_at is null
  order by r.connection, r.entity, r.id limit $3`
