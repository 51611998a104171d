import { Problem, type Cursor, type Page, type Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { call, type Session } from './client.ts'

/**
 * Reads a view of metasfresh's database the way metasfresh itself offers it: a process of type PostgREST, whose answer
 * is the view's rows (PostgRESTProcessExecutor; POST /processes/{value}/invoke).
 */
export type ProcessName = keyof Session['settings']['processes']
export type Parameters = Readonly<Record<string, string | number>>

export async function invoke<Row>(
  session: Session,
  name: ProcessName,
  shape: z.ZodType<Row>,
  parameters: Parameters,
): Promise<readonly Row[]> {
  const process = session.settings.processes[name]
  if (process === null)
    throw new Problem('settings', `This metasfresh has no process to read ${name} with (processes.${name}).`)
  const processParameters = Object.entries(parameters).map(([each, value]) => ({
    name: each,
    value: String(value),
  }))
  const rows = await call(session, `/processes/${encodeURIComponent(process)}/invoke`, z.array(shape), {
    method: 'POST',
    body: { processParameters },
    reads: true,
  })
  if (rows !== null) return rows
  throw new Problem(
    'settings',
    `metasfresh has no process ${process}. Install it (see views/ of the connector), or set processes.${name} to null.`,
  )
}

interface State {
  /** Where this sweep began: a stamp as metasfresh writes it, in its own time. */
  readonly since: string | null
  readonly offset: number
  /** The newest stamp that was met. */
  readonly newest: string | null
  /** When this sweep began, by our clock; null before its first page. */
  readonly began: number | null
}

const BEGINNING: State = { since: null, offset: 0, newest: null, began: null }

/** The beginning of time, for views whose process takes no other way of asking for everything. */
const ALWAYS = '1970-01-01 00:00:00'

/**
 * What changed, from a process with UpdatedGE, Limit and Offset. Its stamps are the server's local time without a zone,
 * so they are only compared with each other, never with ours; each sweep begins `overlapMs` before the newest, and as much
 * earlier as the last one took: a view may tell the newest last, and what was committed late meanwhile, behind the place
 * that a sweep of many pages had come to, would else be too old for the next one.
 */
export async function changesIn<Row extends { readonly Updated?: string | null | undefined }>(
  session: Session,
  name: ProcessName,
  options: {
    readonly shape: z.ZodType<Row>
    readonly overlapMs: number
    readonly snapshot: (rows: readonly Row[]) => Promise<readonly Snapshot<object>[]>
  },
  after: Cursor | null,
  limit: number,
): Promise<Page<object>> {
  const state: State = { ...BEGINNING, ...(after !== null && (JSON.parse(after) as Partial<State>)) }
  const began = state.began ?? session.io.now()
  const parameters = { UpdatedGE: spaced(state.since), Limit: limit, Offset: state.offset }
  const rows = await invoke(session, name, options.shape, parameters)
  if (rows.length > limit)
    throw new Problem(
      'settings',
      `The process for ${name} answers ${rows.length} rows where ${limit} were asked for. It needs Limit and Offset; see views/ of the connector.`,
    )
  // A view that tells no stamp is read whole each time.
  const stamps = rows.flatMap(row => row.Updated?.slice(0, 23) ?? [])
  const newest = stamps.reduce<string | null>(later, state.newest ?? state.since)
  const more = rows.length === limit
  const back = options.overlapMs + Math.max(0, session.io.now() - began)
  const next: State = more
    ? { since: state.since, offset: state.offset + limit, newest, began }
    : { ...BEGINNING, since: newest === null ? null : earlier(newest, back) }
  return { items: await options.snapshot(rows), next: JSON.stringify(next), more }
}

export function snapshotOf<Row extends object>(id: string, row: Row): Snapshot<Row> {
  return { id, version: contentHash(row), row }
}

const later = (left: string | null, right: string): string | null =>
  left === null || right > left ? right : left

/** Reckons with a local time as if it were UTC: only the distance counts. */
const earlier = (stamp: string, ms: number) =>
  new Date(Date.parse(`${stamp.slice(0, 19)}Z`) - ms).toISOString().slice(0, 19)

/** 'YYYY-MM-DD HH:mm:ss', the one writing that process parameters take; the rows come with a T. */
const spaced = (stamp: string | null) => (stamp === null ? ALWAYS : stamp.replace('T', ' ').slice(0, 19))
