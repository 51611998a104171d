import { sweep, type Cursor, type Page, type Position, type Snapshot } from '@linchpin/connector'
import { z } from 'zod'
import { searchRead, type Domain, type Session } from './session.ts'
import { wire } from './wire.ts'

/**
 * Where changes of an entity show. Tryton stamps each row of each table for itself: an order does not move when one of
 * its lines, stock moves or invoices does, so these are swept too and name the record that they belong to.
 */
export interface Source {
  readonly model: string
  /** The relation whose stamps count, '' for the row's own: 'template' for products. */
  readonly via?: string
  readonly where?: Domain
  /** The field that names the record; the row itself when left out. */
  readonly target?: string
}

/** A row of a source: the record `target` moved at `stamp`. Null when the row belongs to no record of ours. */
interface Pointer {
  readonly stamp: string
  /** Which source and row: breaks ties in one fixed order. */
  readonly tie: string
  readonly target: string
}

interface Plan<Row> {
  /** The first is the entity's own table; the others are swept from the first reading on. */
  readonly sources: readonly [Source, ...Source[]]
  /** Turns what `target` answered into record ids, in the same order. Ids as texts when left out. */
  readonly resolve?: (
    session: Session,
    source: Source,
    values: readonly unknown[],
  ) => Promise<readonly (string | null)[]>
  readonly get: (session: Session, ids: readonly string[]) => Promise<readonly Snapshot<Row>[]>
}

/** In the order of `COALESCE(write_date, create_date)`: write_date is NULL until the first edit. */
export function changesOf<Row>(plan: Plan<Row>) {
  return async (session: Session, after: Cursor | null, limit: number): Promise<Page<Row>> => {
    const state = CURSOR.parse(after === null ? { since: null, inner: null } : JSON.parse(after))
    const since = state.since ?? (await begin(session, plan.sources))
    const snapshots = new Map<string, Snapshot<Row>>()
    const page = await sweep<Pointer>({
      after: state.inner,
      limit,
      overlapMs: session.settings.overlapMinutes * 60_000,
      now: session.io.now,
      fetch: async (from, count) => {
        const pointers = await nextPointers(session, plan, since, from, count)
        const targets = [...new Set(pointers.map(pointer => pointer.target))]
        for (const shot of await plan.get(session, targets)) snapshots.set(shot.id, shot)
        return pointers
      },
      position: ({ stamp, tie }) => ({ stamp, id: tie }),
      // A record that is gone by now, or none of ours, is told under an id that no record has, and dropped below.
      snapshot: row => ({ id: row.target, version: snapshots.get(row.target)?.version ?? 'none', row }),
    })
    const told = [...new Set(page.items.map(item => item.id))]
    const items = told.flatMap(id => snapshots.get(id) ?? [])
    return { items, next: JSON.stringify({ since, inner: page.next }), more: page.more }
  }
}

/** The sources beside the entity's own matter from now on: the newest stamp of each, less the overlap. */
async function begin(session: Session, [, ...others]: readonly Source[]): Promise<string> {
  if (others.length === 0) return ''
  const stamps = await Promise.all(
    others.flatMap(source => stampFields(source).map(field => newest(session, source, field))),
  )
  const latest = stamps.toSorted().at(-1) ?? ''
  if (latest === '') return ''
  return new Date(Date.parse(latest) - session.settings.overlapMinutes * 60_000).toISOString()
}

async function newest(session: Session, source: Source, field: string): Promise<string> {
  const where = [...(source.where ?? []), [field, '!=', null]]
  const [row] = await searchRead(session, source.model, ROWS, {
    where,
    fields: [field],
    order: [[field, 'DESC']],
    limit: 1,
  })
  return row === undefined ? '' : stampOf(row, field)
}

async function nextPointers<Row>(
  session: Session,
  plan: Plan<Row>,
  since: string,
  from: Position | null,
  limit: number,
): Promise<readonly Pointer[]> {
  const lists = await Promise.all(
    plan.sources.flatMap((source, index) =>
      stampFields(source).map(async (field, half) => {
        const start = index === 0 ? from : later(from, since)
        return streamOf(
          session,
          plan,
          source,
          { field, never: half === 1, order: index * 2 + half },
          start,
          limit,
        )
      }),
    ),
  )
  return lists.flat().toSorted(inOrder).slice(0, limit)
}

interface Stream {
  readonly field: string
  /** Of rows that were never edited, by their creation. */
  readonly never: boolean
  readonly order: number
}

async function streamOf<Row>(
  session: Session,
  plan: Plan<Row>,
  source: Source,
  stream: Stream,
  from: Position | null,
  limit: number,
): Promise<readonly Pointer[]> {
  const { field, never, order } = stream
  const unedited = never ? [[field.replace('create_date', 'write_date'), '=', null]] : [[field, '!=', null]]
  const where = [...(source.where ?? []), ...unedited, ...afterwards(field, order, from)]
  const fields = [field, ...(source.target === undefined ? [] : [source.target])]
  const sorting = [
    [field, 'ASC'],
    ['id', 'ASC'],
  ] as const
  const rows = await searchRead(session, source.model, ROWS, { where, fields, order: sorting, limit })
  const values = rows.map(row => (source.target === undefined ? row.id : row[source.target]))
  const targets = plan.resolve ? await plan.resolve(session, source, values) : values.map(textOf)
  return rows.map((row, index) => ({
    stamp: stampOf(row, field),
    tie: tieOf(order, row.id),
    target: targets[index] ?? '',
  }))
}

/** Rows that stand after a position in the order of stamp, then source, then id. */
function afterwards(field: string, order: number, from: Position | null): Domain {
  if (from === null) return []
  const stamp = wire.datetime(from.stamp)
  const [theirs = -1, id = 0] = from.id === '' ? [] : from.id.split(':').map(Number)
  if (order > theirs) return [[field, '>=', stamp]]
  if (order < theirs) return [[field, '>', stamp]]
  return [
    [
      'OR',
      [field, '>', stamp],
      [
        [field, '=', stamp],
        ['id', '>', id],
      ],
    ],
  ]
}

const later = (from: Position | null, since: string): Position | null =>
  since === '' || (from !== null && from.stamp > since) ? from : { stamp: since, id: '' }

const stampFields = ({ via }: Source) =>
  ['write_date', 'create_date'].map(name => (via ? `${via}.${name}` : name))
const tieOf = (order: number, id: number) =>
  `${String(order).padStart(2, '0')}:${String(id).padStart(10, '0')}`
const inOrder = (left: Pointer, right: Pointer) =>
  left.stamp === right.stamp ? compare(left.tie, right.tie) : compare(left.stamp, right.stamp)
const compare = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)
const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null

function stampOf(row: Readonly<Record<string, unknown>>, field: string): string {
  const [relation = '', name] = field.split('.')
  const value = name === undefined ? row[relation] : (row[relation] as Record<string, unknown> | null)?.[name]
  return z.string().parse(value)
}

const ROWS = z.array(z.looseObject({ id: z.int() }))
const CURSOR = z.object({ since: z.string().nullable(), inner: z.string().nullable() })
