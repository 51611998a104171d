import { Problem, Unanswered, type Outcome, type Write } from '@linchpin/connector'
import type { Session } from './client.ts'

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
      const isOpen = error instanceof Unanswered
      if (outcomes.length === 0 && !isOpen && !isAboutTheRecord(error)) throw error
      outcomes.push({ key: one.key, is: isOpen ? 'unknown' : 'refused', problem: error })
    }
  }
  return outcomes
}

const isAboutTheRecord = (problem: Problem) =>
  ['refused', 'conflict', 'settings', 'surprise'].includes(problem.kind)

/** A step before anything was made: a lost answer to it leaves nothing open, since repeating it changes nothing. */
export async function before<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Unanswered) throw new Problem(error.kind, error.message, { cause: error.cause })
    throw error
  }
}

/** The record is there; what follows may fail without making that untrue. */
export async function restOf<T>(work: Promise<T>): Promise<T | Problem> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}
