import type { Delivery, Settlement } from '@linchpin/store'
import { beginningOf } from './beginning.ts'
import type { Clocks } from './clocks.ts'
import type { Control } from './control.ts'
import { fetchFile } from './file.ts'
import { leftAlone, withOpenIntent } from './intent.ts'
import { linksAhead, type Links } from './links.ts'
import { prepare, type Preparing, type Ready, type Step } from './prepare.ts'
import { findArrived, recognise } from './recognise.ts'
import { resolveLinks } from './resolve.ts'
import type { Lane } from './sessions.ts'
import { known, type Flow } from './setup.ts'
import { asProblem, meet } from './trouble.ts'
import { send, troubled, type Prepared } from './write.ts'

export interface Delivering extends Preparing {
  readonly control: Control
  readonly clocks: Clocks
  readonly node: string
  /** A lane that reads from a flow's source: for the file of an invoice. */
  readonly sourceLane: (connection: string) => Lane
}

/** Delivers what was claimed: deliveries of one target, perhaps of several flows. Each of them is settled. */
export async function deliver(lane: Lane, claimed: readonly Delivery[], deps: Delivering): Promise<void> {
  await deps.world.point?.('after claim')
  for (const [name, batch] of byFlow(claimed)) {
    const flow = deps.setup.flows.find(each => each.name === name)
    if (flow) await deliverFlow(lane, flow, batch, deps)
  }
}

async function deliverFlow(
  lane: Lane,
  flow: Flow,
  batch: readonly Delivery[],
  deps: Delivering,
): Promise<void> {
  const settled: Settlement[] = []
  const ready: Prepared[] = []
  const since = await beginningOf(flow, deps)
  const links = await linksAhead(batch, flow, deps)
  for (const delivery of batch) {
    const result = await whatToDo(lane, flow, delivery, { since, links }, deps)
    if ('ready' in result) ready.push(result)
    else settled.push(withOpenIntent(result))
  }
  if (settled.length > 0) await deps.store.settle(settled, deps.world.now())
  const writer = known(deps.setup.connections, flow.to).connector.entities[flow.entity]?.writer
  if (!writer) return
  const parts = inBatches(ready, writer.batch)
  const wasOut = await deps.control.wasOut(flow.to)
  for (const [index, part] of parts.entries()) {
    // It broke down meanwhile: when it is back, the first thing is to see whether it is what it was (restored.ts).
    if (!wasOut && (await deps.control.wasOut(flow.to))) return putOff(parts.slice(index).flat(), deps)
    await send(lane, flow, part, writer, deps)
  }
}

async function putOff(prepared: readonly Prepared[], { store, world }: Delivering): Promise<void> {
  const now = world.now()
  const words = 'Its target does not answer.'
  const rest = prepared.map(({ delivery }): Settlement => {
    const intent = delivery.intent === null ? 'clear' : 'keep'
    return {
      delivery,
      is: 'later',
      at: now + 1_000,
      trouble: { kind: 'passing', words },
      intent,
      counts: false,
    }
  })
  await store.settle(rest.map(withOpenIntent), now)
}

/** Everything up to the write: links, files, recognising what is there already, finding what may have arrived. */
async function whatToDo(
  lane: Lane,
  flow: Flow,
  delivery: Delivery,
  { since, links }: { readonly since: number; readonly links: Links },
  deps: Delivering,
): Promise<Settlement | Prepared> {
  const { world } = deps
  try {
    const waits = await fetchFile(delivery, flow, deps)
    if (waits !== null) return waits
    let step = await prepare(delivery, flow, since, deps, links)
    if (step.do === 'link first') {
      const unresolved = await resolveLinks(delivery, flow, step.missing, lane, deps)
      if (unresolved !== null) return unresolved
      step = await prepare(delivery, flow, since, deps)
    }
    if (step.do === 'match')
      return (await recognise(lane, flow, delivery, step, deps)) ?? approved(flow, delivery, step.or, deps)
    if (step.do === 'find') {
      const found = await findArrived(lane, flow, delivery, step.ready, deps)
      // It never arrived, so it is decided anew: it may be cancelled by now, or gone.
      return found ?? (await whatToDo(lane, flow, { ...delivery, intent: null }, { since, links }, deps))
    }
    if (step.do === 'write') return approved(flow, delivery, step.ready, deps)
    return settlementOfStep(delivery, step, world.now())
  } catch (error) {
    return troubled(delivery, await meet(asProblem(error), lane, deps), deps)
  }
}

/** What a person approved is written as it was approved; a flow in shadow writes nothing else. */
async function approved(
  flow: Flow,
  delivery: Delivery,
  ready: Ready,
  { store, world }: Delivering,
): Promise<Settlement | Prepared> {
  if (delivery.expect !== null) {
    if (delivery.expect === ready.hash) return { delivery, ready }
    return leftAlone(delivery, 'It has changed since it was planned, so it was left alone. Plan it again.')
  }
  if (!flow.shadow) return { delivery, ready }
  const words = `In shadow: it would have been ${ready.operation === 'create' ? 'created in' : 'changed in'} ${flow.to}.`
  const { entity, id, from: connection } = delivery
  const detail = { operation: ready.operation, row: ready.write.row }
  const entry = { connection, entity, id, flow: flow.name, who: 'linchpin', what: 'shadow', words, detail }
  await store.journal(entry, world.now())
  return leftAlone(delivery, words)
}

function settlementOfStep(
  delivery: Delivery,
  step: Exclude<Step, { do: 'match' | 'find' | 'write' }>,
  now: number,
): Settlement {
  switch (step.do) {
    case 'skip':
      return { delivery, is: 'skipped', words: step.words, ...(step.isOpen && { intent: 'keep' }) }
    case 'park':
      return { delivery, is: 'parked', trouble: { kind: step.kind, words: step.words }, intent: 'clear' }
    case 'nothing':
      return {
        delivery: step.has === undefined ? delivery : { ...delivery, sentHash: step.has },
        is: 'unchanged',
        words: step.words,
      }
    case 'wait until': {
      const trouble = { kind: 'passing', words: step.words }
      return { delivery, is: 'later', at: step.at, trouble, intent: 'keep', counts: false }
    }
    case 'read': {
      const hint = {
        connection: delivery.from,
        entity: delivery.entity,
        id: delivery.id,
        cause: 'dependency' as const,
      }
      const words = `Waits to be read from ${delivery.from}.`
      return {
        delivery,
        is: 'waiting',
        links: [],
        at: now + 60_000,
        words,
        hints: [{ ...hint, force: true }],
        duties: [],
      }
    }
    case 'link first': {
      const trouble = {
        kind: 'refused',
        words: `It needs ${step.missing.map(each => `${each.entity} ${each.id}`).join(', ')}, which could not be linked.`,
      }
      return { delivery, is: 'parked', trouble, intent: 'clear' }
    }
  }
}

function byFlow(claimed: readonly Delivery[]): Map<string, readonly Delivery[]> {
  const groups = new Map<string, Delivery[]>()
  for (const delivery of claimed) groups.set(delivery.flow, [...(groups.get(delivery.flow) ?? []), delivery])
  return groups
}

function inBatches<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const batches: Item[][] = []
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size))
  return batches
}
