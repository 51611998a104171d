import type { EntityName } from '@linchpin/model'
import { at, type Db } from '../db.ts'
import { prefixed, RECORD_COLUMNS, storedRecord, type RecordRow } from '../records.ts'
import type { StoredRecord } from '../store.ts'

/** Of records that another process speaks to: a page of how it told them last. */
export interface ToldQuery {
  readonly connection: string
  readonly entity: EntityName
  /** Only those that were told as changed, or as gone, since then; null: all that are there. */
  readonly since: number | null
  /** In the order of their ids. */
  readonly after: string
  readonly limit: number
}

export async function toldPage(db: Db, query: ToldQuery): Promise<readonly StoredRecord[]> {
  const { connection, entity, since, after, limit } = query
  const place = [connection, entity, after, limit]
  const rows =
    since === null
      ? await db.query<RecordRow>('told-page', ALL, place)
      : await db.query<RecordRow>('told-changes', CHANGED, [...place, at(since)])
  return rows.map(storedRecord)
}

const OF_THESE = 'connection = $1 and entity = $2 and id > $3'

const ALL = `select ${RECORD_COLUMNS} from record where ${OF_THESE} and gone_at is null order by id limit $4`

/** The history is kept in the order of time: what changed lately is found without a look at all the rest. */
const CHANGED = `
  select ${prefixed('r', RECORD_COLUMNS)} from record r
  join (select id from record_history where ${OF_THESE} and at >= $5
        union select id from record where ${OF_THESE} and missed_at is not null and gone_at >= $5) news
    on news.id = r.id
  where r.connection = $1 and r.entity = $2
  order by r.id limit $4`

/** These, those that are there. */
export async function toldRecords(
  db: Db,
  { connection, entity, ids }: { connection: string; entity: EntityName; ids: readonly string[] },
): Promise<readonly StoredRecord[]> {
  const rows = await db.query<RecordRow>(
    'told-records',
    `select ${RECORD_COLUMNS} from record
     where connection = $1 and entity = $2 and id = any($3::text[]) and gone_at is null order by id`,
    [connection, entity, ids],
  )
  return rows.map(storedRecord)
}
