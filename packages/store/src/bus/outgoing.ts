import type { EntityName } from '@linchpin/model'
import type { Db } from '../db.ts'
import { prefixed, RECORD_COLUMNS, storedRecord, type RecordRow } from '../records.ts'
import type { StoredRecord } from '../store.ts'
import { byEntity } from './by-entity.ts'
import { outbox, type NewsQuery, type OutboxRow } from './outbox.ts'

/** A link as it is told to others. */
export interface ToldLink {
  readonly entity: EntityName
  readonly left: { readonly connection: string; readonly id: string }
  readonly right: { readonly connection: string; readonly id: string }
  readonly alias: boolean
  readonly how: string
  readonly at: number
}

/** That a link stands no longer, whoever made it. */
export type ToldUnlink = Pick<ToldLink, 'entity' | 'left' | 'right' | 'at'>

/** What became of a delivery, for the record as it was (its hash) when it ended. */
export interface ToldOutcome {
  readonly flow: string
  readonly entity: EntityName
  readonly id: string
  readonly from: string
  readonly to: string
  readonly lane: string
  readonly hash: string
  readonly state: 'done' | 'skipped' | 'parked'
  readonly trouble: { readonly kind: string; readonly words: string } | null
  readonly at: number
}

export type Outgoing = { readonly row: OutboxRow } & (
  | { readonly kind: 'record'; readonly record: StoredRecord }
  | { readonly kind: 'link'; readonly link: ToldLink }
  | { readonly kind: 'unlink'; readonly unlink: ToldUnlink }
  | { readonly kind: 'outcome'; readonly outcome: ToldOutcome }
  /** It is not there any more, or is under way again: nothing to tell. */
  | { readonly kind: 'nothing' }
)

/** The oldest news, each with how it stands now. */
export async function outgoing(db: Db, query: NewsQuery): Promise<readonly Outgoing[]> {
  const rows = await outbox(db, query)
  const found = await Promise.all([
    recordsOf(db, rows),
    unlinksOf(db, rows),
    linksOf(db, rows),
    outcomesOf(db, rows),
  ])
  const all = new Map(found.flatMap(each => [...each]))
  return rows.map(row => all.get(nameOf(row)) ?? { row, kind: 'nothing' })
}

const nameOf = ({ kind, key }: Pick<OutboxRow, 'kind' | 'key'>) => JSON.stringify([kind, key])

async function recordsOf(db: Db, rows: readonly OutboxRow[]): Promise<Map<string, Outgoing>> {
  const own = rows.filter(({ kind }) => kind === 'record')
  if (own.length === 0) return new Map()
  const found = await db.query<RecordRow & { n: number }>(
    'outgoing-records',
    `select k.n, ${prefixed('r', RECORD_COLUMNS)} from jsonb_to_recordset($1::jsonb) k(n int, key jsonb)
     join record r on r.connection = k.key->>0 and r.entity = k.key->>1 and r.id = k.key->>2`,
    [numbered(own)],
  )
  return byName(own, found, (row, each) => ({ row, kind: 'record', record: storedRecord(each) }))
}

interface EndsRow {
  readonly entity: EntityName
  readonly left_connection: string
  readonly left_id: string
  readonly right_connection: string
  readonly right_id: string
  readonly at: number
}
interface LinkRow extends EndsRow {
  readonly alias: boolean
  readonly how: string
}

async function linksOf(db: Db, rows: readonly OutboxRow[]): Promise<Map<string, Outgoing>> {
  const own = rows.filter(({ kind }) => kind === 'link')
  if (own.length === 0) return new Map()
  const found = await db.query<LinkRow & { readonly n: number }>(
    'outgoing-links',
    `select k.n, ${LINK_COLUMNS} from jsonb_to_recordset($1::jsonb) k(n int, key jsonb)
     join link l on l.entity = k.key->>0 and l.left_connection = k.key->>1 and l.left_id = k.key->>2
       and l.right_connection = k.key->>3 and l.right_id = k.key->>4`,
    [numbered(own)],
  )
  return byName(own, found, (row, each) => ({ row, kind: 'link', link: toldLink(each) }))
}

/** Those that were linked once, and are not any more: a link that stands again is told as one. */
async function unlinksOf(db: Db, rows: readonly OutboxRow[]): Promise<Map<string, Outgoing>> {
  const own = rows.filter(({ kind }) => kind === 'link')
  if (own.length === 0) return new Map()
  const found = await db.query<EndsRow & { readonly n: number }>(
    'outgoing-unlinks',
    `select k.n, ${UNLINK_COLUMNS} from jsonb_to_recordset($1::jsonb) k(n int, key jsonb)
     join unlinked u on u.entity = k.key->>0 and u.left_connection = k.key->>1 and u.left_id = k.key->>2
       and u.right_connection = k.key->>3 and u.right_id = k.key->>4`,
    [numbered(own)],
  )
  return byName(own, found, (row, each) => ({ row, kind: 'unlink', unlink: toldUnlink(each) }))
}

const UNLINK_COLUMNS = 'u.entity, u.left_connection, u.left_id, u.right_connection, u.right_id, u.at'

const LINK_COLUMNS =
  'l.entity, l.left_connection, l.left_id, l.right_connection, l.right_id, l.alias, l.how, l.at'

function toldLink({ alias, how, ...row }: LinkRow): ToldLink {
  return { ...toldUnlink(row), alias, how }
}

function toldUnlink({ entity, at, ...ends }: EndsRow): ToldUnlink {
  const left = { connection: ends.left_connection, id: ends.left_id }
  const right = { connection: ends.right_connection, id: ends.right_id }
  return { entity, left, right, at }
}

/** A page of the links that this flow made. What others made is theirs to tell: they may have unlinked it since. */
export async function madeLinks(
  db: Db,
  { flow, from, to, after, limit }: MadeBy<ToldLink>,
): Promise<readonly ToldLink[]> {
  const [left = '', right = ''] = [from, to].toSorted()
  const last = after && { entity: after.entity, left: after.left.id, right: after.right.id }
  const rows = await byEntity(last, limit, (begin, most) =>
    db.query<LinkRow>('made-links', pageOfLinks('l.flow = $7'), [
      begin.entity,
      left,
      right,
      begin.left,
      begin.right,
      most,
      flow,
    ]),
  )
  return rows.map(toldLink)
}

/** A page of the links between these two that a person said, here or elsewhere: they are no flow's to tell. */
export async function saidLinks(
  db: Db,
  { left, right, after, limit }: BetweenQuery<ToldLink>,
): Promise<readonly ToldLink[]> {
  const last = after && { entity: after.entity, left: after.left.id, right: after.right.id }
  const rows = await byEntity(last, limit, (begin, most) =>
    db.query<LinkRow>('said-links', pageOfLinks("l.flow is null and l.how like 'said %'"), [
      begin.entity,
      left,
      right,
      begin.left,
      begin.right,
      most,
    ]),
  )
  return rows.map(toldLink)
}

const pageOfLinks = (which: string) =>
  `select ${LINK_COLUMNS} from link l
   where l.entity = $1 and l.left_connection = $2 and l.right_connection = $3
     and (l.left_id, l.right_id) > ($4, $5) and ${which}
   order by l.left_id, l.right_id limit $6`

export interface BetweenQuery<Thing> {
  /** The two connections, in the order of their names. */
  readonly left: string
  readonly right: string
  readonly after: Thing | null
  readonly limit: number
}

/**
 * A page of what stands no longer between these two, whoever said so: it is told again with the links. What stands again
 * is told as a link alone: whoever missed that would unlink it first, and begin its deliveries anew.
 */
export async function unlinked(
  db: Db,
  { left, right, after, limit }: BetweenQuery<ToldUnlink>,
): Promise<readonly ToldUnlink[]> {
  const last = after && { entity: after.entity, left: after.left.id, right: after.right.id }
  const rows = await byEntity(last, limit, (begin, most) =>
    db.query<EndsRow>(
      'unlinked',
      `select ${UNLINK_COLUMNS} from unlinked u
       where u.entity = $1 and u.left_connection = $2 and u.right_connection = $3
         and (u.left_id, u.right_id) > ($4, $5)
         and not exists (select from link l where l.entity = u.entity and l.left_connection = u.left_connection
           and l.right_connection = u.right_connection and l.left_id = u.left_id and l.right_id = u.right_id
           and l.at > u.at)
       order by u.left_id, u.right_id limit $6`,
      [begin.entity, left, right, begin.left, begin.right, most],
    ),
  )
  return rows.map(toldUnlink)
}

export interface MadeBy<Thing> {
  readonly flow: string
  readonly from: string
  readonly to: string
  /** The last one of the page before. */
  readonly after: Thing | null
  readonly limit: number
}

interface OutcomeRow extends Omit<ToldOutcome, 'trouble'> {
  readonly problem_kind: string | null
  readonly problem: string | null
}

async function outcomesOf(db: Db, rows: readonly OutboxRow[]): Promise<Map<string, Outgoing>> {
  const own = rows.filter(({ kind }) => kind === 'outcome')
  if (own.length === 0) return new Map()
  const found = await db.query<OutcomeRow & { readonly n: number }>(
    'outgoing-outcomes',
    `select k.n, ${OUTCOME_COLUMNS} from jsonb_to_recordset($1::jsonb) k(n int, key jsonb)
     join delivery d on d.flow = k.key->>0 and d.id = k.key->>1
     join record r on r.connection = d.from_connection and r.entity = d.entity and r.id = d.id
     where d.state in ('done', 'skipped', 'parked')`,
    [numbered(own)],
  )
  return byName(own, found, (row, each) => ({ row, kind: 'outcome', outcome: toldOutcome(each) }))
}

const OUTCOME_COLUMNS = `d.flow, d.entity, d.id, d.from_connection "from", d.to_connection "to", d.lane, r.hash,
       d.state, d.problem_kind, d.problem, coalesce(d.parked_at, d.settled_at, d.owed_at) "at"`

function toldOutcome({ flow, entity, id, from, to, lane, hash, state, at, ...row }: OutcomeRow): ToldOutcome {
  const trouble = row.problem_kind === null ? null : { kind: row.problem_kind, words: row.problem ?? '' }
  return { flow, entity, id, from, to, lane, hash, state, trouble, at }
}

/** A page of what became of this flow's deliveries. */
export async function outcomes(
  db: Db,
  { flow, after, limit }: MadeBy<ToldOutcome>,
): Promise<readonly ToldOutcome[]> {
  const rows = await db.query<OutcomeRow>(
    'outcomes',
    `select ${OUTCOME_COLUMNS} from delivery d
     join record r on r.connection = d.from_connection and r.entity = d.entity and r.id = d.id
     where d.flow = $1 and d.id > $2 and d.state in ('done', 'skipped', 'parked') order by d.id limit $3`,
    [flow, after?.id ?? '', limit],
  )
  return rows.map(toldOutcome)
}

const numbered = (rows: readonly OutboxRow[]) => JSON.stringify(rows.map(({ key }, n) => ({ n, key })))

function byName<Row extends { readonly n: number }>(
  rows: readonly OutboxRow[],
  found: readonly Row[],
  make: (row: OutboxRow, each: Row) => Outgoing,
): Map<string, Outgoing> {
  return new Map(
    found.flatMap(each => {
      const row = rows[each.n]
      return row ? [[nameOf(row), make(row, each)] as const] : []
    }),
  )
}
