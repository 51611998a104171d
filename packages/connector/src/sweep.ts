import type { Cursor, Page, Snapshot } from './connector.ts'

/**
 * Reads what changed from a remote that has a modification stamp and nothing better. A record can be committed later
 * than its stamp says (Odoo's and Tryton's stamp is the start of their transaction) and many can share one stamp, so
 * each sweep begins again `overlapMs` before the newest stamp that it can have met when the last one began, and leaves
 * out what it has already told. A sweep of many pages, or one that was interrupted, takes its time: what was committed
 * meanwhile, behind the place that it had come to, would else be older than the overlap when it ends.
 */
export interface Sweep<Row> {
  readonly after: Cursor | null
  /** How many rows at most in one page. */
  readonly limit: number
  /** How late a record can become visible after its stamp: at least the remote's longest transaction. */
  readonly overlapMs: number
  /** Our clock, in ms; only how long a sweep takes is read off it. */
  readonly now: () => number
  /**
   * The rows at or after `from` (all, when null) in the order of stamp, then id, at most `limit` of them. A remote that
   * cannot continue behind an id may answer rows that stand before `from.id` at `from.stamp`; they are dropped here.
   */
  readonly fetch: (from: Position | null, limit: number) => Promise<readonly Row[]>
  readonly position: (row: Row) => Position
  readonly snapshot: (row: Row) => Snapshot<Row>
}

/** Where a row stands. `stamp` is an instant in one fixed writing, so that texts compare as times do. */
export interface Position {
  readonly stamp: string
  readonly id: string
}

interface State {
  /** The newest stamp that was met. */
  readonly newest: string | null
  /** How long the sweep before took, in ms. */
  readonly took: number
  /** Within the sweep that is under way: when it began, by our clock. */
  readonly began: number | null
  /** Within the sweep that is under way: the last row read. */
  readonly at: Position | null
  /** What was told of the overlap: id → version. */
  readonly told: Readonly<Record<string, readonly [stamp: string, version: string]>>
}

export async function sweep<Row>(options: Sweep<Row>): Promise<Page<Row>> {
  const { limit, overlapMs, fetch, position, snapshot, now } = options
  const state: State = options.after === null ? BEGINNING : (JSON.parse(options.after) as State)
  const began = state.began ?? now()
  const from =
    state.at ??
    (state.newest === null ? null : { stamp: earlier(state.newest, overlapMs + state.took), id: '' })
  const rows = await fetch(from, limit)
  const fresh = rows.filter(row => from === null || isAfter(position(row), from))
  const told: Record<string, readonly [string, string]> = { ...state.told }
  const items: Snapshot<Row>[] = []
  let newest = state.newest
  for (const row of fresh) {
    const shot = snapshot(row)
    const { stamp } = position(row)
    if (told[shot.id]?.[1] !== shot.version) items.push(shot)
    told[shot.id] = [stamp, shot.version]
    if (newest === null || stamp > newest) newest = stamp
  }
  const last = fresh.at(-1)
  const more = rows.length >= limit && last !== undefined
  const took = Math.max(0, now() - began)
  // What this sweep still comes past, and where the next one will begin.
  const back = overlapMs + (more ? Math.max(took, state.took) : took)
  const horizon = newest === null ? null : earlier(newest, back)
  const kept = Object.entries(told).filter(([, [stamp]]) => horizon === null || stamp >= horizon)
  const place = more ? { at: position(last), began, took: state.took } : { at: null, began: null, took }
  const next: State = { newest, ...place, told: Object.fromEntries(kept) }
  return { items, next: JSON.stringify(next), more }
}

/** The cursor of a sweep that begins at this stamp (less the overlap) instead of at the beginning. */
export function sweepFrom(stamp: string): Cursor {
  return JSON.stringify({ ...BEGINNING, newest: stamp } satisfies State)
}

const BEGINNING: State = { newest: null, took: 0, began: null, at: null, told: {} }

function isAfter(row: Position, from: Position): boolean {
  return row.stamp > from.stamp || (row.stamp === from.stamp && row.id > from.id)
}

function earlier(stamp: string, ms: number): string {
  return new Date(Date.parse(stamp) - ms).toISOString()
}
