import { addNews, type News, type Publishing } from './bus/outbox.ts'
import { at, type Db, type Query } from './db.ts'
import { write as writeJournal } from './journal.ts'
import { findLinks, lockEnds, sides } from './links.ts'
import type { LinkKey, Unlinked, Unlinking } from './store.ts'

export async function unlink(
  db: Db,
  { who, ...key }: Unlinking,
  now: number,
  publishing: Publishing | null,
): Promise<Unlinked> {
  return db.transaction(async query => {
    await lockEnds(query, [key])
    const [targetId] = await findLinks(query, [key])
    if (targetId === null || targetId === undefined) return { is: 'not linked' }
    if (await isUnderWay(query, key, targetId)) return { is: 'under way' }
    await removeLinks(query, [rowOf({ ...key, targetId })], now, publishing)
    await query('unlink-deliveries', `${ANEW} where ${OF_THESE}`, ends(key, targetId))
    const words = `No longer linked to ${targetId} of ${key.to}.`
    const { entity, connection, id } = key
    await writeJournal(query, [{ connection, entity, id, who, what: 'unlinked', words }], now)
    return { is: 'unlinked', targetId }
  })
}

/** A link by its own key, as the table has it. */
export interface LinkRow {
  readonly entity: string
  readonly left: string
  readonly leftId: string
  readonly right: string
  readonly rightId: string
}

export function rowOf({ entity, targetId, ...key }: LinkKey & { readonly targetId: string }): LinkRow {
  const { left, right, forward } = sides(key)
  const [leftId, rightId] = forward ? [key.id, targetId] : [targetId, key.id]
  return { entity, left, leftId, right, rightId }
}

export const KEYS = `jsonb_to_recordset($1::jsonb)
  k(entity text, "left" text, "right" text, "leftId" text, "rightId" text, at timestamptz)`
export const isOne = (table: string) =>
  `${table}.entity = k.entity and ${table}.left_connection = k."left" and ${table}.right_connection = k."right"
   and ${table}.left_id = k."leftId" and ${table}.right_id = k."rightId"`

/** These links stand no longer, from now on: whoever holds one of them is told, and none of them is believed again. */
export async function removeLinks(
  query: Query,
  links: readonly LinkRow[],
  now: number,
  publishing: Publishing | null,
): Promise<void> {
  // One that another process made may be dated a little after our now.
  const removed = await query<{ key: string[] }>('remove-links', REMOVE, [JSON.stringify(links), at(now)])
  if (publishing) await addNews(query, removed.map(newsOfUnlink))
}

const COLUMNS = 'entity, left_connection, left_id, right_connection, right_id'

const REMOVE = `
  with gone as (delete from link l using ${KEYS} where ${isOne('l')}
    returning l.entity, l.left_connection, l.left_id, l.right_connection, l.right_id, l.at)
  insert into unlinked as u (${COLUMNS}, at) select ${COLUMNS}, greatest(at, $2) from gone
  on conflict (entity, left_connection, right_connection, left_id, right_id)
    do update set at = greatest(u.at, excluded.at)
  returning jsonb_build_array(${COLUMNS}) key`

/** The news of a link is how it stands now. */
function newsOfUnlink({ key }: { readonly key: readonly string[] }): News {
  return { kind: 'link', key: key as unknown as Extract<News, { kind: 'link' }>['key'] }
}

/** Under the key that made the one it was linked to, a target would answer with that one again. */
export const ANEW = `update delivery d set era = d.era + 1, gen = d.gen + 1, sent_hash = null, force = true, expect = null,
  unanswered_by = null, doubt_hash = ''`

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
    `select d.state = 'running' or (d.intent is not null and d.state <> 'skipped') busy from delivery d where ${OF_THESE}
     order by d.flow, d.id for update`,
    ends(key, targetId),
  )
  return rows.some(({ busy }) => busy)
}
