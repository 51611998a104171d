import type { Snapshot } from '@linchpin/connector'
import { referencesOf, type Canonical } from '@linchpin/model'
import type { Delivery } from '@linchpin/store'
import type { Delivering } from '../deliver.ts'
import { canonicalOf } from '../normalize.ts'
import { applyWithLinks } from '../links.ts'
import { completed, type Step } from '../prepare.ts'
import { isOfAnother } from '../resolve.ts'
import type { Flow } from '../setup.ts'
import { fieldsThatDiffer, isDocument, statesThatDiffer, totalsThatDiffer } from './compare.ts'
import type { Discrepancy } from './discrepancy.ts'
import { leftOut } from './facts.ts'

export type Verdict = Discrepancy | 'same' | 'left alone' | 'unreadable'

/** One record of the source with what its delivery would do, and the target's record that it is linked to. */
export interface Pair {
  readonly delivery: Delivery
  readonly step: Step
  /** Undefined: the target cannot be asked for it. Null: the target does not have it. */
  readonly target: Snapshot<unknown> | null | undefined
}

/** How one record stands between the flow's two systems. */
export async function judge(
  { delivery, step, target }: Pair,
  flow: Flow,
  deps: Delivering,
): Promise<Verdict> {
  const ours = delivery.record?.canonical as Canonical | null
  if (ours === null || step.do === 'park' || step.do === 'skip') return 'left alone'
  if (delivery.targetId === null) {
    if (flow.trigger === 'asked') return 'left alone'
    if (step.do === 'link first' && isOfAnother(delivery, flow, step.missing, deps.setup)) return 'left alone'
    return found(delivery, flow, 'missing', `It is in ${flow.from} and not in ${flow.to}.`)
  }
  if (target === undefined) return 'unreadable'
  if (target === null)
    return found(
      delivery,
      flow,
      'orphan link',
      `${flow.to} does not have ${delivery.targetId}, which it is linked to.`,
    )
  const read = canonicalOf(deps.setup, flow.to, flow.entity, target)
  if ('problem' in read) return 'unreadable'
  return isDocument(flow.entity)
    ? judgeDocument(delivery, flow, ours, read.canonical, deps)
    : judgeContent(delivery, flow, ours, read.canonical, deps)
}

function judgeDocument(
  delivery: Delivery,
  flow: Flow,
  ours: Canonical,
  theirs: Canonical,
  { setup }: Delivering,
): Verdict {
  const isIgnored = leftOut(flow, setup, delivery.id)
  const total = totalsThatDiffer(ours, theirs)
  if (total !== null && !isIgnored('total')) {
    const words = `It is ${String(total.ours)} in ${flow.from} and ${String(total.theirs)} in ${flow.to}.`
    return { ...found(delivery, flow, 'unexplained total', words), fields: [total] }
  }
  const fields = statesThatDiffer(flow.entity, ours, theirs, flow.from).filter(
    ({ field }) => !isIgnored(field),
  )
  if (fields.length === 0) return 'same'
  return { ...found(delivery, flow, 'different', wordsOf(fields, flow)), fields }
}

async function judgeContent(
  delivery: Delivery,
  flow: Flow,
  record: Canonical,
  theirs: Canonical,
  deps: Delivering,
): Promise<Verdict> {
  // A flow that only finds records there and never changes them owns none of their fields.
  if (!flow.update) return 'same'
  const ours = await completed(delivery, record, flow, deps)
  const write = deps.setup.writeMapping(flow)
  const { link } = await applyWithLinks(write, ours, flow, deps.store)
  const read = deps.setup.readMapping(flow.to, flow.entity)
  const isIgnored = leftOut(flow, deps.setup, delivery.id)
  const fields = fieldsThatDiffer({ ours, theirs, write, read, link, owner: flow.from }).filter(
    ({ field }) => !isIgnored(field),
  )
  if (fields.length === 0) return 'same'
  return { ...found(delivery, flow, 'different', wordsOf(fields, flow)), fields }
}

function wordsOf(fields: Discrepancy['fields'], flow: Flow): string {
  const names = fields.map(({ field }) => field).join(', ')
  const [owner] = fields.map(each => each.owner)
  const whose = owner === null ? '' : `, which owns ${fields.length === 1 ? 'it' : 'them'} in this flow`
  return `${names}: ${flow.to} has something else than ${flow.from}${whose}.`
}

function found(delivery: Delivery, flow: Flow, is: Discrepancy['is'], words: string): Discrepancy {
  const { id, targetId, record } = delivery
  const label = labelOf(flow, record?.canonical as Canonical)
  return { is, flow: flow.name, entity: flow.entity, id, targetId, label, fields: [], words }
}

function labelOf(flow: Flow, canonical: Canonical): string | null {
  return referencesOf(flow.entity, canonical as never)[0]?.value ?? null
}

/** It is linked, and the source does not have it any more. */
export function judgeGone(id: string, targetId: string, flow: Flow): Discrepancy {
  const words = `${flow.from} does not have ${id}, which ${targetId} of ${flow.to} is linked to.`
  return {
    is: 'orphan link',
    flow: flow.name,
    entity: flow.entity,
    id,
    targetId,
    label: null,
    fields: [],
    words,
  }
}

/** Of the target alone: twice there what the source has once, or nothing that the source knows. */
export function judgeStray(
  { id, canonical }: { readonly id: string; readonly canonical: Canonical },
  twin: string | null,
  flow: Flow,
): Discrepancy {
  const label = labelOf(flow, canonical)
  const about = { flow: flow.name, entity: flow.entity, id: twin, targetId: id, label, fields: [] }
  return twin === null
    ? { ...about, is: 'stray', words: `It is in ${flow.to} and not in ${flow.from}.` }
    : { ...about, is: 'duplicate', words: `${flow.to} has ${twin} of ${flow.from} more than once.` }
}
