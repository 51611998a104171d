import { Problem, Unanswered, type Outcome, type Write } from '@linchpin/connector'

/** One write's outcome from one piece of work: what was surely not done is refused, what may have been is unknown. */
export async function outcomeOf(
  write: Write<unknown>,
  work: () => Promise<Omit<Extract<Outcome, { is: 'applied' }>, 'key' | 'is'>>,
): Promise<Outcome> {
  const { key } = write
  try {
    return { key, is: 'applied', ...(await work()) }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    return { key, is: problem instanceof Unanswered ? 'unknown' : 'refused', problem }
  }
}

/** One after the other. After the first that the whole connection is to blame for, the rest is not even tried. */
export async function oneByOne<Row>(
  writes: readonly Write<Row>[],
  work: (write: Write<Row>) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let stopped: Problem | null = null
  for (const write of writes) {
    const outcome: Outcome = stopped
      ? { key: write.key, is: 'refused', problem: notTried(stopped) }
      : await work(write)
    if (outcome.is !== 'applied' && !ofRecord.has(outcome.problem.kind)) stopped = outcome.problem
    outcomes.push(outcome)
  }
  return outcomes
}

const ofRecord: ReadonlySet<string> = new Set(['refused', 'conflict', 'surprise'])

function notTried(problem: Problem): Problem {
  const wait = problem.retryAfterMs === null ? {} : { retryAfterMs: problem.retryAfterMs }
  return new Problem(problem.kind, `Not tried, because the write before it failed: ${problem.message}`, wait)
}
