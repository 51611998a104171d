import type { ConnectionTest } from '@linchpin/api'
import { asProblem, known, setUp, type Connection } from '@linchpin/engine'
import type { EntityName } from '@linchpin/model'
import { canonicalOf } from '@linchpin/engine'
import { isPerson, withoutMail } from './desk/mask.ts'

interface Session {
  readonly session: () => Promise<unknown>
  readonly forget: () => void
}

/** Reachable? Signed in? What is missing? And one record, read as the flows would read it. */
export async function testConnection(
  connection: Connection,
  lane: Session,
  now: () => number,
): Promise<ConnectionTest> {
  const began = now()
  const { name, connector } = connection
  lane.forget()
  const base = { name, connector: connector.id }
  try {
    const session = await lane.session()
    const health = await connector.health(session)
    const sample = health.is === 'down' ? null : await sampleOf(connection, session)
    return {
      ...base,
      is: health.is,
      version: health.version ?? null,
      clockSkewMs: health.clockSkewMs ?? null,
      notes: [...health.notes],
      sample,
      took: { ms: now() - began },
    }
  } catch (error) {
    const notes = [asProblem(error).message]
    return {
      ...base,
      is: 'down',
      version: null,
      clockSkewMs: null,
      notes,
      sample: null,
      took: { ms: now() - began },
    }
  }
}

/** The first record of the most telling entity that it can read. */
const TELLING: readonly EntityName[] = ['SalesOrder', 'Product', 'Account', 'StockLevel']

async function sampleOf(connection: Connection, session: unknown): Promise<ConnectionTest['sample']> {
  const { name } = connection
  const setup = setUp([connection], [])
  for (const entity of TELLING) {
    const changes = known(setup.connections, name).connector.entities[entity]?.changes
    if (!changes) continue
    const [item] = (await changes(session, null, 1)).items
    if (!item || 'gone' in item) continue
    const read = canonicalOf(setup, name, entity, item)
    const problem = 'problem' in read ? read.problem : null
    const {
      number,
      sku,
      name: title,
    } = ('canonical' in read ? read.canonical : {}) as Record<string, string | undefined>
    return {
      entity,
      id: item.id,
      title: number ?? sku ?? (isPerson(entity) ? withoutMail(item.id) : (title ?? item.id)),
      readable: problem === null,
      problem,
    }
  }
  return null
}
