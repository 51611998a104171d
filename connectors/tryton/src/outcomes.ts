import { Problem, Unanswered, type Outcome } from '@linchpin/connector'
import type { Session } from './session.ts'

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
