import type { Delivery, Settlement } from '@linchpin/store'
import type { Delivering } from './deliver.ts'
import type { Ready, Step } from './prepare.ts'
import type { Lane } from './sessions.ts'
import { entityOf, known, type Flow } from './setup.ts'

/** Before anything is created: is it there already, known by its SKU, VAT number or e-mail? */
export async function recognise(
  lane: Lane,
  flow: Flow,
  delivery: Delivery,
  step: Extract<Step, { do: 'match' }>,
  { setup, store }: Delivering,
): Promise<Settlement | null> {
  const target = known(setup.connections, flow.to)
  const [candidates = []] =
    (await entityOf(target, flow.entity).match?.(await lane.session(), [step.keys])) ?? []
  const [only, ...others] = candidates
  if (only === undefined) return null
  if (others.length > 0) {
    const list = candidates.map(each => `${each.id} (${each.by})`).join(', ')
    const words = `${candidates.length} records of ${target.connector.title} could be ${flow.entity} ${delivery.id}: ${list}. Merge them there, or link the right one, then retry.`
    return { delivery, is: 'parked', trouble: { kind: 'refused', words }, intent: 'clear' }
  }
  const [owner] = await store.links([
    { entity: flow.entity, connection: flow.to, id: only.id, to: flow.from },
  ])
  const alias = owner !== null && owner !== undefined
  // A guest and a registered customer may be one person; two products with one SKU are a mistake, and are told so.
  if (alias && flow.entity !== 'Account') {
    const words = `${only.by} belongs to ${owner} of ${flow.from} already. Two records of ${flow.from} carry it: correct one, then retry.`
    return { delivery, is: 'parked', trouble: { kind: 'refused', words }, intent: 'clear' }
  }
  return { delivery, is: 'linked', targetId: only.id, how: `recognised by ${only.by}`, alias }
}

/** A create whose answer was lost, and that must have arrived by now if it ever does. A failed search proves nothing. */
export async function findArrived(
  lane: Lane,
  flow: Flow,
  delivery: Delivery,
  ready: Ready,
  { setup }: Delivering,
): Promise<Settlement | null> {
  const { writer } = entityOf(known(setup.connections, flow.to), flow.entity)
  if (writer?.repeat !== 'find') return null
  const found = await writer.find(await lane.session(), [ready.write])
  const id = found.get(ready.write.key)
  return id === undefined
    ? null
    : { delivery, is: 'linked', targetId: id, how: 'found by its key', alias: false }
}
