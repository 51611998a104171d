import type { Candidate, Snapshot } from '@linchpin/connector'
import { contentHash, referencesOf, type Canonical } from '@linchpin/model'
import type { Delivery } from '@linchpin/store'
import { beginningOf } from './beginning.ts'
import type { Delivering } from './deliver.ts'
import { keyOf } from './intent.ts'
import { applyWithLinks, linksAhead } from './links.ts'
import { canonicalOf } from './normalize.ts'
import { completed, prepare, type Ready, type Step } from './prepare.ts'
import { savePage, type Reading } from './read.ts'
import { freshness, isThere, readerOf, type Item, type Told } from './reader.ts'
import {
  documentsDiffer,
  fieldsThatDiffer,
  isDocument,
  totalOf,
  type FieldDifference,
} from './reconcile/compare.ts'
import { laneOf } from './route.ts'
import { entityOf, known, type Flow } from './setup.ts'
import { flowHere, imagined, pageOf, type Asked } from './sync.ts'

export interface PlanRequest extends Asked {
  readonly flow: string
  /** Where the page before ended; null: from the beginning. */
  readonly cursor: string | null
}

/** One record, and what its delivery would do now. */
export interface PlannedStep {
  readonly id: string
  readonly key: string
  readonly label: string | null
  /** `link`: it is there already, by what it is recognised by; it would be linked, and brought up to date. */
  readonly would: 'create' | 'update' | 'link' | 'nothing' | 'skip' | 'park' | 'wait'
  readonly words: string
  /** The write row in the target's own words, or null. */
  readonly row: unknown
  readonly targetId: string | null
  /** What would change there; of a record that is created, nothing. */
  readonly fields: readonly FieldDifference[]
  readonly worth: { readonly amount: string; readonly currency: string } | null
  /** Another one when the source's record, the target's or the mapping has changed. Null: there is nothing to apply. */
  readonly proof: string | null
}

type Deps = Reading & Delivering

/** Reads a page of the source and decides like deliveries; stops before the write. Nothing is saved, nothing is sent. */
export async function plan(
  request: PlanRequest,
  deps: Deps,
): Promise<{
  readonly planned: readonly PlannedStep[]
  readonly next: string | null
  /** How many rows the page had. */
  readonly rows: number
  /** How fresh the source is where another process speaks to it; null: it was asked now. */
  readonly told: Told | null
}> {
  const flow = flowHere(request.flow, deps)
  const page = await pageOf(flow, request.cursor, request, deps)
  const steps = (await planned(page.items.filter(isThere), flow, deps)).map(({ step }) => step)
  const told = freshness(flow.from, page.items, deps)
  return { planned: steps, next: page.next, rows: page.rows, told }
}

interface Considered {
  readonly step: PlannedStep
  readonly delivery: Delivery
  readonly hash: string | null
}

async function planned(items: readonly Item[], flow: Flow, deps: Deps): Promise<readonly Considered[]> {
  const unique = [...new Map(items.map(item => [item.id, item])).values()]
  const deliveries = await imagined(flow, unique, deps)
  const since = await beginningOf(flow, deps)
  const links = await linksAhead(deliveries, flow, deps)
  const prepared: Found[] = []
  for (const delivery of deliveries)
    prepared.push({ delivery, step: await prepare(delivery, flow, since, deps, links), by: null })
  const candidates = await candidatesOf(prepared, flow, deps)
  const found: Found[] = []
  for (const each of prepared)
    found.push(await recognised(each, candidates.get(each) ?? [], flow, since, deps))
  const targets = await targetsOf(found, flow, deps)
  const steps: Considered[] = []
  for (const each of found)
    steps.push(await considered(each, targets.get(each.delivery.targetId ?? ''), flow, deps))
  return steps
}

interface Found {
  readonly delivery: Delivery
  readonly step: Step
  /** What it was recognised by in the target. */
  readonly by: string | null
}

/** What is to be looked for there by its keys is looked for, all at once: whether it is created is what people want to know. */
async function candidatesOf(
  found: readonly Found[],
  flow: Flow,
  deps: Deps,
): Promise<ReadonlyMap<Found, readonly Candidate[]>> {
  const { match } = entityOf(known(deps.setup.connections, flow.to), flow.entity)
  const asked = found.flatMap(each => (each.step.do === 'match' ? [{ each, keys: each.step.keys }] : []))
  if (!match || asked.length === 0 || flow.trigger === 'asked') return new Map()
  const session = await deps.sourceLane(flow.to).session()
  const answers = await match(
    session,
    asked.map(({ keys }) => keys),
  )
  return new Map(asked.map(({ each }, index) => [each, answers[index] ?? []]))
}

async function recognised(
  found: Found,
  candidates: readonly Candidate[],
  flow: Flow,
  since: number,
  deps: Deps,
): Promise<Found> {
  const { delivery, step } = found
  if (flow.trigger === 'asked' && delivery.targetId === null && (step.do === 'match' || step.do === 'write'))
    return { ...found, step: { do: 'skip', words: 'It goes when another record needs it.' } }
  if (step.do !== 'match') return found
  const [only, ...others] = candidates
  if (only === undefined) return { ...found, step: { do: 'write', ready: step.or } }
  if (others.length > 0) {
    const words = `${candidates.length} records of ${flow.to} could be it: ${candidates.map(each => each.id).join(', ')}.`
    return { ...found, step: { do: 'park', kind: 'refused', words } }
  }
  const linked = { ...delivery, targetId: only.id }
  return { delivery: linked, step: await prepare(linked, flow, since, deps), by: only.by }
}

async function targetsOf(
  found: readonly Found[],
  flow: Flow,
  deps: Deps,
): Promise<ReadonlyMap<string, Snapshot<unknown>>> {
  const { get } = readerOf(flow.to, flow.entity, deps)
  const ids = found.flatMap(({ delivery, step }) => (step.do === 'write' ? (delivery.targetId ?? []) : []))
  if (!get || ids.length === 0) return new Map()
  const items = await get([...new Set(ids)])
  return new Map(items.map(item => [item.id, item]))
}

async function considered(
  { delivery, step, by }: Found,
  target: Snapshot<unknown> | undefined,
  flow: Flow,
  deps: Deps,
): Promise<Considered> {
  const canonical = delivery.record?.canonical as Canonical | null
  const about = {
    id: delivery.id,
    key: keyOf(delivery),
    label: canonical && (referencesOf(flow.entity, canonical as never)[0]?.value ?? null),
    targetId: delivery.targetId,
    worth: canonical && totalOf(canonical),
  }
  if (step.do !== 'write' || canonical === null) {
    const rest = stillOf(step)
    // Recognised, and the flow changes nothing there: it is linked all the same.
    const would = by !== null && rest.would === 'nothing' ? 'link' : rest.would
    const proof = would === 'link' ? proofOf(would, delivery, null, null) : null
    return { delivery, hash: null, step: { ...about, ...rest, would, fields: [], proof } }
  }
  const read = target && canonicalOf(deps.setup, flow.to, flow.entity, target)
  const theirs = read && 'canonical' in read ? read.canonical : null
  const fields = theirs === null ? [] : await differences(delivery, canonical, theirs, flow, deps)
  const would = by !== null ? 'link' : isRight(step.ready, theirs, fields) ? 'nothing' : step.ready.operation
  const seen = theirs === null ? null : contentHash(theirs)
  const proof = would === 'nothing' ? null : proofOf(would, delivery, step.ready.hash, seen)
  const words = wordsOf(would, by, flow)
  const { row } = step.ready.write
  return { delivery, hash: step.ready.hash, step: { ...about, would, words, row, fields, proof } }
}

const isRight = (ready: Ready, theirs: Canonical | null, fields: readonly FieldDifference[]) =>
  ready.operation === 'update' && theirs !== null && fields.length === 0

function proofOf(would: string, { targetId }: Delivery, hash: string | null, seen: string | null): string {
  return contentHash([would, targetId, hash, seen])
}

async function differences(
  delivery: Delivery,
  canonical: Canonical,
  theirs: Canonical,
  flow: Flow,
  deps: Deps,
): Promise<readonly FieldDifference[]> {
  if (isDocument(flow.entity)) return documentsDiffer(flow.entity, canonical, theirs, flow.from)
  const ours = await completed(delivery, canonical, flow, deps)
  const write = deps.setup.writeMapping(flow)
  const { link } = await applyWithLinks(write, ours, flow, deps.store)
  const read = deps.setup.readMapping(flow.to, flow.entity)
  return fieldsThatDiffer({ ours, theirs, write, read, link, owner: flow.from })
}

function wordsOf(would: 'create' | 'update' | 'link' | 'nothing', by: string | null, flow: Flow): string {
  switch (would) {
    case 'create':
      return 'It would be created.'
    case 'update':
      return 'It would be brought up to date.'
    case 'link':
      return `It would be linked to the record there with the same ${by}.`
    case 'nothing':
      return `${flow.to} has it as it is.`
  }
}

/** A step that writes nothing now. */
function stillOf(step: Step): Pick<PlannedStep, 'would' | 'words' | 'row'> {
  switch (step.do) {
    case 'skip':
      return { would: 'skip', words: step.words, row: null }
    case 'park':
      return { would: 'park', words: step.words, row: null }
    case 'nothing':
      return { would: 'nothing', words: step.words, row: null }
    case 'wait until':
      return { would: 'wait', words: step.words, row: null }
    case 'link first': {
      const names = step.missing.map(({ entity, id }) => `${entity} ${id}`).join(', ')
      return { would: 'wait', words: `It would first link ${names}.`, row: null }
    }
    case 'find':
    case 'match':
      return {
        would: 'wait',
        words: 'It would be looked for there first.',
        row: step.do === 'find' ? step.ready.write.row : null,
      }
    case 'read':
    case 'write':
      return { would: 'wait', words: 'It would be read first.', row: null }
  }
}

/** What was planned of one record. */
export interface Approved {
  readonly id: string
  readonly proof: string
}

/**
 * Does exactly what was planned: owes the deliveries of those records that stand as they stood, on either side, and
 * that would be written as it was approved. The others are answered with the reason, and left alone.
 */
export async function apply(
  request: { readonly flow: string; readonly steps: readonly Approved[]; readonly who: string },
  deps: Deps,
): Promise<{
  readonly owed: number
  readonly moved: readonly { readonly id: string; readonly words: string }[]
}> {
  const flow = flowHere(request.flow, deps)
  const page = await pageOf(flow, null, { ids: request.steps.map(({ id }) => id) }, deps)
  const items = page.items.filter(isThere)
  const now = new Map((await planned(items, flow, deps)).map(each => [each.step.id, each]))
  const unanswered = new Set(await deps.store.unanswered(flow.name, [...now.keys()]))
  const moved: { id: string; words: string }[] = []
  const stands: Considered[] = []
  for (const { id, proof } of request.steps) {
    const each = now.get(id)
    if (unanswered.has(id)) moved.push({ id, words: UNANSWERED })
    else if (each?.step.proof === proof) stands.push(each)
    else moved.push({ id, words: movedWords(each?.step, flow) })
  }
  const ids = new Set(stands.map(({ step }) => step.id))
  const kept = { items: items.filter(({ id }) => ids.has(id)), next: '', more: false }
  await savePage(kept, { connection: flow.from, entity: flow.entity, readAt: page.readAt }, deps)
  for (const each of stands) await linkAsPlanned(each, flow, request.who, deps)
  const owed = await deps.store.owe(
    stands.flatMap(each => dutyOf(each, flow)),
    deps.world.now(),
  )
  return { owed, moved }
}

const UNANSWERED = 'It is parked, and waits for an answer: did it arrive?'

function movedWords(step: PlannedStep | undefined, { from }: Flow): string {
  if (step === undefined) return `${from} does not have it any more.`
  return `It has moved since: now it would be ${step.would === 'nothing' ? 'left as it is' : `"${step.would}"`}. Plan it again.`
}

async function linkAsPlanned({ step, delivery }: Considered, flow: Flow, who: string, deps: Deps) {
  if (step.would !== 'link' || step.targetId === null) return
  const { entity, from: connection, to } = flow
  const link = { entity, connection, id: delivery.id, to, targetId: step.targetId }
  await deps.store.saveLink(
    { ...link, how: `planned, said ${who}`, flow: flow.name, alias: false },
    deps.world.now(),
  )
}

function dutyOf({ step, delivery, hash }: Considered, flow: Flow) {
  if (hash === null) return []
  const { entity, from, to, name } = flow
  const lane = laneOf(entity, delivery.id, delivery.record?.canonical ?? null)
  const worth = step.worth === null ? {} : { worth: step.worth }
  return [{ flow: name, entity, from, to, id: delivery.id, lane, force: true, expect: hash, ...worth }]
}
