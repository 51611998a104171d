import {
  Problem,
  sweep,
  type Cursor,
  type Outcome,
  type Page,
  type Snapshot,
  type Write,
} from '@linchpin/connector'
import { z } from 'zod'
import { call, type Session } from './client.ts'

/** What all of Memory's records have. */
export interface Row {
  readonly id: string
  readonly changed: string
  readonly revision: number
  readonly removed: boolean
}

/** Memory commits within a minute of the stamp that it gives. */
const overlapMs = 60_000

/** Everything that changed, from one of Memory's lists: '/orders'. Memory keeps a tombstone of what was removed. */
export async function changesOf<Each extends Row>(
  session: Session,
  list: string,
  schema: z.ZodType<Each>,
  after: Cursor | null,
  limit: number,
): Promise<Page<Each>> {
  const page = await sweep<Each>({
    after,
    limit,
    overlapMs,
    now: session.io.now,
    fetch: (from, count) => {
      const query = new URLSearchParams({ limit: String(count) })
      if (from !== null) query.set('from', from.stamp)
      if (from !== null) query.set('after', from.id)
      return call(session, `${list}?${query}`, z.array(schema))
    },
    position: row => ({ stamp: row.changed, id: row.id }),
    snapshot: snapshotOf,
  })
  return {
    ...page,
    items: page.items.map(item => ('row' in item && item.row.removed ? { id: item.id, gone: true } : item)),
  }
}

export async function getFrom<Each extends Row>(
  session: Session,
  list: string,
  schema: z.ZodType<Each>,
  ids: readonly string[],
): Promise<readonly Snapshot<Each>[]> {
  if (ids.length === 0) return []
  const rows = await call(session, `${list}?ids=${ids.map(encodeURIComponent).join(',')}`, z.array(schema))
  return rows.filter(row => !row.removed).map(snapshotOf)
}

/**
 * One write after the other: Memory has no bulk call. What was not yet sent when we are called off, says so; and once we
 * are told to wait, the rest is not sent at all.
 */
export async function writeTo<Each extends Row>(
  session: Session,
  list: string,
  schema: z.ZodType<Each>,
  writes: readonly Write<object>[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  let wait: Problem | null = null
  for (const write of writes) {
    const outcome: Outcome = wait
      ? { key: write.key, is: 'refused', problem: wait }
      : await writeOne(session, list, schema, write)
    if (outcome.is === 'refused' && outcome.problem.kind === 'busy') wait = outcome.problem
    outcomes.push(outcome)
  }
  return outcomes
}

async function writeOne<Each extends Row>(
  session: Session,
  list: string,
  schema: z.ZodType<Each>,
  { key, id, row }: Write<object>,
): Promise<Outcome> {
  if (session.io.signal.aborted) return { key, is: 'refused', problem: calledOff() }
  try {
    const stored =
      id === null
        ? await call(session, list, schema, {
            method: 'POST',
            body: { ...row, reference: key },
            idempotencyKey: key,
          })
        : await call(session, `${list}/${encodeURIComponent(id)}`, schema, { method: 'PATCH', body: row })
    return { key, is: 'applied', id: stored.id, version: versionOf(stored) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { key, is: leftOpen(error) ? 'unknown' : 'refused', problem: error }
  }
}

/** After a broken line, a 5xx or an answer that is no answer, the record may be there or not. */
const leftOpen = ({ kind }: Problem): boolean => kind === 'passing' || kind === 'surprise'

const calledOff = () => new Problem('passing', 'The work was called off before this was sent.')

/** Memory counts the revisions of each record. */
const versionOf = (row: Row): string => String(row.revision)

function snapshotOf<Each extends Row>(row: Each): Snapshot<Each> {
  return { id: row.id, version: versionOf(row), row }
}
