import { subjectOf } from '@linchpin/bus'
import { entityNames, type EntityName } from '@linchpin/model'
import type { RecordKey } from '@linchpin/store'
import { z } from 'zod'
import type { BusDeps } from './deps.ts'
import { callRoll } from './publish.ts'

const AT_ONCE = 100
const LEASE_MS = 30_000

/**
 * Notifications about a connection that another process speaks to: it is asked to tell these records. A call can be
 * missed; whoever waits for the record asks again. False when there were none.
 */
export async function askOnce(connection: string, deps: BusDeps): Promise<boolean> {
  const { store, world, on } = deps
  const claim = { connection, limit: AT_ONCE, leaseMs: LEASE_MS, now: world.now() }
  const notices = await store.claimNotices(claim)
  if (notices.length === 0) return false
  const keys = notices.map(({ entity, id }) => ({ connection, entity, id }))
  await on.bus.ring(topicOf(connection), JSON.stringify(keys))
  for (const entity of new Set(notices.map(each => each.entity))) {
    const asked = notices.filter(each => each.entity === entity)
    const nothing = { records: [], gone: [], cause: 'bus' as const, readAt: world.now(), now: world.now() }
    await store.saveRead({ connection, entity, ...nothing, notices: asked })
  }
  return true
}

export const topicOf = (connection: string) => subjectOf('ask', connection)

const questions = z.array(
  z.object({
    connection: z.string(),
    entity: z.enum(entityNames as [EntityName, ...EntityName[]]),
    id: z.string(),
  }),
)

/**
 * Whoever only looks on may have heard what became of a delivery before they heard of its record, which was told again
 * since. They ask for the roll when they begin.
 */
export async function askForRoll({ setup, on }: Pick<BusDeps, 'setup' | 'on'>): Promise<void> {
  if (!on.observes) return
  for (const name of setup.connections.keys()) await on.bus.ring(topicOf(name), ROLL)
}

const ROLL = JSON.stringify('roll')

/** Somebody asks for records of ours: they are told as they are known, and read anew. Or they ask for the roll. */
export async function answer(connection: string, words: string, deps: BusDeps): Promise<void> {
  if (words === ROLL) return callRoll(deps, [connection])
  const { store, world, on } = deps
  const keys = asked(words).filter(key => key.connection === connection)
  await on.store.tellAgain(keys)
  const hints = keys.map(key => ({ ...key, cause: 'dependency' as const, force: true }))
  await store.notify(hints, world.now())
}

/** What is no question is nobody's record. */
function asked(words: string): readonly RecordKey[] {
  try {
    return questions.parse(JSON.parse(words))
  } catch {
    return []
  }
}
