import type { Cursor, Page, Snapshot } from '@linchpin/connector'
import { z } from 'zod'
import type { Row } from './client.ts'
import { idOf } from './rows.ts'
import type { Session } from './session.ts'

/** A list whose `tms` tells that records of ours changed. */
export interface Source {
  readonly path: string
  readonly where?: string
  /** The ids of our records that these rows concern; the rows' own when left out. */
  readonly of?: (session: Session, rows: readonly Row[]) => Promise<readonly string[]>
}

interface Read<R extends Row> {
  readonly after: Cursor | null
  readonly limit: number
  readonly get: (session: Session, ids: readonly string[]) => Promise<readonly Snapshot<R>[]>
}

const cursor = z.object({
  /** Dolibarr's clock when the sweep before this one began. */
  since: z.string().nullable(),
  /** The same of this one. */
  begun: z.string().nullable(),
  source: z.number(),
  /** The last rowid that was met in it. */
  at: z.number(),
  /** Whether its end was met. */
  ended: z.boolean(),
  /** Ids that are still to be told. */
  pending: z.array(z.string()),
})
type State = z.infer<typeof cursor>
const START: State = { since: null, begun: null, source: 0, at: 0, ended: false, pending: [] }

/**
 * A sweep reads all that changed since the one before it began, less the overlap, by rowid: a key that nobody moves,
 * so no page boundary can lose a row, and a row that changes meanwhile is met by the next sweep. `tms` is the
 * statement's time in whole seconds, and shipments do not even show it; this needs no stamp of any row.
 */
export async function changesOf<R extends Row>(
  session: Session,
  [first, ...others]: readonly [Source, ...Source[]],
  { after, limit, get }: Read<R>,
): Promise<Page<R>> {
  const state = after === null ? START : cursor.parse(JSON.parse(after))
  // What the other lists tell is part of the records that a first sweep reads anyway.
  const sources = state.since === null ? [first] : [first, ...others]
  const found = state.pending.length > 0 ? state : await nextIds(session, sources, state, limit)
  const items = await get(session, found.pending.slice(0, limit))
  const next = following({ ...found, pending: found.pending.slice(limit) }, sources.length)
  return { items, next: JSON.stringify(next), more: next.begun !== null }
}

async function nextIds(
  session: Session,
  sources: readonly Source[],
  state: State,
  limit: number,
): Promise<State> {
  const source = sources[state.source] as Source
  const filters = [
    ...(state.since === null ? [] : [`(t.tms:>=:'${localTime(session, state.since)}')`]),
    ...(state.at === 0 ? [] : [`(t.rowid:>:${state.at})`]),
    ...(source.where === undefined ? [] : [source.where]),
  ]
  const rows = await session.client.list(source.path, {
    sortfield: 't.rowid',
    sortorder: 'ASC',
    limit,
    ...(filters.length > 0 && { sqlfilters: filters.join(' and ') }),
  })
  const begun = state.begun ?? new Date(session.client.serverNow()).toISOString()
  const ids = source.of ? await source.of(session, rows) : rows.map(idOf)
  const last = rows.at(-1)
  return {
    ...state,
    begun,
    at: last ? Number(idOf(last)) : state.at,
    ended: rows.length < limit,
    pending: [...new Set(ids)],
  }
}

function following(state: State, sources: number): State {
  if (state.pending.length > 0 || !state.ended) return state
  if (state.source + 1 < sources) return { ...state, source: state.source + 1, at: 0, ended: false }
  return { ...START, since: state.begun }
}

/** The instant, less the overlap, in the server's own time as its filters take it: '20261125023306'. */
function localTime({ settings }: Session, instant: string): string {
  const from = Date.parse(instant) - settings.overlapMinutes * 60_000
  return stampIn(from, settings.timeZone)
}

export function stampIn(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(ms)
  const part = (type: string) => parts.find(each => each.type === type)?.value ?? ''
  return ['year', 'month', 'day', 'hour', 'minute', 'second'].map(part).join('')
}
