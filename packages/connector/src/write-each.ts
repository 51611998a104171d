import type { Io, Outcome, Write } from './connector.ts'
import { Problem, Unanswered } from './problem.ts'

/**
 * One write after the other. Trouble before anything was sent is thrown; after that each write has its outcome. When the
 * whole connection is to blame, the rest is not even tried.
 */
export async function writeEach<Row>(
  writes: readonly Write<Row>[],
  signal: AbortSignal,
  one: (write: Write<Row>) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let stopped: Problem | null = null
  for (const write of writes) {
    try {
      if (signal.aborted) throw new Problem('passing', 'The work was called off before this was sent.')
      if (stopped) throw notTried(stopped)
      outcomes.push(await one(write))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (outcomes.length === 0 && !isOfTheRecord(error)) throw error
      if (!isOfTheRecord(error)) stopped ??= error
      outcomes.push(outcomeOf(write.key, error))
    }
  }
  return outcomes
}

/** Looks for each of these creates by its row or key, one after the other: what `find` of a writer answers. */
export async function findEach<Row>(
  writes: readonly Write<Row>[],
  one: (row: Row, key: string) => Promise<string | null | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { key, row } of writes) {
    const id = await one(row, key)
    if (id) found.set(key, id)
  }
  return found
}

/** What may have been done is unknown, what surely was not is refused. */
export function outcomeOf(key: string, problem: Problem): Outcome {
  return { key, is: problem instanceof Unanswered ? 'unknown' : 'refused', problem }
}

function isOfTheRecord(problem: Problem): boolean {
  return problem instanceof Unanswered || ['refused', 'conflict', 'surprise'].includes(problem.kind)
}

/** The record is there; what went wrong after that is told beside it. */
export async function restOf(work: () => Promise<unknown>): Promise<{ rest?: Problem }> {
  const rest = await orProblem(work())
  return rest instanceof Problem ? { rest } : {}
}

/** What came of it, or the Problem that it ended in: what follows a write may fail without making that untrue. */
export async function orProblem<Value>(work: Promise<Value>): Promise<Value | Problem> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** The record as `get` tells it now; null when it cannot be read, or the work was called off. */
export async function shotNow<Session extends { readonly io: Pick<Io, 'signal'> }, Shot>(
  session: Session,
  id: string,
  get: (session: Session, ids: readonly string[]) => Promise<readonly Shot[]>,
): Promise<Shot | null> {
  if (session.io.signal.aborted) return null
  const shots = await orProblem(get(session, [id]))
  return shots instanceof Problem ? null : (shots[0] ?? null)
}

function notTried({ kind, message, retryAfterMs }: Problem): Problem {
  const wait = retryAfterMs === null ? {} : { retryAfterMs }
  return new Problem(kind, `Not tried, because the write before it failed: ${message}`, wait)
}
