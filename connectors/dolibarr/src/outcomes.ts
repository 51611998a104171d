import { Unanswered } from '@linchpin/connector'
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
