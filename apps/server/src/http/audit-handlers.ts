import type { ApiKeyAnswer, Right } from '@linchpin/api'
import {
  addApiKey,
  apiKeys,
  audit,
  auditBroken,
  revokeApiKey,
  type ApiKey,
  type AuditEntry,
} from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { digestOf, KEY_MARK, newId, newToken } from '../people/tokens.ts'
import { checkMayGive } from './give.ts'
import type { PeopleHandlers } from './people-handlers.ts'
import { iso, isoOrNull } from './status.ts'

type Kept = 'apiKeys' | 'addApiKey' | 'revokeApiKey' | 'audit' | 'verifyAudit'

const DAY_MS = 24 * 60 * 60 * 1000

/** Keys for programs, and what is written down about everybody. */
export function keysAndAudit(linchpin: () => Linchpin): Pick<PeopleHandlers, Kept> {
  return {
    apiKeys: async () => ({ keys: (await apiKeys(linchpin().db)).map(keyAnswer) }),
    addApiKey: async ({ name, rights, days }, { actor }) => {
      checkMayGive(rights, actor)
      const { db, wall: now } = linchpin()
      const key = KEY_MARK + newToken()
      const expiresAt = days === undefined ? null : now() + days * DAY_MS
      const made = { id: newId(), name, rights, hint: key.slice(0, 9), madeBy: actor.name, expiresAt }
      await addApiKey(db, { ...made, digest: digestOf(key) }, now())
      return { id: made.id, key }
    },
    revokeApiKey: async ({ id }) => {
      const { db, wall: now } = linchpin()
      return { done: await revokeApiKey(db, id, now()) }
    },
    audit: async ({ limit, ...filter }) => {
      const found = await audit(linchpin().db, { ...filter, limit: limit + 1 })
      const entries = found.slice(0, limit)
      const next = found.length > limit ? (entries.at(-1)?.seq ?? null) : null
      return { entries: entries.map(entryAnswer), next }
    },
    verifyAudit: async () => {
      const { rows, broken } = await auditBroken(linchpin().db)
      return { whole: broken === null, rows, broken }
    },
  }
}

function keyAnswer({ rights, ...key }: ApiKey): ApiKeyAnswer {
  const { expiresAt, usedAt, revokedAt } = key
  return {
    ...key,
    rights: rights as Right[],
    madeAt: iso(key.madeAt),
    expiresAt: isoOrNull(expiresAt),
    usedAt: isoOrNull(usedAt),
    revokedAt: isoOrNull(revokedAt),
  }
}

function entryAnswer(entry: AuditEntry) {
  return { ...entry, at: iso(entry.at), endedAt: isoOrNull(entry.endedAt) }
}
