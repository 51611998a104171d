import { Problem, Unanswered } from './problem.ts'

/**
 * What is missing is made. Two workers can find it missing at the same moment, and where its name is unique only one of
 * them makes it: the other is refused, looks again, and takes what is there.
 */
export async function findOrMake<Found>(
  find: () => Promise<Found | null>,
  make: () => Promise<Found>,
): Promise<Found> {
  const there = await find()
  if (there !== null) return there
  try {
    return await make()
  } catch (error) {
    const lost = error instanceof Problem && !(error instanceof Unanswered) && REFUSED.has(error.kind)
    const theirs = lost ? await find() : null
    if (theirs === null) throw error
    return theirs
  }
}

const REFUSED = new Set(['refused', 'conflict'])
