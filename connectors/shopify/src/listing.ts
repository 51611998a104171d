import { sweep, type Cursor, type Page, type Position, type Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { pageOf, parts } from './inner-list.ts'
import type { Session } from './session.ts'

/** One of Shopify's lists that can be had in the order of `updatedAt`. */
export type Listed = 'orders' | 'products' | 'customers' | 'companyLocations'

const stamped = z.object({ id: z.string(), updatedAt: z.string() })
export type Stamped = z.infer<typeof stamped>

/** What Shopify's search index may lag behind, as far as we allow for it: it says only "eventually". */
const overlapMs = 120_000

/** So young a stamp, in ms, may come a second time: Shopify's are whole seconds. */
const unsettledMs = 5000

/** Shopify answers at most so many of a list at once. */
const mostRows = 250

/**
 * Ids of what changed, oldest first. What they look like is read apart: a list with all its fields would be worth more
 * points than Shopify lets one question have.
 */
export function sweepIds(
  session: Session,
  list: Listed,
  after: Cursor | null,
  limit: number,
): Promise<Page<Stamped>> {
  return sweep<Stamped>({
    after,
    limit: Math.min(limit, mostRows),
    overlapMs,
    now: session.io.now,
    fetch: (from, count) => readFrom(session, list, from, count),
    position: positionOf,
    snapshot: row => ({ id: row.id, version: versionOfStamp(session, row), row }),
  })
}

/** A stamp that a second change may still get says nothing: each look at it counts as news. */
function versionOfStamp({ io, client }: Session, { updatedAt }: Stamped): string {
  const theirs = io.now() + (client.clockSkewMs ?? 0)
  return theirs - Date.parse(updatedAt) > unsettledMs ? updatedAt : io.nonce()
}

/**
 * Rows at or after a position in the order of (stamp, id). Shopify does not say how it orders rows of one second, so
 * seconds are read whole and ordered here.
 */
async function readFrom(
  session: Session,
  list: Listed,
  from: Position | null,
  limit: number,
): Promise<readonly Stamped[]> {
  const rows: Stamped[] = []
  const query = from === null ? null : `updated_at:>='${from.stamp}'`
  let after: string | null = null
  for (;;) {
    const page = await readPage(session, list, { first: mostRows, after, query })
    rows.push(...page.nodes)
    const last = rows.at(-1)?.updatedAt
    const ended = !page.pageInfo.hasNextPage
    const whole = ended ? rows : rows.filter(row => row.updatedAt !== last)
    const fresh = whole.filter(row => from === null || compare(positionOf(row), from) > 0)
    if (ended || fresh.length >= limit)
      return fresh.toSorted((left, right) => compare(positionOf(left), positionOf(right))).slice(0, limit)
    after = page.pageInfo.endCursor
  }
}

async function readPage(session: Session, list: Listed, variables: object) {
  const page = (await session.client.ask(listings[list], { ...variables }))[list]
  if (page) return page
  throw new Error(`The query of ${list} has no field of this name.`)
}

/** Numbers are compared as texts, so they are written in one width. */
function positionOf({ id, updatedAt }: Stamped): Position {
  return { stamp: updatedAt, id: id.padStart(20, '0') }
}

function compare(left: Position, right: Position): number {
  if (left.stamp !== right.stamp) return left.stamp < right.stamp ? -1 : 1
  return left.id === right.id ? 0 : left.id < right.id ? -1 : 1
}

export function snapshotOf<Row extends { readonly id: string }>(row: Row): Snapshot<Row> {
  return { id: row.id, version: versionOf(row), row }
}

/** By content: `updatedAt` is moved by much that is not in a row, such as stock that we write ourselves. */
export function versionOf(row: object): string {
  return contentHash({ ...row, updatedAt: null })
}

const listData = z.partialRecord(
  z.enum(['orders', 'products', 'customers', 'companyLocations']),
  pageOf(stamped),
)
const stamps = parts('id updatedAt')

export const listings: Readonly<Record<Listed, Operation<z.infer<typeof listData>>>> = {
  orders: {
    text: `query ChangedOrders($first: Int!, $after: String, $query: String) {
      orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) { ${stamps} } }`,
    data: listData,
  },
  products: {
    text: `query ChangedProducts($first: Int!, $after: String, $query: String) {
      products(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) { ${stamps} } }`,
    data: listData,
  },
  customers: {
    text: `query ChangedCustomers($first: Int!, $after: String, $query: String) {
      customers(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) { ${stamps} } }`,
    data: listData,
  },
  companyLocations: {
    text: `query ChangedCompanies($first: Int!, $after: String, $query: String) {
      companyLocations(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) { ${stamps} } }`,
    data: listData,
  },
}
