import type { Db, Query } from './db.ts'
import { write as writeJournal } from './journal.ts'
import { findLinks, sides } from './links.ts'
import type { LinkKey, Unlinked, Unlinking } from './store.ts'

export async function unlink(db: Db, { who, ...key }: Unlinking, now: number): Promise<Unlinked> {
  return db.transaction(async query => {
    const [targetId] = await findLinks(query, [key])
    if (targetId === null || targetId === undefined) return { is: 'not linked' }
    if (await isUnderWay(query, key, targetId)) return { is: 'under way' }
    const { left, right, forward } = sides(key)
    const [leftId, rightId] = forward ? [key.id, targetId] : [targetId, key.id]
    await query(
      'unlink-one',
      `delete from link where entity = $1 and left_connection = $2 and right_connection = $3 and left_id = $4 and right_id = $5`,
      [key.entity, left, right, leftId, rightId],
    )
    await query('unlink-deliveries', `${ANEW} where ${OF_THESE}`, ends(key, targetId))
    const words = `No longer linked to ${targetId} of ${key.to}.`
    const { entity, connection, id } = key
    await writeJournal(query, [{ connection, entity, id, who, what: 'unlinked', words }], now)
    return { is: 'unlinked', targetId }
  })
}

/** Under the key that made the one it was linked to, a target would answer with that one again. */
const ANEW = `update delivery d set era = d.era + 1, gen = d.gen + 1, sent_hash = null, force = true, expect = null,
  unanswered_by = null`

const OF_THESE = `d.entity = $1 and ((d.from_connection = $2 and d.id = $3 and d.to_connection = $4)
  or (d.from_connection = $4 and d.id = $5 and d.to_connection = $2))`

const ends = ({ entity, connection, id, to }: LinkKey, targetId: string) => [
  entity,
  connection,
  id,
  to,
  targetId,
]

/** All of them are held until this is over: one that was claimed in between would link what it writes again. */
async function isUnderWay(query: Query, key: LinkKey, targetId: string): Promise<boolean> {
  const rows = await query<{ busy: boolean }>(
    'unlink-under-way',
    `select d.state = 'running' or d.intent is not null busy from delivery d where ${OF_THESE}
     order by d.flow, d.id for update`,
    ends(key, targetId),
  )
  return rows.some(({ busy }) => busy)
}
