import { Problem, Unanswered } from '@linchpin/connector'

/** A step before anything was made: a lost answer to it leaves nothing open, since repeating it changes nothing. */
export async function before<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Unanswered) throw new Problem(error.kind, error.message, { cause: error.cause })
    throw error
  }
}
