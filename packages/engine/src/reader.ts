import type { Gone, Page, Snapshot } from '@linchpin/connector'
import type { EntityName } from '@linchpin/model'
import type { BusStore, StoredRecord } from '@linchpin/store'
import type { Lane } from './sessions.ts'
import { entityOf, known, type Setup } from './setup.ts'
import type { World } from './world.ts'

/**
 * Who reads one entity of one connection: the system itself where this process speaks to it, else what its adapter told
 * on the bus. A function that is there is a capability, as with connectors.
 */
export interface Reader {
  /** These records as they are now, those that are there. */
  readonly get?: (ids: readonly string[]) => Promise<readonly Item[]>
  /** A page of all of them, or of what changed since a cursor. */
  readonly list?: (cursor: string | null, limit: number) => Promise<ItemPage>
  /** It tells each record once: another look would take it from the flow. */
  readonly isQueue: boolean
}

export interface Item extends Snapshot<unknown> {
  /** When the adapter that told it had read it, in ms since 1970; left out where the system was asked here. */
  readonly toldAt?: number
}
export interface ItemPage extends Omit<Page<unknown>, 'items'> {
  readonly items: readonly (Item | Gone)[]
}
export const isThere = (item: Item | Gone): item is Item => !('gone' in item)

/** How fresh a side is that another process speaks to: the newest record of it that was told had been read then. */
export interface Told {
  readonly connection: string
  /** In ms since 1970; null: nothing was told. */
  readonly at: number | null
}

/** Null: it is asked here, now. */
export function freshness(
  connection: string,
  items: readonly (Item | Gone)[],
  { setup }: Pick<Readers, 'setup'>,
  known: Told | null = null,
): Told | null {
  if (setup.here.has(connection)) return null
  const times = items.filter(isThere).flatMap(({ toldAt }) => toldAt ?? [])
  const newest = Math.max(known?.at ?? -Infinity, ...times)
  return { connection, at: newest === -Infinity ? null : newest }
}

export interface Readers {
  readonly setup: Setup
  readonly world: Pick<World, 'now'>
  readonly sourceLane: (connection: string) => Lane
  /** What others told; null without a bus. */
  readonly told: ToldStore | null
}
export type ToldStore = Pick<BusStore, 'toldPage' | 'toldRecords'>

export function readerOf(connection: string, entity: EntityName, readers: Readers): Reader {
  const { setup, told } = readers
  if (setup.here.has(connection)) return systemReader(connection, entity, readers)
  return told ? toldReader(connection, entity, told, readers) : { isQueue: false }
}

function systemReader(connection: string, entity: EntityName, { setup, sourceLane }: Readers): Reader {
  const { get, changes, acknowledge } = entityOf(known(setup.connections, connection), entity)
  const session = () => sourceLane(connection).session()
  return {
    isQueue: acknowledge !== undefined,
    ...(get && { get: async ids => get(await session(), ids) }),
    ...(changes && { list: async (cursor, limit) => changes(await session(), cursor, limit) }),
  }
}

function toldReader(connection: string, entity: EntityName, told: ToldStore, { world }: Readers): Reader {
  return {
    isQueue: false,
    get: async ids => (await told.toldRecords({ connection, entity, ids })).map(itemOf),
    async list(cursor, limit) {
      const place = placeOf(cursor, world.now())
      const { since, after } = place
      const records = await told.toldPage({ connection, entity, since, after, limit })
      const last = records.at(-1)
      const more = last !== undefined && records.length === limit
      return {
        items: records.map(record => (record.gone ? { id: record.id, gone: true as const } : itemOf(record))),
        next: JSON.stringify(more ? { ...place, after: last.id } : { since: place.began, after: '' }),
        more,
      }
    },
  }
}

/** Others' records came canonical: that is their row here. */
const itemOf = ({ id, version, canonical, readAt }: StoredRecord): Item => ({
  id,
  version,
  row: canonical ?? {},
  toldAt: readAt,
})

/** Where a list of told records goes on, in the order of their ids; `began`: the next list begins with what comes then. */
interface Place {
  readonly since: number | null
  readonly after: string
  readonly began: number
}

function placeOf(cursor: string | null, now: number): Place {
  const known = cursor === null ? null : (JSON.parse(cursor) as Partial<Place>)
  const { since = null, after = '', began = now - OVERLAP_MS } = known ?? {}
  return { since, after, began }
}

/** What was heard in a transaction that took so long to end is not missed. */
const OVERLAP_MS = 60_000
