import { Problem, sweep, type Cursor, type Page, type Position, type Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { searchRead, type Domain, type Row, type Session } from './client.ts'

/** One model whose write_date tells that records of ours changed. */
export interface Source {
  readonly model: string
  readonly domain?: Domain
  /** Fields that `of` needs. */
  readonly fields?: readonly string[]
  /** The ids of our records that these rows concern, one list a row; the row's own id when left out. */
  readonly of?: (session: Session, rows: readonly Row[]) => Promise<readonly (readonly number[])[]>
  /** A model that not every user may read, or that needs a module: skipped then. */
  readonly optional?: true
}

interface Read<R extends Row> {
  readonly after: Cursor | null
  readonly limit: number
  /** The rows of these records as they are now. */
  readonly rows: (session: Session, ids: readonly number[]) => Promise<readonly R[]>
}

/**
 * Sweeps several models one after the other, since most of our records are spread over some: the name of a variant is
 * in its template, its stock in quants and moves. The first sweep runs over all of each, so a record may come twice.
 */
export async function changesOf<R extends Row>(
  session: Session,
  sources: readonly Source[],
  { after, limit, rows }: Read<R>,
): Promise<Page<R>> {
  const state =
    after === null ? { at: 0, cursors: [] } : (JSON.parse(after) as { at: number; cursors: string[] })
  const source = sources[state.at] as Source
  const page = await sweepOne(session, source, { after: state.cursors[state.at] ?? null, limit, rows })
  const cursors = sources.map((_, index) =>
    index === state.at ? (page?.next ?? '') : (state.cursors[index] ?? ''),
  )
  const at = page?.more ? state.at : state.at + 1
  const more = at < sources.length
  return { items: page?.items ?? [], next: JSON.stringify({ at: more ? at : 0, cursors }), more }
}

interface Hit {
  readonly position: Position
  readonly id: number
  readonly row: Row | undefined
}

async function sweepOne<R extends Row>(
  session: Session,
  source: Source,
  { after, limit, rows }: Read<R>,
): Promise<Page<R> | null> {
  const found = new Map<number, R>()
  try {
    const page = await sweep<Hit>({
      after: after === '' ? null : after,
      limit,
      overlapMs: session.settings.overlapMinutes * 60_000,
      now: session.io.now,
      fetch: async (from, count) => {
        const hits = await hitsAfter(session, source, from, count)
        const ids = [...new Set(hits.map(hit => hit.id))]
        for (const row of await rows(session, ids)) found.set(row.id, row)
        return hits
      },
      position: hit => hit.position,
      // A hit that concerns no record of ours keeps its place in the sweep and is left out below.
      snapshot: hit => {
        const row = found.get(hit.id)
        const version = row ? versionOf(row) : ''
        return { id: String(hit.id), version, row: { ...hit, row } }
      },
    })
    const items = page.items.flatMap(item =>
      'gone' in item ? [] : snapshotIn(item.row.row as R | undefined),
    )
    return { ...page, items }
  } catch (error) {
    if (source.optional && error instanceof Problem && (error.kind === 'login' || error.kind === 'settings'))
      return null
    throw error
  }
}

function snapshotIn<R extends Row>(row: R | undefined): Snapshot<R>[] {
  return row ? [snapshotOf(row)] : []
}

export function snapshotOf<R extends Row>(row: R): Snapshot<R> {
  return { id: String(row.id), version: versionOf(row), row }
}

/** Whole seconds cannot tell two changes of one second apart, so the content is the version. */
export function versionOf(row: Row): string {
  return contentHash(row)
}

/**
 * The API tells whole seconds while the database orders by microseconds, so `write_date, id` is not the order that we
 * see. Within a second we read by id, and only whole seconds by stamp.
 */
async function hitsAfter(
  session: Session,
  source: Source,
  from: Position | null,
  limit: number,
): Promise<Hit[]> {
  const rows: Row[] = []
  const inSecond = (second: string, fromId: number, count: number) =>
    ask(session, source, [...within(second), ['id', '>=', fromId]], 'id', count)
  // One more than wanted: the row where we stopped may have nothing left to tell.
  if (from !== null) rows.push(...(await inSecond(odooTime(from.stamp), rowOf(from), limit + 1)))
  if (rows.length <= limit) {
    const wanted = limit + 1 - rows.length
    const since: Domain =
      from === null ? [['write_date', '!=', false]] : [['write_date', '>=', odooTime(from.stamp, 1000)]]
    const later = await ask(session, source, since, 'write_date, id', wanted)
    const last = later.at(-1)
    if (last && later.length === wanted) {
      const whole = later.filter(row => row['write_date'] !== last['write_date'])
      rows.push(...whole.toSorted(bySecondThenId))
      rows.push(...(await inSecond(String(last['write_date']), 0, wanted - whole.length)))
    } else rows.push(...later.toSorted(bySecondThenId))
  }
  const concerned = source.of ? await source.of(session, rows) : rows.map(row => [row.id])
  return rows
    .flatMap((row, index) => hitsOf(row, concerned[index] ?? []))
    .filter(hit => from === null || isAfter(hit.position, from))
    .slice(0, limit)
}

/** A row that concerns several of our records (a template its variants) is one hit for each. */
function hitsOf(row: Row, ids: readonly number[]): Hit[] {
  const stamp = isoTime(String(row['write_date']))
  const concerned = ids.length === 0 ? [0] : [...new Set(ids)].toSorted((a, b) => a - b)
  return concerned.map(each => ({
    position: { stamp, id: `${padded(row.id)}.${padded(each)}` },
    id: each,
    row: undefined,
  }))
}

const padded = (id: number) => String(id).padStart(15, '0')
const rowOf = (position: Position) => Number(position.id.split('.')[0])

function isAfter(row: Position, from: Position): boolean {
  return row.stamp > from.stamp || (row.stamp === from.stamp && row.id > from.id)
}

async function ask(
  session: Session,
  source: Source,
  since: Domain,
  order: string,
  limit: number,
): Promise<Row[]> {
  return searchRead(session, source.model, {
    domain: [...(source.domain ?? []), ...since],
    fields: ['write_date', ...(source.fields ?? [])],
    order,
    limit,
    // Archived records are changes too.
    context: { active_test: false },
  })
}

function within(second: string): Domain {
  return [
    ['write_date', '>=', second],
    ['write_date', '<', odooTime(isoTime(second), 1000)],
  ]
}

function bySecondThenId(left: Row, right: Row): number {
  const a = String(left['write_date'])
  const b = String(right['write_date'])
  return a === b ? left.id - right.id : a < b ? -1 : 1
}

/** '2026-11-23 10:15:00' as '2026-11-23T10:15:00.000Z', as `sweep` writes its instants. */
function isoTime(stamp: string): string {
  return `${stamp.slice(0, 10)}T${stamp.slice(11, 19)}.000Z`
}

/** An instant as Odoo wants it: UTC without saying so. */
export function odooTime(instant: string, plusMs = 0): string {
  return new Date(Date.parse(instant) + plusMs).toISOString().slice(0, 19).replace('T', ' ')
}

/** Of each row, the ids of the records that `field` (a many2one, or a list) names. */
export function idsIn(field: string): NonNullable<Source['of']> {
  return async (_, rows) => rows.map(row => idsOf(row[field]))
}

export function idsOf(value: unknown): number[] {
  if (!Array.isArray(value)) return []
  // [7, 'Mug'] is a many2one, [7, 8] a list of ids.
  return typeof value[1] === 'string' ? [value[0] as number] : (value as number[])
}

/** The id and the name of a many2one. */
export function idOf(value: unknown): number | null {
  return idsOf(value)[0] ?? null
}
