import type { LinkRequest } from '@linchpin/mapping'
import { parentsOf, type EntityName } from '@linchpin/model'
import type { Delivery, Duty, Hint, LinkKey, Settlement, Store } from '@linchpin/store'
import { laneOf } from './route.ts'
import type { Lane } from './sessions.ts'
import { known, type Flow, type Setup } from './setup.ts'
import type { World } from './world.ts'

/** How long a delivery waits for a link before it looks again by itself, should the wake-up be missed. */
const LOOK_AGAIN_MS = 60_000

/**
 * A record needs others in the target first: its customer, its products, its order. Each is found there by what it is
 * recognised by, or is on its way by a flow of its own, which is asked to hurry; or it does not concern this target.
 * Answers null when all are linked now, so that the delivery can go on.
 */
export async function resolveLinks(
  delivery: Delivery,
  flow: Flow,
  missing: readonly LinkRequest[],
  lane: Lane,
  deps: { setup: Setup; store: Store; world: World },
): Promise<Settlement | null> {
  const waits: LinkRequest[] = []
  const hints: Hint[] = []
  const duties: (Duty & { readonly id: string })[] = []
  for (const request of missing) {
    const carrier = carrierOf(request, flow, deps.setup)
    if (carrier) {
      waits.push(request)
      await ask(request, carrier, { isFirst: delivery.tries === 0, hints, duties }, deps.store)
      continue
    }
    const found = await recognise(delivery, flow, request, lane, deps)
    if (found !== null) return found
  }
  if (waits.length === 0) return null
  const words = `Waits for ${waits.map(({ entity, id }) => `${entity} ${id}`).join(', ')} to be in ${flow.to}.`
  const at = deps.world.now() + LOOK_AGAIN_MS
  return { delivery, is: 'waiting', links: waits.map(each => keyOf(each, flow)), at, words, hints, duties }
}

/** The flow that brings such a record to the target by itself. */
function carrierOf({ entity }: LinkRequest, { from, to }: Flow, { flows }: Setup): Flow | undefined {
  return flows.find(each => each.entity === entity && each.from === from && each.to === to && each.create)
}

/** Whether it is about a record that did not come from this target: the shipment of another shop's order. */
export function isOfAnother(
  delivery: Delivery,
  flow: Flow,
  missing: readonly LinkRequest[],
  setup: Setup,
): boolean {
  return missing.some(
    request => !carrierOf(request, flow, setup) && isParent(delivery, request.entity, request.id),
  )
}

const keyOf = ({ entity, id }: LinkRequest, flow: Flow): LinkKey => ({
  entity,
  connection: flow.from,
  id,
  to: flow.to,
})

/**
 * Sees to it that the record which is waited for is on its way: read, if it was not yet; owed, if it was. Whoever asks
 * again leaves it alone while it is under way or parked: it needs its pauses, or its person, and not a try every minute.
 */
async function ask(
  request: LinkRequest,
  carrier: Flow,
  asked: {
    readonly isFirst: boolean
    readonly hints: Hint[]
    readonly duties: (Duty & { readonly id: string })[]
  },
  store: Store,
): Promise<void> {
  const key = { connection: carrier.from, entity: request.entity, id: request.id }
  const record = await store.record(key)
  // What is read for the first time is owed by that, unless its flow carries only what is asked for.
  const force = carrier.trigger === 'asked'
  if (record === null) asked.hints.push({ ...key, cause: 'dependency', force })
  else
    asked.duties.push({
      flow: carrier.name,
      entity: request.entity,
      id: request.id,
      from: carrier.from,
      to: carrier.to,
      lane: laneOf(request.entity, request.id, record.canonical),
      force: true,
      onlyIfSettled: !asked.isFirst,
    })
}

/** Null when it was found in the target and is linked now. */
async function recognise(
  delivery: Delivery,
  flow: Flow,
  request: LinkRequest,
  lane: Lane,
  { setup, store, world }: { setup: Setup; store: Store; world: World },
): Promise<Settlement | null> {
  const target = known(setup.connections, flow.to).connector
  if (isParent(delivery, request.entity, request.id)) {
    const words = `Its ${request.entity} ${request.id} does not come from ${flow.to}.`
    return { delivery, is: 'skipped', words, links: [keyOf(request, flow)] }
  }
  const match = target.entities[request.entity]?.match
  const keys = Object.entries(request.by).map(([name, value]) => `${name} ${value}`)
  if (!match || keys.length === 0) {
    const words = `${request.entity} ${request.id} of ${flow.from} is not known in ${target.title}, and nothing tells which one it is there. Link the two, then retry.`
    return { delivery, is: 'parked', trouble: { kind: 'refused', words }, intent: 'clear' }
  }
  const [candidates = []] = await match(await lane.session(), [request.by])
  const [only, ...others] = candidates
  if (only === undefined || others.length > 0) {
    const words =
      only === undefined
        ? `${request.entity} with ${keys.join(', ')} is not in ${target.title}. Create it there, or correct it in ${flow.from}, then retry.`
        : `${candidates.length} records of ${target.title} could be ${request.entity} with ${keys.join(', ')}: ${candidates.map(each => each.id).join(', ')}. Link the right one, then retry.`
    return { delivery, is: 'parked', trouble: { kind: 'refused', words }, intent: 'clear' }
  }
  const link = {
    ...keyOf(request, flow),
    targetId: only.id,
    how: `recognised by ${only.by}`,
    flow: flow.name,
  }
  const saved = await store.saveLink({ ...link, alias: false }, world.now())
  // Two articles of the shop that are one in the ERP: the second is another name of the first.
  if (saved === 'taken') await store.saveLink({ ...link, alias: true }, world.now())
  return null
}

/** Shipments and invoices of orders that came from elsewhere are nobody's trouble. */
function isParent(delivery: Delivery, entity: EntityName, id: string): boolean {
  const canonical = delivery.record?.canonical
  if (!canonical || delivery.entity === 'SalesOrder') return false
  return parentsOf(delivery.entity, canonical as never).some(
    parent => parent.entity === entity && parent.id === id,
  )
}
