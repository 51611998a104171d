import { sweep, type Cursor, type Page, type Position, type Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import type { Session } from './session.ts'

/** What every row has that can be swept. */
export interface Swept {
  readonly id: string
  readonly [field: string]: unknown
}

/** One of Vendure's lists, in the order of one of its stamps. */
export interface Listing<Row extends Swept> {
  readonly stamp: 'updatedAt' | 'orderPlacedAt'
  /** The rows that pass the filter, oldest stamp first. */
  readonly read: (filter: object, take: number) => Promise<readonly Row[]>
}

/** The longest transaction that we allow for: on PostgreSQL a stamp is the beginning of its transaction. */
const overlapMs = 60_000

/** Vendure refuses more rows than this at once. */
const mostRows = 1000

export function sweepListing<Row extends Swept>(
  { io }: Pick<Session, 'io'>,
  listing: Listing<Row>,
  after: Cursor | null,
  limit: number,
): Promise<Page<Row>> {
  return sweep<Row>({
    after,
    limit: Math.min(limit, mostRows - 2),
    overlapMs,
    now: io.now,
    fetch: (from, count) => readFrom(listing, from, count),
    position: row => positionOf(listing, row),
    snapshot: snapshotOf,
  })
}

export function snapshotOf<Row extends Swept>(row: Row): Snapshot<Row> {
  return { id: row.id, version: versionOf(row), row }
}

/**
 * By content: a row's `updatedAt` says too little (an order's is not moved by what happens to it) and too much (a
 * variant's is moved by every stock that we write).
 */
export function versionOf(row: Swept): string {
  return contentHash({ ...row, updatedAt: null, events: null })
}

/**
 * Rows at or after a position in the order of (stamp, id). Vendure answers milliseconds and keeps microseconds on
 * PostgreSQL and seconds on SQLite, and has no `>=` and no `>` for ids. So each millisecond is read whole and ordered
 * here, and a page is continued by leaving out the ids of its last millisecond, for offsets shift while people work.
 */
async function readFrom<Row extends Swept>(
  listing: Listing<Row>,
  from: Position | null,
  limit: number,
): Promise<readonly Row[]> {
  const take = limit + 2
  const rows: Row[] = []
  let begin = from?.stamp ?? null
  for (;;) {
    const page = await listing.read(filterOf(listing, begin, rows), take)
    rows.push(...page)
    begin = page.length > 0 ? stampOf(listing, page.at(-1)!) : begin
    const ended = page.length < take
    const whole = ended ? rows : rows.filter(row => stampOf(listing, row) < begin!)
    const fresh = whole.filter(row => from === null || compare(positionOf(listing, row), from) > 0)
    if (ended || fresh.length >= limit)
      return fresh
        .toSorted((left, right) => compare(positionOf(listing, left), positionOf(listing, right)))
        .slice(0, limit)
  }
}

function filterOf<Row extends Swept>(
  listing: Listing<Row>,
  begin: string | null,
  had: readonly Row[],
): object {
  if (begin === null) return {}
  const before = new Date(Date.parse(begin) - 1).toISOString()
  const seam = had.filter(row => stampOf(listing, row) >= before).map(({ id }) => id)
  return { [listing.stamp]: { after: before }, ...(seam.length > 0 && { id: { notIn: seam } }) }
}

function stampOf<Row extends Swept>({ stamp }: Listing<Row>, row: Row): string {
  return String(row[stamp])
}

/** Numbers are compared as texts, so they are written in one width; UUIDs are. */
function positionOf<Row extends Swept>(listing: Listing<Row>, row: Row): Position {
  return { stamp: stampOf(listing, row), id: row.id.padStart(20, '0') }
}

function compare(left: Position, right: Position): number {
  if (left.stamp !== right.stamp) return left.stamp < right.stamp ? -1 : 1
  return left.id === right.id ? 0 : left.id < right.id ? -1 : 1
}
