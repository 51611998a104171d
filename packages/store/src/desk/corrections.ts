import { at, ring, type Db } from '../db.ts'
import { write as writeJournal } from '../journal.ts'
import type { RecordKey } from '../store.ts'

/** At this path of the row (['billing', 'country']) another value is taken, as long as its system says what it was. */
export interface Change {
  readonly path: readonly (string | number)[]
  readonly was: unknown
  readonly now: unknown
}

export interface Correction extends RecordKey {
  readonly changes: readonly Change[]
  readonly at: number
  readonly who: string
  readonly why: string
}

export async function corrections(db: Db): Promise<readonly Correction[]> {
  return db.query<Correction>(
    'corrections',
    'select connection, entity, id, changes, at, who, why from correction order by connection, entity, id',
  )
}

/** Takes the place of an earlier correction of this record; without changes, it ends. */
export async function correct(db: Db, correction: Omit<Correction, 'at'>, now: number): Promise<void> {
  const { connection, entity, id, changes, who, why } = correction
  const key = { connection, entity, id }
  await db.transaction(async query => {
    if (changes.length === 0)
      await query(
        'end-correction',
        'delete from correction where connection = $1 and entity = $2 and id = $3',
        [connection, entity, id],
      )
    else
      await query(
        'correct',
        `insert into correction (connection, entity, id, changes, at, who, why) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (connection, entity, id) do update set changes = excluded.changes, at = excluded.at,
           who = excluded.who, why = excluded.why`,
        [connection, entity, id, JSON.stringify(changes), at(now), who, why],
      )
    const places = changes.map(({ path }) => path.join('.')).join(', ')
    const words = changes.length === 0 ? `Its correction ended. ${why}` : `Corrected: ${places}. ${why}`
    await writeJournal(query, [{ ...key, who, what: 'corrected', words, detail: { changes } }], now)
    await ring(query, ['live'])
  })
}
