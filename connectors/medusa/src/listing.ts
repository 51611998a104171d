import { sweep, type Cursor, type Page, type Position, type Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import type { Query } from './client.ts'
import type { Session } from './session.ts'

/** What every row has that can be read. */
export interface Row {
  readonly id: string
  readonly [field: string]: unknown
}

/** One of Medusa's lists that knows `updated_at`, and how its rows are read. */
export interface Listing<Read extends Row> {
  /** '/orders' */
  readonly path: string
  /** The list's name in the answer: 'orders'. */
  readonly name: string
  readonly query?: Query
  readonly read: (session: Session, ids: readonly string[]) => Promise<readonly Read[]>
}

/**
 * The longest workflow that we allow for: its steps stamp what they change, and the last of them commits. Medusa's
 * own workflows took up to a second where we measured.
 */
const overlapMs = 60_000

interface Stamped {
  readonly id: string
  readonly updated_at: string
}

/** A row with the stamp that it was listed under; null when it was gone before it could be read. */
interface Listed<Read extends Row> {
  readonly at: Position
  readonly row: Read | null
}

/**
 * What changed, by `updated_at`. Medusa sorts by the stamp and by nothing beside it, keeps microseconds and tells
 * milliseconds. So bare stamps are listed first, until each millisecond is whole, and are ordered here; then the rows
 * of one page are read by their ids.
 */
export async function sweepListing<Read extends Row>(
  session: Session,
  listing: Listing<Read>,
  after: Cursor | null,
  limit: number,
): Promise<Page<Read>> {
  const page = await sweep<Listed<Read>>({
    after,
    limit,
    overlapMs,
    now: session.io.now,
    fetch: (from, count) => listed(session, listing, from, count),
    position: ({ at }) => at,
    snapshot: each => ({ id: each.at.id, version: each.row ? versionOf(each.row) : 'gone', row: each }),
  })
  const rows = page.items.flatMap(item => ('row' in item && item.row.row ? [item.row.row] : []))
  return { ...page, items: rows.map(snapshotOf) }
}

export function snapshotOf<Read extends Row>(row: Read): Snapshot<Read> {
  return { id: row.id, version: versionOf(row), row }
}

/** By content: a row's `updated_at` says too little (an order's is not moved by a payment). */
export function versionOf(row: Row): string {
  return contentHash({ ...row, updated_at: null })
}

async function listed<Read extends Row>(
  session: Session,
  listing: Listing<Read>,
  from: Position | null,
  limit: number,
): Promise<readonly Listed<Read>[]> {
  const stamps = await stampsFrom(session, listing, from, limit)
  const rows = await listing.read(
    session,
    stamps.map(({ id }) => id),
  )
  const found = new Map(rows.map(row => [row.id, row]))
  return stamps.map(each => ({ at: positionOf(each), row: found.get(each.id) ?? null }))
}

async function stampsFrom<Read extends Row>(
  session: Session,
  listing: Listing<Read>,
  from: Position | null,
  limit: number,
): Promise<readonly Stamped[]> {
  const answer = z.object({ [listing.name]: z.array(stamped) })
  for (let take = limit + 1; ; take *= 2) {
    const found = await session.client.get(listing.path, answer, {
      ...listing.query,
      fields: 'id,updated_at',
      order: 'updated_at',
      limit: take,
      ...(from !== null && { 'updated_at[$gte]': from.stamp }),
    })
    const rows = found[listing.name] ?? []
    const last = rows.at(-1)?.updated_at
    const whole = rows.length < take ? rows : rows.filter(row => row.updated_at !== last)
    const fresh = whole.filter(row => from === null || compare(positionOf(row), from) > 0)
    if (rows.length < take || fresh.length >= limit)
      return fresh.toSorted((left, right) => compare(positionOf(left), positionOf(right))).slice(0, limit)
  }
}

const stamped = z.object({ id: z.string(), updated_at: z.string() })

const positionOf = (row: Stamped): Position => ({ stamp: row.updated_at, id: row.id })

function compare(left: Position, right: Position): number {
  if (left.stamp !== right.stamp) return left.stamp < right.stamp ? -1 : 1
  return left.id === right.id ? 0 : left.id < right.id ? -1 : 1
}

/** So many ids fit into one address. */
const mostIds = 100

/** Reads a list by ids, in parts. What belongs to a record comes in another order each time: here it is put in one. */
export async function byIds<Item>(
  session: Session,
  { path, name, fields }: { readonly path: string; readonly name: string; readonly fields: string },
  item: z.ZodType<Item>,
  ids: readonly string[],
): Promise<readonly Item[]> {
  const answer = z.object({ [name]: z.array(z.preprocess(inOrder, item)) })
  const found: Item[] = []
  for (let from = 0; from < ids.length; from += mostIds) {
    const part = ids.slice(from, from + mostIds)
    const query = { id: part, fields, limit: part.length }
    found.push(...((await session.client.get(path, answer, query))[name] ?? []))
  }
  return found
}

/** Medusa's ids sort by when they were made. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const idOf = (each: unknown) => (each as { readonly id?: string } | null)?.id ?? ''
    return value.map(inOrder).toSorted((left, right) => (idOf(left) < idOf(right) ? -1 : 1))
  }
  if (value === null || typeof value !== 'object') return value
  const fields = Object.entries(value)
  return Object.fromEntries(fields.map(([name, each]) => [name, name === 'metadata' ? each : inOrder(each)]))
}
