import { Problem, Unanswered } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { idOf, isId, rowsSaying } from './rows.ts'
import type { Session } from './session.ts'

/** Makes a record: Dolibarr answers its id alone. */
export async function create(session: Session, path: string, body: object): Promise<string> {
  const answer = ID.safeParse(await session.client.send('POST', path, body))
  if (answer.success) return String(answer.data)
  throw new Unanswered('surprise', `Dolibarr did not answer the id of what POST ${path} made.`)
}
const ID = z.union([z.number(), z.string()]).refine(id => isId(String(id)))

/** The record is there; what follows may fail without making that untrue. */
export async function restOf(work: Promise<Problem | null>): Promise<Problem | null> {
  try {
    return await work
  } catch (error) {
    // An update says what the record shall be, so a lost answer to one is only a trouble that passes.
    if (error instanceof Problem) return error
    throw error
  }
}

/** The record as `get` tells it now; null when it cannot be read. */
export async function shotNow<Shot extends { readonly version: string }>(
  session: Session,
  id: string,
  get: (session: Session, ids: readonly string[]) => Promise<readonly Shot[]>,
): Promise<Shot | null> {
  if (session.io.signal.aborted) return null
  const shots = await get(session, [id]).catch((error: unknown) => {
    if (error instanceof Problem) return []
    throw error
  })
  return shots[0] ?? null
}

/**
 * Our key as it stands in `ref_ext`, in signs that a filter can hold. Nothing keeps `ref_ext` unique: two records may
 * carry one, and the oldest is ours.
 */
export function externalRef(key: string): string {
  if (/^[\w./-]{1,200}$/.test(key)) return key
  return `${key.replace(/[^\w./-]+/g, '-').slice(0, 150)}-${contentHash(key).slice(0, 12)}`
}

export async function findByRef(
  session: Session,
  path: string,
  writes: readonly { readonly key: string }[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { key } of writes) {
    const ref = externalRef(key)
    const [row] = await rowsSaying(session, path, 'ref_ext', ref, each => each['ref_ext'] === ref)
    if (row) found.set(key, idOf(row))
  }
  return found
}

/** How long a create may still be on its way to Dolibarr, whose PHP usually ends a request after 30 s. */
export const SETTLE_MS = 35_000
