import { Problem, Unanswered, type Outcome, type Write } from '@linchpin/connector'

/** One write after the other. Trouble before anything was sent is thrown; after that each write has its outcome. */
export async function writeEach<Row>(
  writes: readonly Write<Row>[],
  signal: AbortSignal,
  one: (write: Write<Row>) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const write of writes) {
    try {
      if (signal.aborted) throw new Problem('passing', 'The work was called off before this was sent.')
      outcomes.push(await one(write))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (outcomes.length === 0 && !isOfTheRecord(error)) throw error
      outcomes.push(outcomeOf(write.key, error))
    }
  }
  return outcomes
}

export function outcomeOf(key: string, problem: Problem): Outcome {
  return { key, is: problem instanceof Unanswered ? 'unknown' : 'refused', problem }
}

function isOfTheRecord(problem: Problem): boolean {
  return problem instanceof Unanswered || ['refused', 'conflict', 'surprise'].includes(problem.kind)
}

/** The record is there; what went wrong after that is told beside it. */
export async function restOf(work: () => Promise<void>): Promise<{ rest?: Problem }> {
  try {
    await work()
    return {}
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { rest: error }
  }
}
