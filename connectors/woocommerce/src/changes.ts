import { sweep, type Cursor, type Page, type Position, type Snapshot } from '@linchpin/connector'
import { list, type Session } from './client.ts'
import { gmtOf } from './wire.ts'

// A row is visible as soon as it is saved, but its stamp is taken before the plugins that hang on saving have run.
const OVERLAP_MS = 10_000

export interface Changed<Row extends object> {
  readonly session: Session
  readonly after: Cursor | null
  readonly limit: number
  /** The lists to read, side by side: what is in the trash is in no other list. */
  readonly sources: readonly Source<Row>[]
  readonly position: (row: Row) => Position
  readonly snapshot: (row: Row) => Snapshot<Row>
  readonly isGone: (row: Row) => boolean
}

export interface Source<Row extends object> {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly stampOf: (raw: object) => string
  /** What one row of the list stands for: itself, or a parent its variations. */
  readonly rows: (raws: readonly object[]) => Promise<readonly Row[]>
}

/** What changed since, by `modified_after`; what went to the trash is told as gone. */
export async function changed<Row extends object>(options: Changed<Row>): Promise<Page<Row>> {
  const { session, after, limit, sources, position, snapshot, isGone } = options
  const page = await sweep<Row>({
    after,
    limit,
    overlapMs: OVERLAP_MS,
    now: session.io.now,
    position,
    snapshot,
    fetch: async (from, wanted) => {
      const found: Row[] = []
      for (const source of sources) found.push(...(await readSource(session, source, from, wanted, position)))
      return found
        .filter(row => from === null || isAfter(position(row), from))
        .toSorted((left, right) => (isAfter(position(left), position(right)) ? 1 : -1))
        .slice(0, wanted)
    },
  })
  const items = page.items.map(item =>
    'row' in item && isGone(item.row) ? { id: item.id, gone: true as const } : item,
  )
  return { ...page, items }
}

/**
 * The first `wanted` rows after `from`, and all that share the last one's second. `modified_after` is exclusive at
 * whole seconds, so we ask for one second earlier. The order within a second is not defined, so a second is only told
 * when all of it was read; pages are counted only inside one second, since a row that changes while we read moves to
 * the end and all behind it move up by one.
 */
async function readSource<Row extends object>(
  session: Session,
  source: Source<Row>,
  from: Position | null,
  wanted: number,
  position: (row: Row) => Position,
): Promise<readonly Row[]> {
  const size = Math.min(session.settings.pageSize, wanted + 1)
  const found = new Map<string, Row>()
  let start = from?.stamp ?? null
  let page = 1
  for (;;) {
    const raws = await list<object>(session, source.path, {
      ...source.query,
      orderby: 'modified',
      order: 'asc',
      per_page: size,
      page,
      dates_are_gmt: 'true',
      ...(start !== null && { modified_after: gmtOf(new Date(Date.parse(start) - 1000).toISOString()) }),
    })
    for (const row of await source.rows(raws)) found.set(position(row).id, row)
    const last = raws.at(-1)
    if (!last || raws.length < size) return [...found.values()]
    const reached = source.stampOf(last)
    const whole = [...found.values()].filter(
      row => position(row).stamp < reached && (from === null || isAfter(position(row), from)),
    )
    if (whole.length >= wanted) return whole
    if (start === null || reached > start) [start, page] = [reached, 1]
    else page += 1
  }
}

function isAfter(left: Position, right: Position): boolean {
  return left.stamp > right.stamp || (left.stamp === right.stamp && left.id > right.id)
}

/** Ids are numbers at the remote and compared as texts here. */
export function sortable(id: number): string {
  return String(id).padStart(12, '0')
}
