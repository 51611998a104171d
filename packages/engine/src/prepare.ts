import type { Connector, Write } from '@linchpin/connector'
import { applyMapping, holds, type LinkRequest, type MatchKeys } from '@linchpin/mapping'
import {
  availableToPromise,
  contentHash,
  matchKeysOf,
  type Canonical,
  type SalesOrder,
  type StockLevel,
} from '@linchpin/model'
import type { Delivery, Store } from '@linchpin/store'
import { StoreFailure } from './guard.ts'
import { asks, isOpenCreate, keyOf } from './intent.ts'
import { applyWithLinks, mappingOf, NO_LINKS, sourceOf, type Links } from './links.ts'
import { mayCarry, moneyProblem, placedBefore } from './policy.ts'
import { isAlike, sameId } from './reconcile/compare.ts'
import { LATE_MS, MOST_TRIES } from './retry.ts'
import { entityOf, isDirect, known, wayBack, writingVersion, type Flow, type Setup } from './setup.ts'
import type { World } from './world.ts'

/** What is to be done about one delivery. A dry run stops here and prints it. */
export type Step =
  /** `isOpen`: it may have been created before, and is asked about when it is carried after all. */
  | { readonly do: 'skip'; readonly words: string; readonly isOpen?: true }
  | { readonly do: 'park'; readonly kind: string; readonly words: string }
  /** `has`: the hash of the row that the target is known to have by now; left out: what was written last. */
  | { readonly do: 'nothing'; readonly words: string; readonly has?: string }
  /** The record has not been read yet. */
  | { readonly do: 'read' }
  /** An earlier write may still arrive: not before then. */
  | { readonly do: 'wait until'; readonly at: number; readonly words: string }
  | { readonly do: 'link first'; readonly missing: readonly LinkRequest[] }
  | { readonly do: 'match'; readonly keys: MatchKeys; readonly or: Ready }
  | { readonly do: 'find'; readonly ready: Ready }
  | { readonly do: 'write'; readonly ready: Ready }

export interface Ready {
  readonly operation: 'create' | 'update'
  readonly write: Write<unknown>
  readonly hash: string
  /** The version of the mapping that made the row; 0: the configuration's. */
  readonly mapping: number
}

export interface Preparing {
  readonly setup: Setup
  readonly store: Store
  readonly world: World
  /** Where its reader finds the file of this record; null when it has none. */
  readonly fileUrl: (connection: string, entity: string, id: string) => Promise<string | null>
}

/** Decides on one delivery. Looks only at the store; asks no remote and changes nothing. */
export async function prepare(
  delivery: Delivery,
  flow: Flow,
  since: number,
  deps: Preparing,
  seen: Links = NO_LINKS,
): Promise<Step> {
  const { setup, world } = deps
  const { record, targetId } = delivery
  if (record === null || mayBeOld(delivery, setup)) return { do: 'read' }
  if (record.problem !== null) return parked('mapping', record.problem)
  const canonical = record.canonical as Canonical
  const target = known(setup.connections, flow.to).connector
  // Whether it is to be carried is asked when it is known that it is not there already.
  const unclear = mustBeCleared(delivery, target)
  const refused = unclear
    ? neverCarried(delivery, flow, canonical, since, target)
    : verdict(delivery, flow, canonical, since, setup)
  if (refused !== null) return refused
  const end = tired(delivery)
  if (end !== null) return end
  const pending = openIntent(delivery, target, world.now())
  if (pending !== null && pending !== 'find') return pending
  const complete = await completed(delivery, canonical, flow, deps)
  const mapped = await mappedRow(complete, delivery, flow, deps, seen)
  if ('missing' in mapped) return mapped.step
  // An invoice is judged only where it belongs: those of orders that came from elsewhere are nobody's trouble here.
  const money = flow.entity === 'SalesOrder' ? null : moneyProblem(flow.entity, canonical)
  if (money !== null) return parked('refused', money)
  const ready: Ready = {
    operation: targetId === null ? 'create' : 'update',
    write: { key: keyOf(delivery), id: targetId, row: mapped.row },
    hash: contentHash(mapped.row),
    mapping: mapped.version,
  }
  if (pending === 'find') return { do: 'find', ready }
  if (targetId !== null) return update(delivery, targetId, flow, ready, deps)
  const keys = matchKeysOf(flow.entity, canonical as never)
  const canMatch = flow.match && delivery.intent === null && Object.keys(keys).length > 0
  if (canMatch && target.entities[flow.entity]?.match) return { do: 'match', keys, or: ready }
  return { do: 'write', ready }
}

/**
 * Another process carried the flow, and may have written something newer than what is known here: it is read first,
 * where it can be read. A guest's account, and what can only be listed, comes as it comes; what is gone cannot be read.
 */
function mayBeOld({ record, readAfter, entity, from, id }: Delivery, { connections }: Setup): boolean {
  if (record === null || record.gone || readAfter === undefined || record.readAt >= readAfter) return false
  const isGuest = entity === 'Account' && id.startsWith('guest:')
  return !isGuest && known(connections, from).connector.entities[entity]?.get !== undefined
}

function parked(kind: string, words: string): Step {
  return { do: 'park', kind, words }
}

/** Why a record is not to be carried as it stands; null: it is. Asks nobody. */
export function verdict(
  delivery: Delivery,
  flow: Flow,
  canonical: Canonical,
  since: number,
  setup: Setup,
): Step | null {
  const linked = delivery.targetId !== null
  if (delivery.record?.gone) {
    const words = `It is gone from ${flow.from}. Nothing was deleted in ${flow.to}.`
    // Sent again, it would be there for certain; forgotten, it might stand there without a link.
    return isOpenCreate(delivery) ? parked('unknown', `${words} ${asks(delivery)}`) : { do: 'skip', words }
  }
  const filtered = leftOut(flow, canonical)
  if (filtered !== null) return filtered
  const creates =
    flow.create &&
    known(setup.connections, flow.to).connector.entities[flow.entity]?.writer?.updatesOnly !== true
  if (!linked && !creates)
    return { do: 'skip', words: `It is not in ${flow.to}, and this flow creates nothing there.` }
  const may = mayCarry(flow.entity, canonical, { linked, since, to: flow.to })
  if (may !== null && !isOpenCreate(delivery))
    return 'skip' in may ? { do: 'skip', words: may.skip } : parked('refused', may.park)
  // Before an order's customer is created for nothing. A shop that only hears of its state takes no money from it.
  // And what is called off needs no total to be called off in the ERP, too.
  const isOrder = flow.entity === 'SalesOrder' && creates && (canonical as SalesOrder).status !== 'cancelled'
  const money = isOrder ? moneyProblem(flow.entity, canonical) : null
  return money === null ? null : parked('refused', money)
}

/**
 * That it was created there is only supposed, since what was done is forgotten, and nobody but a person can look. They are
 * not asked about what the flow leaves out however it stands; null: it may have been carried.
 */
function neverCarried(
  { intent, entity }: Delivery,
  flow: Flow,
  canonical: Canonical,
  since: number,
  target: Connector,
): Step | null {
  const isAsked = (target.entities[entity]?.writer?.repeat ?? 'ask') === 'ask'
  if (intent?.isSupposed !== true || !isAsked) return null
  const old = entity === 'SalesOrder' ? placedBefore(canonical as SalesOrder, since) : null
  const left = leftOut(flow, canonical) ?? (old && { do: 'skip', words: old.skip })
  return left && { ...left, isOpen: true }
}

type Skip = Extract<Step, { do: 'skip' }>

function leftOut({ name, where }: Flow, canonical: Canonical): Skip | null {
  if (!where || holds(where, canonical)) return null
  return { do: 'skip', words: `The filter of flow ${name} leaves it out.` }
}

function tired({ tries }: Delivery): Step | null {
  return tries < MOST_TRIES
    ? null
    : parked('passing', `Tried ${tries} times without success. Look at the last attempt, then retry.`)
}

/** A create of which nobody knows whether it arrived, where sending it again could double it. */
function mustBeCleared(delivery: Delivery, target: Connector): boolean {
  return isOpenCreate(delivery) && target.entities[delivery.entity]?.writer?.repeat !== 'safe'
}

/** A write whose outcome nobody knows comes before any new one. */
function openIntent(delivery: Delivery, target: Connector, now: number): Step | 'find' | null {
  const { intent, targetId, entity } = delivery
  if (intent === null) return null
  if (intent.operation === 'update' || targetId !== null)
    return now < intent.sendBy
      ? { do: 'wait until', at: intent.sendBy, words: 'An earlier write may still be on its way.' }
      : null
  switch (target.entities[entity]?.writer?.repeat) {
    case 'find':
      return now < intent.settledBy
        ? {
            do: 'wait until',
            at: intent.settledBy,
            words: 'Its answer was lost; it is looked for when it must have arrived.',
          }
        : 'find'
    case 'safe':
      return null
    case 'ask':
    case undefined: {
      const words = `Did it arrive in ${target.title}? The answer was lost, and ${target.title} cannot be asked. Look there for ${keyOf(delivery)}, then answer.`
      return parked('unknown', words)
    }
  }
}

async function update(
  delivery: Delivery,
  targetId: string,
  flow: Flow,
  ready: Ready,
  deps: Preparing,
): Promise<Step> {
  if (!flow.update) return { do: 'nothing', words: `It is in ${flow.to} and is kept up there.` }
  // A write whose answer was lost may have put something else there since: then what was sent before says nothing.
  if (delivery.force || isInDoubt(delivery)) return { do: 'write', ready }
  if (delivery.sentHash === ready.hash) return { do: 'nothing', words: 'Nothing changed for it.' }
  return (await echoed(delivery, targetId, flow, ready, deps)) ?? { do: 'write', ready }
}

/** Nobody knows what its last write left there: its answer was lost, and what was tried after that was not taken. */
const isInDoubt = ({ intent, sentHash, attempt }: Delivery) =>
  intent !== null || (sentHash === null && attempt > 0)

/**
 * What a write that came from there left here. Until it has been read, what is known here is older than what is there. And
 * when nobody has added anything of their own, there is nothing to bring back: what is there now may be newer than what
 * was written. A connector may tell a stranger's change under the version that our write left, so both are compared as
 * this flow would write them. Null: it is no echo.
 */
async function echoed(
  { record, entity, id, from, to, unansweredBy }: Delivery,
  targetId: string,
  flow: Flow,
  ready: Ready,
  { setup, store, world }: Preparing,
): Promise<Step | null> {
  if (record === null || wayBack(flow, setup) === null || isDirect(flow)) return null
  const { isOpen, heldSentBy, last } = await store.writtenFrom({
    connection: from,
    entity,
    id,
    from: to,
    sourceId: targetId,
  })
  const now = world.now()
  const isOld = (left: number) =>
    record.readAt < left &&
    now < left + READ_BACK_MOST_MS &&
    known(setup.connections, from).connector.entities[entity]?.get !== undefined
  const isUnread = last !== null && last.version !== record.version && isOld(last.at)
  // A write that nobody answered may have arrived; when it is answered, it is known what is its echo. One that a pause holds
  // back may never be: when it must have arrived, what is there now is read, and counts.
  const arrivedBy = heldSentBy === null ? -Infinity : heldSentBy + LATE_MS
  if (now >= arrivedBy && isOld(arrivedBy)) return { do: 'read' }
  if (isOpen || isUnread || now < arrivedBy)
    return { do: 'wait until', at: now + READ_BACK_MS, words: `What came from ${to} has yet to be read.` }
  // What may still arrive there is to be written over.
  if (last?.version !== record.version || (unansweredBy ?? -Infinity) + LATE_MS > now) return null
  return isAsWritten(last.canonical, flow, ready, setup)
    ? { do: 'nothing', words: `It is as it came from ${to}.`, has: ready.hash }
    : null
}

/** How long it takes, about, until what was written has been read, and how long that is waited for. */
const READ_BACK_MS = 5_000
const READ_BACK_MOST_MS = 120_000

function isAsWritten(base: unknown, flow: Flow, ready: Ready, setup: Setup): boolean {
  if (base === null) return false
  try {
    const { value } = applyMapping(mappingOf(flow, setup), base, { link: sameId })
    const row = schemaOf(flow, setup)?.safeParse(value)
    return row?.success === true && isAlike(row.data, ready.write.row)
  } catch {
    // What this flow cannot map was never written by it.
    return false
  }
}

const schemaOf = (flow: Flow, { connections }: Setup) =>
  entityOf(known(connections, flow.to), flow.entity).writer?.schema

/** What the record lacks by itself: a file's address, and what shops may promise of a stock. */
export async function completed(
  delivery: Pick<Delivery, 'entity' | 'from' | 'id'>,
  canonical: Canonical,
  flow: Flow,
  deps: Preparing,
): Promise<Canonical> {
  const { entity, from, id } = delivery
  if (entity === 'StockLevel') {
    const level = canonical as StockLevel
    const openDemand = await deps.store.openDemand(from, level.product)
    return {
      ...level,
      available: availableToPromise({ available: level.available, openDemand, buffer: flow.buffer }),
    }
  }
  if (entity !== 'Invoice' && entity !== 'CreditNote') return canonical
  const url = await deps.fileUrl(from, entity, id)
  if (url === null) return canonical
  const billing = canonical as Extract<Canonical, { document?: unknown }>
  const name = `${(canonical as { number: string }).number}.pdf`
  const document = { id, name, mediaType: 'application/pdf', ...billing.document, url }
  return { ...billing, document } as Canonical
}

async function mappedRow(
  canonical: Canonical,
  delivery: Delivery,
  flow: Flow,
  { setup, store }: Preparing,
  seen: Links,
): Promise<
  { readonly row: unknown; readonly version: number } | { readonly missing: true; readonly step: Step }
> {
  const { record } = delivery
  if (record === null) return { missing: true, step: { do: 'read' } }
  try {
    const [mapping, version] = [mappingOf(flow, setup), writingVersion(setup, flow)]
    const source = sourceOf(flow, record, canonical, setup)
    const { value, missing } = await applyWithLinks(mapping, source, flow, store, seen)
    if (missing.length > 0) return { missing: true, step: { do: 'link first', missing } }
    const row = schemaOf(flow, setup)?.safeParse(value)
    if (row?.success) return { row: row.data, version }
    const faults = row?.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`) ?? []
    throw new Error(`what the mapping made is not what ${flow.to} takes: ${faults.slice(0, 5).join('; ')}.`)
  } catch (error) {
    // A database that does not answer is no fault of the mapping: parked for it, the record would wait for a person.
    if (error instanceof StoreFailure) throw error
    const words = error instanceof Error ? error.message : String(error)
    return {
      missing: true,
      step: parked('mapping', `${delivery.entity} ${delivery.id} could not be mapped: ${words}`),
    }
  }
}
