import { at, type Db } from '../db.ts'
import type { RecordKey } from '../store.ts'

export interface Comment extends RecordKey {
  readonly at: number
  readonly who: string
  readonly words: string
}

export async function addComment(db: Db, comment: Omit<Comment, 'at'>, now: number): Promise<void> {
  const { connection, entity, id, who, words } = comment
  await db.query(
    'comment',
    'insert into comment (at, connection, entity, id, who, words) values ($1, $2, $3, $4, $5, $6)',
    [at(now), connection, entity, id, who, words],
  )
}

export async function commentsOf(db: Db, keys: readonly RecordKey[]): Promise<readonly Comment[]> {
  return db.query<Comment>(
    'comments',
    `select c.at, c.connection, c.entity, c.id, c.who, c.words
     from comment c join jsonb_to_recordset($1::jsonb) k(connection text, entity text, id text)
       on c.connection = k.connection and c.entity = k.entity and c.id = k.id
     order by c.seq`,
    [JSON.stringify(keys)],
  )
}
