import { Problem, Unanswered, type Outcome, type Write } from '@linchpin/connector'
import type { Session } from './session.ts'

/**
 * Writes one after the other, so that one that is refused takes no other with it. A trouble of the line is thrown as
 * long as nothing was sent, and is the outcome of its write later; when the work is called off, the rest is not tried.
 */
export async function eachAlone<Row>(
  session: Session,
  writes: readonly Write<Row>[],
  write: (one: Write<Row>) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const one of writes) {
    try {
      if (session.io.signal.aborted)
        throw new Problem('passing', 'The work was called off before this was sent.')
      outcomes.push(await write(one))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (outcomes.length === 0 && !isAboutTheRecord(error)) throw error
      outcomes.push({ key: one.key, is: 'refused', problem: error })
    }
  }
  return outcomes
}

const isAboutTheRecord = (problem: Problem) =>
  ['refused', 'conflict', 'settings', 'surprise'].includes(problem.kind)

/** The outcome of a create call: what was not answered is unknown, what was refused is thrown on. */
export async function creating(
  key: string,
  create: Promise<number>,
): Promise<{ id: string } | Extract<Outcome, { is: 'unknown' }>> {
  try {
    return { id: String(await create) }
  } catch (error) {
    if (error instanceof Unanswered) return { key, is: 'unknown', problem: error }
    throw error
  }
}

/** The record is there; what follows may fail without making that untrue. */
export async function restOf(work: Promise<Problem | null>): Promise<Problem | null> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** The record's version as `get` tells it now; null when it cannot be read. */
export async function versionOf(
  session: Session,
  id: string,
  get: (session: Session, ids: readonly string[]) => Promise<readonly { version: string }[]>,
): Promise<string | null> {
  if (session.io.signal.aborted) return null
  const shots = await get(session, [id]).catch((error: unknown) => {
    if (error instanceof Problem) return []
    throw error
  })
  return shots[0]?.version ?? null
}

/** 'shop/SalesOrder/1042' as people can read it in Tryton, and as it can be searched: 'shop/1042'. */
export function shortKey(key: string): string {
  const [connection, , ...rest] = key.split('/')
  return rest.length === 0 ? key : `${connection}/${rest.join('/')}`
}
