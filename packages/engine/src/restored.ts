import { matchKeysOf, parentsOf, type Canonical, type EntityName } from '@linchpin/model'
import type { Witness } from '@linchpin/store'
import { canonicalOf } from './normalize.ts'
import type { Reading } from './read.ts'
import { isDocument } from './reconcile/compare.ts'
import type { Lane } from './sessions.ts'
import { entityOf, known, type Setup } from './setup.ts'
import { asProblem, meet, wellAgain } from './trouble.ts'

export type Looking = Pick<Reading, 'setup' | 'store' | 'world' | 'control'>

interface Look {
  /** So many of the newest linked records of each kind are looked for; when so many in all are not there, it is stopped. */
  readonly limit: number
  readonly missing: number
  readonly which: 'not gone' | 'seen'
}
const ROUTINE: Look = { limit: 10, missing: 2, which: 'seen' }
const CLOSE: Look = { limit: 50, missing: 1, which: 'seen' }
const AGAIN: Look = { limit: 50, missing: 1, which: 'not gone' }

/**
 * A system that was restored from yesterday's backup is reachable, healthy and wrong: it has forgotten what it was given
 * since, and gives the same ids to other records. The newest records that we know of there tell: after every outage, and
 * now and then, they are looked for. When two are missing, nothing is written to it until a person has spoken; a
 * replica that lagged is seen by the next look, and it goes on by itself.
 */
export async function stopIfRestored(lane: Lane, deps: Looking, look = ROUTINE): Promise<boolean> {
  const { forgotten, asked } = await forgottenBy(lane, look, deps)
  if (forgotten.length < look.missing) return false
  const { store, world, control } = deps
  const { connection } = lane
  const names = forgotten.map(
    ({ entity, id, isOther }) => `${entity} ${id}${isOther ? ' (now another)' : ''}`,
  )
  const reason = `${forgotten.length} of its ${asked} newest records are not there any more: ${names.join(', ')}. Was ${connection} restored from a backup? Then: linchpin recover ${connection}. If they were deleted there: linchpin resume ${connection}. Linchpin looks again every minute.`
  await store.pause({ target: { connection }, who: 'linchpin', reason, kind: RESTORED }, world.now())
  control.forget()
  await store.markLinks(connection, 'missing', forgotten)
  await markMissed(connection, forgotten, deps)
  world.log.warn({ connection, missing: forgotten.length }, 'It seems to have been restored from a backup.')
  return true
}

/** When a person lets it go on, they are not asked about again; a second look then decides whether they are gone. */
async function markMissed(
  connection: string,
  forgotten: readonly Forgotten[],
  { store, world }: Looking,
): Promise<void> {
  const missing = forgotten.filter(({ isOther }) => !isOther)
  for (const entity of new Set(missing.map(each => each.entity))) {
    const gone = missing.filter(each => each.entity === entity).map(({ id }) => id)
    const now = world.now()
    await store.saveRead({ connection, entity, cause: 'vanished', readAt: now, now, records: [], gone })
  }
}

/** The kind of pause that `stopIfRestored` makes. */
export const RESTORED = 'restored'

/** It gave a new record the id of one that we know of: then one missing record is enough. */
export async function lookClosely(lane: Lane, deps: Looking): Promise<void> {
  await stopIfRestored(lane, deps, CLOSE).catch((error: unknown) => meet(asProblem(error), lane, deps))
}

/** Whether what was missing is there after all. */
export async function remembersAgain(lane: Lane, deps: Looking): Promise<boolean> {
  const asked = await witnesses(lane, AGAIN, deps)
  const forgotten = await forgottenOf(asked, lane, deps)
  if (forgotten.length >= AGAIN.missing) return false
  await deps.store.markLinks(lane.connection, 'there', asked)
  return true
}

/**
 * The first thing that a system is asked for after an outage. True: it is what it was, or there is nothing yet that it
 * could have forgotten; false: it does not answer yet, or was stopped.
 */
export async function lookAfterOutage(lane: Lane, deps: Looking): Promise<boolean> {
  if ((await witnesses(lane, ROUTINE, deps)).length === 0) return true
  try {
    if (await stopIfRestored(lane, deps)) return false
  } catch (error) {
    const { problem } = await meet(asProblem(error), lane, deps)
    if (['passing', 'busy', 'login', 'settings'].includes(problem.kind)) return false
  }
  await wellAgain(lane.connection, deps)
  return true
}

export interface Forgotten extends Witness {
  /** There is a record of this id, and it is another one. */
  readonly isOther: boolean
}

async function forgottenBy(lane: Lane, look: Look, deps: Looking) {
  const asked = await witnesses(lane, look, deps)
  return { forgotten: await forgottenOf(asked, lane, deps), asked: asked.length }
}

async function witnesses({ connection }: Lane, { limit, which }: Look, { store, setup }: Looking) {
  const newest: Witness[] = []
  for (const entity of telling(connection, setup))
    newest.push(...(await store.newestLinks({ connection, entity, limit, after: null, which })))
  return newest.filter(each => canBeAsked(each, connection, setup))
}

/** The kinds of records that tell whether a system remembers: those that can be read one by one and are no mere figures. */
export function telling(connection: string, { connections, flows }: Setup): readonly EntityName[] {
  const { entities } = known(connections, connection).connector
  const carried = flows.filter(flow => flow.from === connection || flow.to === connection)
  return [...new Set(carried.map(flow => flow.entity))].filter(
    entity => !FIGURES.has(entity) && entities[entity]?.get !== undefined,
  )
}

const FIGURES = new Set<EntityName>(['StockLevel', 'Price'])

/** A guest's account is made of their orders: no system has it by its id. */
export function canBeAsked({ entity, id }: Witness, connection: string, { connections }: Setup): boolean {
  if (entity === 'Account' && id.startsWith('guest:')) return false
  return known(connections, connection).connector.entities[entity]?.get !== undefined
}

/** Those of these records that the system does not have any more. What cannot be read one by one is not asked for. */
export async function forgottenOf(
  witnesses: readonly Witness[],
  lane: Lane,
  { setup }: Pick<Reading, 'setup'>,
): Promise<readonly Forgotten[]> {
  const asked = witnesses.filter(each => canBeAsked(each, lane.connection, setup))
  const forgotten: Forgotten[] = []
  for (const entity of new Set(asked.map(each => each.entity))) {
    const these = asked.filter(each => each.entity === entity)
    const rows = await readThem(entity, [...new Set(these.map(({ id }) => id))], lane, setup)
    for (const witness of these) {
      const now = rows.get(witness.id)
      if (now === undefined || isOther(witness, now))
        forgotten.push({ ...witness, isOther: now !== undefined })
    }
  }
  return forgotten
}

/** Their canonical forms now, null for what does not read. */
async function readThem(
  entity: EntityName,
  ids: readonly string[],
  lane: Lane,
  setup: Setup,
): Promise<ReadonlyMap<string, Canonical | null>> {
  const { get } = entityOf(known(setup.connections, lane.connection), entity)
  const found = (await get?.(await lane.session(), ids)) ?? []
  return new Map(
    found.map(({ id, row }) => {
      const read = canonicalOf(setup, lane.connection, entity, { id, row })
      return [id, 'canonical' in read ? read.canonical : null]
    }),
  )
}

/**
 * Ids are given again after a restore: existence alone proves nothing. Of what tells a record apart, a change to one thing
 * may be an edit (a customer has a new address, an order was confirmed at another time); to half of it, or with people and
 * articles to all of it, it is another record.
 */
function isOther({ entity, canonical: before }: Witness, now: Canonical | null): boolean {
  if (before === null || now === null) return false
  const [was, is] = [marksOf(entity, before as Canonical), marksOf(entity, now)]
  const shared = Object.keys(was).filter(name => is[name] !== undefined)
  const differing = shared.filter(name => was[name] !== is[name]).length
  return differing > 0 && differing >= (isDocument(entity) ? shared.length / 2 : shared.length)
}

function marksOf(entity: EntityName, canonical: Canonical): Readonly<Record<string, string>> {
  const { issuedAt, name, buyer } = canonical as Readonly<Partial<Marks>>
  const parents = entity === 'SalesOrder' ? [] : parentsOf(entity, canonical as never).map(({ id }) => id)
  return {
    ...matchKeysOf(entity, canonical as never),
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(name === undefined ? {} : { name }),
    ...(buyer === undefined ? {} : { buyer: buyer.id }),
    ...(parents.length === 0 ? {} : { parents: parents.join(' ') }),
  }
}

interface Marks {
  readonly issuedAt: string
  readonly name: string
  readonly buyer: { readonly id: string }
}
